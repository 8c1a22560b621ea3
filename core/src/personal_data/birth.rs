//! Dates of birth: a date directly after a word for birth. A date elsewhere in the line is that of an event.

use super::PersonalDataKind::DateOfBirth;
use super::label::{self, Label};
use super::scan::Scan;
use super::token::Class;

/// How many tokens a written-out date may have: "24 de julio de 1953" has five, "1981年7月18日" six.
const DATE_TOKENS_MAX: usize = 8;

/// How many tokens may stand between a word for birth and a date that can be nothing else.
const WORDS_BEFORE_DATE: usize = 12;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        if scan.labels[at] != Some(Label::Birth) {
            continue;
        }
        let start = (at + 1..scan.tokens.len()).take(5).find(|next| {
            !matches!(scan.tokens[*next].class, Class::Mark(':' | '.' | '-' | '(' | ',' | '=' | '#'))
                && !label::is_filler(scan.word(*next))
        });
        let direct = start.and_then(|start| Some((start, date_end(scan, start)?)));
        if let Some((start, last)) = direct.or_else(|| adult_birth_date(scan, at)) {
            scan.certain(start, last, DateOfBirth);
        }
    }
}

/// A date after a few words, "date of birth corrected to 3 May 1985", in a year in which no case was raised.
fn adult_birth_date(scan: &Scan<'_>, label: usize) -> Option<(usize, usize)> {
    (label + 1..scan.tokens.len()).take(WORDS_BEFORE_DATE).find_map(|start| {
        let last = date_end(scan, start)?;
        let has_year = (start..=last).any(|at| {
            let word = scan.word(at);
            let ends = [word.get(..4), word.len().checked_sub(4).and_then(|from| word.get(from..))];
            ends.into_iter()
                .flatten()
                .any(|year| year.parse::<u32>().is_ok_and(|year| (1900..=2010).contains(&year)))
        });
        has_year.then_some((start, last))
    })
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

/// Years of birth, those of the Thai calendar after 2442.
fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse::<u32>()
            .is_ok_and(|year| matches!(year, 1900..=2020 | 2443..=2563))
}

/// The beginnings of the names of months, but for those that are other words as well, and what stands between the parts of a date.
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "fev", "avr", "mai", "jui", "aou", "dez",
    "okt", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "out", "sty", "lut", "kwi", "maj", "cze", "lip",
    "sie", "wrz", "paz", "lis", "gru", "tam", "hel", "maa", "huh", "tou", "kes", "hei", "elo", "syy", "lok", "joul", "led",
    "uno", "bre", "dub", "kve", "cer", "srp", "zar", "rij", "pro", "oca", "sub", "nis", "haz", "tem", "eyl", "eki", "kas", "ara",
    "ian", "iun", "iul", "noi", "янв", "фев", "мар", "апр", "мая", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек", "січ",
    "лют", "бер", "кві", "тра", "чер", "лип", "сер", "вер", "жов", "лис", "гру", "ιαν", "φεβ", "μαρ", "απρ", "μαι", "ιου", "αυγ",
    "σεπ", "οκτ", "νοε", "δεκ", "de", "of", "del", "di", "den",
];

fn is_part_of_date(folded: &str, caseless: bool) -> bool {
    caseless && folded.chars().count() <= 8 || MONTHS.iter().any(|month| folded.starts_with(month))
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
            Class::Word if is_part_of_date(&token.folded, token.caseless) && (at == start || others > 0) => others += 1,
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
