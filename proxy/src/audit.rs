//! The audit trail: who raised which case, and what came of it. One JSON object a line, and none of the text.
//!
//! The line that a case is sent is written before the case leaves, so that a proxy that is killed a moment later leaves the answer to "who was
//! it?" behind. Lines have numbers: a gap is a lost line. The log level has no say in them.

mod entry;
mod writer;

use std::path::PathBuf;
use std::time::Duration;

use partner_case_core::{Problem, ProblemCode};

pub(crate) use self::entry::Entry;
use self::writer::Writer;
use crate::config::{AuditConfig, ConfigError};

/// How long a case waits for its line to be written.
const PATIENCE: Duration = Duration::from_secs(2);

/// The audit trail of this process.
#[derive(Debug)]
pub(crate) struct Audit {
    writer: Writer,
    file: Option<PathBuf>,
    is_required: bool,
}

impl Audit {
    /// Opens the trail: a file, or standard error.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(crate) fn open(config: &AuditConfig) -> Result<Self, ConfigError> {
        let writer = Writer::start(config.file.as_deref()).map_err(|reason| ConfigError::new("audit.file", reason))?;
        Ok(Self {
            writer,
            file: config.file.clone(),
            is_required: config.required,
        })
    }

    /// Writes a line, and waits until it is written.
    ///
    /// # Errors
    /// [`ProblemCode::AuditUnavailable`] when it cannot be written and `audit.required` is set.
    pub(crate) async fn write(&self, entry: Entry) -> Result<(), Problem> {
        // Where the line is required, what it tells does not happen without it; so it is not written later either.
        let written = tokio::time::timeout(PATIENCE, self.writer.write(entry, self.is_required)).await;
        if written == Ok(true) || !self.is_required {
            return Ok(());
        }
        Err(Problem::new(ProblemCode::AuditUnavailable))
    }

    /// Writes a line when there is time. One that cannot be written is counted.
    pub(crate) fn note(&self, entry: Entry) {
        drop(self.writer.write(entry, false));
    }

    /// Whether lines can be written.
    ///
    /// # Errors
    /// Why not, in words for the operator.
    pub(crate) async fn check(&self) -> Result<(), String> {
        if self.writer.has_failed() {
            return self.probe().await;
        }
        Ok(())
    }

    /// Tries whether a line can be written.
    ///
    /// # Errors
    /// Why not, in words for the operator.
    pub(crate) async fn probe(&self) -> Result<(), String> {
        let written = tokio::time::timeout(PATIENCE, self.writer.write(Entry::Probe, true)).await;
        if written == Ok(true) {
            return Ok(());
        }
        Err(self.failure())
    }

    /// What is wrong with the trail, in words for the operator.
    pub(crate) fn failure(&self) -> String {
        let place = self
            .file
            .as_ref()
            .map_or("standard error".into(), |file| file.display().to_string());
        format!("{place}: {}", self.writer.failure())
    }

    /// Whether the proxy may work without the trail.
    pub(crate) fn is_required(&self) -> bool {
        self.is_required
    }

    /// How many lines could not be written.
    pub(crate) fn lost(&self) -> u64 {
        self.writer.lost()
    }
}
