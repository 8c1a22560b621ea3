//! The valid case: the body of Wise's create call.

use std::borrow::Cow;

use serde::Serialize;

use crate::create_case_request::{CreateCaseRequest, Value};
use crate::{Field, utf16_len};

/// A case that Wise will take as it is. Only [`CaseInput::validate`](crate::CaseInput::validate) makes one.
///
/// It serializes to the body of `POST /v1/cases`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct NewCase(pub(crate) CreateCaseRequest);

impl NewCase {
    /// The value of a field in words: a line is trimmed, a text has LF line endings. None where the case has no value for it.
    pub fn text(&self, field: Field) -> Option<Cow<'_, str>> {
        self.0.text(field)
    }

    /// The value of a field that holds an ID.
    pub fn id(&self, field: Field) -> Option<i64> {
        self.0.id(field)
    }

    /// Gives the case an external ID that is not the partner's own. One that stands there stays.
    ///
    /// The ID must be one line of at most 255 characters, as [`CaseInput::validate`](crate::CaseInput::validate) asks of a typed one.
    pub fn set_external_id(&mut self, minted: String) {
        if self.text(Field::ExternalId).is_none() {
            self.0.set(Field::ExternalId, Value::Text(minted));
        }
    }

    /// The body of the create call.
    pub fn to_json(&self) -> String {
        // A struct of strings and integers has no value that serde_json cannot write.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Shows the lengths of the texts and none of them, so that a case in a log line gives nothing away.
impl std::fmt::Debug for NewCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let utf16 = |field| self.text(field).map_or(0, |text| utf16_len(&text));
        f.debug_struct("NewCase")
            .field("subject_utf16", &utf16(Field::Subject))
            .field("description_utf16", &utf16(Field::Description))
            .finish_non_exhaustive()
    }
}
