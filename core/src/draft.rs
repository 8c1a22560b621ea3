//! What a person typed, and the rules that make a case of it.

use serde::{Deserialize, Serialize};

use crate::new_case::Details;
use crate::text::is_blank;
use crate::{
    CaseType, Certainty, Field, FieldError, KnownPersonalData, NewCase, PersonalDataContext, PersonalDataFind, SecretFind,
    ValidationErrors, find_personal_data, find_secrets, normalize_line_endings, parse_id, utf16_len,
};

/// A case as typed: every field is text, nothing is checked, nothing is cut.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase", default)]
pub struct CaseDraft {
    /// The type, as Wise writes it.
    #[serde(rename = "type")]
    pub case_type: String,
    /// `details.userId` as typed.
    pub user_id: String,
    /// `details.transferId` as typed.
    pub transfer_id: String,
    /// `details.profileId` as typed.
    pub profile_id: String,
    /// The subject as typed.
    pub subject: String,
    /// The description as typed.
    pub description: String,
    /// The partner's own id of the case as typed.
    pub external_id: String,
}

/// An empty draft of the first case type that can be raised.
impl Default for CaseDraft {
    fn default() -> Self {
        Self {
            case_type: CaseType::GeneralEnquiry.as_str().to_owned(),
            user_id: String::new(),
            transfer_id: String::new(),
            profile_id: String::new(),
            subject: String::new(),
            description: String::new(),
            external_id: String::new(),
        }
    }
}

impl CaseDraft {
    /// The text of a field.
    pub fn get(&self, field: Field) -> &str {
        match field {
            Field::CaseType => &self.case_type,
            Field::UserId => &self.user_id,
            Field::TransferId => &self.transfer_id,
            Field::ProfileId => &self.profile_id,
            Field::Subject => &self.subject,
            Field::Description => &self.description,
            Field::ExternalId => &self.external_id,
        }
    }

    /// Replaces the text of a field.
    pub fn set(&mut self, field: Field, text: String) {
        *match field {
            Field::CaseType => &mut self.case_type,
            Field::UserId => &mut self.user_id,
            Field::TransferId => &mut self.transfer_id,
            Field::ProfileId => &mut self.profile_id,
            Field::Subject => &mut self.subject,
            Field::Description => &mut self.description,
            Field::ExternalId => &mut self.external_id,
        } = text;
    }

    /// Checks every field and makes the case.
    ///
    /// # Errors
    /// All that is wrong, one error a field, in the order of the form.
    ///
    /// # Examples
    /// ```
    /// use partner_case_core::{CaseDraft, Field, FieldError};
    ///
    /// let mut draft = CaseDraft {
    ///     user_id: "1 234".to_owned(),
    ///     subject: "  Inquiry about Transfer 12345 ".to_owned(),
    ///     ..CaseDraft::default()
    /// };
    /// assert_eq!(draft.validate().unwrap_err().get(Field::Description), Some(&FieldError::Required));
    ///
    /// draft.description = "Initial summary of the issue".to_owned();
    /// let case = draft.validate().unwrap();
    /// assert_eq!(case.user_id(), 1234);
    /// assert_eq!(case.subject(), "Inquiry about Transfer 12345");
    /// ```
    pub fn validate(&self) -> Result<NewCase, ValidationErrors> {
        let case_type = self.valid_case_type();
        let user_id = parse_id(&self.user_id).and_then(|id| id.ok_or(FieldError::Required));
        let transfer_id = parse_id(&self.transfer_id);
        let profile_id = parse_id(&self.profile_id);
        let subject = self.valid_subject();
        let description = self.valid_description();
        let external_id = self.valid_external_id();

        match (case_type, user_id, transfer_id, profile_id, subject, description, external_id) {
            (Ok(case_type), Ok(user_id), Ok(transfer_id), Ok(profile_id), Ok(subject), Ok(description), Ok(external_id)) => {
                let details = Details {
                    transfer_id,
                    profile_id,
                    user_id,
                };
                Ok(NewCase {
                    case_type,
                    subject,
                    details,
                    external_id,
                    description,
                })
            }
            (case_type, user_id, transfer_id, profile_id, subject, description, external_id) => Err([
                (Field::CaseType, case_type.err()),
                (Field::UserId, user_id.err()),
                (Field::TransferId, transfer_id.err()),
                (Field::ProfileId, profile_id.err()),
                (Field::Subject, subject.err()),
                (Field::Description, description.err()),
                (Field::ExternalId, external_id.err()),
            ]
            .into_iter()
            .filter_map(|(field, error)| Some((field, error?)))
            .collect()),
        }
    }

    fn valid_case_type(&self) -> Result<CaseType, FieldError> {
        let name = required(self.case_type.trim().to_owned())?;
        CaseType::raisable(&name).ok_or(FieldError::UnknownType)
    }

    fn valid_subject(&self) -> Result<String, FieldError> {
        let text = one_line(&self.subject)
            .and_then(required)
            .and_then(without_control_characters)?;
        let finds = self.personal_data_in_subject(None);
        match finds.into_iter().find(|find| find.certainty == Certainty::Certain) {
            Some(PersonalDataFind { kind, certainty, .. }) => Err(FieldError::PersonalData { kind, certainty }),
            None => Ok(text),
        }
    }

    /// Finds personal data in the subject as typed. The draft's own ids are none; `known` is what the host knows of the customer.
    ///
    /// A certain find makes the draft invalid, here as at the proxy. A probable one, and one that only the host's knowledge tells, is
    /// for the form to ask about.
    pub fn personal_data_in_subject(&self, known: Option<&KnownPersonalData>) -> Vec<PersonalDataFind> {
        find_personal_data(
            &self.subject,
            PersonalDataContext {
                own_ids: &self.own_ids(),
                known,
            },
        )
    }

    /// Finds in the description what must stand nowhere: full card numbers, tokens, passwords.
    pub fn secrets_in_description(&self) -> Vec<SecretFind> {
        find_secrets(&self.description, &self.own_ids())
    }

    fn own_ids(&self) -> [&str; 4] {
        [&self.user_id, &self.transfer_id, &self.profile_id, &self.external_id].map(|id| id.trim())
    }

    fn valid_description(&self) -> Result<String, FieldError> {
        let text = required(normalize_line_endings(&self.description).into_owned())?;
        within_limit(Field::Description, without_control_characters(text)?)
    }

    fn valid_external_id(&self) -> Result<Option<String>, FieldError> {
        let text = within_limit(Field::ExternalId, without_control_characters(one_line(&self.external_id)?)?)?;
        Ok((!is_blank(&text)).then_some(text))
    }
}

fn required(text: String) -> Result<String, FieldError> {
    if is_blank(&text) {
        Err(FieldError::Required)
    } else {
        Ok(text)
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
fn without_control_characters(text: String) -> Result<String, FieldError> {
    let control = |c: &char| c.is_ascii_control() && !matches!(c, '\t' | '\n');
    match text.chars().find(control) {
        Some(found) => Err(FieldError::ControlCharacter {
            found: format!("U+{:04X}", u32::from(found)),
        }),
        None => Ok(text),
    }
}

fn within_limit(field: Field, text: String) -> Result<String, FieldError> {
    let actual = utf16_len(&text);
    match field.max_utf16() {
        Some(max) if actual > max => Err(FieldError::TooLong { max, actual }),
        _ => Ok(text),
    }
}

/// Shows which fields have text and none of it, so that a draft in a log line gives nothing away.
impl std::fmt::Debug for CaseDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let filled: Vec<_> = Field::ALL.into_iter().filter(|field| !self.get(*field).is_empty()).collect();
        f.debug_struct("CaseDraft").field("filled", &filled).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};

    fn valid() -> CaseDraft {
        CaseDraft {
            user_id: "1234".to_owned(),
            subject: "Inquiry about Transfer 12345".to_owned(),
            description: "Initial summary of the issue".to_owned(),
            ..CaseDraft::default()
        }
    }

    fn error_of(field: Field, text: &str) -> Option<FieldError> {
        let mut draft = valid();
        draft.set(field, text.to_owned());
        draft.validate().err().and_then(|errors| errors.get(field).cloned())
    }

    #[test]
    fn an_empty_draft_names_every_required_field() {
        let errors = CaseDraft::default().validate().unwrap_err();
        assert_eq!(
            errors.iter().collect::<Vec<_>>(),
            [
                (Field::UserId, &FieldError::Required),
                (Field::Subject, &FieldError::Required),
                (Field::Description, &FieldError::Required),
            ]
        );
    }

    #[test]
    fn only_listed_types_can_be_raised() {
        assert_eq!(error_of(Field::CaseType, "GENERAL_ENQUIRY"), None);
        assert_eq!(error_of(Field::CaseType, "SANCTIONS"), Some(FieldError::UnknownType));
        assert_eq!(error_of(Field::CaseType, ""), Some(FieldError::Required));
    }

    #[test]
    fn a_blank_or_broken_subject_is_refused() {
        for blank in ["", "   ", "\u{200b}", "\n"] {
            assert_eq!(error_of(Field::Subject, blank), Some(FieldError::Required), "{blank:?}");
        }
        for broken in ["a\nb", "a\r\nb", "a\u{2028}b"] {
            assert_eq!(error_of(Field::Subject, broken), Some(FieldError::LineBreak), "{broken:?}");
        }
        assert_eq!(error_of(Field::Subject, "\n late \n"), None);
    }

    #[test]
    fn certain_personal_data_in_the_subject_is_refused_and_the_drafts_own_ids_are_not() {
        use crate::PersonalDataKind;
        assert_eq!(
            error_of(Field::Subject, "Late for someone@example.com"),
            Some(FieldError::PersonalData {
                kind: PersonalDataKind::Email,
                certainty: Certainty::Certain
            })
        );
        assert_eq!(error_of(Field::Subject, "Late for Mr Example Person"), None);
        let mut draft = CaseDraft {
            subject: "Phone call about 4012888888881881".to_owned(),
            ..valid()
        };
        assert!(draft.validate().is_err());
        draft.transfer_id = "4012 8888 8888 1881".to_owned();
        assert!(draft.validate().is_ok());
    }

    #[test]
    fn a_description_of_65535_units_is_accepted_and_one_more_is_too_long() {
        let full = "x".repeat(DESCRIPTION_MAX_UTF16);
        assert_eq!(error_of(Field::Description, &full), None);
        let too_long = FieldError::TooLong {
            max: DESCRIPTION_MAX_UTF16,
            actual: DESCRIPTION_MAX_UTF16 + 1,
        };
        assert_eq!(error_of(Field::Description, &format!("{full}x")), Some(too_long.clone()));
        // An emoji is two units, so 65,534 letters and one emoji are one too many.
        assert_eq!(
            error_of(Field::Description, &format!("{}😀", "x".repeat(DESCRIPTION_MAX_UTF16 - 1))),
            Some(too_long)
        );
    }

    #[test]
    fn a_line_ending_counts_as_one_unit() {
        let crlf = format!("{}\r\n", "x".repeat(DESCRIPTION_MAX_UTF16 - 1));
        assert_eq!(error_of(Field::Description, &crlf), None);
    }

    #[test]
    fn control_characters_are_refused_and_tabs_and_line_ends_are_not() {
        let found = |c: &str| Some(FieldError::ControlCharacter { found: c.to_owned() });
        for (character, name) in [
            ("\0", "U+0000"),
            ("\u{1b}", "U+001B"),
            ("\u{8}", "U+0008"),
            ("\u{7f}", "U+007F"),
        ] {
            for field in [Field::Subject, Field::Description, Field::ExternalId] {
                assert_eq!(
                    error_of(field, &format!("late{character}payment")),
                    found(name),
                    "{field:?} {name}"
                );
            }
        }
        assert_eq!(error_of(Field::Description, "a\tb\r\nc\rd\ne"), None);
    }

    #[test]
    fn a_description_keeps_its_spaces_and_blank_lines() {
        let mut draft = valid();
        draft.description = "  first\r\n\r\n  second  ".to_owned();
        assert_eq!(draft.validate().unwrap().description(), "  first\n\n  second  ");
    }

    #[test]
    fn an_external_id_of_255_units_is_accepted_and_one_more_is_too_long() {
        assert_eq!(error_of(Field::ExternalId, &"x".repeat(EXTERNAL_ID_MAX_UTF16)), None);
        assert_eq!(
            error_of(Field::ExternalId, &"x".repeat(EXTERNAL_ID_MAX_UTF16 + 1)),
            Some(FieldError::TooLong { max: 255, actual: 256 })
        );
        assert_eq!(error_of(Field::ExternalId, "a\nb"), Some(FieldError::LineBreak));
    }

    #[test]
    fn the_text_is_not_in_the_debug_output() {
        let draft = valid();
        let shown = format!("{draft:?} {:?}", draft.validate().unwrap());
        assert!(
            !shown.contains("Inquiry") && !shown.contains("summary") && !shown.contains("1234"),
            "{shown}"
        );
    }
}
