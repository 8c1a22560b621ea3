//! The body of a create request as it arrives at the proxy, not checked yet.

use serde::Deserialize;

use crate::CaseDraft;
#[cfg(feature = "schema")]
use crate::limits::{DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};

/// The body of a create request as JSON. It becomes a [`CaseDraft`], and so passes the same rules as what was typed in the form.
///
/// Unknown and repeated members are refused: a member that is silently passed over is lost.
///
/// Every member is optional here, so that one that is missing is reported as that field's error and not as broken JSON. The schema says
/// what a valid body has.
#[derive(Default, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "NewCase", extend("required" = ["type", "subject", "details", "description"]))
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmittedCase {
    #[cfg_attr(feature = "schema", schemars(required, extend("enum" = creatable_types())))]
    #[serde(rename = "type")]
    case_type: Option<String>,
    #[cfg_attr(feature = "schema", schemars(required, length(min = 1)))]
    subject: Option<String>,
    #[serde(default)]
    details: SubmittedDetails,
    #[cfg_attr(feature = "schema", schemars(length(max = EXTERNAL_ID_MAX_UTF16)))]
    external_id: Option<String>,
    #[cfg_attr(feature = "schema", schemars(required, length(min = 1, max = DESCRIPTION_MAX_UTF16)))]
    description: Option<String>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SubmittedDetails {
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    transfer_id: Option<i64>,
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    profile_id: Option<i64>,
    #[cfg_attr(feature = "schema", schemars(required, range(min = 1)))]
    user_id: Option<i64>,
}

/// The types that can be raised, as Wise writes them.
#[cfg(feature = "schema")]
fn creatable_types() -> Vec<&'static str> {
    crate::CaseType::ALL.iter().map(crate::CaseType::as_str).collect()
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
