//! What is wrong with a field, in words.

use partner_case_core::{Certainty, Field, FieldError};

use super::catalogue::Catalogue;

impl Catalogue {
    /// The label of a field.
    pub(crate) fn label(&self, field: Field) -> &str {
        self.text(&[&field.text_key(), ".label"].concat())
    }

    /// Where a value of the field is found, for fields of which that can be said.
    pub(crate) fn where_found(&self, field: Field) -> Option<&str> {
        self.get(&[&field.text_key(), ".where"].concat())
    }

    /// What is wrong with a field, the same words in the field and in the summary.
    pub(crate) fn field_error(&self, field: Field, error: &FieldError) -> String {
        let name = ("field", self.label(field));
        match error {
            FieldError::Required => {
                let own = format!("error.{}.required", field.text_key());
                self.get(&own)
                    .map_or_else(|| self.with("error.required", &[name]), ToOwned::to_owned)
            }
            FieldError::TooLong { max, actual } => {
                let (max_text, actual_text) = (self.number(*max), self.number(*actual));
                let values = [name, ("actual", actual_text.as_str()), ("max", max_text.as_str())];
                self.count("error.too_long", actual.saturating_sub(*max), &values)
            }
            FieldError::LineBreak => self.with("error.line_break", &[name]),
            FieldError::ControlCharacter { found } => self.with("error.control_character", &[name, ("found", found)]),
            FieldError::UnknownType => self.text("error.type.unknown").to_owned(),
            FieldError::NotDigits { found } => {
                self.with("error.id.not_digits", &[name, ("found", found.encode_utf8(&mut [0; 4]))])
            }
            FieldError::SeveralNumbers => self.with("error.id.several_numbers", &[name]),
            FieldError::Fraction => self.with("error.id.fraction", &[name]),
            FieldError::Shortened => self.with("error.id.shortened", &[name]),
            FieldError::NotPositive => self.with("error.id.not_positive", &[name]),
            FieldError::TooLarge => self.with("error.id.too_large", &[name]),
            FieldError::PersonalData { kind, certainty } => {
                let key = match certainty {
                    Certainty::Certain => "error.subject.personal_data",
                    Certainty::Probable => "error.subject.undecided",
                };
                self.with(key, &[("kind", self.kind(*kind))])
            }
            FieldError::Secret { secret } => self.with("error.description.secret", &[("kind", self.secret(*secret))]),
            FieldError::WrongType | FieldError::Refused => self.with("error.refused", &[name]),
        }
    }
}
