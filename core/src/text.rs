//! How text is counted and how line endings are made one kind.

use std::borrow::Cow;

/// Turns CRLF and lone CR into LF, as a browser's `<textarea>` does with its value.
///
/// Wise counts characters after whatever the sender chose; LF alone is the shortest, so no visible text is lost to the choice.
pub fn normalize_line_endings(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The length in UTF-16 code units, the unit that JavaScript's `length` counts.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Whether a person would see nothing in `text`: white space and invisible format characters only.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Format characters that come along with copied text and show nothing: zero-width, joiner, direction and byte-order marks.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_ending_becomes_one_line_feed() {
        assert_eq!(normalize_line_endings("a\r\nb\rc\nd\r\n\r\ne"), "a\nb\nc\nd\n\ne");
        assert!(matches!(normalize_line_endings("a\nb"), Cow::Borrowed("a\nb")));
    }

    #[test]
    fn an_emoji_counts_as_two_units() {
        assert_eq!(utf16_len("a😀ب"), 4);
    }

    #[test]
    fn a_text_of_invisible_characters_is_blank() {
        assert!(is_blank(" \u{200b}\u{feff}\n\u{a0}"));
        assert!(!is_blank("\u{200b}x"));
    }
}
