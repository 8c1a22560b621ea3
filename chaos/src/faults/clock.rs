//! Clocks that are wrong.

use std::time::Duration;

use super::happening::Happened;
use crate::process::has_clock;
use crate::scene::Scene;

/// Longer than the store keeps anything (90 days).
const FAR_AHEAD_SECS: i64 = 100 * 86_400;

/// How long a wrong clock stays.
const FOR_A_WHILE: Duration = Duration::from_secs(4);

/// How long a proxy may not have noticed that its clock was set: libfaketime looks once a second.
const UNTIL_NOTICED: Duration = Duration::from_millis(1200);

/// How many submissions are sent again under a wrong clock.
const SENT_AGAIN: usize = 8;

/// Makes a proxy's clock jump by an hour, a day, or back. It stays wrong until the next jump.
pub(super) async fn jumps(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    const STEPS_SECS: [i64; 6] = [0, 3600, -3600, 86_400, -600, 45];
    if !has_clock() {
        return Happened::NotHere;
    }
    let step = STEPS_SECS[random.usize(..STEPS_SECS.len())];
    scene.servers.any_replica(random).set_clock(step);
    Happened::Yes
}

/// Makes one replica's clock two minutes fast: longer than a call takes, so that a call that has just begun looks over to it.
pub(super) async fn two_minutes_ahead(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    if !has_clock() {
        return Happened::NotHere;
    }
    let replica = scene.servers.any_replica(random);
    replica.set_clock(120);
    tokio::time::sleep(UNTIL_NOTICED).await;
    scene
        .send_known_again(SENT_AGAIN, "while a clock was two minutes ahead", random)
        .await;
    tokio::time::sleep(FOR_A_WHILE).await;
    replica.set_clock(0);
    tokio::time::sleep(UNTIL_NOTICED).await;
    Happened::Yes
}

/// Sets a proxy's clock 100 days ahead and starts the proxy anew with it; a while later the clock is right again. What the proxy knows must
/// not count as old.
pub(super) async fn far_ahead(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    if !has_clock() {
        return Happened::NotHere;
    }
    if scene.must_live_on() {
        return Happened::NotNow;
    }
    let servers = &scene.servers;
    let replica = servers.any_replica(random);
    servers.stop_replica(replica).await;
    replica.set_clock(FAR_AHEAD_SECS);
    servers.start_again(replica).await;
    scene
        .send_known_again(SENT_AGAIN, "after a start 100 days ahead", random)
        .await;
    tokio::time::sleep(FOR_A_WHILE).await;
    scene
        .send_known_again(SENT_AGAIN, "while a clock was 100 days ahead", random)
        .await;
    replica.set_clock(0);
    tokio::time::sleep(UNTIL_NOTICED).await;
    scene
        .send_known_again(SENT_AGAIN, "after a clock was set back by 100 days", random)
        .await;
    Happened::Yes
}
