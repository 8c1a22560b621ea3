//! Where submissions are remembered, so that one key makes one case at the most: through retries, crashes and several processes.

mod postgres;
mod record;
mod sqlite;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use partner_case_core::{Case, Problem};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::ExposeSecret as _;
use thiserror::Error;

use self::postgres::{Postgres, boxed};
pub(crate) use self::record::{Answer, Departure, Digest, Millis, Record, Reservation, State, Step, Verdict};
use self::sqlite::Sqlite;
use crate::config::{ConfigError, Database as DatabaseConfig, StoreConfig};

/// How many cases about one transfer are told at the most.
const FOUND_MAX: usize = 20;

/// Why something could not be noted or looked up. It holds what the database says, never what was to be noted.
#[derive(Debug, Clone, Error)]
#[error("{0}")]
pub(crate) struct StoreError(String);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        // The database's own words; of a refused row it would tell the values, which are digests, in its detail only.
        Self(
            error
                .as_db_error()
                .map_or_else(|| error.to_string(), |error| error.message().to_owned()),
        )
    }
}

/// What Wise tells of a case.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) external_id: Digest,
    pub(crate) case: Case,
    /// When Wise created it.
    pub(crate) created: Option<Millis>,
}

/// Says whether there may be a new case. It is asked where the record is looked at, and only if the case is a new one: an answer that is
/// given again uses up no limit, and the record is read once.
pub(crate) type Admission = Box<dyn FnOnce() -> Result<(), Problem> + Send>;

#[derive(Debug)]
enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// The store, and the digests by which it knows what it must not know.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
    digests: Digests,
}

impl Store {
    /// Opens the store.
    ///
    /// # Errors
    /// When the file cannot be opened or made, belongs to another process, or is of a later version; or when a database has no usable
    /// URL, or there is no key that all its proxies share.
    pub(crate) fn open(config: &StoreConfig) -> Result<Self, ConfigError> {
        let key = config.key.as_ref().map(|key| Digests::new(key.expose_secret().as_bytes()));
        match &config.database {
            DatabaseConfig::Sqlite(path) => {
                let unusable = |error: StoreError| ConfigError::new("store.path", format!("{}: {error}", path.display()));
                let database = Sqlite::open(path, now()).map_err(unusable)?;
                Ok(Self {
                    digests: key.map_or_else(|| Digests::beside(path), Ok)?,
                    database: Database::Sqlite(database),
                })
            }
            DatabaseConfig::Postgres(url) => {
                let unusable = |error: StoreError| ConfigError::new("store.postgres_url", error.to_string());
                Ok(Self {
                    digests: key
                        .ok_or_else(|| ConfigError::new("store.key", "is missing: proxies that share a database share it"))?,
                    database: Database::Postgres(Postgres::new(url.expose_secret()).map_err(unusable)?),
                })
            }
        }
    }

    pub(crate) fn digests(&self) -> &Digests {
        &self.digests
    }

    #[tracing::instrument(name = "store", skip_all, err(level = "debug"))]
    pub(crate) async fn step(&self, key: Digest, step: Step) -> Result<Verdict, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.step(key, step, now()).await,
            Database::Postgres(postgres) => boxed(postgres.step(key, step)).await,
        }
    }

    /// Takes the first step of a case, if there may be a new one.
    #[tracing::instrument(name = "store", skip_all, err(level = "debug"))]
    pub(crate) async fn reserve(
        &self,
        key: Digest,
        reservation: Reservation,
        admission: Admission,
    ) -> Result<Verdict, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.reserve(key, reservation, admission, now()).await,
            Database::Postgres(postgres) => boxed(postgres.reserve(key, reservation, admission)).await,
        }
    }

    pub(crate) async fn find(&self, key: Digest) -> Result<Option<Record>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.find(key).await,
            Database::Postgres(postgres) => boxed(postgres.find(key)).await,
        }
    }

    /// Notes what Wise tells of a case. The answer is whether it was news about a submission of this store's.
    pub(crate) async fn settle(&self, event: Event) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.settle(event, now()).await,
            Database::Postgres(postgres) => boxed(postgres.settle(event)).await,
        }
    }

    /// The cases raised about a transfer, the newest first.
    pub(crate) async fn by_transfer(&self, transfer: Digest) -> Result<Vec<Case>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.by_transfer(transfer).await,
            Database::Postgres(postgres) => boxed(postgres.by_transfer(transfer)).await,
        }
    }

    /// Forgets what has not changed since.
    pub(crate) async fn purge(&self, before: Millis) -> Result<u64, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.purge(before).await,
            Database::Postgres(postgres) => boxed(postgres.purge(before)).await,
        }
    }

    /// Whether anything can be noted now.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.check(now()).await,
            Database::Postgres(postgres) => boxed(postgres.check(now())).await,
        }
    }
}

/// Keyed digests (HMAC-SHA256): without the key nobody can tell by trying whether a transfer or a person is in the store.
#[derive(Debug)]
pub(crate) struct Digests(hmac::Key);

impl Digests {
    fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// With the key in the file beside the store, which is made if it is not there.
    fn beside(store: &Path) -> Result<Self, ConfigError> {
        let mut path = store.as_os_str().to_owned();
        path.push(".key");
        let path = Path::new(&path);
        let unusable = |error: std::io::Error| ConfigError::new("store.key_file", format!("{}: {error}", path.display()));
        match std::fs::read(path) {
            Ok(key) if key.len() >= KEY_BYTES => Ok(Self::new(&key)),
            Ok(_) => Err(ConfigError::new("store.key_file", format!("{}: too short", path.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; KEY_BYTES];
                SystemRandom::new()
                    .fill(&mut key)
                    .map_err(|_| ConfigError::new("store.key_file", "the system gives no random numbers"))?;
                write_private(path, &key).map_err(unusable)?;
                Ok(Self::new(&key))
            }
            Err(error) => Err(unusable(error)),
        }
    }

    /// The digest of `data`. `kind` keeps a staff id from having the digest of an external id.
    pub(crate) fn of(&self, kind: DigestKind, data: &[u8]) -> Digest {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&[kind as u8]);
        context.update(data);
        let mut digest = [0; 32];
        digest.copy_from_slice(context.sign().as_ref());
        digest
    }
}

/// What a digest stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DigestKind {
    Key,
    Payload,
    Staff,
    ExternalId,
    Transfer,
    PlainForm,
}

/// The length of the key that the proxy makes for itself.
const KEY_BYTES: usize = 32;

/// Writes a file that only its owner can read, and has it on the disk before it is used.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The time now.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
