//! A log that nobody reads.

use std::time::Duration;

use axum::http::Method;

use super::happening::Happened;
use crate::replica::Replica;
use crate::scene::Scene;
use crate::servers::Call;

/// So many log lines fill the pipe (64 KiB) twice over: each answered call has one of two hundred bytes or more.
const CALLS: u32 = 700;

/// How often the proxy is probed while its log stalls.
const PROBES: u32 = 4;

/// Stops reading a proxy's standard error until the pipe is full and for a while longer. Lines may be lost, the service may not.
pub(super) async fn stalls(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    let servers = &scene.servers;
    let replica = servers.any_replica(random);
    replica.read_log(false).await;
    fill(scene, replica).await;
    for _ in 0..PROBES {
        if !servers.says_it_lives(replica).await {
            servers
                .complaints
                .add("/livez did not answer within 2 s while nobody read the log");
        }
        tokio::time::sleep(Duration::from_millis(random.u64(200..1200))).await;
    }
    replica.read_log(true).await;
    if !servers.becomes_ready(replica).await {
        servers
            .complaints
            .add("the proxy was not ready again when its log was read again");
    }
    Happened::Yes
}

/// Makes calls that send nothing, each with its line in the log.
async fn fill(scene: &Scene, replica: &Replica) {
    for _ in 0..CALLS {
        let call = Call {
            agent: "agent-of-the-log",
            method: Method::GET,
            path: "context",
            key: None,
            body: String::new(),
        };
        if scene.servers.call_replica(replica, call).await.is_none() {
            scene.servers.complaints.add("a call had no answer while nobody read the log");
            return;
        }
    }
}
