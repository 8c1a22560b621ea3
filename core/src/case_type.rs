//! The types of case that can be created.

use serde::{Deserialize, Serialize};

/// The type of a case.
///
/// Wise says that "more case types will be added in the future", so a case with another type is read and shown as it is, while only
/// the types of [`CaseType::CREATABLE`] can be created.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(from = "String", into = "String")]
pub enum CaseType {
    /// `GENERAL_ENQUIRY`, the only type that `POST /v1/cases` accepts today.
    GeneralEnquiry,
    /// A type this version does not know, as Wise wrote it.
    Other(String),
}

impl CaseType {
    /// The types that can be created. A new one of Wise's is added here and in the form's texts.
    pub const CREATABLE: &[Self] = &[Self::GeneralEnquiry];

    /// The type as Wise writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::GeneralEnquiry => "GENERAL_ENQUIRY",
            Self::Other(other) => other,
        }
    }

    /// The type that can be created under this name, if there is one.
    pub fn creatable(name: &str) -> Option<Self> {
        Self::CREATABLE.iter().find(|case_type| case_type.as_str() == name).cloned()
    }
}

/// No type at all.
impl Default for CaseType {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<String> for CaseType {
    fn from(name: String) -> Self {
        Self::creatable(&name).unwrap_or(Self::Other(name))
    }
}

impl From<CaseType> for String {
    fn from(case_type: CaseType) -> Self {
        case_type.as_str().to_owned()
    }
}
