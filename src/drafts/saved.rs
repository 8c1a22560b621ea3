//! A draft as it is kept.

use partner_case_core::CaseDraft;
use serde::{Deserialize, Serialize};

use crate::subject_helper::Reason;
use crate::submission::Reference;

/// All that is needed to go on with a draft. Members that a newer version adds are passed over.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SavedDraft {
    /// When it was kept, in milliseconds since 1970.
    pub(crate) saved_at_millis: u64,
    /// When it is to be forgotten, in milliseconds since 1970.
    pub(crate) expires_at_millis: u64,
    /// What was typed.
    pub(crate) texts: CaseDraft,
    /// The reason that was chosen.
    pub(crate) reason: Option<Reason>,
    /// The subject that was proposed for it.
    pub(crate) proposed_subject: String,
    /// What a person has said is no personal data.
    pub(crate) kept_in_subject: Vec<String>,
    /// What a person has said is no secret.
    pub(crate) kept_in_description: Vec<String>,
    /// The key of the next text that is sent.
    pub(crate) next_key: Option<String>,
    /// What was sent, if it is not certain to have ended.
    pub(crate) sent: Option<SentDraft>,
}

/// Shows nothing of what was typed.
impl std::fmt::Debug for SavedDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedDraft").field("sent", &self.sent).finish_non_exhaustive()
    }
}

/// A submission that is kept with its draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SentDraft {
    pub(crate) key: String,
    pub(crate) stage: SentStage,
    /// Whether an earlier try with this key may have made a case.
    #[serde(default)]
    pub(crate) doubtful: bool,
    /// Whether the text is still the one that was sent.
    pub(crate) is_current: bool,
    pub(crate) reference: Reference,
}

/// How far a kept submission came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SentStage {
    /// It did not reach Wise.
    NotSent,
    /// It may have reached Wise.
    Open,
    /// It may have reached Wise, and the person has gone back to the text.
    Reconsidered,
}
