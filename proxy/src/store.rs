//! Where submissions are stored, so that one key makes one case at most: through retries, crashes and several processes.

mod clock;
mod file;
mod keys;
mod postgres;
mod record;
mod sqlite;
mod types;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use partner_case_core::Case;
use secrecy::ExposeSecret as _;

pub(crate) use self::keys::{DigestKind, Digests};
use self::keys::{Keyring, beside, read_or_make};
use self::postgres::{Postgres, boxed};
pub(crate) use self::record::{Answer, Digest, Millis, Record, Reservation, SendMode, State, Step, Verdict};
use self::sqlite::{Opened, Sqlite};
pub(crate) use self::types::{Candidate, Event, Purged, RateCheck, Settled, StoreError};
use crate::config::{ConfigError, Database as DatabaseConfig, StoreConfig};

#[derive(Debug)]
enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// The store, and the keys of the digests by which it knows what it must not know.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
    keys: Arc<Keyring>,
}

impl Store {
    /// Opens the store.
    ///
    /// # Errors
    /// When the file cannot be opened or made, belongs to another process, or is of a later version; when it was written with another key;
    /// or when a database has no usable URL, or there is no key that all its proxies share.
    pub(crate) fn open(config: &StoreConfig) -> Result<Self, ConfigError> {
        let configured = config.key.as_ref().map(|key| Digests::new(key.expose_secret().as_bytes()));
        match &config.database {
            DatabaseConfig::Sqlite(path) => Self::open_file(path, configured, config),
            DatabaseConfig::Postgres(url) => {
                let unusable = |error: StoreError| ConfigError::new("store.postgres_url", error.to_string());
                let current = configured
                    .ok_or_else(|| ConfigError::new("store.key", "is missing: proxies that share a database share it"))?;
                let keys = Arc::new(Keyring::new(current, config.other_key.as_ref()));
                let database = Postgres::new(url.expose_secret(), config.ca_file.as_deref(), keys.clone()).map_err(unusable)?;
                Ok(Self {
                    database: Database::Postgres(database),
                    keys,
                })
            }
        }
    }

    fn open_file(path: &Path, configured: Option<Digests>, config: &StoreConfig) -> Result<Self, ConfigError> {
        let unusable = |error: StoreError| ConfigError::new("store.path", format!("{}: {error}", path.display()));
        let opened = Opened::open(path).map_err(unusable)?;
        let current = match configured {
            Some(current) => current,
            None => read_or_make(&beside(path), !opened.history().has_records())?,
        };
        let keys = Keyring::new(current, config.other_key.as_ref());
        let change = opened
            .history()
            .check(&keys)
            .map_err(|reason| ConfigError::new("store.key_file", format!("{}: {reason}", path.display())))?;
        Ok(Self {
            database: Database::Sqlite(opened.start(&keys, &change, config.retention).map_err(unusable)?),
            keys: Arc::new(keys),
        })
    }

    /// The digests by each key, those of the current one first.
    pub(crate) fn all_digests(&self) -> &[Digests] {
        self.keys.all()
    }

    /// Takes the first step of a case, if there may be a new one. `candidates` are the submission by each key, the current one first. The answer
    /// has the digest under which the submission is stored.
    #[tracing::instrument(name = "store", skip_all, err(level = "debug"))]
    pub(crate) async fn reserve(
        &self,
        candidates: Vec<Candidate>,
        rate_check: RateCheck,
    ) -> Result<(Digest, Verdict), StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.reserve(candidates, rate_check).await,
            Database::Postgres(postgres) => boxed(postgres.reserve(candidates, rate_check)).await,
        }
    }

    #[tracing::instrument(name = "store", skip_all, err(level = "debug"))]
    pub(crate) async fn step(&self, key: Digest, step: Step) -> Result<Verdict, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.step(key, step).await,
            Database::Postgres(postgres) => boxed(postgres.step(key, step)).await,
        }
    }

    /// The record of a submission that is known by one of these digests, and the store's time.
    pub(crate) async fn find(&self, keys: Vec<Digest>) -> Result<Option<(Record, Millis)>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.find(keys).await,
            Database::Postgres(postgres) => boxed(postgres.find(keys)).await,
        }
    }

    /// Stores what Wise says of a case. The answer is the submission, if that was news about one.
    pub(crate) async fn settle(&self, event: Event) -> Result<Option<Settled>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.settle(event).await,
            Database::Postgres(postgres) => boxed(postgres.settle(event)).await,
        }
    }

    /// The cases raised about a transfer, each with the time of its last change here; by one agent alone if one is named.
    pub(crate) async fn by_transfer(&self, transfer: Digest, staff: Option<Digest>) -> Result<Vec<(Case, Millis)>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.by_transfer(transfer, staff).await,
            Database::Postgres(postgres) => boxed(postgres.by_transfer(transfer, staff)).await,
        }
    }

    /// Whether a case was raised here; by one agent alone if one is named, by each of the store's keys.
    pub(crate) async fn has_case(&self, case: i64, staff: Option<Vec<Digest>>) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.has_case(case, staff).await,
            Database::Postgres(postgres) => boxed(postgres.has_case(case, staff)).await,
        }
    }

    /// Forgets what has ended for certain and has not changed for so long. What is unknown stays.
    pub(crate) async fn purge(&self, retention: Duration) -> Result<Purged, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.purge(retention).await,
            Database::Postgres(postgres) => boxed(postgres.purge(retention)).await,
        }
    }

    /// Forgets unknown submissions that have not changed for so long, at the operator's word.
    /// `trusts_clock`: whether this machine's clock is taken to be right whatever the store says of it.
    pub(crate) async fn forget_unknown(&self, age: Duration, trusts_clock: bool) -> Result<u64, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.forget_unknown(age, trusts_clock).await,
            Database::Postgres(postgres) => boxed(postgres.forget_unknown(age)).await,
        }
    }

    /// Whether anything can be stored now.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.check().await,
            Database::Postgres(postgres) => boxed(postgres.check()).await,
        }
    }
}

#[cfg(test)]
mod tests;
