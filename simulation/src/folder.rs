//! The folder of a proxy: its configuration, and room for its store and its audit trail.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// What the portal's server shows the proxy that it is.
pub(crate) const SECRET: &str = "canary-portal-secret-0123456789abcdef";

/// A folder with the configuration of a proxy, and room for its store; in memory where the system has such a place.
pub(crate) fn new_folder() -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    let name = format!(
        "partner-case-simulation-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = base.join(name);
    expect(std::fs::create_dir_all(&folder), "a folder");
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/../simulator/keys/webhook-public.pem");
    let store = folder.join("submissions.sqlite").display().to_string();
    let audit = folder.join("audit.jsonl").display().to_string();
    let text = format!(
        r#"
        [audit]
        file = {audit:?}
        [webhook]
        public_key_files = [{key:?}]
        [store]
        path = {store:?}
        [upstream]
        url = "http://127.0.0.1:1"
        timeout_secs = 30
        [credentials]
        client_id = "simulated-client"
        client_secret = "simulated-secret"
        [staff]
        mode = "trusted-header"
        secret = "{SECRET}"
        trusted_peers = ["127.0.0.1"]
        "#
    );
    expect(std::fs::write(folder.join("proxy.toml"), text), "a configuration file");
    folder
}

/// What a search cannot go on without.
pub(crate) fn expect<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}
