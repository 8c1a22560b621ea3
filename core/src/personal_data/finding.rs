//! What the subject check reports, and what it is given beside the text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum PersonalDataKind {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// An International Bank Account Number (ISO 13616).
    Iban,
    /// A payment card number.
    Card,
    /// A number by which a state knows a person: tax, social security, identity card.
    NationalId,
    /// A passport number.
    Passport,
    /// The number of a driving licence.
    DrivingLicence,
    /// A date of birth.
    #[serde(rename = "dob")]
    DateOfBirth,
    /// An address of a device on the internet.
    Ip,
    /// The address of a crypto wallet.
    Crypto,
    /// A bank account in a national form.
    BankAccount,
    /// A postal address.
    Address,
    /// The name of a person.
    Name,
}

/// How sure the check is. What is certain is not let through; what is probable is for the agent to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The form, a check digit or a label leaves no doubt.
    Certain,
    /// It looks like it.
    Probable,
}

/// A piece of personal data in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalDataFinding {
    /// Where it stands, in bytes, on character borders.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PersonalDataKind,
    /// How sure that is.
    pub certainty: Certainty,
}

/// The customer's own data, as the portal knows it: exactly these values are found, whatever they look like.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KnownPersonalData {
    /// Names of persons, first name first or last; found in any case, with and without accents, and in either order.
    pub names: Vec<String>,
    /// Email addresses.
    pub emails: Vec<String>,
    /// Phone numbers; found with any separators and with or without the country code.
    pub phones: Vec<String>,
}

/// Shows how much is known and none of it.
impl std::fmt::Debug for KnownPersonalData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnownPersonalData")
            .field("names", &self.names.len())
            .field("emails", &self.emails.len())
            .field("phones", &self.phones.len())
            .finish()
    }
}

/// What is known around the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonalDataContext<'a> {
    /// The IDs of the case's own fields. A number equal to one of them is no finding.
    pub own_ids: &'a [&'a str],
    /// The customer's own data.
    pub known: Option<&'a KnownPersonalData>,
}
