//! Connections to the database: made, pooled, and given a transaction.

use std::path::Path;
use std::time::Duration;

use deadpool_postgres::{Client, Config, Object, Pool, PoolConfig, PoolError, Runtime, Timeouts};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::error::SqlState;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::types::StoreError;

/// How many connections a proxy keeps at most.
const CONNECTIONS: usize = 8;

/// How long to wait for a connection, or for making one.
const PATIENCE: Duration = Duration::from_secs(5);

/// Begins a transaction in which each statement sees what others have committed before it: the rules read a record after its lock. What the
/// database's default isolation is does not matter. The database ends a transaction on its own, so that a proxy that was cut off holds no lock for
/// long. The times are in milliseconds.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = 5000; SET LOCAL lock_timeout = 5000; \
                     SET LOCAL idle_in_transaction_session_timeout = 10000";

/// The advisory lock that everybody shares who uses the store, and that is held alone while its tables or keys change.
const SET_UP_LOCK: i64 = 5_043_465_300_000_001;

/// The way to the database.
pub(super) struct Connections(Pool);

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

impl Connections {
    /// Makes ready to connect; nothing is sent yet.
    pub(super) fn new(url: &str, ca_file: Option<&Path>) -> Result<Self, StoreError> {
        let config = Config {
            url: Some(url.to_owned()),
            pool: Some(PoolConfig {
                max_size: CONNECTIONS,
                timeouts: Timeouts {
                    wait: Some(PATIENCE),
                    create: Some(PATIENCE),
                    recycle: Some(PATIENCE),
                },
                ..PoolConfig::default()
            }),
            ..Config::default()
        };
        // The library's message may hold the URL, and the URL holds the password.
        let pool = config
            .create_pool(Some(Runtime::Tokio1), tls(ca_file)?)
            .map_err(|_| StoreError::unavailable("the URL cannot be used"))?;
        Ok(Self(pool))
    }

    pub(super) async fn client(&self) -> Result<Client, StoreError> {
        self.0.get().await.map_err(|error| {
            let why = match &error {
                PoolError::Backend(error) => reason(error),
                PoolError::Timeout(_) => "no answer in time, or all connections are in use".to_owned(),
                other => other.to_string(),
            };
            StoreError::Unavailable(format!("no connection to the database: {why}"))
        })
    }

    /// Begins a transaction during which no other proxy changes the tables or the keys of the store.
    pub(super) async fn begin(&self) -> Result<Work, StoreError> {
        self.begin_with(&format!("{BEGIN}; SELECT pg_advisory_xact_lock_shared({SET_UP_LOCK})"))
            .await
    }

    /// Begins a transaction that is alone with the store: every other one waits for it.
    pub(super) async fn begin_alone(&self) -> Result<Work, StoreError> {
        self.begin_with(&format!("{BEGIN}; SELECT pg_advisory_xact_lock({SET_UP_LOCK})"))
            .await
    }

    async fn begin_with(&self, statements: &str) -> Result<Work, StoreError> {
        // Before it begins: one that is given up in the middle must not go back into the pool.
        let work = Work(Some(self.client().await?));
        work.client()?.batch_execute(statements).await?;
        Ok(work)
    }
}

/// A transaction. One that is not committed closes its connection, and so the database undoes it.
pub(super) struct Work(Option<Client>);

impl Work {
    /// What the statements of the transaction are sent with.
    pub(super) fn client(&self) -> Result<&tokio_postgres::Client, StoreError> {
        let client = self.0.as_ref().map(|client| -> &tokio_postgres::Client { client });
        client.ok_or_else(|| StoreError::unavailable("the transaction has ended"))
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let Some(client) = self.0.take() else { return Ok(()) };
        match client.batch_execute("COMMIT").await {
            Ok(()) => Ok(()),
            Err(error) => {
                drop(Object::take(client));
                Err(error.into())
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

/// Why something failed, in the database's own words where it has some, and what to change. Of a refused row the database would tell the values,
/// which are digests, in its detail only.
pub(super) fn reason(error: &tokio_postgres::Error) -> String {
    let Some(answered) = error.as_db_error() else {
        let causes: Vec<String> = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source())
            .map(ToString::to_string)
            .collect();
        let text = causes.join(": ");
        return match advice_for(&text) {
            Some(advice) => format!("{text} ({advice})"),
            None => text,
        };
    };
    let advice = match answered.code() {
        &SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            Some("check user and password in `store.postgres_url`, and the server's pg_hba.conf")
        }
        &SqlState::INVALID_CATALOG_NAME => Some("create the database, or correct its name in `store.postgres_url`"),
        &SqlState::INSUFFICIENT_PRIVILEGE => Some("the user needs the right to create and write tables in its schema"),
        &SqlState::READ_ONLY_SQL_TRANSACTION => {
            Some("`store.postgres_url` leads to a read-only replica; it must lead to the primary")
        }
        &SqlState::TOO_MANY_CONNECTIONS => Some("raise the server's max_connections, or use fewer proxies; each keeps up to 8"),
        _ => None,
    };
    match advice {
        Some(advice) => format!("{} ({advice})", answered.message()),
        None => answered.message().to_owned(),
    }
}

fn advice_for(text: &str) -> Option<&'static str> {
    if text.contains("UnknownIssuer") || text.contains("CaUsedAsEndEntity") {
        Some("name the certificate authority's file as `store.ca_file`")
    } else if text.contains("NotValidForName") {
        Some("the host in `store.postgres_url` must be a name in the server's certificate")
    } else if text.contains("Expired") {
        Some("the server's certificate has ended")
    } else if text.contains("does not support TLS") {
        Some("switch TLS on at the server")
    } else {
        None
    }
}

/// TLS for databases whose URL asks for it (`sslmode=require`). The certificate and its name are always verified.
fn tls(ca_file: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unusable = |reason: String| StoreError::Unavailable(format!("store.ca_file: {}: {reason}", path.display()));
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))? {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
        }
    }
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Unavailable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
