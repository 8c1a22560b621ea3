//! What became of a submission, as the proxy tells it when asked.

use serde::{Deserialize, Serialize};

use crate::{Case, Problem};

/// The answer of `GET` and `POST {base}/submissions/{key}`.
///
/// # Examples
/// ```
/// use partner_case_core::{CaseId, SubmissionReport};
///
/// let report = serde_json::from_str(r#"{"state":"created","case":{"id":9876}}"#).unwrap();
/// assert!(matches!(report, SubmissionReport::Created { case } if case.id == CaseId(9876)));
/// // A state that a newer proxy may have tells this version nothing.
/// assert_eq!(serde_json::from_str::<SubmissionReport>(r#"{"state":"queued"}"#).unwrap(), SubmissionReport::Unknown);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SubmissionReport {
    /// Wise has not answered yet.
    InFlight,
    /// Wise has the case.
    Created {
        /// The case as Wise answered it.
        case: Case,
    },
    /// No case was created, for certain.
    Rejected {
        /// Why not.
        problem: Box<Problem>,
    },
    /// The case was sent and no answer tells what became of it.
    #[serde(other)]
    Unknown,
}
