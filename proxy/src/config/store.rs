//! Where submissions are stored, and for how long.

mod url;

use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::certificate::check_trusted;
use super::error::ConfigError;
use super::file::StoreFile;
use super::secret::SecretSource;

/// The shortest key of the store's digests.
const STORE_KEY_MIN_BYTES: usize = 32;

/// The longest that submissions are stored.
const RETENTION_MAX_DAYS: u64 = 3660;

/// Where submissions are stored, and for how long.
#[derive(Debug)]
pub struct StoreConfig {
    /// The database.
    pub database: Database,
    /// The key of the digests in it; without one the proxy makes one and keeps it beside the file.
    pub key: Option<SecretString>,
    /// A second key, under which digests are looked up as well: for the time in which the key is replaced.
    pub other_key: Option<SecretString>,
    /// PEM certificates to trust for PostgreSQL beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How long a submission is stored after its last change.
    pub retention: Duration,
}

/// What keeps the submissions.
#[derive(Debug)]
pub enum Database {
    /// A file, for one proxy.
    Sqlite(PathBuf),
    /// A server, for several proxies. The URL holds the password.
    Postgres(SecretString),
}

pub(super) fn checked(file: StoreFile) -> Result<StoreConfig, ConfigError> {
    let key = key("store.key", file.key, file.key_file)?;
    let other_key = self::key("store.other_key", file.other_key, file.other_key_file)?;
    if let (Some(key), Some(other)) = (&key, &other_key)
        && key.expose_secret() == other.expose_secret()
    {
        return Err(ConfigError::new(
            "store.other_key",
            "is the same as `store.key`. While the key is replaced, one is the old and one the new key; otherwise remove it",
        ));
    }
    if !(1..=RETENTION_MAX_DAYS).contains(&file.retention_days) {
        return Err(ConfigError::new(
            "store.retention_days",
            format!("must be between 1 and {RETENTION_MAX_DAYS}"),
        ));
    }
    let database = match SecretSource::new("store.postgres_url", file.postgres_url, file.postgres_url_file)? {
        Some(_) if key.is_none() => {
            return Err(ConfigError::new(
                "store.key",
                "is missing: proxies that share a database share it. Set it or `store.key_file`",
            ));
        }
        Some(source) => {
            let url = source.first_read()?;
            url::check(url.expose_secret()).map_err(|reason| source.error(reason))?;
            Database::Postgres(url)
        }
        None => Database::Sqlite(file.path),
    };
    if let Some(path) = &file.ca_file {
        if matches!(database, Database::Sqlite(_)) {
            return Err(ConfigError::new(
                "store.ca_file",
                "is for PostgreSQL, and `store.postgres_url` is not set",
            ));
        }
        check_trusted("store.ca_file", path)?;
    }
    Ok(StoreConfig {
        database,
        key,
        other_key,
        ca_file: file.ca_file,
        retention: Duration::from_hours(24 * file.retention_days),
    })
}

fn key(name: &str, inline: Option<SecretString>, file: Option<PathBuf>) -> Result<Option<SecretString>, ConfigError> {
    let Some(source) = SecretSource::new(name, inline, file)? else {
        return Ok(None);
    };
    let key = source.first_read()?;
    if key.expose_secret().len() < STORE_KEY_MIN_BYTES {
        return Err(source.error(format!("must have {STORE_KEY_MIN_BYTES} characters or more")));
    }
    Ok(Some(key))
}
