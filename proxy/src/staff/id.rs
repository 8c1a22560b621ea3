//! The portal's ID of an agent, and which IDs the proxy accepts.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// The longest ID, in characters: long enough for an email address of a usual length. It goes into each audit line.
const STAFF_ID_MAX_CHARS: usize = 128;

/// The portal's ID of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StaffId(pub(crate) String);

impl StaffId {
    /// Returns the ID exactly as the portal or the sign-on wrote it, or `None` if a reader could not see all of it.
    ///
    /// The proxy compares IDs character by character and trims nothing. So two IDs must not look alike and differ in what is invisible.
    pub(super) fn new(id: &str) -> Option<Self> {
        let accepted = !id.is_empty()
            && id.chars().count() <= STAFF_ID_MAX_CHARS
            && !id.starts_with(' ')
            && !id.ends_with(' ')
            && id.chars().all(is_visible);
        accepted.then(|| Self(id.to_owned()))
    }
}

/// Whether a reader sees the character: U+0020 is the only white space that passes.
fn is_visible(c: char) -> bool {
    match c.general_category() {
        GeneralCategory::SpaceSeparator => c == ' ',
        // `Format` has the bidi controls, the zero-width characters and the byte order mark.
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::Surrogate
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => false,
        _ => !is_blank(c),
    }
}

/// Whether a letter, mark or symbol shows nothing. Unicode lists them as `Default_Ignorable_Code_Point`, but for the blank Braille pattern.
const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{34F}' // combining grapheme joiner
            | '\u{115F}'..='\u{1160}' // Hangul fillers, and the two further down
            | '\u{17B4}'..='\u{17B5}' // Khmer inherent vowels
            | '\u{180B}'..='\u{180D}' // Mongolian variation selectors
            | '\u{180F}'
            | '\u{2800}' // Braille pattern blank
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' // variation selectors
            | '\u{FFA0}'
            | '\u{E0100}'..='\u{E01EF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_a_reader_can_see_is_kept_as_it_was_written() {
        for id in [
            "agent-7",
            "agent 7",
            "Ägent-7",
            "代理人7",
            "o'neill+7@portal.example",
            "A  7",
            &"x".repeat(128),
        ] {
            assert_eq!(StaffId::new(id).map(|id| id.0).as_deref(), Some(id));
        }
    }

    #[test]
    fn an_id_with_something_invisible_is_nobody() {
        for id in ["", " ", " agent-7", "agent-7 ", "agent-7\t", "\tagent-7", &"x".repeat(129)] {
            assert_eq!(StaffId::new(id), None, "{id:?}");
        }
        let invisible = [
            "control: \0 \n \r \t \u{1b} \u{7f} \u{85} \u{9f}",
            "space: \u{a0} \u{1680} \u{2003} \u{2028} \u{2029} \u{202f} \u{3000}",
            "bidi: \u{61c} \u{200e} \u{200f} \u{202a} \u{202e} \u{2066} \u{2069}",
            "format: \u{ad} \u{180e} \u{200b} \u{200c} \u{200d} \u{2060} \u{feff} \u{e0041}",
            "blank: \u{34f} \u{115f} \u{1160} \u{17b4} \u{180b} \u{2800} \u{3164} \u{fe0f} \u{ffa0} \u{e0100}",
            "nobody's: \u{e000} \u{f8ff} \u{10fffd} \u{378} \u{ffff}",
        ];
        for kind in invisible {
            let (kind, characters) = kind.split_once(": ").unwrap();
            for c in characters.split(' ') {
                for id in [format!("agent{c}7"), format!("{c}agent-7"), format!("agent-7{c}")] {
                    assert_eq!(StaffId::new(&id), None, "{kind}: {id:?}");
                }
            }
        }
    }
}
