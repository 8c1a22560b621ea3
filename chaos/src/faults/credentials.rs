//! What Wise knows the proxies by is replaced.

use super::happening::Happened;
use crate::scene::Scene;

/// Replaces the client certificate. The proxies that run have to take it up.
pub(super) async fn certificate_replaced(scene: &Scene, _random: &mut fastrand::Rng) -> Happened {
    if scene.must_live_on() {
        return Happened::NotNow;
    }
    scene.servers.replace_certificate().await;
    scene.certificate_replaced();
    Happened::Yes
}

/// Replaces the client secret.
pub(super) async fn secret_replaced(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    let secret = format!("canary-secret-{}", random.u64(..));
    scene.servers.rotate_secret(&secret).await;
    Happened::Yes
}
