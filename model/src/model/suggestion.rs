//! The reason, and the subject that was suggested for it.

use crate::reason::Reason;

/// The reason, and the subject that was suggested for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectSuggestion {
    /// The reason that the agent chose.
    pub reason: Option<Reason>,
    /// The subject that was suggested last, to tell it from what the agent typed.
    pub(crate) suggested: String,
}
