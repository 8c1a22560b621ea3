//! What happens to a proxy itself: killed, stopped, frozen, on a full disk.

use std::sync::PoisonError;
use std::time::Duration;

use super::happening::Happened;
use crate::audit::last_run;
use crate::scene::Scene;

/// Ends a proxy as a power cut does, and starts it again.
pub(super) async fn killed(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    if scene.must_live_on() {
        return Happened::NotNow;
    }
    let servers = &scene.servers;
    servers.kill(servers.any_replica(random)).await;
    Happened::Yes
}

/// Ends a proxy as an update does, and starts it again.
pub(super) async fn restarted(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    if scene.must_live_on() {
        return Happened::NotNow;
    }
    let servers = &scene.servers;
    let replica = servers.any_replica(random);
    servers.stop_replica(replica).await;
    servers.start_again(replica).await;
    Happened::Yes
}

/// Has a proxy stand still for a while.
pub(super) async fn frozen(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    let time = Duration::from_millis(random.u64(200..6500));
    if scene.servers.any_replica(random).suspend(time).await {
        Happened::Yes
    } else {
        Happened::NotNow
    }
}

/// Lets a proxy write to no file for a while, as on a disk that is full or was made read-only under it. Afterwards it has to be ready
/// again without a restart.
pub(super) async fn on_a_full_disk(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    let servers = &scene.servers;
    let replica = servers.any_replica(random);
    if !replica.allow_writing(false).await {
        return Happened::NotHere;
    }
    tokio::time::sleep(Duration::from_millis(random.u64(100..2500))).await;
    if servers.says_it_can_write(replica).await {
        servers
            .complaints
            .add("the proxy reported that it can write while it could not");
    }
    replica.allow_writing(true).await;
    if !servers.becomes_ready(replica).await {
        servers
            .complaints
            .add("the proxy did not use its store and audit trail again when it could write");
    }
    if let Some(run) = servers.audit_file().and_then(|file| last_run(&file)) {
        let mut runs = scene.runs_with_full_disk.lock().unwrap_or_else(PoisonError::into_inner);
        runs.push(run);
    }
    Happened::Yes
}
