//! Numbers that only a label next to them tells: passports, driving licences, national ids, bank accounts.

use super::PersonalDataKind::{BankAccount, DrivingLicence, NationalId, Passport};
use super::label::Label;
use super::number::Number;
use super::scan::{REACH, Scan};
use super::token::Class;

/// Codes and signs of currencies: a number next to one is an amount.
const CURRENCIES: &[&str] = &[
    "aed", "ars", "aud", "bdt", "bgn", "brl", "cad", "chf", "clp", "cny", "cop", "czk", "dkk", "egp", "eur", "gbp", "ghs", "hkd",
    "huf", "idr", "ils", "inr", "isk", "jpy", "kes", "krw", "lkr", "mad", "mxn", "myr", "ngn", "nok", "npr", "nzd", "pen", "php",
    "pkr", "pln", "ron", "rsd", "rub", "sar", "sek", "sgd", "thb", "try", "twd", "uah", "ugx", "usd", "vnd", "zar", "euro",
    "euros", "dollars", "pounds", "zł", "zl", "kr", "kc", "ft", "lei", "rs", "k", "m",
];

pub(super) fn find(scan: &mut Scan<'_>) {
    let mut at = 0;
    while at < scan.tokens.len() {
        if !starts(scan, at) {
            at += 1;
            continue;
        }
        let last = end_of(scan, at);
        let found = candidate(scan, at, last);
        if let Some((last, kind)) = found {
            scan.certain(at, last, kind);
        }
        at = last + 1;
    }
}

/// Whether a number, or letters with a number, starts here.
fn starts(scan: &Scan<'_>, at: usize) -> bool {
    let has_digit = matches!(scan.tokens[at].class, Class::Digits | Class::Mixed)
        && scan.tokens[at].folded.bytes().any(|byte| byte.is_ascii_digit());
    has_digit || is_series(scan, at)
}

/// The letters before a number that is written apart from them: "AB 1234567".
fn is_series(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    token.class == Class::Word
        && token.capitalized
        && token.len() <= 3
        && scan.labels[at].is_none()
        && scan.text[token.start..token.end].chars().all(char::is_uppercase)
        && scan
            .tokens
            .get(at + 1)
            .is_some_and(|next| next.is_digits() && next.folded.len() >= 5)
}

/// The last token of what hangs together with this one: digits, letters with digits, single letters after a mark.
fn end_of(scan: &Scan<'_>, first: usize) -> usize {
    let mut last = first;
    loop {
        let mark = usize::from(
            scan.tokens
                .get(last + 1)
                .is_some_and(|token| !token.spaced && matches!(token.class, Class::Mark('-' | '.' | '/'))),
        );
        let next = last + 1 + mark;
        let Some(token) = scan.tokens.get(next) else { return last };
        let joined = match token.class {
            Class::Digits => mark == 0 || !token.spaced,
            Class::Mixed => token.folded.bytes().any(|byte| byte.is_ascii_digit()) && (mark == 0 || !token.spaced),
            Class::Word => {
                token.len() <= 2 && !token.spaced && mark == 1 || token.len() == 1 && token.spaced && token.capitalized
            }
            Class::Mark(_) => false,
        };
        if !joined || !scan.is_free(next, next) {
            return last;
        }
        last = next;
    }
}

fn candidate(scan: &Scan<'_>, first: usize, last: usize) -> Option<(usize, super::PersonalDataKind)> {
    if scan.is_harmless(first) || !scan.is_free(first, last) {
        return None;
    }
    if let Some(number) = scan.number_at(first)
        && (is_amount(scan, number) || is_date(scan, number))
    {
        return None;
    }
    let label = scan.label_before(first);
    let (characters, digits) = count(scan, first, last);
    let (one_characters, one_digits) = count(scan, first, if is_series(scan, first) { first + 1 } else { first });
    // "sort code 20-00-00 account 55779911": the code is a bank's, the other number the account.
    let beside_code = scan.has_bank_code && !is_bank_code(scan, first) && first == last && (6..=12).contains(&digits);
    if beside_code {
        return Some((last, BankAccount));
    }
    match label? {
        Label::Document if super::national_id::has_state_form(scan, first, last) => Some((last, NationalId)),
        Label::NationalId if digits >= 5 && (6..=22).contains(&characters) => Some((last, NationalId)),
        // Germany's identity cards have more letters than digits.
        Label::NationalId if digits >= 3 && digits < characters && (8..=12).contains(&characters) => Some((last, NationalId)),
        Label::Passport if one_digits >= 4 && (6..=11).contains(&one_characters) => {
            Some((if is_series(scan, first) { first + 1 } else { first }, Passport))
        }
        Label::Passport if digits >= 6 && (7..=11).contains(&characters) => Some((last, Passport)),
        Label::DrivingLicence if digits >= 4 && (5..=22).contains(&characters) => Some((last, DrivingLicence)),
        Label::BankAccount if (6..=28).contains(&digits) => Some((last, BankAccount)),
        _ => None,
    }
}

/// Whether the number is the code itself: nothing but fillers between it and the word for the code.
fn is_bank_code(scan: &Scan<'_>, at: usize) -> bool {
    let before = (0..at).rev().take(REACH).find(|before| {
        scan.labels[*before].is_some() || !(scan.tokens[*before].is_any_mark() || super::label::is_filler(scan.word(*before)))
    });
    before.is_some_and(|before| scan.labels[before] == Some(Label::BankCode))
}

/// How many letters and digits there are, and how many digits.
fn count(scan: &Scan<'_>, first: usize, last: usize) -> (usize, usize) {
    let characters = scan.tokens[first..=last].iter().flat_map(|token| token.folded.chars());
    characters.fold((0, 0), |(all, digits), c| (all + 1, digits + usize::from(c.is_ascii_digit())))
}

/// Whether a number is an amount of money.
pub(super) fn is_amount(scan: &Scan<'_>, number: &Number) -> bool {
    let is_currency = |at: usize| {
        scan.tokens.get(at).is_some_and(|token| {
            matches!(
                token.class,
                Class::Mark('$' | '€' | '£' | '¥' | '₹' | '₽' | '%' | '₺' | '₴' | '₩')
            ) || CURRENCIES.contains(&token.folded.as_str())
        })
    };
    let shape = number.shape(&scan.tokens);
    let decimal = shape.len() == 2 && number.separators == ['.'] && shape[1] <= 2;
    decimal || is_currency(number.last + 1) || number.first.checked_sub(1).is_some_and(is_currency)
}

/// Whether a number is a date of the calendar.
pub(super) fn is_date(scan: &Scan<'_>, number: &Number) -> bool {
    let shape = number.shape(&scan.tokens);
    let marked = number.separators.iter().all(|separator| matches!(separator, '-' | '/' | '.')) && !number.plus;
    let at = |group: usize| scan.word(number.groups[group]).parse::<u32>().unwrap_or_default();
    match shape[..] {
        [1 | 2, 1 | 2, 4] if marked => (1900..=2100).contains(&at(2)) && at(0) <= 31 && at(1) <= 31,
        [4, 1 | 2, 1 | 2] if marked => (1900..=2100).contains(&at(0)) && at(1) <= 12 && at(2) <= 31,
        [1 | 2, 1 | 2] if marked => number.separators == ['/'],
        _ => false,
    }
}
