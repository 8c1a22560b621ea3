//! Known names in scripts that write words without spaces between them: Chinese, Japanese, Korean, Thai.

use std::ops::Range;

use super::{Certainty, KnownPersonalData};

/// The fewest characters of a part of such a name that is looked for alone. One character is a word of its own.
const PART_MIN: usize = 2;

/// Whether a name is written in such a script.
pub(super) fn is_run(name: &str) -> bool {
    name.chars().any(|c| {
        matches!(c, '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
    })
}

/// The places where the text has to be cut so that each known name in such a script is made of whole tokens.
pub(super) fn known_breaks(text: &str, known: Option<&KnownPersonalData>) -> Vec<usize> {
    let names = known.into_iter().flat_map(|known| &known.names).filter(|name| is_run(name));
    let mut breaks: Vec<usize> = names
        .flat_map(|name| runs(text, name))
        .flat_map(|(range, _)| [range.start, range.end])
        .collect();
    breaks.sort_unstable();
    breaks
}

/// Where a name stands in a text: the whole of it, with or without a space or a dot between its parts, and in either order; then each part
/// that is long enough.
pub(super) fn runs(text: &str, name: &str) -> Vec<(Range<usize>, Certainty)> {
    let letters: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !is_gap(*c)).collect();
    let parts: Vec<Vec<char>> = name
        .split(is_gap)
        .map(|part| part.chars().collect::<Vec<char>>())
        .filter(|part| !part.is_empty())
        .collect();
    let mut found = Vec::new();
    let reversed: Vec<char> = parts.iter().rev().flatten().copied().collect();
    for whole in [parts.concat(), reversed] {
        found.extend(places(&letters, &whole).map(|range| (range, Certainty::Certain)));
    }
    if parts.len() > 1 {
        for part in parts.iter().filter(|part| part.len() >= PART_MIN) {
            found.extend(places(&letters, part).map(|range| (range, Certainty::Probable)));
        }
    }
    found
}

/// What may stand between the parts of a name.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '・' | '·' | '･')
}

fn places(letters: &[(usize, char)], wanted: &[char]) -> impl Iterator<Item = Range<usize>> {
    let width = wanted.len().max(1);
    letters.windows(width).filter_map(move |window| {
        let is_it = window.iter().map(|(_, c)| *c).eq(wanted.iter().copied());
        let (start, (last, c)) = (window.first()?.0, *window.last()?);
        is_it.then(|| start..last + c.len_utf8())
    })
}
