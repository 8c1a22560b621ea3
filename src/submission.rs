//! Where a submission stands.

use partner_case_core::{Case, NotSentReason, ValidationErrors};
use serde::{Deserialize, Serialize};

/// Where the submission of the draft stands. One value, so that no two states can hold at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Submission {
    /// The draft is being written.
    #[default]
    Editing,
    /// What is to be sent is shown before it is. If an earlier text may have become a case, its reference is kept.
    Reviewing(Option<Reference>),
    /// The case is on its way.
    Sending,
    /// Wise has the case.
    Created(Case),
    /// The case was refused for what it says. No case was created.
    Rejected(Rejection),
    /// The case was not sent, or not taken. No case was created.
    NotSent(NotSent),
    /// The case was sent and no answer tells what became of it.
    OutcomeUnknown(Reference),
    /// As before, but the person has gone back to the text.
    Reconsidering(Reference),
}

/// A case that was refused for what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// What is wrong with single fields. Empty when nothing was said of one.
    pub(crate) errors: ValidationErrors,
    /// Whether that holds for every try under its key. The proxy refuses a try before it looks at the key, so an earlier one may have made
    /// the case all the same.
    pub(crate) final_for_key: bool,
    pub(crate) reference: Reference,
}

/// A case that was not sent, or not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotSent {
    pub(crate) reason: NotSentReason,
    /// After how many seconds to try again, if that was said.
    pub(crate) retry_after_secs: Option<u64>,
    pub(crate) reference: Reference,
}

/// What helps support to find a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Reference {
    /// The proxy's request id.
    pub(crate) request_id: Option<String>,
    /// Wise's trace id.
    pub(crate) trace_id: Option<String>,
}

impl Submission {
    /// Whether the text must stay as it is, because it is, or may be, what Wise has.
    pub(crate) const fn locks_text(&self) -> bool {
        matches!(self, Self::Reviewing(_) | Self::Sending | Self::OutcomeUnknown(_))
    }

    /// Whether the text can be sent as it stands, without a word of the person about what may be at Wise already.
    pub(crate) const fn can_be_sent(&self) -> bool {
        !matches!(self, Self::Sending | Self::Created(_) | Self::OutcomeUnknown(_))
    }
}

/// What asking the proxy about an unknown outcome has brought so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Inquiry {
    /// It is being asked.
    #[default]
    Checking,
    /// It does not know yet.
    Open,
    /// It cannot tell: it keeps no record, or it cannot be reached.
    NoAnswer,
}
