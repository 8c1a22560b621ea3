//! The create body: as the proxy reads it, and as it is written for Wise.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Field;
#[cfg(feature = "schema")]
use crate::limits::{DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};

/// The example request of Wise's `POST /v1/cases`.
pub const DOCUMENTED_REQUEST: &str = include_str!("documented_request.json").trim_ascii_end();

/// The body of `POST /v1/cases` as JSON, which is the same in Wise's later API versions. It becomes a [`CaseInput`](crate::CaseInput), and so passes the same
/// rules as what the agent typed in the form.
///
/// Unknown and repeated members are refused: a member that is silently ignored is lost.
///
/// Every member is optional here, so that one that is missing is reported as that field's error and not as broken JSON. The schema says
/// what a valid body has. IDs that are not given are written as `null` ("can also be `null`"); an external ID that is not given is left out
/// (Wise does not document it as nullable).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "NewCase", extend("required" = ["type", "subject", "details", "description"]))
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateCaseRequest {
    #[cfg_attr(feature = "schema", schemars(required, extend("enum" = creatable_types())))]
    #[serde(rename = "type")]
    case_type: Option<String>,
    #[cfg_attr(feature = "schema", schemars(required, length(min = 1)))]
    subject: Option<String>,
    #[serde(default)]
    details: Details,
    #[cfg_attr(feature = "schema", schemars(length(max = EXTERNAL_ID_MAX_UTF16)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[cfg_attr(feature = "schema", schemars(required, length(min = 1, max = DESCRIPTION_MAX_UTF16)))]
    description: Option<String>,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Details {
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    transfer_id: Option<i64>,
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    profile_id: Option<i64>,
    #[cfg_attr(feature = "schema", schemars(required, range(min = 1)))]
    user_id: Option<i64>,
}

/// The types that can be created, as Wise writes them.
#[cfg(feature = "schema")]
fn creatable_types() -> Vec<&'static str> {
    crate::CaseType::CREATABLE.iter().map(crate::CaseType::as_str).collect()
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Id(i64),
}

/// The member that holds a field's value.
enum Member<T, I> {
    Text(T),
    Id(I),
}

/// The member of each field: the only place that joins the table of fields with the shape of the body.
macro_rules! member {
    ($request:expr, $field:expr, $($borrow:tt)+) => {
        match $field {
            Field::CaseType => Member::Text($($borrow)+ $request.case_type),
            Field::UserId => Member::Id($($borrow)+ $request.details.user_id),
            Field::TransferId => Member::Id($($borrow)+ $request.details.transfer_id),
            Field::ProfileId => Member::Id($($borrow)+ $request.details.profile_id),
            Field::Subject => Member::Text($($borrow)+ $request.subject),
            Field::Description => Member::Text($($borrow)+ $request.description),
            Field::ExternalId => Member::Text($($borrow)+ $request.external_id),
        }
    };
}

impl CreateCaseRequest {
    /// Gives a field a value. One of the other kind than the field's changes nothing.
    pub(crate) fn set(&mut self, field: Field, value: Value) {
        match (member!(self, field, &mut), value) {
            (Member::Text(member), Value::Text(text)) => *member = Some(text),
            (Member::Id(member), Value::Id(id)) => *member = Some(id),
            (Member::Text(_) | Member::Id(_), _) => {}
        }
    }

    /// A field's value in words; none where it has no value.
    pub(crate) fn text(&self, field: Field) -> Option<Cow<'_, str>> {
        match member!(self, field, &) {
            Member::Text(text) => text.as_deref().map(Cow::Borrowed),
            Member::Id(id) => id.map(|id| id.to_string().into()),
        }
    }

    /// The value of a field that holds an ID.
    pub(crate) fn id(&self, field: Field) -> Option<i64> {
        match member!(self, field, &) {
            Member::Id(id) => *id,
            Member::Text(_) => None,
        }
    }
}

/// Shows nothing of the case, so that a body in a log line gives nothing away.
impl std::fmt::Debug for CreateCaseRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateCaseRequest").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_case_is_in_the_debug_output() {
        assert_eq!(format!("{:?}", CreateCaseRequest::default()), "CreateCaseRequest { .. }");
    }

    #[cfg(feature = "schema")]
    #[test]
    fn its_schema_names_the_types_that_can_be_created() {
        assert_eq!(creatable_types(), ["GENERAL_ENQUIRY"]);
    }
}
