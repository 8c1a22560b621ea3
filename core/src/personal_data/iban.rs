//! International Bank Account Numbers (ISO 13616).

use super::PersonalDataKind::Iban;
use super::checksum;
use super::label::Label;
use super::scan::Scan;
use super::token::{Class, Token};

/// The length of an IBAN in each country, from the registry of ISO 13616.
const LENGTHS: &[(&str, usize)] = &[
    ("ad", 24),
    ("ae", 23),
    ("al", 28),
    ("at", 20),
    ("az", 28),
    ("ba", 20),
    ("be", 16),
    ("bg", 22),
    ("bh", 22),
    ("bi", 27),
    ("br", 29),
    ("by", 28),
    ("ch", 21),
    ("cr", 22),
    ("cy", 28),
    ("cz", 24),
    ("de", 22),
    ("dj", 27),
    ("dk", 18),
    ("do", 28),
    ("ee", 20),
    ("eg", 29),
    ("es", 24),
    ("fi", 18),
    ("fk", 18),
    ("fo", 18),
    ("fr", 27),
    ("gb", 22),
    ("ge", 22),
    ("gi", 23),
    ("gl", 18),
    ("gr", 27),
    ("gt", 28),
    ("hn", 28),
    ("hr", 21),
    ("hu", 28),
    ("ie", 22),
    ("il", 23),
    ("iq", 23),
    ("is", 26),
    ("it", 27),
    ("jo", 30),
    ("kw", 30),
    ("kz", 20),
    ("lb", 28),
    ("lc", 32),
    ("li", 21),
    ("lt", 20),
    ("lu", 20),
    ("lv", 21),
    ("ly", 25),
    ("mc", 27),
    ("md", 24),
    ("me", 22),
    ("mk", 19),
    ("mn", 20),
    ("mr", 27),
    ("mt", 31),
    ("mu", 30),
    ("ni", 28),
    ("nl", 18),
    ("no", 15),
    ("om", 23),
    ("pk", 24),
    ("pl", 28),
    ("ps", 29),
    ("pt", 25),
    ("qa", 29),
    ("ro", 24),
    ("rs", 22),
    ("ru", 33),
    ("sa", 24),
    ("sc", 31),
    ("sd", 18),
    ("se", 24),
    ("si", 19),
    ("sk", 24),
    ("sm", 27),
    ("so", 23),
    ("st", 25),
    ("sv", 28),
    ("tl", 23),
    ("tn", 24),
    ("tr", 26),
    ("ua", 29),
    ("va", 22),
    ("vg", 24),
    ("xk", 20),
    ("ye", 30),
];

pub(super) fn find(scan: &mut Scan<'_>) {
    for first in 0..scan.tokens.len() {
        if let Some((last, passes)) = nearest(&scan.tokens, first) {
            if passes {
                scan.certain(first, last, Iban);
            } else if has_digits(&scan.tokens[first..=last]) && scan.label_before(first) == Some(Label::Iban) {
                // Said to be one, with a digit wrong: still somebody's, or nearly.
                scan.probable(first, last, Iban);
            }
        }
    }
}

/// Where an IBAN that starts here would end, and whether its check digits pass. One with a character too few or too many is looked at,
/// too: its check digits cannot pass by chance more than once in a hundred.
fn nearest(tokens: &[Token], first: usize) -> Option<(usize, bool)> {
    let country = tokens[first].folded.get(..2)?;
    let length = LENGTHS.iter().find(|(code, _)| *code == country)?.1;
    let candidates: Vec<_> = [length, length - 1, length + 1]
        .into_iter()
        .filter_map(|length| candidate(tokens, first, length))
        .collect();
    candidates.iter().find(|(_, passes)| *passes).or(candidates.first()).copied()
}

fn candidate(tokens: &[Token], first: usize, length: usize) -> Option<(usize, bool)> {
    let head = tokens[first].folded.as_str();
    let mut collected = head.to_owned();
    let mut last = first;
    while collected.len() < length {
        let mut next = last + 1;
        if tokens.get(next)?.is_mark('-') {
            next += 1;
        }
        let token = tokens.get(next)?;
        if token.is_any_mark() || !token.folded.is_ascii() {
            return None;
        }
        collected.push_str(&token.folded);
        last = next;
    }
    let checked = collected.as_bytes().get(2..4)?.iter().all(u8::is_ascii_digit);
    (collected.len() == length && checked && tokens[first].class != Class::Digits).then(|| (last, checksum::iban(&collected)))
}

/// Whether at least half of the characters are digits. Words that only look like an IBAN are not taken for a broken one.
fn has_digits(tokens: &[Token]) -> bool {
    let (digits, all) = tokens
        .iter()
        .flat_map(|token| token.folded.bytes())
        .fold((0, 0), |(digits, all), byte| {
            (digits + usize::from(byte.is_ascii_digit()), all + 1)
        });
    digits * 2 >= all
}
