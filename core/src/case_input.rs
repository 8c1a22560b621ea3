//! What the agent typed, and the rules that make a case of it.

use std::collections::BTreeMap;
use std::ops::Index;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::create_case_request::{CreateCaseRequest, Value};
use crate::text::is_blank;
use crate::{
    CaseType, Certainty, Field, FieldError, FieldKind, KnownPersonalData, NewCase, PersonalDataContext, PersonalDataFinding,
    SecretFinding, ValidationErrors, find_personal_data, find_secrets, normalize_line_endings, parse_id, utf16_len,
};

/// A case as typed: every field is text, nothing is checked, nothing is cut.
///
/// As JSON it is an object with a text for each field, by [`Field::wire_name`]. A field that is missing keeps its default; a member that
/// this version does not know is ignored.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseInput([String; Field::ALL.len()]);

/// An empty case of the first type that can be created.
impl Default for CaseInput {
    fn default() -> Self {
        let mut input = Self(Default::default());
        input.set(Field::CaseType, CaseType::GeneralEnquiry.as_str());
        input
    }
}

/// The default with other texts in some fields.
impl<T: Into<String>, const N: usize> From<[(Field, T); N]> for CaseInput {
    fn from(texts: [(Field, T); N]) -> Self {
        Self::default().with(texts)
    }
}

/// The case that the proxy was sent. A member that is missing is an empty text.
impl From<CreateCaseRequest> for CaseInput {
    fn from(request: CreateCaseRequest) -> Self {
        let mut input = Self::default();
        for field in Field::ALL {
            input.set(field, request.text(field).unwrap_or_default());
        }
        input
    }
}

impl Index<Field> for CaseInput {
    type Output = str;

    fn index(&self, field: Field) -> &str {
        &self.0[field as usize]
    }
}

impl CaseInput {
    /// Replaces the text of a field.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.0[field as usize] = text.into();
    }

    /// The same with other texts in some fields.
    #[must_use]
    pub fn with<T: Into<String>, const N: usize>(mut self, texts: [(Field, T); N]) -> Self {
        for (field, text) in texts {
            self.set(field, text);
        }
        self
    }

    /// Checks every field and makes the case.
    ///
    /// # Errors
    /// All that is wrong, one error a field, in the order of the form.
    ///
    /// # Examples
    /// ```
    /// use partner_case_core::{CaseInput, Field, FieldError};
    ///
    /// let mut input = CaseInput::from([(Field::UserId, "1 234"), (Field::Subject, "  Inquiry about Transfer 12345 ")]);
    /// assert_eq!(input.validate().unwrap_err().get(Field::Description), Some(&FieldError::Required));
    ///
    /// input.set(Field::Description, "Initial summary of the issue");
    /// let case = input.validate().unwrap();
    /// assert_eq!(case.id(Field::UserId), Some(1234));
    /// assert_eq!(case.text(Field::Subject).as_deref(), Some("Inquiry about Transfer 12345"));
    /// ```
    pub fn validate(&self) -> Result<NewCase, ValidationErrors> {
        let mut request = CreateCaseRequest::default();
        let mut errors = ValidationErrors::default();
        for field in Field::ALL {
            match self.checked(field) {
                Ok(Some(value)) => request.set(field, value),
                Ok(None) if field.is_optional() => {}
                Ok(None) => errors.insert(field, FieldError::Required),
                Err(error) => errors.insert(field, error),
            }
        }
        if errors.is_empty() {
            Ok(NewCase(request))
        } else {
            Err(errors)
        }
    }

    /// The value of a field as it is sent; none for a blank text.
    fn checked(&self, field: Field) -> Result<Option<Value>, FieldError> {
        let text = match field.kind() {
            FieldKind::Id => return Ok(parse_id(&self[field])?.map(Value::Id)),
            FieldKind::Choice => self[field].trim().to_owned(),
            FieldKind::Line => one_line(&self[field])?,
            FieldKind::Text => normalize_line_endings(&self[field]).into_owned(),
        };
        if is_blank(&text) {
            return Ok(None);
        }
        without_control_characters(&text)?;
        within_limit(field, &text)?;
        match field {
            Field::CaseType if CaseType::creatable(&text).is_none() => return Err(FieldError::UnknownType),
            Field::Subject => self.without_certain_personal_data()?,
            _ => {}
        }
        Ok(Some(Value::Text(text)))
    }

    fn without_certain_personal_data(&self) -> Result<(), FieldError> {
        let findings = self.personal_data_in_subject(None);
        match findings.into_iter().find(|finding| finding.certainty == Certainty::Certain) {
            Some(PersonalDataFinding { kind, certainty, .. }) => Err(FieldError::PersonalData { kind, certainty }),
            None => Ok(()),
        }
    }

    /// Finds personal data in the subject as typed. The case's own IDs are none; `known` is what the portal knows of the customer.
    ///
    /// A certain finding makes the case invalid, here as at the proxy. A probable one, and one that only the portal's knowledge tells, is
    /// for the form to ask about.
    pub fn personal_data_in_subject(&self, known: Option<&KnownPersonalData>) -> Vec<PersonalDataFinding> {
        let own_ids = self.own_ids();
        find_personal_data(
            &self[Field::Subject],
            PersonalDataContext {
                own_ids: &own_ids,
                known,
            },
        )
    }

    /// Finds in the description what must stand nowhere: full card numbers, tokens, passwords.
    pub fn secrets_in_description(&self) -> Vec<SecretFinding> {
        find_secrets(&self[Field::Description], &self.own_ids())
    }

    /// The IDs by which the case itself is known: a number that is one of them is no personal data.
    fn own_ids(&self) -> Vec<&str> {
        let is_id = |field: &Field| field.kind() == FieldKind::Id || *field == Field::ExternalId;
        Field::ALL.into_iter().filter(is_id).map(|field| self[field].trim()).collect()
    }
}

fn one_line(text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    // Not only LF: a line separator breaks the line wherever the subject is shown.
    if text.contains(['\n', '\r', '\u{0b}', '\u{0c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Err(FieldError::LineBreak);
    }
    Ok(text.to_owned())
}

/// Refuses the control characters of C0 and DELETE, but for the tab and the line feed, the only line end that is left by now. They come from
/// broken copies, not from a keyboard; a database may cut a text at NUL, and a terminal may obey the others.
fn without_control_characters(text: &str) -> Result<(), FieldError> {
    let control = |c: &char| c.is_ascii_control() && !matches!(c, '\t' | '\n');
    match text.chars().find(control) {
        Some(found) => Err(FieldError::ControlCharacter {
            found: format!("U+{:04X}", u32::from(found)),
        }),
        None => Ok(()),
    }
}

fn within_limit(field: Field, text: &str) -> Result<(), FieldError> {
    match (field.max_utf16(), utf16_len(text)) {
        (Some(max), actual) if actual > max => Err(FieldError::TooLong { max, actual }),
        _ => Ok(()),
    }
}

impl Serialize for CaseInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Field::ALL.map(|field| (field.wire_name(), &self[field])))
    }
}

impl<'de> Deserialize<'de> for CaseInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Member {
            Text(String),
            Other(IgnoredAny),
        }
        let mut input = Self::default();
        for (name, member) in BTreeMap::<String, Member>::deserialize(deserializer)? {
            match (Field::ALL.into_iter().find(|field| field.wire_name() == name), member) {
                (Some(field), Member::Text(text)) => input.set(field, text),
                (Some(_), Member::Other(_)) => return Err(serde::de::Error::custom("a field is no text")),
                (None, _) => {}
            }
        }
        Ok(input)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for CaseInput {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CaseInput".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let described = |field: Field| {
            let path = field.pointer().trim_start_matches('/').replace('/', ".");
            (
                field.wire_name().to_owned(),
                serde_json::json!({ "type": "string", "description": format!("`{path}` as typed.") }),
            )
        };
        let properties: serde_json::Map<String, serde_json::Value> = Field::ALL.map(described).into_iter().collect();
        schemars::json_schema!({ "type": "object", "properties": properties })
    }
}

/// Shows which fields have text and none of it, so that an input in a log line gives nothing away.
impl std::fmt::Debug for CaseInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let filled: Vec<_> = Field::ALL.into_iter().filter(|field| !self[*field].is_empty()).collect();
        f.debug_struct("CaseInput").field("filled", &filled).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
