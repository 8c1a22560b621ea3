//! The records in one SQLite file, written by one thread.
//!
//! Write-ahead log and full sync: what is stored is on the disk. All that waits is stored in one transaction, so that a hundred submissions at
//! once cost one sync and not a hundred.

mod rows;

use std::path::Path;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use partner_case_core::Case;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::clock::ClockWatch;
use super::file::{StoreFiles, make_private};
use super::keys::{KeyChange, KeyHistory, Keyring};
use super::record::{Digest, Millis, Record, Step, Verdict};
use super::types::{Candidate, Event, Purged, RateCheck, Settled, StoreError, now};

/// How many jobs are stored in one transaction at most.
const BATCH_MAX: usize = 256;

/// A piece of work for the writing thread. It is given the transaction, or why there is none, and answers with what is to be done once the
/// transaction has ended.
type Job = Box<dyn FnOnce(Result<&Transaction<'_>, StoreError>) -> Reply + Send>;

/// Sends the reply of one job, once its transaction has ended.
type Reply = Box<dyn FnOnce(Result<(), StoreError>)>;

/// A file that is open, and not in use yet.
#[derive(Debug)]
pub(super) struct Opened {
    connection: Connection,
    files: StoreFiles,
    /// The last time that was trusted.
    trusted: Option<Millis>,
    history: KeyHistory,
}

impl Opened {
    /// Opens the file, or makes it, and brings its tables up to date. Nothing else changes in it.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        make_private(path).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut connection = Connection::open(path)?;
        // Kept for the life of the connection: a second proxy on the same file fails here and not in the middle of a case.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rows::bring_up_to_date(&transaction)?;
        let history = rows::key_history(&transaction)?;
        let trusted = rows::trusted_time(&transaction)?;
        transaction.commit()?;
        let files = StoreFiles::of(path).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self {
            connection,
            files,
            trusted,
            history,
        })
    }

    /// What the file says of the keys that it was written with.
    pub(super) fn history(&self) -> &KeyHistory {
        &self.history
    }

    /// Takes the file into use. What an earlier process had reserved is free, what it had sent is unknown.
    pub(super) fn start(self, keys: &Keyring, change: &KeyChange, retention: Duration) -> Result<Sqlite, StoreError> {
        let Self {
            mut connection,
            files,
            trusted,
            ..
        } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rows::change_keys(&transaction, keys.current(), change)?;
        rows::take_over(&transaction, now())?;
        transaction.commit()?;
        let (jobs, waiting) = mpsc::channel();
        thread::Builder::new()
            .name("submissions".to_owned())
            .spawn(move || {
                // A panic is a failed use of the store and not the last one: who waited for it hears that nothing was stored.
                let mut work = || work(&mut connection, &files, &waiting);
                while std::panic::catch_unwind(std::panic::AssertUnwindSafe(&mut work)).is_err() {}
            })
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Sqlite {
            jobs,
            clock: Mutex::new(ClockWatch::new(now(), trusted, retention, Instant::now())),
        })
    }
}

/// The store in one file. It belongs to one process at a time.
#[derive(Debug)]
pub(crate) struct Sqlite {
    jobs: mpsc::Sender<Job>,
    clock: Mutex<ClockWatch>,
}

impl Sqlite {
    pub(super) async fn reserve(
        &self,
        candidates: Vec<Candidate>,
        rate_check: RateCheck,
    ) -> Result<(Digest, Verdict), StoreError> {
        self.run(move |transaction| rows::reserve(transaction, candidates, rate_check, now()))
            .await
    }

    pub(super) async fn step(&self, key: Digest, step: Step) -> Result<Verdict, StoreError> {
        self.run(move |transaction| rows::step(transaction, &key, step, now())).await
    }

    pub(super) async fn find(&self, keys: Vec<Digest>) -> Result<Option<(Record, Millis)>, StoreError> {
        let record = self.run(move |transaction| rows::find_first(transaction, &keys)).await?;
        Ok(record.map(|record| (record, now())))
    }

    pub(super) async fn settle(&self, event: Event) -> Result<Option<Settled>, StoreError> {
        self.run(move |transaction| rows::settle(transaction, event, now())).await
    }

    pub(super) async fn by_transfer(&self, transfer: Digest, staff: Option<Digest>) -> Result<Vec<(Case, Millis)>, StoreError> {
        self.run(move |transaction| rows::by_transfer(transaction, &transfer, staff.as_ref()))
            .await
    }

    pub(super) async fn has_case(&self, case: i64, staff: Option<Vec<Digest>>) -> Result<bool, StoreError> {
        self.run(move |transaction| rows::has_case(transaction, case, staff.as_deref()))
            .await
    }

    pub(super) async fn purge(&self, retention: Duration) -> Result<Purged, StoreError> {
        let is_trusted = self.is_clock_trusted();
        self.run(move |transaction| {
            let removed = if is_trusted {
                Some(rows::purge(transaction, before(retention))?)
            } else {
                None
            };
            rows::leave_time(transaction, is_trusted.then(now))?;
            Ok(Purged {
                removed,
                unknown: rows::count_unknown(transaction, now())?,
            })
        })
        .await
    }

    pub(super) async fn forget_unknown(&self, age: Duration, trusts_clock: bool) -> Result<u64, StoreError> {
        if !trusts_clock && !self.is_clock_trusted() {
            return Err(StoreError::unavailable(
                "the clock is far from the last time in the store, so the age of a submission cannot be told. Check the clock; if it is right, say \
                 --trust-clock",
            ));
        }
        self.run(move |transaction| rows::forget_unknown(transaction, before(age)))
            .await
    }

    /// Writes something: a full disk, a file that may only be read, or one that was deleted shows here.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        let is_trusted = self.is_clock_trusted();
        self.run(move |transaction| rows::leave_time(transaction, is_trusted.then(now)))
            .await
    }

    fn is_clock_trusted(&self) -> bool {
        let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.is_trusted(now(), Instant::now())
    }

    /// Has the writing thread do something, and waits until that is on the disk.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let result = transaction.and_then(work);
            Box::new(move |committed| {
                // Who asked may have gone.
                let _ = reply.send(committed.and(result));
            })
        });
        let stopped = || StoreError::unavailable("the writing thread has stopped");
        self.jobs.send(job).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

fn before(age: Duration) -> Millis {
    now().saturating_sub(Millis::try_from(age.as_millis()).unwrap_or(Millis::MAX))
}

fn work(connection: &mut Connection, files: &StoreFiles, waiting: &mpsc::Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        jobs.extend(waiting.try_iter().take(BATCH_MAX - 1));
        let mut replies = Vec::with_capacity(jobs.len());
        let committed = store_all(connection, files, jobs, &mut replies);
        if let Err(error) = &committed {
            tracing::error!(%error, "the store cannot be written to");
        }
        for reply in replies {
            reply(committed.clone());
        }
    }
}

fn store_all(
    connection: &mut Connection,
    files: &StoreFiles,
    jobs: Vec<Job>,
    replies: &mut Vec<Reply>,
) -> Result<(), StoreError> {
    let begun = match files.check() {
        Ok(()) => connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from),
        Err(reason) => Err(StoreError::Unavailable(reason)),
    };
    let transaction = match begun {
        Ok(transaction) => transaction,
        Err(error) => {
            replies.extend(jobs.into_iter().map(|job| job(Err(error.clone()))));
            return Err(error);
        }
    };
    replies.extend(jobs.into_iter().map(|job| job(Ok(&transaction))));
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::super::keys::Digests;
    use super::*;

    fn folder() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("partner-case-store-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        folder
    }

    fn open(path: &Path) -> Sqlite {
        let keys = Keyring::new(Digests::new(b"a key of a test"), None);
        let opened = Opened::open(path).unwrap();
        let change = opened.history().check(&keys).unwrap();
        opened.start(&keys, &change, Duration::from_hours(24)).unwrap()
    }

    #[tokio::test]
    async fn a_new_store_can_be_read_by_its_owner_alone() {
        let folder = folder();
        let store = open(&folder.join("submissions.sqlite"));
        store.check().await.unwrap();
        let modes = std::fs::read_dir(&folder).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name(), entry.metadata().unwrap().permissions().mode() & 0o777)
        });
        let modes: Vec<_> = modes.collect();
        assert!(!modes.is_empty() && modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
        drop(store);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    /// It would go on to be written to, and be gone with the process.
    #[tokio::test]
    async fn a_store_whose_files_were_deleted_or_replaced_is_not_used() {
        for name in ["submissions.sqlite", "submissions.sqlite-wal"] {
            let folder = folder();
            let store = open(&folder.join("submissions.sqlite"));
            let path = folder.join(name);
            let aside = folder.join("aside");
            store.check().await.unwrap();
            std::fs::rename(&path, &aside).unwrap();
            let error = store.check().await.unwrap_err().to_string();
            assert!(error.contains("deleted or replaced"), "{error}");
            std::fs::copy(&aside, &path).unwrap();
            assert!(store.check().await.is_err(), "a copy is another file");
            std::fs::rename(&aside, &path).unwrap();
            store.check().await.unwrap();
            drop(store);
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }
}
