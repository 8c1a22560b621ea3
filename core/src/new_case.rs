//! The valid case: the body of Wise's create call.

use serde::Serialize;

use crate::CaseType;

/// A case that Wise will take as it is. Only [`CaseDraft::validate`](crate::CaseDraft::validate) makes one.
///
/// It serializes to the body of `POST /v1/cases`, which is the same in Wise's later API versions: ids that are not given are `null`
/// ("can also be `null`"), an external id that is not given is left out (it is not documented as nullable).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCase {
    #[serde(rename = "type")]
    pub(crate) case_type: CaseType,
    pub(crate) subject: String,
    pub(crate) details: Details,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,
    pub(crate) description: String,
}

/// `details` of the create body.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Details {
    pub(crate) transfer_id: Option<i64>,
    pub(crate) profile_id: Option<i64>,
    pub(crate) user_id: i64,
}

impl NewCase {
    /// The type of the case.
    pub fn case_type(&self) -> &CaseType {
        &self.case_type
    }

    /// The subject: one line, trimmed, not empty.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The description, with LF line endings.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The user the case is about.
    pub fn user_id(&self) -> i64 {
        self.details.user_id
    }

    /// The transfer the case is about.
    pub fn transfer_id(&self) -> Option<i64> {
        self.details.transfer_id
    }

    /// The profile the case is about.
    pub fn profile_id(&self) -> Option<i64> {
        self.details.profile_id
    }

    /// The partner's own id of the case.
    pub fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }

    /// Gives the case an external id that is not the partner's own. One that stands there stays.
    ///
    /// The id must be one line of at most 255 characters, as [`CaseDraft::validate`](crate::CaseDraft::validate) asks of a typed one.
    pub fn set_external_id(&mut self, minted: String) {
        self.external_id.get_or_insert(minted);
    }

    /// The body of the create call.
    pub fn to_json(&self) -> String {
        // A struct of strings and integers has no value that serde_json cannot write.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Shows the ids and lengths and none of the text, so that a case in a log line gives nothing away.
impl std::fmt::Debug for NewCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCase")
            .field("case_type", &self.case_type)
            .field("subject_chars", &self.subject.chars().count())
            .field("description_chars", &self.description.chars().count())
            .finish_non_exhaustive()
    }
}
