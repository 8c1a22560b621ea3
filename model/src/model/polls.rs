//! What the form asks the proxy for again and again.

use partner_case_core::CaseId;

use crate::submission::PollStatus;

/// The state of the two polls.
#[derive(Debug, Clone, Default)]
pub struct Polls {
    /// What asking for the outcome has brought so far.
    pub status: PollStatus,
    /// The key whose outcome the form asks for.
    pub(crate) outcome_of: Option<String>,
    /// The case whose status the form looks at.
    pub(crate) status_of: Option<CaseId>,
    /// How often the form has asked for each.
    pub(crate) outcome_tries: usize,
    pub(crate) status_tries: usize,
}
