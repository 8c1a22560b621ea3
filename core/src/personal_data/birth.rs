//! Dates of birth: a date directly after a word for birth. A date elsewhere in the line is that of an event.

use super::PersonalDataKind::DateOfBirth;
use super::label::{self, Label};
use super::scan::Scan;
use super::token::Class;

/// How many tokens a written-out date may have: "24 de julio de 1953" has five, "1981年7月18日" six.
const DATE_TOKENS_MAX: usize = 8;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        if scan.labels[at] != Some(Label::Birth) {
            continue;
        }
        let start = (at + 1..scan.tokens.len()).take(5).find(|next| {
            !matches!(scan.tokens[*next].class, Class::Mark(':' | '.' | '-' | '(' | ',' | '='))
                && !label::is_filler(scan.word(*next))
        });
        if let Some(start) = start
            && let Some(last) = date_end(scan, start)
        {
            scan.certain(start, last, DateOfBirth);
        }
    }
}

/// The last token of a date that starts here.
fn date_end(scan: &Scan<'_>, start: usize) -> Option<usize> {
    if let Some(number) = scan.number_at(start) {
        let shape = number.shape(&scan.tokens);
        let is_date = matches!(shape[..], [1 | 2, 1 | 2, 4 | 2] | [4, 1 | 2, 1 | 2] | [8] | [6]);
        if is_date && is_plausible(&number.digits, &shape) {
            return Some(number.last);
        }
    }
    written_out(scan, start)
}

fn is_plausible(digits: &str, shape: &[usize]) -> bool {
    let year = |text: &str| is_year(text);
    match shape {
        [8] => year(&digits[..4]) || year(&digits[4..]),
        [6] => true,
        [4, ..] => year(&digits[..4]),
        [.., 4] => year(&digits[digits.len() - 4..]),
        _ => true,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u32>().is_ok_and(|year| (1900..=2035).contains(&year))
}

/// A date with the month in letters: a day or a month first, and a year at the end.
fn written_out(scan: &Scan<'_>, start: usize) -> Option<usize> {
    let mut others = 0;
    for at in start..scan.tokens.len().min(start + DATE_TOKENS_MAX) {
        let token = &scan.tokens[at];
        match token.class {
            Class::Digits if is_year(&token.folded) && others > 0 => {
                // "1981年7月18日": the rest of the date comes after the year.
                return Some(at);
            }
            Class::Digits if is_year(&token.folded) => return trailing_numbers(scan, at),
            Class::Digits if token.folded.len() <= 2 => others += 1,
            // "18th", "1er", "18JUL1981"
            Class::Mixed if token.folded.starts_with(|c: char| c.is_ascii_digit()) => {
                if token.folded.len() >= 8 && token.folded.get(token.folded.len() - 4..).is_some_and(is_year) {
                    return Some(at);
                }
                others += 1;
            }
            Class::Word if at == start || others > 0 => others += 1,
            Class::Mark('.' | ',' | '-' | '/') => {}
            _ => return None,
        }
    }
    None
}

/// After a leading year: month and day with marks or signs between.
fn trailing_numbers(scan: &Scan<'_>, year: usize) -> Option<usize> {
    let short = |at: &usize| scan.tokens[*at].is_digits() && scan.tokens[*at].folded.len() <= 2;
    let numbers: Vec<usize> = (year + 1..scan.tokens.len().min(year + 6)).filter(short).collect();
    let last = *numbers.get(1)?;
    let sign = scan.tokens.get(last + 1).is_some_and(|token| token.caseless && !token.spaced);
    Some(last + usize::from(sign))
}
