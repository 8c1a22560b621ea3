//! The tables in the database, and what is read from and written to them inside a transaction.

use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::super::keys::{Digests, KeyChange, KeyHistory};
use super::super::record::{Digest, KeyId, Millis, Record, State};
use super::super::types::StoreError;
use super::connection::Work;

/// Only what is not there yet is made. A proxy of an earlier version beside this one leaves the newer columns empty; the next start fills them in.
const SCHEMA: &str = "
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
    ALTER TABLE partner_case_submission ADD COLUMN IF NOT EXISTS case_id BIGINT;
    ALTER TABLE partner_case_submission ADD COLUMN IF NOT EXISTS key_id BIGINT;
    CREATE INDEX IF NOT EXISTS partner_case_submission_case_id ON partner_case_submission (case_id);
    CREATE TABLE IF NOT EXISTS partner_case_store_key (fingerprint BYTEA PRIMARY KEY);
";

/// What the last statement of [`SCHEMA`] makes.
const IS_MADE: &str = "SELECT to_regclass('partner_case_store_key') IS NOT NULL";

pub(super) const COLUMNS: &str =
    "payload, staff, external_id, transfer, state, attempt, lease_until, answer, sent, changed, key_id";

/// The database's time in milliseconds.
pub(super) const NOW: &str = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Makes the tables. Where they are there, nothing is asked for that would wait for a backup, and have every other proxy wait, too.
pub(super) async fn make_tables(work: &Work) -> Result<(), StoreError> {
    let is_made: bool = work.client()?.query_typed_one(IS_MADE, &[]).await?.try_get(0)?;
    if !is_made {
        work.client()?.batch_execute(SCHEMA).await?;
    }
    Ok(())
}

pub(super) async fn fingerprints(work: &Work) -> Result<Vec<Digest>, StoreError> {
    let rows = work
        .client()?
        .query_typed("SELECT fingerprint FROM partner_case_store_key", &[])
        .await?;
    rows.iter().map(|row| digest(row, "fingerprint")).collect()
}

pub(super) async fn key_history(work: &Work) -> Result<KeyHistory, StoreError> {
    let query = "SELECT key_id, count(*) FROM partner_case_submission GROUP BY key_id";
    let records = work.client()?.query_typed(query, &[]).await?;
    Ok(KeyHistory {
        fingerprints: fingerprints(work).await?,
        records: records
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, StoreError>>()?,
    })
}

/// Leaves the fingerprints of the keys in use.
pub(super) async fn change_keys(work: &Work, change: &KeyChange) -> Result<(), StoreError> {
    if let Some(fingerprint) = &change.add {
        let query = "INSERT INTO partner_case_store_key (fingerprint) VALUES ($1) ON CONFLICT DO NOTHING";
        work.client()?
            .execute_typed(query, &[(&fingerprint.as_slice(), Type::BYTEA)])
            .await?;
    }
    for fingerprint in &change.remove {
        let query = "DELETE FROM partner_case_store_key WHERE fingerprint = $1";
        work.client()?
            .execute_typed(query, &[(&fingerprint.as_slice(), Type::BYTEA)])
            .await?;
    }
    Ok(())
}

/// Fills in what records of an earlier version do not have. Which key they were written with is certain: the only one that is known.
pub(super) async fn label(work: &Work, current: &Digests) -> Result<(), StoreError> {
    let query = "UPDATE partner_case_submission SET key_id = $1,
        case_id = CASE WHEN answer LIKE '{\"case\":%' THEN (answer::json -> 'case' ->> 'id')::bigint END
        WHERE key_id IS NULL";
    work.client()?.execute_typed(query, &[(&current.id(), Type::INT8)]).await?;
    Ok(())
}

/// The records of some keys, which are this transaction's alone until it ends, and the database's time.
pub(super) async fn lock(work: &Work, keys: &[Digest]) -> Result<(Vec<Option<Record>>, Millis), StoreError> {
    let mut locks: Vec<i64> = keys
        .iter()
        .map(|key| i64::from_be_bytes(key[..8].try_into().unwrap_or_default()))
        .collect();
    // Always in one order, so that two transactions never wait for each other.
    locks.sort_unstable();
    // The time is taken after the lock: the wait for it may have taken long.
    let query = format!(
        "SELECT {NOW} AS now FROM (SELECT count(pg_advisory_xact_lock(number)::text) FROM unnest($1) AS number) AS locked"
    );
    let row = work.client()?.query_typed_one(&query, &[(&locks, Type::INT8_ARRAY)]).await?;
    // A statement of its own, so that it sees what was committed while this one waited.
    let query = format!("SELECT key, {COLUMNS} FROM partner_case_submission WHERE key = ANY($1)");
    let wanted: Vec<&[u8]> = keys.iter().map(<[u8; 32]>::as_slice).collect();
    let rows = work.client()?.query_typed(&query, &[(&wanted, Type::BYTEA_ARRAY)]).await?;
    let mut found = rows
        .iter()
        .map(|row| Ok((digest(row, "key")?, read(row)?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let records = keys.iter().map(|key| {
        let at = found.iter().position(|(found, _)| found == key)?;
        Some(found.swap_remove(at).1)
    });
    Ok((records.collect(), row.try_get("now")?))
}

pub(super) async fn write(work: &Work, key: &Digest, record: &Record) -> Result<(), StoreError> {
    let answer = record.answer.as_ref().map(serde_json::to_string).transpose();
    let answer = answer.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let query = format!(
        "INSERT INTO partner_case_submission (key, {COLUMNS}, case_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (key) DO UPDATE SET payload = $2, staff = $3, external_id = $4, transfer = $5, state = $6, attempt = $7,
         lease_until = $8, answer = $9, sent = $10, changed = $11, key_id = $12, case_id = $13"
    );
    let transfer = record.transfer.as_ref().map(<[u8; 32]>::as_slice);
    let parameters: [Parameter<'_>; 13] = [
        (&key.as_slice(), Type::BYTEA),
        (&record.payload.as_slice(), Type::BYTEA),
        (&record.staff.as_slice(), Type::BYTEA),
        (&record.external_id.as_slice(), Type::BYTEA),
        (&transfer, Type::BYTEA),
        (&record.state.number(), Type::INT2),
        (&record.attempt, Type::INT8),
        (&record.lease_until, Type::INT8),
        (&answer, Type::TEXT),
        (&record.sent, Type::INT8),
        (&record.changed, Type::INT8),
        (&record.key_id, Type::INT8),
        (&record.case_id(), Type::INT8),
    ];
    work.client()?.execute_typed(&query, &parameters).await?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<Record, StoreError> {
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
        key_id: row.try_get::<_, Option<KeyId>>("key_id")?.unwrap_or_default(),
    })
}

pub(super) fn digest(row: &Row, column: &str) -> Result<Digest, StoreError> {
    let bytes: Vec<u8> = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| StoreError::Unavailable(format!("the column {column} holds no digest")))
}
