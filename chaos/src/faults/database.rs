//! What happens to the database that the replicas share.

use std::time::Duration;

use super::happening::Happened;
use crate::scene::Scene;

/// How many submissions are sent again once the database is back.
const SENT_AGAIN: usize = 6;

/// Stops the server in the middle of everything and starts it again. The replicas have to use it again without a restart.
pub(super) async fn restarted(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    let servers = &scene.servers;
    let Some(database) = servers.database() else {
        return Happened::NotHere;
    };
    let away = Duration::from_millis(random.u64(0..1500));
    if let Err(error) = database.restart(away).await {
        servers
            .complaints
            .add(format!("the database server could not be restarted: {error:#}"));
        return Happened::NotNow;
    }
    for replica in servers.replicas() {
        if !servers.becomes_ready(replica).await {
            servers
                .complaints
                .add("the proxy did not use the database again when it was back");
        }
    }
    scene
        .send_known_again(SENT_AGAIN, "after a restart of the database", random)
        .await;
    Happened::Yes
}
