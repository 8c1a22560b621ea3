//! The records in PostgreSQL, shared by several proxies. The database's clock decides about leases, so those of the proxies may differ.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Config, GenericClient as _, Pool, PoolConfig, Runtime, Timeouts, Transaction};
use partner_case_core::Case;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::OnceCell;
use tokio_postgres::Row;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::record::{Digest, Millis, Record, Reservation, State, Step, Verdict, admitted, settled_by, take};
use super::{Admission, Event, StoreError};

/// Only what is not there yet is made, so that every proxy may try. The lock keeps two from trying at once.
const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(5043465300000001);
    CREATE TABLE IF NOT EXISTS partner_case_submission (
        key BYTEA PRIMARY KEY,
        payload BYTEA NOT NULL,
        staff BYTEA NOT NULL,
        external_id BYTEA NOT NULL,
        transfer BYTEA,
        state SMALLINT NOT NULL,
        attempt BIGINT NOT NULL,
        lease_until BIGINT NOT NULL,
        answer TEXT,
        sent BIGINT,
        changed BIGINT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS partner_case_submission_external_id ON partner_case_submission (external_id);
    CREATE INDEX IF NOT EXISTS partner_case_submission_transfer ON partner_case_submission (transfer);
    CREATE INDEX IF NOT EXISTS partner_case_submission_changed ON partner_case_submission (changed);
    CREATE TABLE IF NOT EXISTS partner_case_health (id SMALLINT PRIMARY KEY, checked BIGINT NOT NULL);
";

const COLUMNS: &str = "payload, staff, external_id, transfer, state, attempt, lease_until, answer, sent, changed";

/// How many connections a proxy keeps at the most.
const CONNECTIONS: usize = 8;

/// How long to wait for a connection, or for making one.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the database works for one statement, waits for a lock, or keeps a transaction that nobody goes on with, in milliseconds.
const SESSION: &str = "-c statement_timeout=5000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=10000";

/// How long one operation may take in all, should the way to the database be cut without a word.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);

/// Ends an operation that takes too long. What it noted may be there or not; the rules allow for both, and what was not sent is taken back.
///
/// Its state is on the heap: it has some kilobytes, which every call would carry along whatever database there is.
pub(super) fn boxed<'a, T>(
    operation: impl Future<Output = Result<T, StoreError>> + Send + 'a,
) -> Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>> {
    Box::pin(async {
        tokio::time::timeout(OPERATION_TIMEOUT, operation)
            .await
            .unwrap_or_else(|_elapsed| Err(StoreError("the database does not answer in time".to_owned())))
    })
}

/// The store in a database.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    prepared: Arc<OnceCell<()>>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Postgres {
    /// Makes ready to connect; nothing is sent yet.
    pub(crate) fn new(url: &str) -> Result<Self, StoreError> {
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
            // The database gives up by itself, so that a proxy that was cut off holds no lock for long.
            options: Some(SESSION.to_owned()),
            ..Config::default()
        };
        // The library's message may hold the URL, and the URL holds the password.
        let pool = config
            .create_pool(Some(Runtime::Tokio1), tls()?)
            .map_err(|_| StoreError("the URL cannot be used".to_owned()))?;
        Ok(Self {
            pool,
            prepared: Arc::default(),
        })
    }

    pub(crate) async fn reserve(
        &self,
        key: Digest,
        reservation: Reservation,
        admission: Admission,
    ) -> Result<Verdict, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let (record, now) = locked(&transaction, &key).await?;
        let (written, verdict) = admitted(take(record.as_ref(), Step::Reserve(reservation), now), admission);
        if let Some(record) = written {
            write(&transaction, &key, &record).await?;
        }
        transaction.commit().await?;
        Ok(verdict)
    }

    pub(crate) async fn step(&self, key: Digest, step: Step) -> Result<Verdict, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let verdict = note_step(&transaction, &key, step).await?;
        transaction.commit().await?;
        Ok(verdict)
    }

    pub(crate) async fn find(&self, key: Digest) -> Result<Option<Record>, StoreError> {
        let client = self.client().await?;
        let query = format!("SELECT {COLUMNS} FROM partner_case_submission WHERE key = $1");
        let statement = client.prepare_cached(&query).await?;
        let row = client.query_opt(&statement, &[&key.as_slice()]).await?;
        row.map(|row| read(&row)).transpose()
    }

    pub(crate) async fn settle(&self, event: Event) -> Result<bool, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let query = format!("SELECT key, {COLUMNS} FROM partner_case_submission WHERE external_id = $1");
        let statement = transaction.prepare_cached(&query).await?;
        let rows = transaction.query(&statement, &[&event.external_id.as_slice()]).await?;
        let records = rows
            .iter()
            .map(|row| Ok((digest(row, "key")?, read(row)?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let Some(key) = settled_by(&records, &event.case, event.created) else {
            return Ok(false);
        };
        let verdict = note_step(&transaction, key, Step::Settle(event.case)).await?;
        transaction.commit().await?;
        Ok(verdict == Verdict::Done)
    }

    pub(crate) async fn by_transfer(&self, transfer: Digest) -> Result<Vec<Case>, StoreError> {
        let client = self.client().await?;
        let query = format!(
            "SELECT {COLUMNS} FROM partner_case_submission WHERE transfer = $1 AND state = $2 ORDER BY changed DESC LIMIT {}",
            super::FOUND_MAX
        );
        let statement = client.prepare_cached(&query).await?;
        let rows = client
            .query(&statement, &[&transfer.as_slice(), &State::Created.number()])
            .await?;
        let records = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(records.into_iter().filter_map(Record::into_case).collect())
    }

    pub(crate) async fn purge(&self, before: Millis) -> Result<u64, StoreError> {
        let client = self.client().await?;
        let query = "DELETE FROM partner_case_submission WHERE changed < $1";
        Ok(client.execute(query, &[&before]).await?)
    }

    /// Whether the database can be written to.
    pub(crate) async fn check(&self, now: Millis) -> Result<(), StoreError> {
        let client = self.client().await?;
        let query = "INSERT INTO partner_case_health (id, checked) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET checked = $1";
        client.execute(query, &[&now]).await?;
        Ok(())
    }

    async fn client(&self) -> Result<Client, StoreError> {
        let connect = || async {
            let client = self.pool.get().await;
            client.map_err(|error| StoreError(format!("no connection to the database: {error}")))
        };
        self.prepared
            .get_or_try_init(|| async {
                let mut client = connect().await?;
                let transaction = client.transaction().await?;
                transaction.batch_execute(SCHEMA).await?;
                transaction.commit().await?;
                Ok::<_, StoreError>(())
            })
            .await?;
        connect().await
    }
}

/// Reads, decides and writes while no other proxy can do so for the same key.
async fn note_step(transaction: &Transaction<'_>, key: &Digest, step: Step) -> Result<Verdict, StoreError> {
    let (record, now) = locked(transaction, key).await?;
    let (written, verdict) = take(record.as_ref(), step, now);
    if let Some(record) = written {
        write(transaction, key, &record).await?;
    }
    Ok(verdict)
}

/// The record of a key, which is this transaction's alone until it ends, and the database's time.
async fn locked(transaction: &Transaction<'_>, key: &Digest) -> Result<(Option<Record>, Millis), StoreError> {
    let lock = i64::from_be_bytes(key[..8].try_into().unwrap_or_default());
    let statement = transaction.prepare_cached("SELECT pg_advisory_xact_lock($1)").await?;
    transaction.execute(&statement, &[&lock]).await?;
    // After the lock: the wait for it may have taken time.
    let clock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let statement = transaction.prepare_cached(clock).await?;
    let now: Millis = transaction.query_one(&statement, &[]).await?.try_get(0)?;
    let query = format!("SELECT {COLUMNS} FROM partner_case_submission WHERE key = $1");
    let statement = transaction.prepare_cached(&query).await?;
    let row = transaction.query_opt(&statement, &[&key.as_slice()]).await?;
    Ok((row.map(|row| read(&row)).transpose()?, now))
}

async fn write(transaction: &Transaction<'_>, key: &Digest, record: &Record) -> Result<(), StoreError> {
    let answer = record.answer.as_ref().map(serde_json::to_string).transpose();
    let answer = answer.map_err(|error| StoreError(error.to_string()))?;
    let query = format!(
        "INSERT INTO partner_case_submission (key, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (key) DO UPDATE SET payload = $2, staff = $3, external_id = $4, transfer = $5, state = $6, attempt = $7,
         lease_until = $8, answer = $9, sent = $10, changed = $11"
    );
    let transfer = record.transfer.as_ref().map(<[u8; 32]>::as_slice);
    let statement = transaction.prepare_cached(&query).await?;
    transaction
        .execute(
            &statement,
            &[
                &key.as_slice(),
                &record.payload.as_slice(),
                &record.staff.as_slice(),
                &record.external_id.as_slice(),
                &transfer,
                &record.state.number(),
                &record.attempt,
                &record.lease_until,
                &answer,
                &record.sent,
                &record.changed,
            ],
        )
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<Record, StoreError> {
    let answer: Option<String> = row.try_get("answer")?;
    let transfer: Option<Vec<u8>> = row.try_get("transfer")?;
    Ok(Record {
        payload: digest(row, "payload")?,
        staff: digest(row, "staff")?,
        external_id: digest(row, "external_id")?,
        transfer: transfer.and_then(|bytes| bytes.try_into().ok()),
        state: State::from_number(row.try_get("state")?),
        attempt: row.try_get("attempt")?,
        lease_until: row.try_get("lease_until")?,
        // An answer that a later version wrote is not known here; the state stands.
        answer: answer.and_then(|json| serde_json::from_str(&json).ok()),
        sent: row.try_get("sent")?,
        changed: row.try_get("changed")?,
    })
}

fn digest(row: &Row, column: &str) -> Result<Digest, StoreError> {
    let bytes: Vec<u8> = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| StoreError(format!("the column {column} holds no digest")))
}

/// TLS for databases whose URL asks for it (`sslmode=require`), by the system's certificates.
fn tls() -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
