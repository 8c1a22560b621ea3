//! What can be wrong with a field, and with all fields of a case.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Certainty, Field, PersonalDataKind, SecretKind};

/// What is wrong with a field. The words an agent reads are in the form's texts; `Display` is for logs and integrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum FieldError {
    /// The field must have a value and has none.
    #[error("a value is required")]
    Required,
    /// The text is longer than the field's limit.
    #[error("{actual} UTF-16 units, of at most {max}")]
    TooLong {
        /// The limit, in UTF-16 code units.
        max: usize,
        /// The length of what was given, in UTF-16 code units.
        actual: usize,
    },
    /// A text of one line has a line break in it.
    #[error("must be a single line")]
    LineBreak,
    /// The text has a control character in it (Unicode's C0 or DELETE), which nobody typed and Wise might not store.
    #[error("must not have the control character {found}")]
    ControlCharacter {
        /// The first such character by its number, such as `U+0000`.
        found: String,
    },
    /// The type is not one that can be raised.
    #[error("not a known case type")]
    UnknownType,
    /// An id has a character in it that is neither a digit nor a separator.
    #[error("an id has digits only")]
    NotDigits {
        /// The first such character.
        found: char,
    },
    /// There is more than one number where one id is expected.
    #[error("an id is one number")]
    SeveralNumbers,
    /// An id looks like a number with a fraction.
    #[error("an id is a whole number")]
    Fraction,
    /// An id is written with an exponent, as a spreadsheet shows a long number: `5.81147E+07`. Its last digits are lost.
    #[error("an id is written with all its digits")]
    Shortened,
    /// An id is zero or negative.
    #[error("an id is at least 1")]
    NotPositive,
    /// An id is larger than a 64-bit integer can be.
    #[error("an id is at most 9223372036854775807")]
    TooLarge,
    /// The subject has personal data in it, which Wise asks to keep out of it.
    #[error("the subject must not hold personal data")]
    PersonalData {
        /// The kind of the first finding.
        kind: PersonalDataKind,
        /// Whether there is a doubt.
        certainty: Certainty,
    },
    /// The description has something in it that must stand nowhere, and the agent has not decided about it yet. Only the form says this.
    #[error("the description must not hold secrets")]
    Secret {
        /// The kind of the first finding.
        secret: SecretKind,
    },
    /// The JSON value has the wrong type, or is no 64-bit integer.
    #[error("the JSON value has the wrong type")]
    WrongType,
    /// Wise refused the value for a reason that has no code here.
    #[error("the value was refused")]
    #[serde(other)]
    Refused,
}

impl FieldError {
    /// The error's name, as in the member `code` of its JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too_long",
            Self::LineBreak => "line_break",
            Self::ControlCharacter { .. } => "control_character",
            Self::UnknownType => "unknown_type",
            Self::NotDigits { .. } => "not_digits",
            Self::SeveralNumbers => "several_numbers",
            Self::Fraction => "fraction",
            Self::Shortened => "shortened",
            Self::NotPositive => "not_positive",
            Self::TooLarge => "too_large",
            Self::PersonalData { .. } => "personal_data",
            Self::Secret { .. } => "secret",
            Self::WrongType => "wrong_type",
            Self::Refused => "refused",
        }
    }
}

/// What is wrong with a case: at most one error a field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Error)]
#[error("{} field(s) of the case are not valid", self.len())]
pub struct ValidationErrors([Option<FieldError>; Field::ALL.len()]);

impl ValidationErrors {
    /// Notes an error. The first one of a field stays.
    pub fn insert(&mut self, field: Field, error: FieldError) {
        self.0[field as usize].get_or_insert(error);
    }

    /// Takes an error away, once the agent has corrected what was wrong.
    pub fn remove(&mut self, field: Field) {
        self.0[field as usize] = None;
    }

    /// The error of a field.
    pub const fn get(&self, field: Field) -> Option<&FieldError> {
        self.0[field as usize].as_ref()
    }

    /// The errors in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &FieldError)> {
        Field::ALL.into_iter().filter_map(|field| Some((field, self.get(field)?)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// How many fields have an error.
    pub fn len(&self) -> usize {
        self.iter().count()
    }
}

impl FromIterator<(Field, FieldError)> for ValidationErrors {
    fn from_iter<I: IntoIterator<Item = (Field, FieldError)>>(errors: I) -> Self {
        let mut collected = Self::default();
        for (field, error) in errors {
            collected.insert(field, error);
        }
        collected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_of_a_field_stays_until_it_is_taken_away() {
        let mut errors = ValidationErrors::default();
        assert!(errors.is_empty());
        errors.insert(Field::Subject, FieldError::Required);
        errors.insert(Field::Subject, FieldError::LineBreak);
        errors.insert(Field::UserId, FieldError::NotPositive);
        assert_eq!(errors.to_string(), "2 field(s) of the case are not valid");
        // In the order of the form.
        let listed: Vec<_> = errors.iter().map(|(field, error)| (field, error.clone())).collect();
        assert_eq!(
            listed,
            [
                (Field::UserId, FieldError::NotPositive),
                (Field::Subject, FieldError::Required)
            ]
        );
        errors.remove(Field::Subject);
        assert_eq!((errors.len(), errors.get(Field::Subject)), (1, None));
    }

    #[test]
    fn the_code_of_an_error_is_the_one_in_its_json() {
        for error in [
            FieldError::Required,
            FieldError::TooLong { max: 1, actual: 2 },
            FieldError::LineBreak,
            FieldError::ControlCharacter {
                found: "U+0000".to_owned(),
            },
            FieldError::UnknownType,
            FieldError::NotDigits { found: 'x' },
            FieldError::SeveralNumbers,
            FieldError::Fraction,
            FieldError::Shortened,
            FieldError::NotPositive,
            FieldError::TooLarge,
            FieldError::PersonalData {
                kind: PersonalDataKind::Email,
                certainty: Certainty::Certain,
            },
            FieldError::Secret {
                secret: SecretKind::Card,
            },
            FieldError::WrongType,
            FieldError::Refused,
        ] {
            assert_eq!(serde_json::to_value(&error).unwrap()["code"], error.code());
        }
    }

    #[test]
    fn errors_come_in_the_order_of_the_form() {
        let errors: ValidationErrors = [
            (Field::Description, FieldError::Required),
            (Field::UserId, FieldError::TooLarge),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            errors.iter().map(|(field, _)| field).collect::<Vec<_>>(),
            [Field::UserId, Field::Description]
        );
    }
}
