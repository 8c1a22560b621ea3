//! The case as Wise answers it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lenient::text_or_default;
use crate::{CaseType, Timestamp};

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
/// Fields that a later version adds are passed over. Only the id is needed: an answer without it names no case, and one with it does,
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
    #[serde(default, deserialize_with = "text_or_default")]
    pub external_id: Option<String>,
    /// When the case was created.
    #[serde(default, deserialize_with = "text_or_default")]
    pub created_at: Option<Timestamp>,
    /// When the case was last updated.
    #[serde(default, deserialize_with = "text_or_default")]
    pub updated_at: Option<Timestamp>,
}

/// Shows no external id: a person may have typed it.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Where a case stands: the statuses of `/v1` and of the 2026Q3 API, and any other as Wise wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(from = "String", into = "String")]
pub enum CaseStatus {
    /// Both generations: Wise is setting the case up.
    Creating,
    /// v1: Wise is acting.
    Open,
    /// v1: the partner must act. Also a create answer of 2026Q3.
    Pending,
    /// v1: solved, and scheduled to be closed.
    Solved,
    /// v1: closed for good.
    Closed,
    /// 2026Q3: Wise is acting.
    InReview,
    /// 2026Q3: the partner must respond.
    WaitingCustomerInput,
    /// 2026Q3: solved and closed.
    Resolved,
    /// 2026Q3: the case could not be created.
    Failed,
    /// A status this version does not know, as Wise wrote it.
    Other(String),
}

impl CaseStatus {
    const KNOWN: [Self; 9] = [
        Self::Creating,
        Self::Open,
        Self::Pending,
        Self::Solved,
        Self::Closed,
        Self::InReview,
        Self::WaitingCustomerInput,
        Self::Resolved,
        Self::Failed,
    ];

    /// The status as Wise writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Creating => "CREATING",
            Self::Open => "OPEN",
            Self::Pending => "PENDING",
            Self::Solved => "SOLVED",
            Self::Closed => "CLOSED",
            Self::InReview => "IN_REVIEW",
            Self::WaitingCustomerInput => "WAITING_CUSTOMER_INPUT",
            Self::Resolved => "RESOLVED",
            Self::Failed => "FAILED",
            Self::Other(other) => other,
        }
    }
}

/// No status at all.
impl Default for CaseStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<String> for CaseStatus {
    fn from(name: String) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|status| status.as_str() == name)
            .unwrap_or(Self::Other(name))
    }
}

impl From<CaseStatus> for String {
    fn from(status: CaseStatus) -> Self {
        status.as_str().to_owned()
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
        assert!(!format!("{case:?}").contains("canary"));
    }

    #[test]
    fn every_known_status_is_read_from_its_own_name() {
        for status in CaseStatus::KNOWN {
            assert_eq!(CaseStatus::from(status.as_str().to_owned()), status);
        }
    }

    #[test]
    fn an_answer_without_an_id_is_no_case() {
        assert!(serde_json::from_str::<Case>(r#"{"status":"OPEN","type":"GENERAL_ENQUIRY"}"#).is_err());
    }
}
