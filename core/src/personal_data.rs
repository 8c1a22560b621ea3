//! The subject check: finds what must not stand in the subject of a case.
//!
//! Wise asks: "Do not include PII in the subject of cases." The check is a hand-written scanner over the words of one line: no regular
//! expressions, one pass, time linear in the text. What it looks for is decided by decorated forms (an email address, an IBAN with its
//! check digits), by a label next to a number ("passport no", "Telefon"), or by a person cue before a name ("refund for").
//!
//! A bare run of digits is never personal data on its own: transfer IDs have 8 to 10 digits and pass many a check digit by chance. A
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
mod east_asian_name;
mod email;
mod finding;
mod iban;
mod ip;
mod known;
mod known_run;
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

pub use self::finding::{Certainty, KnownPersonalData, PersonalDataContext, PersonalDataFinding, PersonalDataKind};
use self::scan::Scan;

/// Finds personal data in one line of text.
///
/// The findings are in the order of the text and do not overlap. The time is linear in the length of the text.
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
pub fn find_personal_data(text: &str, context: PersonalDataContext<'_>) -> Vec<PersonalDataFinding> {
    let mut scan = Scan::new(text, context);
    // What its form gives away comes first, so that a later, weaker rule cannot take a part of it.
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
#[cfg(test)]
mod wording_tests;
