//! The case as Wise answers it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lenient::{optional_text, text_or_default};
use crate::{CaseStatus, CaseType, Timestamp};

/// Wise's number of a case: `int64`, kept whole, never through a floating-point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct CaseId(pub i64);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A case as it stands at Wise: the answer of `POST /v1/cases` and `GET /v1/cases/{caseId}`.
///
/// Fields that a later version adds are ignored. Only the ID is needed: an answer without it names no case, and one with it does,
/// whatever else is missing or has another type than expected.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// Wise's number of the case.
    pub id: CaseId,
    /// Where the case stands. Empty when the answer does not say.
    #[serde(default, deserialize_with = "text_or_default")]
    pub status: CaseStatus,
    /// The type of the case.
    #[serde(rename = "type", default, deserialize_with = "text_or_default")]
    pub case_type: CaseType,
    /// The partner's own id of the case. The 2026Q3 API's examples have `null` here.
    #[serde(default, deserialize_with = "optional_text")]
    pub external_id: Option<String>,
    /// When the case was created.
    #[serde(default, deserialize_with = "optional_text")]
    pub created_at: Option<Timestamp>,
    /// When the case was last updated.
    #[serde(default, deserialize_with = "optional_text")]
    pub updated_at: Option<Timestamp>,
}

/// Shows no external ID: the agent may have typed it.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_statuses_types_and_fields_are_read() {
        let case: Case = serde_json::from_str(
            r#"{"id":9223372036854775807,"status":"ESCALATED","type":"SANCTIONS","externalId":null,"messages":[],"profileId":5}"#,
        )
        .unwrap();
        assert_eq!(case.id, CaseId(i64::MAX));
        assert_eq!(case.status, CaseStatus::Other("ESCALATED".to_owned()));
        assert_eq!(case.case_type.as_str(), "SANCTIONS");
        assert_eq!(case.created_at, None);
    }

    #[test]
    fn an_id_is_enough_to_name_a_case() {
        for body in [
            r#"{"id":7}"#,
            r#"{"id":7,"status":null,"type":5,"externalId":12,"createdAt":{"epoch":1},"updatedAt":[1,[2]]}"#,
        ] {
            let case: Case = serde_json::from_str(body).unwrap();
            assert_eq!(
                (case.id, case.status.as_str(), case.external_id, case.created_at),
                (CaseId(7), "", None, None),
                "{body}"
            );
        }
    }

    #[test]
    fn the_external_id_is_not_in_the_debug_output() {
        let case: Case = serde_json::from_str(r#"{"id":7,"externalId":"canary"}"#).unwrap();
        let shown = format!("{case:?}");
        assert!(!shown.contains("canary") && shown.contains("CaseId(7)"), "{shown}");
    }

    #[test]
    fn an_id_is_shown_as_its_digits() {
        assert_eq!(CaseId(i64::MAX).to_string(), "9223372036854775807");
    }

    #[test]
    fn an_answer_without_an_id_is_no_case() {
        assert!(serde_json::from_str::<Case>(r#"{"status":"OPEN","type":"GENERAL_ENQUIRY"}"#).is_err());
    }
}
