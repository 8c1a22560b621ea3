//! Lists of words for telling names and addresses from everything else. They are in `words.txt`.

use std::sync::OnceLock;

use super::lexicon;

/// One list, sorted at its first use and searched by halving.
pub(super) struct List {
    name: &'static str,
    words: OnceLock<Vec<&'static str>>,
}

impl List {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            words: OnceLock::new(),
        }
    }

    /// The words, in order.
    pub(super) fn words(&self) -> &[&'static str] {
        self.words.get_or_init(|| {
            let mut words: Vec<_> = lexicon::words(self.name).collect();
            words.sort_unstable();
            words
        })
    }

    fn has(&self, folded: &str) -> bool {
        self.words().binary_search(&folded).is_ok()
    }
}

pub(super) fn is_particle(folded: &str) -> bool {
    static LIST: List = List::new("particles");
    LIST.has(folded)
}

pub(super) fn is_street_prefix(folded: &str) -> bool {
    static LIST: List = List::new("street_prefixes");
    LIST.has(folded)
}

pub(super) fn is_street_suffix(folded: &str) -> bool {
    static LIST: List = List::new("street_suffixes");
    LIST.has(folded)
}

pub(super) fn starts_place(folded: &str) -> bool {
    static LIST: List = List::new("place_starts");
    LIST.has(folded)
}

pub(super) fn is_first_name(folded: &str) -> bool {
    static LIST: List = List::new("first_names");
    LIST.has(folded)
}

pub(super) fn is_common(folded: &str) -> bool {
    static LIST: List = List::new("common");
    LIST.has(folded)
}

/// Whether a first name is also a word of the language.
pub(super) fn is_ambiguous_name(folded: &str) -> bool {
    static LIST: List = List::new("ambiguous_names");
    LIST.has(folded)
}

pub(super) fn is_organisation(folded: &str) -> bool {
    static LIST: List = List::new("organisations");
    LIST.has(folded)
}

/// Whether a word is that for a part of a house: "flat", "Wohnung".
pub(super) fn is_unit(folded: &str) -> bool {
    static LIST: List = List::new("units");
    LIST.has(folded)
}

/// Whether two words begin the name of a company or a place that looks like a person's.
pub(super) fn is_brand(first: &str, second: &str) -> bool {
    static LIST: List = List::new("brands");
    LIST.has(&[first, "_", second].concat())
}

pub(super) fn is_verb(folded: &str) -> bool {
    static LIST: List = List::new("verbs");
    LIST.has(folded)
}

pub(super) fn has_street_ending(folded: &str) -> bool {
    static LIST: List = List::new("street_endings");
    LIST.words()
        .iter()
        .any(|ending| folded.len() > ending.len() && folded.ends_with(ending))
}
