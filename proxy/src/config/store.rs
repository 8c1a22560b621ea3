//! Where submissions are remembered, and for how long.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::config::{Host, SslMode};

use super::ConfigError;
use super::file::StoreFile;
use super::secret::read_secret;

/// The shortest key of the store's digests.
const STORE_KEY_MIN_BYTES: usize = 32;

/// The longest that submissions are remembered.
const RETENTION_MAX_DAYS: u64 = 3660;

/// Where submissions are remembered.
#[derive(Debug)]
pub struct StoreConfig {
    /// The database.
    pub database: Database,
    /// The key of the digests in it; without one the proxy makes one and keeps it beside the file.
    pub key: Option<SecretString>,
    /// Another key that records may have been written with, while the key is rotated.
    pub other_key: Option<SecretString>,
    /// PEM certificates to trust for the database beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How long a submission is remembered after its last change.
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
    let key = match (&file.key, &file.key_file) {
        (None, None) => None,
        _ => Some(read_secret("store.key", file.key, file.key_file.as_deref())?),
    };
    if let Some(key) = &key
        && key.expose_secret().len() < STORE_KEY_MIN_BYTES
    {
        return Err(ConfigError::new(
            "store.key",
            format!("must have {STORE_KEY_MIN_BYTES} characters or more"),
        ));
    }
    if !(1..=RETENTION_MAX_DAYS).contains(&file.retention_days) {
        return Err(ConfigError::new(
            "store.retention_days",
            format!("must be between 1 and {RETENTION_MAX_DAYS}"),
        ));
    }
    let postgres = file.postgres_url.is_some() || file.postgres_url_file.is_some();
    if postgres && key.is_none() {
        return Err(ConfigError::new(
            "store.key",
            "is missing: proxies that share a database share it",
        ));
    }
    let database = if postgres {
        let url = read_secret("store.postgres_url", file.postgres_url, file.postgres_url_file.as_deref())?;
        check_encrypted(url.expose_secret()).map_err(|why| ConfigError::new("store.postgres_url", why))?;
        Database::Postgres(url)
    } else {
        Database::Sqlite(file.path)
    };
    Ok(StoreConfig {
        database,
        key,
        other_key: None,
        ca_file: None,
        retention: Duration::from_hours(24 * file.retention_days),
    })
}

/// Whether the password and what is noted travel where nobody can listen: encrypted, or within this machine.
fn check_encrypted(url: &str) -> Result<(), String> {
    // The library's message may hold the URL, and the URL holds the password.
    let config: tokio_postgres::Config = url.parse().map_err(|_| "cannot be read".to_owned())?;
    let is_within_machine = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Host::Unix(_) => true,
    };
    let named = !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_within_machine);
    let within_machine = named && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    if config.get_ssl_mode() == SslMode::Require || within_machine {
        Ok(())
    } else {
        Err("must have sslmode=require: the database is on another machine".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_another_machine_is_reached_encrypted_or_not_at_all() {
        for (url, expected) in [
            ("postgres://u:p@db.example/cases?sslmode=require", true),
            ("postgres://u:p@db.example/cases", false),
            ("postgres://u:p@db.example/cases?sslmode=prefer", false),
            ("postgres://u:p@db.example/cases?sslmode=disable", false),
            ("postgres://u:p@127.0.0.1:5433/cases", true),
            ("postgres://u:p@localhost/cases?sslmode=disable", true),
            ("postgres://u:p@localhost,db.example/cases", false),
            ("host=/run/postgresql user=u", true),
            ("postgres://u:p@localhost/cases?hostaddr=10.0.0.5", false),
            ("hostaddr=10.0.0.5 user=u", false),
            ("nonsense", false),
        ] {
            assert_eq!(check_encrypted(url).is_ok(), expected, "{url}");
        }
    }
}
