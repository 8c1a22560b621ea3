//! A create body as it arrives at the proxy, not checked yet.

use serde::Deserialize;

use crate::CaseDraft;

/// The create body as JSON has it. It becomes a [`CaseDraft`], and so passes the same rules as what was typed in the form.
///
/// Unknown and repeated members are refused: what is silently passed over is lost.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmittedCase {
    #[serde(rename = "type")]
    case_type: Option<String>,
    subject: Option<String>,
    #[serde(default)]
    details: SubmittedDetails,
    external_id: Option<String>,
    description: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SubmittedDetails {
    transfer_id: Option<i64>,
    profile_id: Option<i64>,
    user_id: Option<i64>,
}

impl From<SubmittedCase> for CaseDraft {
    fn from(case: SubmittedCase) -> Self {
        let text_of = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        Self {
            case_type: case.case_type.unwrap_or_default(),
            user_id: text_of(case.details.user_id),
            transfer_id: text_of(case.details.transfer_id),
            profile_id: text_of(case.details.profile_id),
            subject: case.subject.unwrap_or_default(),
            description: case.description.unwrap_or_default(),
            external_id: case.external_id.unwrap_or_default(),
        }
    }
}

/// Shows nothing of what was submitted, so that a body in a log line gives nothing away.
impl std::fmt::Debug for SubmittedCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubmittedCase").finish_non_exhaustive()
    }
}
