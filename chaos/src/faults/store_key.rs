//! The key of the store's digests is lost, or is another one. With it a proxy would know none of its submissions, and send them again, so it
//! has to refuse to start.

use std::path::Path;

use super::happening::Happened;
use crate::files::{new_store_key, write_private};
use crate::replica::Replica;
use crate::scene::Scene;
use crate::servers::Servers;

/// How many submissions are sent again once the key is back.
const SENT_AGAIN: usize = 6;

/// Removes the key file. The proxy must not start, and must not make a new key.
pub(super) async fn lost(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    without_the_key(scene, random, "was lost", |_| Ok(())).await
}

/// Puts another key in the place of the right one.
pub(super) async fn replaced(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    without_the_key(scene, random, "was another one", |path| write_private(path, new_store_key())).await
}

/// Adds a line end to the key file, or removes it: what an editor does. It stays the same key, so the proxy has to start with it.
pub(super) async fn with_another_line_end(scene: &Scene, random: &mut fastrand::Rng) -> Happened {
    if scene.must_live_on() {
        return Happened::NotNow;
    }
    let servers = &scene.servers;
    let path = servers.store_key();
    let Ok(key) = std::fs::read_to_string(&path) else {
        // A key of 32 bytes that are no text has no line end.
        return Happened::NotHere;
    };
    let edited = key.strip_suffix('\n').map_or_else(|| format!("{key}\n"), ToOwned::to_owned);
    let replica = servers.any_replica(random);
    servers.stop_replica(replica).await;
    let written = write_private(&path, edited);
    if written.is_err() || replica.start().await.is_err() {
        servers
            .complaints
            .add("the proxy did not start with another line end in its store key file");
        replica.kill().await;
        let _ = write_private(&path, key);
        servers.start_again(replica).await;
    }
    scene
        .send_known_again(
            SENT_AGAIN,
            "after a start with another line end in the store key file",
            random,
        )
        .await;
    Happened::Yes
}

/// Stops a proxy, has it start in vain without its key, and starts it with its key again.
async fn without_the_key(
    scene: &Scene,
    random: &mut fastrand::Rng,
    what: &str,
    put: impl Fn(&Path) -> std::io::Result<()>,
) -> Happened {
    if scene.must_live_on() {
        return Happened::NotNow;
    }
    let servers = &scene.servers;
    let path = servers.store_key();
    let aside = path.with_extension("aside");
    let replica = servers.any_replica(random);
    servers.stop_replica(replica).await;
    let moved = std::fs::rename(&path, &aside).and_then(|()| put(&path));
    if moved.is_ok() {
        let found_before = std::fs::read(&path).ok();
        has_to_refuse(servers, replica, what).await;
        if std::fs::read(&path).ok() != found_before {
            servers
                .complaints
                .add(format!("the proxy wrote a store key when its own {what}"));
        }
    }
    let back = std::fs::rename(&aside, &path);
    servers.start_again(replica).await;
    scene
        .send_known_again(SENT_AGAIN, "after the store key was put back", random)
        .await;
    match moved.and(back) {
        Ok(()) => Happened::Yes,
        Err(_) => Happened::NotHere,
    }
}

async fn has_to_refuse(servers: &Servers, replica: &Replica, what: &str) {
    // The file has a name in the configuration where replicas share it; beside a SQLite file it has the default one.
    let complaint = match replica.start_in_vain().await {
        Ok(Some((status, said))) if !status.success() && said.contains("store.key") => return,
        Ok(Some((status, _))) if status.success() => "the proxy ended without an error",
        Ok(Some(_)) => "the proxy's error did not name store.key_file",
        Ok(None) => "the proxy started",
        Err(_) => "the proxy could not be run",
    };
    servers.complaints.add(format!("{complaint} when its store key {what}"));
}
