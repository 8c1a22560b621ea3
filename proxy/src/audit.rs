//! The audit trail: who raised which case, and what came of it. One JSON object a line, and none of the text.
//!
//! The line that a case is sent is written before the case leaves, so that a proxy that is killed a moment later leaves the answer to "who was
//! it?" behind. Lines have numbers: a gap is a lost line. The log level has no say in them.

mod writer;

use std::path::PathBuf;
use std::time::Duration;

use partner_case_core::{Case, Problem, ProblemCode};
use serde::Serialize;

use self::writer::Writer;
use crate::config::{AuditConfig, ConfigError};
use crate::request_id::RequestId;
use crate::staff::StaffId;
use crate::submissions::Ticket;

/// How long a case waits for its line to be written.
const PATIENCE: Duration = Duration::from_secs(2);

/// What happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// The proxy has started.
    Started { version: &'static str },
    /// The proxy stops.
    Stopped,
    /// A case is about to leave for Wise.
    Sending {
        request_id: String,
        submission: String,
        staff: String,
    },
    /// What came of it.
    Outcome {
        request_id: String,
        submission: String,
        staff: String,
        outcome: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        case_id: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        trace_id: Option<String>,
    },
    /// Wise's webhook has said what became of a submission.
    Settled { submission: String, case_id: i64 },
    /// A case of a known agent was refused before it left.
    Refused {
        request_id: String,
        staff: String,
        code: &'static str,
    },
    /// An agent has looked something up.
    LookedUp {
        request_id: String,
        staff: String,
        what: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        case_id: Option<i64>,
        found: bool,
    },
    /// An operator has removed unknown submissions from the store.
    Forgotten { count: u64 },
    /// Nothing happened: whether lines can be written again is tried.
    Probe,
}

impl Entry {
    pub(crate) fn sending(request_id: &RequestId, ticket: &Ticket, staff: &StaffId) -> Self {
        Self::Sending {
            request_id: request_id.0.clone(),
            submission: ticket.submission(),
            staff: staff.0.clone(),
        }
    }

    pub(crate) fn outcome(request_id: &RequestId, ticket: &Ticket, staff: &StaffId, outcome: &Result<Case, Problem>) -> Self {
        let problem = outcome.as_ref().err();
        Self::Outcome {
            request_id: request_id.0.clone(),
            submission: ticket.submission(),
            staff: staff.0.clone(),
            outcome: problem.map_or("created", |problem| problem.outcome.as_str()),
            case_id: outcome.as_ref().ok().map(|case| case.id.0),
            code: problem.map(|problem| problem.code.as_str()),
            trace_id: problem.and_then(|problem| problem.trace_id.clone()),
        }
    }

    /// The line of a request that sent nothing, as its key has an answer already or there may be no new case now. A second click, which waits for
    /// the first, leaves none.
    pub(crate) fn repeated(request_id: &RequestId, staff: &StaffId, answer: &Result<Case, Problem>) -> Option<Self> {
        match answer {
            Ok(case) => Some(Self::LookedUp {
                request_id: request_id.0.clone(),
                staff: staff.0.clone(),
                what: "submission",
                case_id: Some(case.id.0),
                found: true,
            }),
            Err(problem) if problem.code == ProblemCode::SubmissionInFlight => None,
            Err(problem) => Some(Self::refused(request_id, staff, problem.code)),
        }
    }

    pub(crate) fn refused(request_id: &RequestId, staff: &StaffId, code: ProblemCode) -> Self {
        Self::Refused {
            request_id: request_id.0.clone(),
            staff: staff.0.clone(),
            code: code.as_str(),
        }
    }
}

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
