//! The truth about a description's length, and ways to make it shorter.

use std::borrow::Cow;

use crate::limits::DESCRIPTION_MAX_UTF16;
use crate::normalize_line_endings;

/// How long a description is, as Wise may count it.
///
/// Wise says "65,535 characters" and cuts silently beyond. The number is 2^16 - 1, the limit in *bytes* of a common database column, so
/// a text whose bytes pass it may be cut though its characters do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DescriptionLength {
    /// UTF-16 code units after CRLF has become LF: the strictest reading of "character".
    pub utf16: usize,
    /// UTF-8 bytes after CRLF has become LF.
    pub bytes: usize,
}

/// From how many UTF-16 units on the length is worth showing: four fifths of the limit.
const NEAR_LIMIT_UTF16: usize = DESCRIPTION_MAX_UTF16 / 5 * 4;

impl DescriptionLength {
    /// Measures a text as typed.
    pub fn of(text: &str) -> Self {
        // Byte by byte, without taking characters apart: this is done at every key, for the whole text.
        let mut utf16 = 0;
        let mut line_feeds_after_cr = 0;
        let mut before = 0;
        for byte in text.bytes() {
            // A character counts at its first byte; one of four bytes is two units.
            utf16 += usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0);
            // CRLF is one LF, a lone CR is one, too.
            line_feeds_after_cr += usize::from(byte == b'\n' && before == b'\r');
            before = byte;
        }
        Self {
            utf16: utf16 - line_feeds_after_cr,
            bytes: text.len() - line_feeds_after_cr,
        }
    }

    /// How many more UTF-16 units fit.
    pub const fn left(self) -> usize {
        DESCRIPTION_MAX_UTF16.saturating_sub(self.utf16)
    }

    /// How many UTF-16 units are too many. Wise would drop them.
    pub const fn excess(self) -> usize {
        self.utf16.saturating_sub(DESCRIPTION_MAX_UTF16)
    }

    /// Whether the length is worth showing.
    pub const fn is_near_limit(self) -> bool {
        self.utf16 >= NEAR_LIMIT_UTF16 || self.is_over_in_bytes_only()
    }

    /// Whether the characters fit and the bytes may not.
    pub const fn is_over_in_bytes_only(self) -> bool {
        self.utf16 <= DESCRIPTION_MAX_UTF16 && self.bytes > DESCRIPTION_MAX_UTF16
    }
}

/// Where Wise would cut a text that is too long: the byte position, and the position in UTF-16 units that a text field knows.
///
/// The position is in the text with LF line endings, as a browser's text field holds it.
pub fn cut_position(text: &str) -> Option<(usize, usize)> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > DESCRIPTION_MAX_UTF16 {
            return Some((at, units));
        }
        units += c.len_utf16();
    }
    None
}

/// The text without the older mails quoted at its end, if there are any.
///
/// A quotation starts at a line that a mail program writes ("On … wrote:", "-----Original Message-----", "Von: … Gesendet: …") or at the
/// first of the `>` lines with which the text ends. A text that is nothing but quotation is left alone.
pub fn without_quoted_mail(text: &str) -> Option<String> {
    let text = normalize_line_endings(text);
    let mut at = 0;
    let mut start = None;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (nth, line) in lines.iter().enumerate() {
        if starts_quotation(line.trim(), lines.get(nth + 1).map_or("", |next| next.trim())) {
            start = Some(at);
            break;
        }
        at += line.len();
    }
    let kept = text.get(..start.or_else(|| trailing_angle_lines(&lines))?)?.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Where the run of `>` lines starts that ends the text; blank lines belong to it.
fn trailing_angle_lines(lines: &[&str]) -> Option<usize> {
    let quoted = lines
        .iter()
        .rev()
        .take_while(|line| line.trim().is_empty() || line.trim_start().starts_with('>'))
        .count();
    let first = lines.len() - quoted;
    let any = lines[first..].iter().any(|line| line.trim_start().starts_with('>'));
    any.then(|| lines[..first].iter().map(|line| line.len()).sum())
}

fn starts_quotation(line: &str, next: &str) -> bool {
    let dashes = line.starts_with("-----") && line.ends_with("-----") && line.chars().any(char::is_alphabetic);
    let underscores = line.len() >= 20 && line.bytes().all(|byte| byte == b'_');
    let wrote = [
        "wrote:",
        "schrieb:",
        "a écrit :",
        "a écrit:",
        "escribió:",
        "escreveu:",
        "ha scritto:",
        "schreef:",
        "napisał(a):",
        "skrev:",
        "kirjoitti:",
        "napsal:",
        "írta:",
        "yazdı:",
        "написал:",
        "пише:",
    ]
    .iter()
    .any(|ending| line.ends_with(ending))
        && line.chars().any(|c| c.is_ascii_digit());
    let field = |line: &str, names: &[&str]| {
        names
            .iter()
            .any(|name| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(':')))
    };
    let header = field(
        line,
        &[
            "From",
            "Von",
            "De",
            "Da",
            "Van",
            "Od",
            "Från",
            "Fra",
            "Lähettäjä",
            "Kimden",
            "От",
        ],
    ) && field(
        next,
        &[
            "Sent",
            "Date",
            "To",
            "Gesendet",
            "Datum",
            "An",
            "Envoyé",
            "À",
            "Enviado",
            "Para",
            "Fecha",
            "Data",
            "Inviato",
            "A",
            "Verzonden",
            "Aan",
            "Wysłano",
            "Do",
            "Skickat",
            "Till",
            "Sendt",
            "Til",
            "Gönderildi",
            "Отправлено",
            "Кому",
        ],
    );
    dashes || underscores || wrote || header
}

/// The text with runs of blank lines made one, and without spaces at the ends of lines.
pub fn without_blank_lines(text: &str) -> Cow<'_, str> {
    let normal = normalize_line_endings(text);
    let mut shorter = String::with_capacity(normal.len());
    let mut blank = 0;
    for line in normal.lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank <= 1 {
            shorter.push_str(line);
            shorter.push('\n');
        }
    }
    let shorter = shorter.trim_end();
    if shorter.len() == text.len() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(shorter.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::utf16_len;
    use proptest::prelude::*;

    #[test]
    fn a_length_counts_a_line_ending_once_and_an_emoji_twice() {
        assert_eq!(
            DescriptionLength::of("a\r\nb\rc😀é"),
            DescriptionLength { utf16: 8, bytes: 11 }
        );
    }

    #[test]
    fn the_limit_is_near_from_four_fifths_of_it_on() {
        let is_near = |units: usize| DescriptionLength::of(&"x".repeat(units)).is_near_limit();
        assert!(!is_near(0) && !is_near(52_427) && is_near(52_428) && is_near(65_535));
    }

    #[test]
    fn bytes_over_the_limit_are_told_apart_from_characters_over_it() {
        let of = |letter: &str, count: usize| DescriptionLength::of(&letter.repeat(count));
        assert!(!of("x", DESCRIPTION_MAX_UTF16).is_over_in_bytes_only());
        assert!(of("ب", DESCRIPTION_MAX_UTF16).is_over_in_bytes_only());
        assert!(of("ب", 32_768).is_over_in_bytes_only() && of("ب", 32_768).is_near_limit());
        assert!(!of("ب", 32_767).is_over_in_bytes_only());
        assert!(!of("x", DESCRIPTION_MAX_UTF16 + 1).is_over_in_bytes_only());
        assert_eq!((of("x", DESCRIPTION_MAX_UTF16 + 7).excess(), of("x", 65_530).left()), (7, 5));
    }

    #[test]
    fn the_cut_falls_before_the_character_that_does_not_fit() {
        assert_eq!(cut_position(&"x".repeat(DESCRIPTION_MAX_UTF16)), None);
        assert_eq!(cut_position(&"x".repeat(DESCRIPTION_MAX_UTF16 + 1)), Some((65_535, 65_535)));
        let emoji_at_the_border = format!("{}😀", "x".repeat(DESCRIPTION_MAX_UTF16 - 1));
        assert_eq!(cut_position(&emoji_at_the_border), Some((65_534, 65_534)));
        assert_eq!(cut_position(&"é".repeat(DESCRIPTION_MAX_UTF16 + 1)), Some((131_070, 65_535)));
    }

    #[test]
    fn quoted_mail_at_the_end_is_found_in_the_forms_of_mail_programs() {
        for quotation in [
            "On Mon, 3 Mar 2026 at 10:11, someone wrote:\n> older\n> mail",
            "-----Original Message-----\nFrom: a\nolder",
            "-----Ursprüngliche Nachricht-----\nVon: a",
            "Von: a\nGesendet: Montag\nolder",
            "Le lun. 3 mars 2026 à 10:11, quelqu'un a écrit :\n> older",
            "________________________________\nFrom: a",
            "> older\n>\n> mail\n",
        ] {
            assert_eq!(
                without_quoted_mail(&format!("The money is late.\n\n{quotation}")).as_deref(),
                Some("The money is late."),
                "{quotation}"
            );
        }
        for text in [
            "The money is late.",
            "> only\n> quoted",
            "From: here to there\nnothing",
            "He wrote:\nno date",
            "a > b",
        ] {
            assert_eq!(without_quoted_mail(text), None, "{text}");
        }
    }

    #[test]
    fn runs_of_blank_lines_become_one() {
        assert_eq!(without_blank_lines("a  \n\n\n\nb\n \n\n"), "a\n\nb");
        assert!(matches!(without_blank_lines("a\n\nb"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn the_measure_is_that_of_the_normal_text(text in "[a\r\n😀é]{0,40}") {
            let normal = normalize_line_endings(&text);
            prop_assert_eq!(DescriptionLength::of(&text), DescriptionLength { utf16: utf16_len(&normal), bytes: normal.len() });
        }

        #[test]
        fn no_way_to_shorten_makes_a_text_longer(text in "[a> \n:-]{0,60}") {
            prop_assert!(without_blank_lines(&text).len() <= text.len());
            prop_assert!(without_quoted_mail(&text).is_none_or(|shorter| shorter.len() < text.len()));
        }
    }
}
