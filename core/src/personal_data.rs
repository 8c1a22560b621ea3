//! The personal-data guard: finds what must not stand in the subject of a case.
//!
//! Wise asks: "Do not include PII in the subject of cases." The guard is a hand-written scanner over the words of one line: no regular
//! expressions, one pass, time linear in the text. What it looks for is decided by decorated forms (an e-mail address, an IBAN with its
//! check digits), by a label next to a number ("passport no", "Telefon"), or by a person cue before a name ("refund for").
//!
//! A bare run of digits is never personal data by itself: transfer ids have 8 to 10 digits and pass many a check digit by chance. A
//! harmless label ("transfer", "profile", "case") directly before a number wins over a label of personal data further off.
//!
//! Decided once, for cases on which one can differ:
//!
//! | what | verdict | because |
//! |---|---|---|
//! | a first name alone | not found | it tells nobody apart, and every capitalised word would be one |
//! | a role mailbox (`support@`) | not found | it belongs to an organisation |
//! | the last four digits of a card | not found | card schemes allow them to be shown |
//! | a company's VAT number | not found | it is public, and belongs to no person |
//! | an IP address of a private network | not found | it tells no one apart outside that network |
//! | an account number of Wise's (transfer, profile, user, case id) | not found | Wise's support asks for it |

mod address;
mod birth;
mod card;
mod checksum;
mod crypto;
mod email;
mod iban;
mod ip;
mod known;
mod label;
mod labelled;
mod lexicon;
mod name;
mod national_id;
mod number;
mod phone;
mod scan;
mod token;
mod word;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::scan::Scan;

/// What kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum PersonalDataKind {
    /// An e-mail address.
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

/// How sure the guard is. What is certain is not let through; what is probable is for the person to decide.
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
pub struct PersonalDataFind {
    /// Where it stands, in bytes, on character borders.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PersonalDataKind,
    /// How sure that is.
    pub certainty: Certainty,
}

/// The customer's own data, as the host page knows it: exactly these values are found, whatever they look like.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KnownPersonalData {
    /// Names of persons, first name first or last; found in any case, with and without accents, and in either order.
    pub names: Vec<String>,
    /// E-mail addresses.
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
    /// The ids of the case's own fields. A number equal to one of them is no find.
    pub own_ids: &'a [&'a str],
    /// The customer's own data.
    pub known: Option<&'a KnownPersonalData>,
}

/// Finds personal data in one line of text.
///
/// The finds are in the order of the text and do not overlap. The time is linear in the length of the text.
///
/// # Examples
/// ```
/// use partner_case_core::{Certainty, PersonalDataContext, PersonalDataKind, find_personal_data};
///
/// let text = "Refund to j.smith@example.com for transfer 58114690";
/// let finds = find_personal_data(text, PersonalDataContext::default());
/// assert_eq!(finds.len(), 1);
/// assert_eq!((&text[finds[0].range.clone()], finds[0].kind), ("j.smith@example.com", PersonalDataKind::Email));
/// assert_eq!(finds[0].certainty, Certainty::Certain);
/// ```
pub fn find_personal_data(text: &str, context: PersonalDataContext<'_>) -> Vec<PersonalDataFind> {
    let mut scan = Scan::new(text, context);
    // What is told by its form comes first, so that a later, weaker rule cannot take a part of it.
    email::find(&mut scan);
    known::find(&mut scan);
    iban::find(&mut scan);
    crypto::find(&mut scan);
    ip::find(&mut scan);
    birth::find(&mut scan);
    national_id::find(&mut scan);
    card::find(&mut scan);
    phone::find(&mut scan);
    labelled::find(&mut scan);
    address::find(&mut scan);
    name::find(&mut scan);
    scan.into_finds()
}

/// The fewest digits of a payment card (ISO/IEC 7812).
const CARD_DIGITS_MIN: usize = 13;

/// Finds payment card numbers alone, for texts in which other personal data may stand.
pub(crate) fn find_cards(text: &str, own_ids: &[&str]) -> Vec<Range<usize>> {
    // Most lines have no card's number of digits, whatever their script.
    if text.chars().filter(|c| c.is_numeric()).count() < CARD_DIGITS_MIN {
        return Vec::new();
    }
    let mut scan = Scan::new(text, PersonalDataContext { own_ids, known: None });
    // IBANs hold runs of digits that can pass for cards.
    iban::find(&mut scan);
    card::find(&mut scan);
    scan.into_finds()
        .into_iter()
        .filter(|find| find.kind == PersonalDataKind::Card)
        .map(|find| find.range)
        .collect()
}

#[cfg(test)]
mod tests;
