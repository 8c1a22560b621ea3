//! The lines of the audit trail.

use partner_case_core::{Case, Problem, ProblemCode};
use serde::Serialize;

use crate::request_id::RequestId;
use crate::staff::StaffId;
use crate::submissions::Ticket;

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
