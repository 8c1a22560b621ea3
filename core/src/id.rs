//! Reading an ID as the agent pastes it.

use crate::FieldError;
use crate::text::is_invisible;

/// Reads a Wise id from typed or pasted text; `None` when the text is blank.
///
/// Forgiving where the meaning is plain: spaces around it, invisible marks, a leading `#`, digits in equal groups (`58 114 690`,
/// `58,114,690`, `58.114.690`, `58'114'690`, `5811-4690`, `58_114_690`), a full stop or comma at the end, and full-width, Arabic or
/// Persian digits. Strict where it is not: `12.50` is a fraction, `58114690 2024` is two numbers, `T-1` is not an id.
///
/// # Errors
/// [`FieldError::NotDigits`], [`FieldError::SeveralNumbers`], [`FieldError::Fraction`], [`FieldError::Shortened`],
/// [`FieldError::NotPositive`] or [`FieldError::TooLarge`].
pub fn parse_id(text: &str) -> Result<Option<i64>, FieldError> {
    let seen: Vec<char> = text.chars().filter(|c| !is_invisible(*c)).collect();
    let text: String = seen.into_iter().collect();
    let text = text.trim();
    let text = text.strip_prefix(['#', '＃', '№']).unwrap_or(text).trim_start();
    if text.is_empty() {
        return Ok(None);
    }
    let (text, negative) = match text.strip_prefix(['-', '−', '－']) {
        Some(rest) if rest.trim().is_empty() => return Err(FieldError::NotDigits { found: '-' }),
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    };
    if has_exponent(text) {
        return Err(FieldError::Shortened);
    }
    let digits = digits_of_groups(&Groups::read(text)?)?;
    if negative {
        return Err(FieldError::NotPositive);
    }
    match digits.parse::<i64>() {
        Ok(0) => Err(FieldError::NotPositive),
        Ok(id) => Ok(Some(id)),
        // The digits are ASCII and there is at least one, so the only failure left is an overflow.
        Err(_) => Err(FieldError::TooLarge),
    }
}

/// Whether a number is written with an exponent: `5.81147E+07`, `1e8`.
fn has_exponent(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let (mut number, exponent) = (number.chars(), exponent.trim_start_matches(['+', '-', '−']));
    let starts_as_number = number.next().is_some_and(|c| ascii_digit(c).is_some());
    let all_digits = !exponent.is_empty() && exponent.chars().all(|c| ascii_digit(c).is_some());
    starts_as_number && number.all(|c| ascii_digit(c).is_some() || is_decimal_mark(c)) && all_digits
}

/// Runs of digits, and the separators between them.
struct Groups {
    runs: Vec<String>,
    separators: Vec<char>,
}

impl Groups {
    fn read(text: &str) -> Result<Self, FieldError> {
        let mut groups = Self {
            runs: vec![String::new()],
            separators: Vec::new(),
        };
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            if let Some(digit) = ascii_digit(c) {
                if let Some(run) = groups.runs.last_mut() {
                    run.push(digit);
                }
            } else if c.is_whitespace() && groups.runs.last().is_some_and(String::is_empty) {
                // Spaces beside another separator, or a second space.
            } else if c.is_whitespace() && rest.peek().is_some_and(|next| is_separator(*next) || next.is_whitespace()) {
                // The separator that follows counts.
            } else if c.is_whitespace() {
                groups.separators.push(c);
                groups.runs.push(String::new());
            } else if is_separator(c) && groups.runs.last().is_some_and(|run| !run.is_empty()) {
                if rest.peek().is_none() && matches!(c, '.' | ',') {
                    break;
                }
                groups.separators.push(c);
                groups.runs.push(String::new());
            } else {
                return Err(FieldError::NotDigits { found: c });
            }
        }
        match (groups.runs.last(), groups.separators.last()) {
            (Some(run), Some(&found)) if run.is_empty() => Err(FieldError::NotDigits { found }),
            _ => Ok(groups),
        }
    }
}

/// Joins the runs, unless a `.` or `,` among them reads as a decimal point.
fn digits_of_groups(groups: &Groups) -> Result<String, FieldError> {
    let decimal_marks: Vec<char> = groups.separators.iter().copied().filter(|c| is_decimal_mark(*c)).collect();
    if let Some(&mark) = decimal_marks.first() {
        let lengths: Vec<usize> = groups.runs.iter().map(String::len).collect();
        // Groups of three, or of two and a last one of three as in India.
        let grouped = lengths.last() == Some(&3)
            && lengths[0] <= 3
            && lengths[1..].iter().all(|length| matches!(length, 2 | 3))
            && groups.separators.iter().all(|separator| *separator == mark);
        if !grouped {
            return Err(FieldError::Fraction);
        }
    } else if !is_one_number(groups) {
        return Err(FieldError::SeveralNumbers);
    }
    Ok(groups.runs.concat())
}

/// Whether the groups are those of one number: equal, of two to four digits, and the first no longer than the others.
///
/// Two cells of a spreadsheet (`58114690⇥14556049`) or a number and a year are not.
fn is_one_number(groups: &Groups) -> bool {
    let Some((first, others)) = groups.runs.split_first() else {
        return true;
    };
    let Some(size) = others.first().map(String::len) else {
        return true;
    };
    let on_one_line = !groups.separators.iter().any(|separator| separator.is_control());
    on_one_line && matches!(size, 2..=4) && first.len() <= size && others.iter().all(|group| group.len() == size)
}

fn is_decimal_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '٫' | '．' | '，')
}

fn is_separator(c: char) -> bool {
    is_decimal_mark(c) || matches!(c, '\'' | '’' | '_' | '-' | '‐' | '‑' | '–' | '٬')
}

/// The ASCII digit of an ASCII, full-width, Arabic-Indic or extended Arabic-Indic (Persian, Urdu) digit.
fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_read_as_people_paste_them() {
        for text in [
            "58114690",
            " 58114690 ",
            "58 114 690",
            "58\u{a0}114\u{202f}690",
            "58,114,690",
            "58.114.690",
            "58'114'690",
            "58’114’690",
            "5811-4690",
            "58_114_690",
            "#58114690",
            "# 58 114 690",
            "５８１１４６９０",
            "٥٨١١٤٦٩٠",
            "۵۸۱۱۴۶۹۰",
            "٥٨٬١١٤٬٦٩٠",
            "58114690.",
            "58114690,",
            "\u{200e}58114690\u{feff}",
            "0058114690",
            "5,81,14,690",
        ] {
            assert_eq!(parse_id(text), Ok(Some(58_114_690)), "{text:?}");
        }
    }

    #[test]
    fn spaces_around_a_separator_change_nothing() {
        assert_eq!(parse_id("58 - 114 - 690"), parse_id("58-114-690"));
        assert_eq!(parse_id("58  114  690"), Ok(Some(58_114_690)));
    }

    #[test]
    fn blank_text_is_no_id() {
        for text in ["", "  ", "\u{200b}", "#", "\t\n"] {
            assert_eq!(parse_id(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn the_largest_id_is_accepted_and_one_more_is_too_large() {
        assert_eq!(parse_id("9223372036854775807"), Ok(Some(i64::MAX)));
        assert_eq!(parse_id("9223372036854775808"), Err(FieldError::TooLarge));
        assert_eq!(parse_id("9,223,372,036,854,775,808"), Err(FieldError::TooLarge));
    }

    #[test]
    fn each_mistake_has_its_own_error() {
        assert_eq!(parse_id("0"), Err(FieldError::NotPositive));
        assert_eq!(parse_id("000"), Err(FieldError::NotPositive));
        assert_eq!(parse_id("-5"), Err(FieldError::NotPositive));
        for fraction in ["12.50", "1.5", "12,5", "1,234.56", "1.234,567", "58114690.000", "1234,567"] {
            assert_eq!(parse_id(fraction), Err(FieldError::Fraction), "{fraction}");
        }
        for several in [
            "58114690\t14556049",
            "58114690 2024",
            "58114690\n",
            "2024-01-15",
            "1 2 3",
            "12345 678",
        ] {
            let expected = if several.ends_with('\n') {
                Ok(Some(58_114_690))
            } else {
                Err(FieldError::SeveralNumbers)
            };
            assert_eq!(parse_id(several), expected, "{several:?}");
        }
        assert_eq!(parse_id("T-1001"), Err(FieldError::NotDigits { found: 'T' }));
        assert_eq!(parse_id("12a4"), Err(FieldError::NotDigits { found: 'a' }));
        for shortened in ["1e3", "5.81147E+07", "5,81147E+07", "1.23457e-5"] {
            assert_eq!(parse_id(shortened), Err(FieldError::Shortened), "{shortened}");
        }
        assert_eq!(parse_id("12e"), Err(FieldError::NotDigits { found: 'e' }));
        assert_eq!(parse_id("+5"), Err(FieldError::NotDigits { found: '+' }));
        assert_eq!(parse_id("5--6"), Err(FieldError::NotDigits { found: '-' }));
        assert_eq!(parse_id("5-"), Err(FieldError::NotDigits { found: '-' }));
        assert_eq!(parse_id("-"), Err(FieldError::NotDigits { found: '-' }));
    }

    proptest! {
        #[test]
        fn any_id_survives_any_plain_grouping(id in 1..=i64::MAX, separator in prop::sample::select(vec![" ", "-", "_", "'", "\u{a0}", ""]), every in 2_usize..5) {
            let digits = id.to_string();
            let mut groups: Vec<&str> = digits.as_bytes().rchunks(every).map(|group| std::str::from_utf8(group).unwrap()).collect();
            groups.reverse();
            let grouped = groups.join(separator);
            prop_assert_eq!(parse_id(&grouped), Ok(Some(id)));
        }

        #[test]
        fn no_text_panics_and_no_id_is_below_one(text in "\\PC*") {
            if let Ok(Some(id)) = parse_id(&text) {
                prop_assert!(id >= 1);
            }
        }
    }
}
