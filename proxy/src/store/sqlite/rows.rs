//! The tables of the SQLite file, and what is read from and written to them inside a transaction.

use partner_case_core::Case;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::super::keys::{Digests, KeyChange, KeyHistory};
use super::super::record::{Digest, KeyId, Millis, Record, State, Step, Verdict, rate_checked, settled_by, take};
use super::super::types::{Candidate, Event, FOUND_MAX, RateCheck, Settled, StoreError};

/// The version of the tables, in SQLite's `user_version`.
const SCHEMA_VERSION: i64 = 2;

const SCHEMA_1: &str = "
    CREATE TABLE submission (
        key BLOB PRIMARY KEY,
        payload BLOB NOT NULL,
        staff BLOB NOT NULL,
        external_id BLOB NOT NULL,
        transfer BLOB,
        state INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        lease_until INTEGER NOT NULL,
        answer TEXT,
        sent INTEGER,
        changed INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX submission_external_id ON submission (external_id);
    CREATE INDEX submission_transfer ON submission (transfer) WHERE transfer IS NOT NULL;
    CREATE INDEX submission_changed ON submission (changed);
    CREATE TABLE health (id INTEGER PRIMARY KEY CHECK (id = 1), checked INTEGER NOT NULL) STRICT;
";

/// Version 2 knows the case of a submission by its number, and the keys that the store was written with.
const SCHEMA_2: &str = "
    ALTER TABLE submission ADD COLUMN case_id INTEGER;
    ALTER TABLE submission ADD COLUMN key_id INTEGER;
    UPDATE submission SET case_id = json_extract(answer, '$.case.id') WHERE answer IS NOT NULL;
    CREATE INDEX submission_case_id ON submission (case_id) WHERE case_id IS NOT NULL;
    CREATE TABLE store_key (fingerprint BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
";

const COLUMNS: &str = "payload, staff, external_id, transfer, state, attempt, lease_until, answer, sent, changed, key_id";

/// Makes the tables, or brings those of an earlier version up to date.
pub(super) fn bring_up_to_date(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let version = transaction.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
    if version > SCHEMA_VERSION {
        return Err(StoreError::Unavailable(format!(
            "the file is of version {version}, and this program knows {SCHEMA_VERSION}. Start the newer program"
        )));
    }
    if version < 1 {
        transaction.execute_batch(SCHEMA_1)?;
    }
    if version < 2 {
        transaction.execute_batch(SCHEMA_2)?;
    }
    Ok(transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?)
}

pub(super) fn key_history(transaction: &Transaction<'_>) -> Result<KeyHistory, StoreError> {
    let mut statement = transaction.prepare("SELECT fingerprint FROM store_key")?;
    let fingerprints = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut statement = transaction.prepare("SELECT key_id, count(*) FROM submission GROUP BY key_id")?;
    let records = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(KeyHistory {
        fingerprints,
        records: records.collect::<Result<_, _>>()?,
    })
}

/// Leaves the fingerprints of the keys in use. Records of an earlier version do not say which key they have; it is the one in use.
pub(super) fn change_keys(transaction: &Transaction<'_>, current: &Digests, change: &KeyChange) -> Result<(), StoreError> {
    if let Some(fingerprint) = &change.add {
        transaction.execute(
            "INSERT OR IGNORE INTO store_key (fingerprint) VALUES (?1)",
            params![fingerprint],
        )?;
    }
    for fingerprint in &change.remove {
        transaction.execute("DELETE FROM store_key WHERE fingerprint = ?1", params![fingerprint])?;
    }
    transaction.execute(
        "UPDATE submission SET key_id = ?1 WHERE key_id IS NULL",
        params![current.id()],
    )?;
    Ok(())
}

/// What an earlier process had sent is unknown, and what it had only reserved is free.
pub(super) fn take_over(transaction: &Transaction<'_>, now: Millis) -> Result<(), StoreError> {
    transaction.execute(
        "UPDATE submission SET state = ?1, changed = ?2 WHERE state = ?3",
        params![State::Unknown.number(), now, State::Sent.number()],
    )?;
    transaction.execute("DELETE FROM submission WHERE state = ?1", params![State::Reserved.number()])?;
    Ok(())
}

/// The last time that was left in the store while the clock was trusted.
pub(super) fn trusted_time(transaction: &Transaction<'_>) -> Result<Option<Millis>, StoreError> {
    let checked = transaction.query_row("SELECT checked FROM health", [], |row| row.get(0));
    Ok(checked.optional()?)
}

/// Takes the first step of a case: under the key of the store that knows it, else under the current one. Answers which that is.
pub(super) fn reserve(
    transaction: &Transaction<'_>,
    candidates: Vec<Candidate>,
    rate_check: RateCheck,
    now: Millis,
) -> Result<(Digest, Verdict), StoreError> {
    let keys: Vec<Digest> = candidates.iter().map(|candidate| candidate.key).collect();
    let mut records = Vec::with_capacity(keys.len());
    for key in &keys {
        records.push(find(transaction, key)?);
    }
    let (candidate, record) = Candidate::choose(candidates, records)?;
    let step = Step::Reserve(candidate.reservation);
    let (written, verdict) = rate_checked(take(record.as_ref(), step, now), rate_check);
    if let Some(record) = written {
        write(transaction, &candidate.key, &record)?;
    }
    Ok((candidate.key, verdict))
}

pub(super) fn step(transaction: &Transaction<'_>, key: &Digest, step: Step, now: Millis) -> Result<Verdict, StoreError> {
    let record = find(transaction, key)?;
    let (written, verdict) = take(record.as_ref(), step, now);
    if let Some(record) = written {
        write(transaction, key, &record)?;
    }
    Ok(verdict)
}

pub(super) fn settle(transaction: &Transaction<'_>, event: Event, now: Millis) -> Result<Option<Settled>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!("SELECT key, {COLUMNS} FROM submission WHERE external_id = ?1"))?;
    let mut records = Vec::new();
    for external_id in &event.external_ids {
        let rows = statement.query_map(params![external_id], |row| Ok((row.get::<_, Digest>("key")?, read(row)?)))?;
        records.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    let Some(key) = settled_by(&records, &event.case, event.created).copied() else {
        return Ok(None);
    };
    let is_news = step(transaction, &key, Step::Settle(event.case), now)? == Verdict::Done;
    Ok(is_news.then_some(Settled { key }))
}

pub(super) fn find_first(transaction: &Transaction<'_>, keys: &[Digest]) -> Result<Option<Record>, StoreError> {
    for key in keys {
        if let Some(record) = find(transaction, key)? {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

fn find(transaction: &Transaction<'_>, key: &Digest) -> Result<Option<Record>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!("SELECT {COLUMNS} FROM submission WHERE key = ?1"))?;
    Ok(statement.query_row(params![key], read).optional()?)
}

/// The cases about a transfer with the time of their last change, the newest first; of one agent alone if one is named.
pub(super) fn by_transfer(
    transaction: &Transaction<'_>,
    transfer: &Digest,
    staff: Option<&Digest>,
) -> Result<Vec<(Case, Millis)>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM submission WHERE transfer = ?1 AND state = ?2 AND (?3 IS NULL OR staff = ?3)
         ORDER BY changed DESC LIMIT {FOUND_MAX}"
    ))?;
    let rows = statement.query_map(params![transfer, State::Created.number(), staff], read)?;
    let records = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(records.into_iter().filter_map(Record::into_case).collect())
}

/// Whether a case was raised here; by one agent alone if one is named.
pub(super) fn has_case(transaction: &Transaction<'_>, case: i64, staff: Option<&[Digest]>) -> Result<bool, StoreError> {
    let mut statement = transaction.prepare_cached("SELECT staff FROM submission WHERE case_id = ?1")?;
    let owners = statement.query_map(params![case], |row| row.get::<_, Digest>(0))?;
    for owner in owners {
        let owner = owner?;
        if staff.is_none_or(|staff| staff.contains(&owner)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets what has ended for certain and has not changed since. An unknown one stays: its key must not be sent again.
pub(super) fn purge(transaction: &Transaction<'_>, before: Millis) -> Result<u64, StoreError> {
    let removed = transaction.execute(
        "DELETE FROM submission WHERE changed < ?1 AND state IN (?2, ?3)",
        params![before, State::Created.number(), State::Rejected.number()],
    )?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

pub(super) fn forget_unknown(transaction: &Transaction<'_>, before: Millis) -> Result<u64, StoreError> {
    let removed = transaction.execute(
        "DELETE FROM submission WHERE changed < ?1 AND state = ?2",
        params![before, State::Unknown.number()],
    )?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

pub(super) fn count_unknown(transaction: &Transaction<'_>, now: Millis) -> Result<i64, StoreError> {
    let count = "SELECT count(*) FROM submission WHERE state = ?1 OR (state = ?2 AND lease_until < ?3)";
    let states = params![State::Unknown.number(), State::Sent.number(), now];
    Ok(transaction.query_row(count, states, |row| row.get(0))?)
}

/// Leaves the present time in the store if it is trusted. Writes in any case, so that a store that takes nothing shows: a number that changes, as
/// SQLite does not write what stays the same.
pub(super) fn leave_time(transaction: &Transaction<'_>, trusted: Option<Millis>) -> Result<(), StoreError> {
    let count = "INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1";
    transaction.execute(count, [])?;
    if let Some(now) = trusted {
        transaction.execute("INSERT OR REPLACE INTO health (id, checked) VALUES (1, ?1)", params![now])?;
    }
    Ok(())
}

fn write(transaction: &Transaction<'_>, key: &Digest, record: &Record) -> Result<(), StoreError> {
    let answer = record.answer.as_ref().map(serde_json::to_string).transpose();
    let answer = answer.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    transaction
        .prepare_cached(&format!(
            "INSERT INTO submission (key, {COLUMNS}, case_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (key) DO UPDATE SET payload = ?2, staff = ?3, external_id = ?4, transfer = ?5, state = ?6, attempt = ?7,
             lease_until = ?8, answer = ?9, sent = ?10, changed = ?11, key_id = ?12, case_id = ?13"
        ))?
        .execute(params![
            key,
            record.payload,
            record.staff,
            record.external_id,
            record.transfer,
            record.state.number(),
            record.attempt,
            record.lease_until,
            answer,
            record.sent,
            record.changed,
            record.key_id,
            record.case_id(),
        ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Record> {
    let answer: Option<String> = row.get("answer")?;
    Ok(Record {
        payload: row.get("payload")?,
        staff: row.get("staff")?,
        external_id: row.get("external_id")?,
        transfer: row.get("transfer")?,
        state: State::from_number(row.get("state")?),
        attempt: row.get("attempt")?,
        lease_until: row.get("lease_until")?,
        // An answer that a later version wrote is not known here; the state stands.
        answer: answer.and_then(|json| serde_json::from_str(&json).ok()),
        sent: row.get("sent")?,
        changed: row.get("changed")?,
        key_id: row.get::<_, Option<KeyId>>("key_id")?.unwrap_or_default(),
    })
}
