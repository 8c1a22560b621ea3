//! Where a submission stands.

use partner_case_core::{Case, CasePhase, NotSentReason, ValidationErrors};
use serde::{Deserialize, Serialize};

use crate::draft::DraftAddress;

/// Where the submission of the draft stands. One value, so that no two states can hold at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Submission {
    /// The agent is writing the draft.
    #[default]
    Editing,
    /// The agent sees what is to be sent. If an earlier text may have become a case, its IDs are kept.
    Reviewing(Option<SupportIds>),
    /// The case is on its way.
    Sending,
    /// Wise has the case.
    Created(Case),
    /// The case was refused for what it says. No case was created.
    Rejected(Rejection),
    /// The case was not sent, or not taken. No case was created.
    NotSent(NotSent),
    /// The case was sent and no answer says what became of it.
    OutcomeUnknown(SupportIds),
    /// As before, but the agent has gone back to the text.
    Reconsidering(SupportIds),
}

/// A case that was refused for what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// What is wrong with single fields. Empty when nothing was said of one.
    pub errors: ValidationErrors,
    /// Whether that holds for every try under its key. The proxy refuses a try before it reads the key's record, so an earlier one may have
    /// created the case nevertheless.
    pub final_for_key: bool,
    /// The IDs by which support finds the request.
    pub ids: SupportIds,
}

/// A case that was not sent, or not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotSent {
    /// Why, in terms of what the agent does next.
    pub reason: NotSentReason,
    /// After how many seconds to try again, if the answer said so.
    pub retry_after_secs: Option<u64>,
    /// The IDs by which support finds the request.
    pub ids: SupportIds,
}

/// The IDs by which support finds a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SupportIds {
    /// The proxy's request ID.
    pub request_id: Option<String>,
    /// Wise's trace ID.
    pub trace_id: Option<String>,
}

impl Submission {
    /// Whether the text must stay as it is, because it is, or may be, what Wise has.
    pub const fn locks_text(&self) -> bool {
        matches!(self, Self::Reviewing(_) | Self::Sending | Self::OutcomeUnknown(_))
    }

    /// Whether the text can be sent as it stands, without the agent's word about what may be at Wise already.
    pub const fn can_be_sent(&self) -> bool {
        !matches!(self, Self::Sending | Self::Created(_) | Self::OutcomeUnknown(_))
    }

    /// The IDs of an earlier text that may have become a case, while the agent works on the text.
    pub(crate) fn reconsidered(&self) -> Option<&SupportIds> {
        match self {
            Self::Reconsidering(ids) | Self::Reviewing(Some(ids)) => Some(ids),
            _ => None,
        }
    }

    /// The created case.
    pub const fn case(&self) -> Option<&Case> {
        match self {
            Self::Created(case) => Some(case),
            _ => None,
        }
    }

    /// The phase of the created case.
    pub fn phase(&self) -> Option<CasePhase> {
        self.case()?.status.phase()
    }

    /// What became of a submission that was cancelled before anything left.
    pub(crate) const fn cancelled() -> Self {
        Self::NotSent(NotSent {
            reason: NotSentReason::Unavailable,
            retry_after_secs: None,
            ids: SupportIds {
                request_id: None,
                trace_id: None,
            },
        })
    }
}

/// A submission whose outcome is not certain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PendingSubmission {
    /// One key for what is sent, so that sending it again makes no second case.
    pub(crate) key: String,
    /// The digest of the body that was sent. Another text is another submission and gets a key of its own.
    pub(crate) digest: u64,
    /// Whether it may have made a case.
    pub(crate) may_exist: bool,
    /// The submission before, of which nobody knows, if the agent sent its text again as a new case.
    pub(crate) before: Option<Box<Self>>,
}

/// The digest by which a body is recognised: FNV-1a in 64 bits. Two texts that share one by chance share a key, which the proxy notices.
pub(crate) fn digest(body: &str) -> u64 {
    body.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A submission on its way: what is sent, and where its draft is stored, for the form may hold another customer's when the answer comes.
#[derive(Clone, PartialEq, Eq)]
pub struct SendTicket {
    /// The idempotency key.
    pub key: String,
    /// Where the case is posted.
    pub url: String,
    /// The body: JSON.
    pub body: String,
    pub(crate) draft: DraftAddress,
    /// Whether an earlier try under the key may have made the case.
    pub(crate) may_exist: bool,
}

/// Shows nothing of the body.
impl std::fmt::Debug for SendTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendTicket").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What asking the proxy about an unknown outcome has brought so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PollStatus {
    /// The form is asking.
    #[default]
    Checking,
    /// The proxy does not know yet.
    Open,
    /// The proxy cannot say: it keeps no record, or it cannot be reached.
    NoAnswer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_fnv_1a_and_stays_so_because_it_is_stored() {
        assert_eq!(digest(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(digest("foobar"), 0x8594_4171_f739_67e8);
    }
}
