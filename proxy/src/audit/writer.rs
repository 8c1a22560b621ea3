//! The thread that writes the audit trail. A destination that does not take its lines holds up this thread and nobody else.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::oneshot;

use super::entry::Entry;

/// How many lines wait for the thread at most: some seconds of the most that Wise takes, and some hundred bytes each.
const WAITING_MAX: usize = 4096;

/// A line to be written, and who waits for it.
struct Job {
    entry: Entry,
    written: oneshot::Sender<bool>,
    /// Whether the line is wrong once nobody waits for it any more.
    is_waited_for: bool,
}

/// What the thread leaves for others to read.
#[derive(Debug, Default)]
struct Health {
    has_failed: AtomicBool,
    lost: AtomicU64,
    /// How many lines found no room, and have no number yet.
    untaken: AtomicU64,
    reason: Mutex<String>,
}

/// Hands lines to the thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    health: Arc<Health>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens the destination and starts the thread.
    pub(super) fn start(file: Option<&Path>) -> Result<Self, String> {
        let destination = match file {
            Some(path) => Destination::File(OpenFile::new(path).map_err(|error| format!("{}: {error}", path.display()))?),
            None => Destination::StandardError,
        };
        let (jobs, waiting) = sync_channel(WAITING_MAX);
        let health = Arc::<Health>::default();
        let mut trail = Trail {
            destination,
            process: uuid::Uuid::new_v4().simple().to_string(),
            number: 0,
            is_torn: false,
            health: health.clone(),
        };
        thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || trail.write_all(&waiting))
            .map_err(|error| error.to_string())?;
        Ok(Self { jobs, health })
    }

    /// Hands a line over. The answer comes when it is written: whether that has worked. A line with `is_waited_for` is left out, and leaves a gap
    /// in the numbers, when nobody waits for it any more.
    pub(super) fn write(&self, entry: Entry, is_waited_for: bool) -> impl Future<Output = bool> + use<> {
        let (written, answer) = oneshot::channel();
        let job = Job {
            entry,
            written,
            is_waited_for,
        };
        if self.jobs.try_send(job).is_err() {
            self.health.untaken.fetch_add(1, Ordering::Relaxed);
            self.health.fail("the lines before it are not taken");
        }
        let health = self.health.clone();
        async move {
            // One that is still waiting when its caller gives up shows that the destination takes nothing.
            let mut waiting = Waiting {
                health,
                is_answered: false,
            };
            let is_written = answer.await.unwrap_or(false);
            waiting.is_answered = true;
            is_written
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.health.has_failed.load(Ordering::Relaxed)
    }

    pub(super) fn failure(&self) -> String {
        let reason = self.health.reason.lock().unwrap_or_else(PoisonError::into_inner);
        format!("audit lines cannot be written: {reason}")
    }

    pub(super) fn lost(&self) -> u64 {
        self.health.lost.load(Ordering::Relaxed)
    }
}

/// Somebody who waits for a line to be written.
struct Waiting {
    health: Arc<Health>,
    is_answered: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_answered {
            self.health.fail("nobody reads them");
        }
    }
}

impl Health {
    fn fail(&self, reason: &str) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        self.has_failed.store(true, Ordering::Relaxed);
        reason.clone_into(&mut self.reason.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

enum Destination {
    File(OpenFile),
    StandardError,
}

/// What the thread knows.
struct Trail {
    destination: Destination,
    /// The name of this run of the program; the numbers belong to it.
    process: String,
    number: u64,
    /// Whether the last line may have been written in part.
    is_torn: bool,
    health: Arc<Health>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: &'a str,
    process: &'a str,
    number: u64,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl Trail {
    fn write_all(&mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.recv() {
            let Job {
                entry,
                written,
                is_waited_for,
            } = job;
            self.number += 1 + self.health.untaken.swap(0, Ordering::Relaxed);
            if is_waited_for && written.is_closed() {
                continue;
            }
            let outcome = self.write(&entry);
            match &outcome {
                Ok(()) => self.health.has_failed.store(false, Ordering::Relaxed),
                Err(error) => self.health.fail(&error.to_string()),
            }
            // Who asked may have gone.
            let _ = written.send(outcome.is_ok());
        }
    }

    fn write(&mut self, entry: &Entry) -> io::Result<()> {
        let time = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        let mut line = if self.is_torn { b"\n".to_vec() } else { Vec::new() };
        let object = Line {
            time: &time,
            process: &self.process,
            number: self.number,
            entry,
        };
        serde_json::to_writer(&mut line, &object)?;
        line.push(b'\n');
        let added = match &mut self.destination {
            Destination::File(file) => append(file.current()?, &line),
            Destination::StandardError => io::stderr().write_all(&line).map_err(|error| (error, true)),
        };
        self.is_torn = matches!(added, Err((_, true)));
        added.map_err(|(error, _)| error)
    }
}

/// Adds a line to a file. What was written of one that does not fit is taken out again, so that every line in the file is whole. An error says
/// whether a part of the line is left.
fn append(file: &mut File, line: &[u8]) -> Result<(), (io::Error, bool)> {
    let length = |file: &File| file.metadata().map(|metadata| metadata.len());
    let before = length(file).map_err(|error| (error, false))?;
    let Err(error) = file.write_all(line) else {
        return Ok(());
    };
    let part = length(file).map_or(u64::MAX, |now| now.saturating_sub(before));
    // A device has no length, and a file that is much longer has lines of somebody else's.
    let is_clean = part == 0 || (part < line.len() as u64 && file.set_len(before).is_ok());
    Err((error, !is_clean))
}

/// A file that is opened anew when another has taken its place, as a rotation of logs does.
struct OpenFile {
    path: PathBuf,
    file: File,
    place: (u64, u64),
}

impl OpenFile {
    fn new(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let metadata = file.metadata()?;
        Ok(Self {
            path: path.to_owned(),
            place: (metadata.dev(), metadata.ino()),
            file,
        })
    }

    fn current(&mut self) -> io::Result<&mut File> {
        let in_place = std::fs::metadata(&self.path).is_ok_and(|now| (now.dev(), now.ino()) == self.place);
        if !in_place {
            *self = Self::new(&self.path)?;
        }
        Ok(&mut self.file)
    }
}
