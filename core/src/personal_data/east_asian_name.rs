//! Names in Chinese, Japanese and Korean, where no capital and no space tells them: before a form of address, or after a word for a person.

use std::ops::Range;

use super::word::List;

/// The most characters of a name before a form of address: "アレクサンドル・ペトロフ".
const NAME_MAX: usize = 14;

static ADDRESSES: List = List::new("east_asian_addresses");
static CUES: List = List::new("east_asian_cues");
static NO_NAMES: List = List::new("east_asian_no_names");
static COMPANIES: List = List::new("east_asian_companies");
static CHINESE_SURNAMES: List = List::new("chinese_surnames");
static CHINESE_WORDS: List = List::new("chinese_words");
static JAPANESE_SURNAMES: List = List::new("japanese_surnames");
static KOREAN_SURNAMES: List = List::new("korean_surnames");
static KOREAN_WORDS: List = List::new("korean_words");
static KOREAN_PARTICLES: List = List::new("korean_particles");

/// The script of a run of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Kana,
    Hangul,
    Other,
}

const fn script(c: char) -> Script {
    match c {
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '々' => Script::Han,
        '\u{3040}'..='\u{30ff}' => Script::Kana,
        '\u{ac00}'..='\u{d7af}' => Script::Hangul,
        _ => Script::Other,
    }
}

/// Where names stand in a text, in its order.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    if !letters.iter().any(|(_, c)| script(*c) != Script::Other) {
        return Vec::new();
    }
    let line = Line { text, letters };
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (at, _) in line.letters.iter().enumerate() {
        let found = line.before_address(at).or_else(|| line.after_cue(at));
        if let Some(found) = found
            && spans.last().is_none_or(|last| last.end <= found.start)
        {
            spans.push(found);
        }
    }
    spans
}

struct Line<'a> {
    text: &'a str,
    letters: Vec<(usize, char)>,
}

impl Line<'_> {
    fn script_at(&self, at: usize) -> Script {
        self.letters.get(at).map_or(Script::Other, |(_, c)| script(*c))
    }

    fn char_at(&self, at: usize) -> char {
        self.letters.get(at).map_or(' ', |(_, c)| *c)
    }

    fn offset(&self, at: usize) -> usize {
        self.letters.get(at).map_or(self.text.len(), |(offset, _)| *offset)
    }

    /// How many characters of a word of the list start here, of the longest.
    fn starts_with(&self, at: usize, list: &List) -> Option<usize> {
        let rest = &self.text[self.offset(at)..];
        let longest = list
            .words()
            .iter()
            .filter(|word| rest.starts_with(**word))
            .map(|word| word.len())
            .max()?;
        Some(rest[..longest].chars().count())
    }

    /// The name before a form of address that starts here: "三浦さくらさん", "张建国先生", "김민수 씨".
    fn before_address(&self, at: usize) -> Option<Range<usize>> {
        self.starts_with(at, &ADDRESSES)?;
        let gap = usize::from(at > 0 && self.char_at(at - 1) == ' ');
        let end = at - gap;
        let is_name = |c: char| script(c) != Script::Other || matches!(c, '・' | '·');
        let mut start = end;
        while start > 0 && end - start < NAME_MAX && is_name(self.char_at(start - 1)) {
            start -= 1;
        }
        // What announces the person is no part of the name.
        let start = (start..end)
            .filter_map(|from| Some(from + self.starts_with(from, &CUES)?))
            .max()
            .unwrap_or(start);
        let start = if self.script_at(at) == Script::Han && self.char_at(at) != '様' && self.char_at(at) != '氏' {
            // Chinese: two to four characters, the first of them a surname.
            (start.max(end.saturating_sub(4))..end.saturating_sub(1))
                .find(|from| self.starts_with(*from, &CHINESE_SURNAMES).is_some())?
        } else {
            start
        };
        let length = end.checked_sub(start)?;
        let last = self.char_at(end.checked_sub(1)?);
        let is_word = NO_NAMES
            .words()
            .iter()
            .any(|word| self.text[..self.offset(end)].ends_with(word));
        (length >= 2 && !is_word && script(last) != Script::Other).then(|| self.offset(start)..self.offset(end))
    }

    /// The name after a word for a person that ends before this character: "客户王雨桐投诉", "受取人中川陽介", "고객 문성호".
    fn after_cue(&self, at: usize) -> Option<Range<usize>> {
        if self.script_at(at) == Script::Other {
            return None;
        }
        let before = self.text[..self.offset(at)].trim_end_matches([' ', ':', '：', '　', '(', '（', '-']);
        if !CUES.words().iter().any(|cue| before.ends_with(cue)) || self.is_company(at) {
            return None;
        }
        let run = (at..self.letters.len())
            .take(NAME_MAX)
            .take_while(|next| script(self.char_at(*next)) == self.script_at(at))
            .count();
        let length = match self.script_at(at) {
            Script::Hangul => {
                let is_common = self.starts_with(at, &KOREAN_WORDS).is_some();
                let is_followed = |length: usize| length == run || self.starts_with(at + length, &KOREAN_PARTICLES).is_some();
                (run >= 3 && !is_common && self.starts_with(at, &KOREAN_SURNAMES).is_some() && is_followed(3)).then_some(3)?
            }
            Script::Han => {
                if let Some(surname) = self.starts_with(at, &JAPANESE_SURNAMES) {
                    let given = (at + surname..self.letters.len()).take_while(|next| {
                        matches!(self.script_at(*next), Script::Han)
                            || self.script_at(at + surname) == Script::Kana && self.script_at(*next) == Script::Kana
                    });
                    surname + given.count().min(3)
                } else {
                    self.starts_with(at, &CHINESE_SURNAMES)?;
                    let given = (at + 1..(at + 3).min(at + run))
                        .take_while(|next| self.starts_with(*next, &CHINESE_WORDS).is_none())
                        .count();
                    (given > 0).then_some(1 + given)?
                }
            }
            // "受取人マリア・ゴンザレス"
            Script::Kana => {
                let name = |next: &usize| self.script_at(*next) == Script::Kana;
                let length = (at..self.letters.len()).take(NAME_MAX).take_while(name).count();
                (at..at + length).any(|next| self.char_at(next) == '・').then_some(length)?
            }
            Script::Other => return None,
        };
        Some(self.offset(at)..self.offset(at + length))
    }

    /// Whether a company's kind stands right after: "华为技术有限公司".
    fn is_company(&self, at: usize) -> bool {
        let end = self.offset((at + 16).min(self.letters.len()));
        COMPANIES
            .words()
            .iter()
            .any(|word| self.text[self.offset(at)..end].contains(word))
    }
}
