//! The fields of the form and what can be wrong with each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};
use crate::{Certainty, FieldProblem, PersonalDataKind, SecretKind};

/// A field of the case. The order of declaration is the order in the form and in the error summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `type`
    CaseType,
    /// `details.userId`
    UserId,
    /// `details.transferId`
    TransferId,
    /// `details.profileId`
    ProfileId,
    /// `subject`
    Subject,
    /// `description`
    Description,
    /// `externalId`
    ExternalId,
}

impl Field {
    /// Every field, in the order of the form.
    pub const ALL: [Self; 7] = [
        Self::CaseType,
        Self::UserId,
        Self::TransferId,
        Self::ProfileId,
        Self::Subject,
        Self::Description,
        Self::ExternalId,
    ];

    /// The JSON Pointer (RFC 6901) of the field in the create body.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::CaseType => "/type",
            Self::UserId => "/details/userId",
            Self::TransferId => "/details/transferId",
            Self::ProfileId => "/details/profileId",
            Self::Subject => "/subject",
            Self::Description => "/description",
            Self::ExternalId => "/externalId",
        }
    }

    /// The field's own name in the create body, such as `userId`.
    pub fn wire_name(self) -> &'static str {
        let pointer = self.pointer();
        pointer.rsplit('/').next().unwrap_or(pointer)
    }

    /// The field's name in HTML attributes and element ids, such as `user-id`.
    pub const fn attribute_name(self) -> &'static str {
        match self {
            Self::CaseType => "type",
            Self::UserId => "user-id",
            Self::TransferId => "transfer-id",
            Self::ProfileId => "profile-id",
            Self::Subject => "subject",
            Self::Description => "description",
            Self::ExternalId => "external-id",
        }
    }

    /// Whether the field may stay empty.
    pub const fn is_optional(self) -> bool {
        matches!(self, Self::TransferId | Self::ProfileId | Self::ExternalId)
    }

    /// The field that a pointer (`/details/userId`), a path (`details.userId`) or a bare name (`userId`) means.
    ///
    /// Wise's error shapes name a field in each of these ways, so only the last part is looked at.
    pub fn from_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '.']).next()?;
        Self::ALL.into_iter().find(|field| field.wire_name() == name)
    }

    /// The field's limit in UTF-16 code units, where it has one.
    pub const fn max_utf16(self) -> Option<usize> {
        match self {
            Self::Description => Some(DESCRIPTION_MAX_UTF16),
            Self::ExternalId => Some(EXTERNAL_ID_MAX_UTF16),
            Self::CaseType | Self::UserId | Self::TransferId | Self::ProfileId | Self::Subject => None,
        }
    }
}

/// What is wrong with a field. The words a person reads are in the widget's messages; `Display` is for logs and integrators.
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
    /// An id is zero or negative.
    #[error("an id is at least 1")]
    NotPositive,
    /// An id is larger than a 64-bit integer can be.
    #[error("an id is at most 9223372036854775807")]
    TooLarge,
    /// The subject has personal data in it, which Wise asks to keep out of it.
    #[error("the subject must not hold personal data")]
    PersonalData {
        /// What kind the first find is of.
        kind: PersonalDataKind,
        /// Whether there is a doubt.
        certainty: Certainty,
    },
    /// The description has something in it that must stand nowhere, and a person has not decided about it yet. Only the form says this.
    #[error("the description must not hold secrets")]
    Secret {
        /// What kind the first find is of.
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
            Self::NotPositive => "not_positive",
            Self::TooLarge => "too_large",
            Self::PersonalData { .. } => "personal_data",
            Self::Secret { .. } => "secret",
            Self::WrongType => "wrong_type",
            Self::Refused => "refused",
        }
    }
}

/// What is wrong with a draft: at most one error a field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Error)]
#[error("{} field(s) of the case are not valid", .0.len())]
pub struct ValidationErrors(BTreeMap<Field, FieldError>);

impl ValidationErrors {
    /// Notes an error. The first one of a field stays.
    pub fn insert(&mut self, field: Field, error: FieldError) {
        self.0.entry(field).or_insert(error);
    }

    /// Takes an error away, once what was wrong has been put right.
    pub fn remove(&mut self, field: Field) {
        self.0.remove(&field);
    }

    /// The error of a field.
    pub fn get(&self, field: Field) -> Option<&FieldError> {
        self.0.get(&field)
    }

    /// The errors in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &FieldError)> {
        self.0.iter().map(|(field, error)| (*field, error))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields have an error.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The errors as a problem document lists them.
    pub fn to_problems(&self) -> Vec<FieldProblem> {
        self.iter()
            .map(|(field, error)| FieldProblem::new(field, error.clone()))
            .collect()
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
    fn a_field_is_found_by_pointer_path_and_bare_name() {
        for path in ["/details/userId", "details.userId", "userId"] {
            assert_eq!(Field::from_path(path), Some(Field::UserId), "{path}");
        }
        assert_eq!(Field::from_path("/details"), None);
        assert_eq!(Field::from_path(""), None);
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
        let all: Vec<_> = Field::ALL.into_iter().collect();
        assert!(all.is_sorted());
    }
}
