//! The customer's own data, as the portal knows it.

use super::PersonalDataKind::{Name, Phone};
use super::known_run::{is_run, runs};
use super::scan::Scan;
use super::token::{Class, fold};
use super::{Certainty, word};

/// The shortest part of a name that is looked for alone, in characters. Shorter ones are words of many languages.
const NAME_PART_MIN: usize = 4;

/// The fewest digits of a phone number that tell it.
const PHONE_DIGITS_MIN: usize = 7;

pub(super) fn find(scan: &mut Scan<'_>) {
    let Some(known) = scan.context.known else { return };
    for name in &known.names {
        if is_run(name) {
            find_run(scan, name);
            continue;
        }
        let parts: Vec<String> = fold(name)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        find_name(scan, &parts);
    }
    for phone in &known.phones {
        let digits: String = fold(phone).chars().filter(char::is_ascii_digit).collect();
        find_phone(scan, &digits);
    }
}

/// A name in a script without spaces: the whole of it for certain, a part of it with a doubt.
fn find_run(scan: &mut Scan<'_>, name: &str) {
    for (range, certainty) in runs(scan.text, name) {
        // The text was cut at both ends of the name.
        let first = scan.tokens.partition_point(|token| token.start < range.start);
        let after = scan.tokens.partition_point(|token| token.start < range.end);
        if after > first {
            scan.note(first, after - 1, Name, certainty);
        }
    }
}

/// The parts next to each other, in any order; then each long part alone.
fn find_name(scan: &mut Scan<'_>, parts: &[String]) {
    let mut sorted: Vec<&str> = parts.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    let words: Vec<usize> = (0..scan.tokens.len()).filter(|at| !scan.tokens[*at].is_any_mark()).collect();
    if !parts.is_empty() {
        for window in words.windows(parts.len()) {
            let mut found: Vec<&str> = window.iter().map(|at| scan.word(*at)).collect();
            found.sort_unstable();
            if found == sorted {
                let certainty = certainty_of(scan, window);
                scan.note(window[0], window[window.len() - 1], Name, certainty);
            }
        }
    }
    for at in words {
        let token = &scan.tokens[at];
        if token.class == Class::Word && token.len() >= NAME_PART_MIN && sorted.contains(&token.folded.as_str()) {
            scan.probable(at, at, Name);
        }
    }
}

/// A name of one word may be a word like any other: "An", "Will", "Mark". The agent knows.
fn certainty_of(scan: &Scan<'_>, window: &[usize]) -> Certainty {
    let [only] = window else { return Certainty::Certain };
    let token = &scan.tokens[*only];
    if token.len() < NAME_PART_MIN
        || !token.capitalized
        || word::is_common(&token.folded)
        || word::is_ambiguous_name(&token.folded)
    {
        Certainty::Probable
    } else {
        Certainty::Certain
    }
}

/// The digits, with or without the country code or the leading zero of either writing.
fn find_phone(scan: &mut Scan<'_>, digits: &str) {
    let known = digits.trim_start_matches('0');
    for at in 0..scan.numbers.len() {
        let number = &scan.numbers[at];
        let found = number.digits.trim_start_matches('0');
        let (shorter, longer) = if found.len() < known.len() {
            (found, known)
        } else {
            (known, found)
        };
        if shorter.len() >= PHONE_DIGITS_MIN && longer.ends_with(shorter) && longer.len() - shorter.len() <= 4 {
            let (first, last) = (number.first, number.last);
            scan.certain(first, last, Phone);
        }
    }
}
