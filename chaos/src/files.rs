//! The files that the proxies read: configuration, secrets and keys. The proxy refuses secrets that others can read.

use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The secret between the portal, which is the test itself, and the proxy.
pub const PORTAL_SECRET: &str = "canary-portal-secret-0123456789abcdef";

pub(crate) const CA_FILE: &str = "ca.pem";
pub(crate) const CERTIFICATE_FILE: &str = "client.pem";
pub(crate) const KEY_FILE: &str = "client.key";

/// The files with the client secret, and with the one that is to take its place.
pub(crate) const SECRET_FILE: &str = "client-secret";
pub(crate) const NEXT_SECRET_FILE: &str = "next-client-secret";

/// The folder of the SQLite file. Nothing in it may hold what was typed.
pub(crate) const STORE_FOLDER: &str = "store";
const SQLITE_FILE: &str = "store/submissions.sqlite";

/// The key of the store's digests: the proxy makes the first beside its SQLite file, the test makes the second for all replicas.
const SQLITE_KEY_FILE: &str = "store/submissions.sqlite.key";
const SHARED_KEY_FILE: &str = "store.key";

const AUDIT_FILE: &str = "audit.log";

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)?.write_all(bytes.as_ref())
}

/// Returns a store key in text: 64 hexadecimal digits.
pub(crate) fn new_store_key() -> String {
    format!("{:032x}{:032x}", fastrand::u128(..), fastrand::u128(..))
}

/// Where the submissions are stored, and what the proxies' configuration says about it.
#[derive(Debug, Clone)]
pub(crate) enum StoreFiles {
    Sqlite,
    Postgres { url: String },
}

impl StoreFiles {
    /// Returns the file with the key of the store's digests.
    pub(crate) fn key(&self, folder: &Path) -> PathBuf {
        match self {
            Self::Sqlite => folder.join(SQLITE_KEY_FILE),
            Self::Postgres { .. } => folder.join(SHARED_KEY_FILE),
        }
    }

    /// Returns the file with the audit trail, where it has one of its own. The replicas on PostgreSQL write it to standard error, so that
    /// both ways are tried.
    pub(crate) fn audit(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Self::Sqlite => Some(folder.join(AUDIT_FILE)),
            Self::Postgres { .. } => None,
        }
    }

    fn sections(&self, folder: &Path) -> String {
        let audit = self.audit(folder).map(|file| format!("[audit]\nfile = {file:?}\n"));
        let store = match self {
            Self::Sqlite => format!("[store]\npath = {:?}\n", folder.join(SQLITE_FILE)),
            Self::Postgres { url } => format!("[store]\npostgres_url = {url:?}\nkey_file = {:?}\n", self.key(folder)),
        };
        store + &audit.unwrap_or_default()
    }
}

/// Returns a proxy's configuration. `root` is that of the checkout.
pub(crate) fn config(
    root: &Path,
    folder: &Path,
    store: &StoreFiles,
    [listen, admin]: [SocketAddr; 2],
    wise: SocketAddr,
) -> String {
    let webhook_key = root.join("simulator/keys/webhook-public.pem");
    let in_folder = |name| folder.join(name);
    let (secret, next_secret) = (in_folder(SECRET_FILE), in_folder(NEXT_SECRET_FILE));
    let [ca, certificate, key] = [CA_FILE, CERTIFICATE_FILE, KEY_FILE].map(in_folder);
    let store = store.sections(folder);
    format!(
        r#"
listen = "{listen}"
admin.listen = "{admin}"
[upstream]
url = "https://{wise}"
connect_timeout_secs = 1
timeout_secs = 2
ca_file = {ca:?}
client_cert_file = {certificate:?}
client_key_file = {key:?}
[credentials]
client_id = "simulated-client"
client_secret_file = {secret:?}
next_client_secret_file = {next_secret:?}
[webhook]
public_key_files = [{webhook_key:?}]
{store}[staff]
mode = "trusted-header"
secret = "{PORTAL_SECRET}"
trusted_peers = ["127.0.0.1"]
[limits]
cases_per_minute = 1000000
cases_per_minute_per_staff = 1000000
drain_timeout_secs = 5
"#
    )
}
