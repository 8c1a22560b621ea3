//! The records in one SQLite file, written by one thread.
//!
//! Write-ahead log and full sync: what is noted is on the disk. All that waits is noted in one transaction, so that a hundred
//! submissions at once cost one sync and not a hundred.

use std::path::Path;
use std::sync::mpsc;
use std::thread;

use partner_case_core::Case;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use tokio::sync::oneshot;

use super::record::{Digest, Millis, Record, Reservation, State, Step, Verdict, admitted, settled_by, take};
use super::{Admission, Event, StoreError};

/// The version of the table, in SQLite's `user_version`.
const SCHEMA_VERSION: i64 = 1;

const SCHEMA: &str = "
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

const COLUMNS: &str = "payload, staff, external_id, transfer, state, attempt, lease_until, answer, sent, changed";

/// How many jobs are noted in one transaction at the most.
const BATCH_MAX: usize = 256;

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

enum Job {
    Reserve(Digest, Reservation, Admission, Millis, Reply<Verdict>),
    Step(Digest, Step, Millis, Reply<Verdict>),
    Find(Digest, Reply<Option<Record>>),
    Settle(Event, Millis, Reply<bool>),
    ByTransfer(Digest, Reply<Vec<Case>>),
    Purge(Millis, Reply<u64>),
    Check(Millis, Reply<()>),
}

/// The store in one file. It belongs to one process at a time.
#[derive(Debug, Clone)]
pub(crate) struct Sqlite {
    jobs: mpsc::Sender<Job>,
}

impl Sqlite {
    /// Opens the file, or makes it. What an earlier process had reserved is free, what it had sent is unknown.
    pub(crate) fn open(path: &Path, now: Millis) -> Result<Self, StoreError> {
        make_private(path).map_err(|error| StoreError(error.to_string()))?;
        let mut connection = Connection::open(path)?;
        // Kept for the life of the connection: a second proxy on the same file fails here and not in the middle of a case.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        match transaction.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
            0 => {
                transaction.execute_batch(SCHEMA)?;
                transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            }
            SCHEMA_VERSION => {}
            later => {
                return Err(StoreError(format!(
                    "the file is of version {later}, this program knows {SCHEMA_VERSION}"
                )));
            }
        }
        transaction.execute(
            "UPDATE submission SET state = ?1, changed = ?2 WHERE state = ?3",
            params![State::Unknown.number(), now, State::Sent.number()],
        )?;
        transaction.execute("DELETE FROM submission WHERE state = ?1", params![State::Reserved.number()])?;
        transaction.commit()?;
        let (jobs, waiting) = mpsc::channel();
        thread::Builder::new()
            .name("submissions".to_owned())
            .spawn(move || work(&mut connection, &waiting))
            .map_err(|error| StoreError(error.to_string()))?;
        Ok(Self { jobs })
    }

    pub(crate) async fn reserve(
        &self,
        key: Digest,
        reservation: Reservation,
        admission: Admission,
        now: Millis,
    ) -> Result<Verdict, StoreError> {
        self.ask(|reply| Job::Reserve(key, reservation, admission, now, reply)).await
    }

    pub(crate) async fn step(&self, key: Digest, step: Step, now: Millis) -> Result<Verdict, StoreError> {
        self.ask(|reply| Job::Step(key, step, now, reply)).await
    }

    pub(crate) async fn find(&self, key: Digest) -> Result<Option<Record>, StoreError> {
        self.ask(|reply| Job::Find(key, reply)).await
    }

    pub(crate) async fn settle(&self, event: Event, now: Millis) -> Result<bool, StoreError> {
        self.ask(|reply| Job::Settle(event, now, reply)).await
    }

    pub(crate) async fn by_transfer(&self, transfer: Digest) -> Result<Vec<Case>, StoreError> {
        self.ask(|reply| Job::ByTransfer(transfer, reply)).await
    }

    pub(crate) async fn purge(&self, before: Millis) -> Result<u64, StoreError> {
        self.ask(|reply| Job::Purge(before, reply)).await
    }

    /// Whether the store can be written to.
    pub(crate) async fn check(&self, now: Millis) -> Result<(), StoreError> {
        self.ask(|reply| Job::Check(now, reply)).await
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreError("the writing thread has stopped".to_owned());
        self.jobs.send(job(reply)).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

/// Makes a new file that only its owner can read, whatever the umask; SQLite gives the files beside it the same mode. One that is there
/// keeps the mode that the operator gave it.
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // SQLite's own name for a store that is not on the disk.
    if path.as_os_str() == ":memory:" {
        return Ok(());
    }
    match std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Sends the reply of one job, once its transaction has ended.
type Outcome = Box<dyn FnOnce(Result<(), StoreError>)>;

fn work(connection: &mut Connection, waiting: &mpsc::Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        jobs.extend(waiting.try_iter().take(BATCH_MAX - 1));
        let mut outcomes = Vec::with_capacity(jobs.len());
        let committed = note_all(connection, jobs, &mut outcomes);
        if let Err(error) = &committed {
            tracing::error!(%error, "submissions cannot be noted");
        }
        for outcome in outcomes {
            outcome(committed.clone());
        }
    }
}

fn note_all(connection: &mut Connection, jobs: Vec<Job>, outcomes: &mut Vec<Outcome>) -> Result<(), StoreError> {
    let transaction = match connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => {
            // Every job hears of it all the same.
            let error = StoreError::from(error);
            for job in jobs {
                job.refuse(&error);
            }
            return Err(error);
        }
    };
    for job in jobs {
        outcomes.push(job.note(&transaction));
    }
    Ok(transaction.commit()?)
}

impl Job {
    fn note(self, transaction: &Transaction<'_>) -> Outcome {
        match self {
            Self::Reserve(key, reservation, admission, now, reply) => {
                later(reply, note_reservation(transaction, &key, reservation, admission, now))
            }
            Self::Step(key, step, now, reply) => later(reply, note_step(transaction, &key, step, now)),
            Self::Find(key, reply) => later(reply, find(transaction, &key)),
            Self::Settle(event, now, reply) => later(reply, note_event(transaction, event, now)),
            Self::ByTransfer(transfer, reply) => later(reply, by_transfer(transaction, &transfer)),
            Self::Purge(before, reply) => later(reply, purge(transaction, before)),
            Self::Check(now, reply) => later(reply, check(transaction, now)),
        }
    }

    fn refuse(self, error: &StoreError) {
        fn send<T>(reply: Reply<T>, error: &StoreError) {
            // Who asked may have gone.
            let _ = reply.send(Err(error.clone()));
        }
        match self {
            Self::Reserve(.., reply) | Self::Step(.., reply) => send(reply, error),
            Self::Find(_, reply) => send(reply, error),
            Self::Settle(.., reply) => send(reply, error),
            Self::ByTransfer(_, reply) => send(reply, error),
            Self::Purge(_, reply) => send(reply, error),
            Self::Check(_, reply) => send(reply, error),
        }
    }
}

fn later<T: 'static>(reply: Reply<T>, result: Result<T, StoreError>) -> Outcome {
    Box::new(move |committed| {
        // Who asked may have gone.
        let _ = reply.send(committed.and(result));
    })
}

fn note_reservation(
    transaction: &Transaction<'_>,
    key: &Digest,
    reservation: Reservation,
    admission: Admission,
    now: Millis,
) -> Result<Verdict, StoreError> {
    let record = find(transaction, key)?;
    let (written, verdict) = admitted(take(record.as_ref(), Step::Reserve(reservation), now), admission);
    if let Some(record) = written {
        write(transaction, key, &record)?;
    }
    Ok(verdict)
}

fn note_step(transaction: &Transaction<'_>, key: &Digest, step: Step, now: Millis) -> Result<Verdict, StoreError> {
    let record = find(transaction, key)?;
    let (written, verdict) = take(record.as_ref(), step, now);
    if let Some(record) = written {
        write(transaction, key, &record)?;
    }
    Ok(verdict)
}

fn note_event(transaction: &Transaction<'_>, event: Event, now: Millis) -> Result<bool, StoreError> {
    let mut statement = transaction.prepare_cached(&format!("SELECT key, {COLUMNS} FROM submission WHERE external_id = ?1"))?;
    let rows = statement.query_map(params![event.external_id], |row| {
        Ok((row.get::<_, Digest>("key")?, read(row)?))
    })?;
    let records = rows.collect::<Result<Vec<_>, _>>()?;
    match settled_by(&records, &event.case, event.created) {
        Some(key) => Ok(note_step(transaction, key, Step::Settle(event.case), now)? == Verdict::Done),
        None => Ok(false),
    }
}

fn find(transaction: &Transaction<'_>, key: &Digest) -> Result<Option<Record>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!("SELECT {COLUMNS} FROM submission WHERE key = ?1"))?;
    Ok(statement.query_row(params![key], read).optional()?)
}

fn by_transfer(transaction: &Transaction<'_>, transfer: &Digest) -> Result<Vec<Case>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM submission WHERE transfer = ?1 AND state = ?2 ORDER BY changed DESC LIMIT {}",
        super::FOUND_MAX
    ))?;
    let rows = statement.query_map(params![transfer, State::Created.number()], read)?;
    let records = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(records.into_iter().filter_map(Record::into_case).collect())
}

fn purge(transaction: &Transaction<'_>, before: Millis) -> Result<u64, StoreError> {
    let removed = transaction.execute("DELETE FROM submission WHERE changed < ?1", params![before])?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Writes something: a full disk or a file that may only be read shows here.
fn check(transaction: &Transaction<'_>, now: Millis) -> Result<(), StoreError> {
    transaction.execute("INSERT OR REPLACE INTO health (id, checked) VALUES (1, ?1)", params![now])?;
    Ok(())
}

fn write(transaction: &Transaction<'_>, key: &Digest, record: &Record) -> Result<(), StoreError> {
    let answer = record.answer.as_ref().map(serde_json::to_string).transpose();
    let answer = answer.map_err(|error| StoreError(error.to_string()))?;
    transaction
        .prepare_cached(&format!(
            "INSERT INTO submission (key, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (key) DO UPDATE SET payload = ?2, staff = ?3, external_id = ?4, transfer = ?5, state = ?6, attempt = ?7,
             lease_until = ?8, answer = ?9, sent = ?10, changed = ?11"
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
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn a_new_store_can_be_read_by_its_owner_alone() {
        let folder = std::env::temp_dir().join(format!("partner-case-store-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("submissions.sqlite");
        let store = Sqlite::open(&path, 0).unwrap();
        store.check(1).await.unwrap();
        let modes = std::fs::read_dir(&folder).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name(), entry.metadata().unwrap().permissions().mode() & 0o777)
        });
        let modes: Vec<_> = modes.collect();
        assert!(!modes.is_empty() && modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
        drop(store);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
