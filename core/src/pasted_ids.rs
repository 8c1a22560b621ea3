//! Finding IDs in what the agent pastes: a URL, a line of an email, a piece of JSON.

use crate::{Field, parse_id};

/// The words that say what a number next to them is, in the wordings of URLs, JSON and mails. Lower case; the start of a word is enough.
const WORDS: &[(&str, Field)] = &[
    ("transfer", Field::TransferId),
    ("transaction", Field::TransferId),
    ("payment", Field::TransferId),
    ("überweisung", Field::TransferId),
    ("virement", Field::TransferId),
    ("bonifico", Field::TransferId),
    ("przelew", Field::TransferId),
    ("overboeking", Field::TransferId),
    ("перевод", Field::TransferId),
    ("送金", Field::TransferId),
    ("转账", Field::TransferId),
    ("تحويل", Field::TransferId),
    ("profile", Field::ProfileId),
    ("profil", Field::ProfileId),
    ("perfil", Field::ProfileId),
    ("user", Field::UserId),
    ("customer", Field::UserId),
    ("client", Field::UserId),
    ("benutzer", Field::UserId),
    ("kunde", Field::UserId),
    ("utilisateur", Field::UserId),
    ("usuario", Field::UserId),
];

/// The fewest digits of a number that is taken for an ID when no word says so. Shorter ones are days, amounts, versions.
const UNNAMED_DIGITS_MIN: usize = 5;

/// The fewest digits of a number that is taken for an ID when the word for it stands directly before. "Transfer 12" may be a day.
const NAMED_DIGITS_MIN: usize = 3;

/// The words that may stand between the word for an ID and the number: "transfer no. 1234".
const NUMBER_WORDS: &[&str] = &[
    "id", "ids", "no", "nr", "num", "number", "nummer", "numero", "número", "numéro",
];

/// The marks that join digits to one written number, a date or a time. A slash does so between short ones, and parts a URL otherwise.
const JOINING_MARKS: &[char] = &['.', ',', '\'', '’', '-', '–', '_', ':', '٫', '٬', '．', '，'];

/// The most digits before a slash in a date.
const DATE_DIGITS_MAX: usize = 4;

/// An id found in a text, and the field that a word next to it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastedId {
    /// The field, if a word says which.
    pub field: Option<Field>,
    /// The id.
    pub id: i64,
}

/// Finds the IDs in a text, in its order. A number counts for the nearest word before it on the same line.
///
/// Only a number that is written as an ID is one: `5.81147E+07`, `12345.67`, `2024-05-12`, `+44 7700 900123`, `100 EUR` and `P581` hold
/// digits of something else, and a part of them is never taken.
///
/// # Examples
/// ```
/// use partner_case_core::{Field, PastedId, pasted_ids};
///
/// assert_eq!(
///     pasted_ids("https://portal.example/profiles/14556049/transfers/58114690"),
///     [
///         PastedId { field: Some(Field::ProfileId), id: 14_556_049 },
///         PastedId { field: Some(Field::TransferId), id: 58_114_690 },
///     ]
/// );
/// ```
pub fn pasted_ids(text: &str) -> Vec<PastedId> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut field = None;
        let mut is_adjacent = false;
        for piece in pieces(line) {
            match piece {
                Piece::Word(word) => match field_of(word) {
                    Some(named) => (field, is_adjacent) = (Some(named), true),
                    None => is_adjacent &= NUMBER_WORDS.contains(&word.to_lowercase().as_str()),
                },
                // It is what the word speaks of, and no ID.
                Piece::Other => is_adjacent = false,
                Piece::Number(number) => {
                    let digits = number.chars().filter(|c| c.is_numeric()).count();
                    let digits_min = if is_adjacent { NAMED_DIGITS_MIN } else { UNNAMED_DIGITS_MIN };
                    is_adjacent = false;
                    if let Ok(Some(id)) = parse_id(number)
                        && digits >= digits_min
                    {
                        found.push(PastedId { field, id });
                        // A word names one number: what follows is something else.
                        field = None;
                    }
                }
            }
        }
    }
    found
}

fn field_of(word: &str) -> Option<Field> {
    let word = word.to_lowercase();
    WORDS
        .iter()
        .find(|(start, _)| word.starts_with(start))
        .map(|(_, field)| *field)
}

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    /// Letters.
    Word(&'a str),
    /// A number as an ID may be written, with the spaces and marks between its groups.
    Number(&'a str),
    /// Digits of something else: an amount, a date, a number that a spreadsheet has shortened.
    Other,
}

/// Cuts a line into pieces.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find(char::is_alphanumeric) {
        let (before, rest) = line.split_at(at + start);
        let (length, piece) = if rest.starts_with(char::is_numeric) {
            number(before, rest)
        } else {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            (end, Piece::Word(&rest[..end]))
        };
        pieces.push(piece);
        at += start + length;
    }
    pieces
}

/// The number with which a text starts, and how long it is, by what stands before and after it.
fn number<'a>(before: &str, text: &'a str) -> (usize, Piece<'a>) {
    let is_phone = before.ends_with(['+', '＋']);
    let grouped = number_end(text);
    let joined = joined_end(text);
    if is_phone {
        let end = text
            .find(|c: char| !(c.is_numeric() || c == ' ' || c == '-'))
            .unwrap_or(text.len());
        return (end, Piece::Other);
    }
    let end = grouped.max(joined);
    let is_part_of_word = before.chars().next_back().is_some_and(has_case) || text[end..].chars().next().is_some_and(has_case);
    let is_amount = before.trim_end().ends_with(is_currency_sign) || is_unit(&text[end..]);
    if is_part_of_word || is_amount {
        let rest = text[end..]
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(text.len() - end);
        return (if is_part_of_word { end + rest } else { end }, Piece::Other);
    }
    let number = &text[..end];
    (
        end,
        if parse_id(number).is_ok() {
            Piece::Number(number)
        } else {
            Piece::Other
        },
    )
}

/// Whether a letter beside a digit makes a code of both. Scripts without case write a word and a number without a space.
fn has_case(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase()
}

fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '£' | '€' | '¥' | '₹' | '₺' | '₽' | '₩' | '₪' | '￥')
}

/// Whether a text goes on as an amount does: a sign, or a currency's code.
fn is_unit(text: &str) -> bool {
    let text = text.trim_start();
    let code = text.find(|c: char| !c.is_alphanumeric()).map_or(text, |end| &text[..end]);
    text.starts_with(|c: char| is_currency_sign(c) || c == '%')
        || (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// Where the digits end that a text starts with, with others that a mark joins to them.
fn joined_end(text: &str) -> usize {
    let run = |text: &str| text.find(|c: char| !c.is_numeric()).unwrap_or(text.len());
    let (mut start, mut end) = (0, run(text));
    while let Some(mark) = text[end..].chars().next() {
        let is_date = mark == '/' && text[start..end].chars().count() <= DATE_DIGITS_MAX;
        let next = end + mark.len_utf8();
        let length = run(&text[next..]);
        if length == 0 || !(is_date || JOINING_MARKS.contains(&mark)) {
            break;
        }
        (start, end) = (next, next + length);
    }
    end
}

/// Where the number ends with which a text starts: groups of three digits may follow, each after one space or mark.
fn number_end(text: &str) -> usize {
    let run = |text: &str| text.find(|c: char| !c.is_numeric()).unwrap_or(text.len());
    let mut end = run(text);
    if text[..end].chars().count() > 3 {
        return end;
    }
    loop {
        let rest = &text[end..];
        let Some(separator) = rest
            .chars()
            .next()
            .filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | ',' | '.' | '\'' | '’'))
        else {
            return end;
        };
        let group = &rest[separator.len_utf8()..];
        let length = run(group);
        if group[..length].chars().count() != 3 {
            return end;
        }
        end += separator.len_utf8() + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(Option<Field>, i64)> {
        pasted_ids(text).into_iter().map(|pasted| (pasted.field, pasted.id)).collect()
    }

    #[test]
    fn the_right_number_is_found_in_what_people_paste() {
        let transfer = Some(Field::TransferId);
        for (text, expected) in [
            ("#58 114 690", vec![(None, 58_114_690)]),
            ("Transfer #58 114 690 is late", vec![(transfer, 58_114_690)]),
            ("Transfer 58,114,690 of 12 March", vec![(transfer, 58_114_690)]),
            (
                "https://portal.example/transfers/58114690?tab=2",
                vec![(transfer, 58_114_690)],
            ),
            (
                "https://portal.example/x?transferId=58114690&profileId=14556049",
                vec![(transfer, 58_114_690), (Some(Field::ProfileId), 14_556_049)],
            ),
            (
                r#"{"transferId":58114690,"userId":1234}"#,
                vec![(transfer, 58_114_690), (Some(Field::UserId), 1234)],
            ),
            (r#""transfer_id": "58114690","#, vec![(transfer, 58_114_690)]),
            ("Subject: Re: Überweisung 58114690 fehlt", vec![(transfer, 58_114_690)]),
            ("送金58114690", vec![(transfer, 58_114_690)]),
            (
                "user 1234 sent 100 EUR\nprofile: 14556049",
                vec![(Some(Field::UserId), 1234), (Some(Field::ProfileId), 14_556_049)],
            ),
            ("nothing here, 12.50 EUR on 3 May", vec![]),
            ("58114690 and 58114691", vec![(None, 58_114_690), (None, 58_114_691)]),
            ("Transfer no. 5811-4690", vec![(transfer, 58_114_690)]),
            ("Transfer 58114690.", vec![(transfer, 58_114_690)]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_part_of_another_number_is_never_taken_for_an_id() {
        for text in [
            "5.81147E+07",
            "1.23457E+11",
            "1.234E+11",
            "5,81147E+07",
            "58e6",
            "12345.67",
            "58,114,690.00",
            "transfer 12345.67",
            "Transfer of 2024-05-12",
            "Transfer of 12/05/2024 at 10:45",
            "Transfer of 12 March",
            "Transfer of 100 EUR, $2500, 12500 €",
            "Call the customer: +44 7700 900123",
            "transfer P14556049",
            "fba501b6-d453-b967-89f5-2338f0193419",
            "58114690-2",
            "10.0.12345.7",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            for pasted in pasted_ids(&text) {
                prop_assert!(pasted.id >= 1);
            }
        }

        #[test]
        fn a_fraction_gives_no_id(whole in 0..=i64::MAX, fraction in "[0-9]{1,2}|[0-9]{4,9}", exponent in "|e[0-9]|E[+-][0-9]{1,2}") {
            prop_assert_eq!(found(&format!("{whole}.{fraction}{exponent}")), vec![]);
        }

        #[test]
        fn an_id_in_a_url_is_found_whole(id in 1..=i64::MAX) {
            prop_assert_eq!(found(&format!("https://portal.example/transfers/{id}/details")), vec![(Some(Field::TransferId), id)]);
        }
    }
}
