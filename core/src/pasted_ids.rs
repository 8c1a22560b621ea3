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

/// The fewest digits of a number that is taken for an id when no word says so. Shorter ones are days, amounts, versions.
const UNNAMED_DIGITS_MIN: usize = 5;

/// An id found in a text, and the field that a word next to it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastedId {
    /// The field, if a word says which.
    pub field: Option<Field>,
    /// The id.
    pub id: i64,
}

/// Finds the ids in a text, in its order. A number counts for the nearest word before it on the same line.
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
        for piece in pieces(line) {
            if piece.starts_with(|c: char| c.is_alphabetic()) {
                field = field_of(piece).or(field);
                continue;
            }
            let digits = piece.chars().filter(|c| c.is_numeric()).count();
            if let Ok(Some(id)) = parse_id(piece)
                && (field.is_some() || digits >= UNNAMED_DIGITS_MIN)
            {
                found.push(PastedId { field, id });
                // A word names one number: what follows is something else.
                field = None;
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

/// Cuts a line into words and numbers. A number keeps the spaces and marks between its groups.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let end = if rest.starts_with(char::is_numeric) {
            number_end(rest)
        } else {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
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
        ] {
            assert_eq!(found(text), expected, "{text}");
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
        fn an_id_in_a_url_is_found_whole(id in 1..=i64::MAX) {
            prop_assert_eq!(found(&format!("https://portal.example/transfers/{id}/details")), vec![(Some(Field::TransferId), id)]);
        }
    }
}
