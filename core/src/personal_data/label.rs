//! Words that say what a number or a name next to them is, in the languages of support desks.
//!
//! The phrases are in `labels.txt`. Those of scripts that are written without spaces are looked for inside a word.

use std::sync::OnceLock;

use super::lexicon;
use super::token::Token;

/// What a label says of what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// A number of the partner's or of Wise's: no personal data.
    Harmless,
    Email,
    Phone,
    Iban,
    Card,
    NationalId,
    /// A document, or an ID of some kind: one of a state's if its form says so.
    Document,
    Passport,
    DrivingLicence,
    Birth,
    Ip,
    /// A version of a program: four numbers with dots are no IP address after it.
    Version,
    BankAccount,
    /// Says which bank, not which account; an account number is near.
    BankCode,
    Wallet,
    /// What follows is an address.
    LivesAt,
    /// What follows is an address, or something about addresses.
    Address,
    /// A box at a post office: its number follows.
    PostBox,
    /// What follows is, or is about, a person.
    Person,
    /// A preposition after which a person may follow, and much else.
    WeakPerson,
    /// A form of address: a name follows.
    Title,
}

/// The sections of `labels.txt`, and what each says.
pub(super) const SECTIONS: &[(&str, Label)] = &[
    ("harmless", Label::Harmless),
    ("email", Label::Email),
    ("phone", Label::Phone),
    ("iban", Label::Iban),
    ("card", Label::Card),
    ("national_id", Label::NationalId),
    ("document", Label::Document),
    ("passport", Label::Passport),
    ("driving_licence", Label::DrivingLicence),
    ("birth", Label::Birth),
    ("ip", Label::Ip),
    ("version", Label::Version),
    ("bank_account", Label::BankAccount),
    ("bank_code", Label::BankCode),
    ("wallet", Label::Wallet),
    ("lives_at", Label::LivesAt),
    ("address", Label::Address),
    ("post_box", Label::PostBox),
    ("person", Label::Person),
    ("weak_person", Label::WeakPerson),
    ("title", Label::Title),
];

/// Words that stand between a label and what it labels without meaning anything.
const FILLERS: &[&str] = &[
    "is",
    "was",
    "are",
    "no",
    "nr",
    "number",
    "num",
    "n",
    "the",
    "a",
    "an",
    "of",
    "ist",
    "es",
    "est",
    "e",
    "at",
    "on",
    "to",
    "und",
    "and",
    "his",
    "her",
    "their",
    "my",
    "as",
    "numero",
    "nummer",
    "numer",
    "номер",
    "nº",
    "c",
    "o",
    "le",
    "la",
    "el",
    "del",
    "des",
    "der",
    "die",
    "das",
    "am",
    "via",
    "now",
    "new",
    "code",
    "old",
    "wrong",
    "registered",
];

/// Words for "number" that may stand between a harmless label and the number.
const NUMBER_WORDS: &[&str] = &[
    "no",
    "nr",
    "number",
    "num",
    "n",
    "id",
    "nummer",
    "numero",
    "numer",
    "номер",
    "is",
];

pub(super) fn is_filler(folded: &str) -> bool {
    FILLERS.contains(&folded)
}

pub(super) fn is_number_word(folded: &str) -> bool {
    NUMBER_WORDS.contains(&folded)
}

/// All phrases in order, so that those that start with a word are next to each other.
fn phrases() -> &'static [(&'static str, Label)] {
    static PHRASES: OnceLock<Vec<(&'static str, Label)>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let mut phrases: Vec<_> = SECTIONS
            .iter()
            .flat_map(|(name, label)| lexicon::phrases(name).map(|phrase| (phrase, *label)))
            .collect();
        // A stable sort: where a phrase stands in two sections, the earlier one stays.
        phrases.sort_by_key(|(phrase, _)| *phrase);
        phrases.dedup_by_key(|(phrase, _)| *phrase);
        phrases
    })
}

/// Phrases of scripts without spaces.
fn inner_phrases() -> &'static [(&'static str, Label)] {
    static PHRASES: OnceLock<Vec<(&'static str, Label)>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let wide = |phrase: &str| phrase.chars().all(|c| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
        let mut wide: Vec<_> = phrases().iter().copied().filter(|(phrase, _)| wide(phrase)).collect();
        // The longest first: "電話番号" before "番号".
        wide.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        wide
    })
}

/// The label that ends at each token. The longest phrase wins, and its words are not looked at again.
pub(super) fn labels(tokens: &[Token]) -> Vec<Option<Label>> {
    let mut labels = vec![None; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        match longest_phrase(tokens, at) {
            Some((last, label)) => {
                labels[last] = Some(label);
                at = last + 1;
            }
            None => {
                if tokens[at].caseless {
                    labels[at] = inner_label(&tokens[at].folded);
                }
                at += 1;
            }
        }
    }
    labels
}

/// The label that stands last in a word of a script without spaces.
fn inner_label(folded: &str) -> Option<Label> {
    inner_phrases()
        .iter()
        .filter_map(|(phrase, label)| Some((folded.rfind(phrase)? + phrase.len(), phrase.len(), *label)))
        .max_by_key(|(end, length, _)| (*end, *length))
        .map(|(_, _, label)| label)
}

fn longest_phrase(tokens: &[Token], at: usize) -> Option<(usize, Label)> {
    let first = tokens[at].folded.as_str();
    if first.is_empty() {
        return None;
    }
    let phrases = phrases();
    let start = phrases.partition_point(|(phrase, _)| *phrase < first);
    phrases[start..]
        .iter()
        .take_while(|(phrase, _)| phrase.starts_with(first))
        .filter_map(|(phrase, label)| Some((matches(tokens, at, phrase)?, *label)))
        .max_by_key(|(last, _)| *last)
}

/// Where a phrase ends, if it starts here. Marks between its words are ignored: "e-mail", "F. nac."
fn matches(tokens: &[Token], at: usize, phrase: &str) -> Option<usize> {
    let mut last = at;
    let mut next = at;
    for (nth, word) in phrase.split(' ').enumerate() {
        if nth > 0 {
            while tokens
                .get(next)
                .is_some_and(|token| token.is_mark('.') || token.is_mark('-') || token.is_mark('\'') || token.is_mark('/'))
            {
                next += 1;
            }
        }
        if tokens.get(next)?.folded != word {
            return None;
        }
        last = next;
        next += 1;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let labels_of = |text: &str| labels(&tokens(text, &[])).into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(labels_of("tax id 7"), [Label::NationalId]);
        assert_eq!(labels_of("id 7"), [Label::Document]);
        assert_eq!(labels_of("transfer id 7"), [Label::Harmless]);
        assert_eq!(labels_of("F. nac. 1.1.1970"), [Label::Birth]);
        assert_eq!(labels_of("身份证号码32010619940325884X"), [Label::NationalId]);
        assert_eq!(labels_of("お客様の電話番号は090"), [Label::Phone]);
    }
}
