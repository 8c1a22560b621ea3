//! The texts in one language.

use std::cell::Cell;

use super::intl;

/// English as the first paint shows it, a line a text: key, tab, text. A form of a plural has its category behind the key: `length.left#one`.
const ENGLISH_FIRST: &str = include_str!(concat!(env!("OUT_DIR"), "/english_first.txt"));

/// The rest of English, for the lazy part.
const ENGLISH_LAZY: &str = include_str!(concat!(env!("OUT_DIR"), "/english_lazy.txt"));

/// "en" is British English at Wise; the browser's own "en" is American.
const ENGLISH_TAG: &str = "en-GB";

/// The plural form that every language has.
const OTHER: &str = "other";

thread_local! {
    /// The English texts beside those of the first paint, once the lazy part is there.
    static LAZY_LINES: Cell<&'static str> = const { Cell::new("") };
}

/// Gives every catalogue from now on the English texts of the lazy part.
pub(crate) fn add_lazy_texts() {
    LAZY_LINES.set(ENGLISH_LAZY);
}

/// The texts in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catalogue {
    /// The language of the texts, for the `lang` attribute.
    language: String,
    /// The locale that numbers and times are written for. It may say more than the language: de-AT.
    locale: String,
    /// Keys and texts, sorted by key.
    texts: Vec<(String, String)>,
}

impl Catalogue {
    /// The English texts: those of the first paint, and the others once they are there.
    pub(crate) fn english() -> Self {
        let mut catalogue = Self {
            language: "en".to_owned(),
            locale: ENGLISH_TAG.to_owned(),
            texts: Vec::new(),
        };
        catalogue.add_english(ENGLISH_FIRST);
        catalogue.complete();
        catalogue
    }

    /// Adds the English texts of the lazy part, where no other language has one.
    pub(crate) fn complete(&mut self) {
        self.add_english(LAZY_LINES.get());
    }

    fn add_english(&mut self, lines: &str) {
        for (key, text) in lines.lines().filter_map(|line| line.split_once('\t')) {
            // A language has its own categories: English ones beside them would be taken for its own.
            let name = key.split('#').next().unwrap_or(key);
            let is_translated = self.language != "en" && self.form(name, OTHER).is_some();
            if !is_translated && self.find(key).is_err() {
                self.set(key, text.to_owned());
            }
        }
    }

    /// Names the language that the texts are in.
    pub(crate) fn set_language(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    /// Sets the locale that numbers and times are written for.
    pub(crate) fn set_locale(&mut self, locale: &str) {
        locale.clone_into(&mut self.locale);
    }

    /// Replaces a text. A form of a plural has its category behind the key.
    pub(crate) fn set(&mut self, key: &str, text: String) {
        match self.find(key) {
            Ok(at) => self.texts[at].1 = text,
            Err(at) => self.texts.insert(at, (key.to_owned(), text)),
        }
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.texts.binary_search_by(|(known, _)| known.as_str().cmp(key))
    }

    /// A text, if there is one.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        Some(&self.texts[self.find(key).ok()?].1)
    }

    fn form(&self, key: &str, category: &str) -> Option<&str> {
        self.get(&[key, "#", category].concat())
    }

    /// A text without values. Empty if there is none: native tests stop there, in every language.
    pub(crate) fn text(&self, key: &str) -> &str {
        let text = self.get(key);
        debug_assert!(text.is_some() || cfg!(target_arch = "wasm32"), "no text {key}");
        text.unwrap_or_default()
    }

    /// A text with values in the places of its `{names}`.
    pub(crate) fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// A text about a number of things, which takes the place of `{n}`.
    pub(crate) fn count(&self, key: &str, n: usize, values: &[(&str, &str)]) -> String {
        let form = self.form(key, &intl::plural_category(&self.locale, n));
        let text = form.or_else(|| self.form(key, OTHER));
        debug_assert!(text.is_some() || cfg!(target_arch = "wasm32"), "no plural {key}");
        let text = text.unwrap_or_default();
        let number = intl::number(&self.locale, n);
        fill(text, &[values, &[("n", number.as_str())]].concat())
    }

    /// A number as the reader writes it.
    pub(crate) fn number(&self, number: usize) -> String {
        intl::number(&self.locale, number)
    }

    /// A time in milliseconds since 1970, with its day if that is not today.
    pub(crate) fn moment(&self, millis: u64) -> String {
        intl::moment(&self.locale, millis)
    }

    /// A time of Wise's with its zone; one of an unknown shape as it is.
    pub(crate) fn timestamp(&self, time: &partner_case_core::Timestamp) -> String {
        intl::timestamp(&self.locale, time)
    }

    /// Several texts in a row, each once.
    pub(crate) fn list<'a>(&'a self, items: impl IntoIterator<Item = &'a str>) -> String {
        let mut list: Vec<&str> = Vec::new();
        for item in items {
            if !list.contains(&item) {
                list.push(item);
            }
        }
        list.join(self.text("list.separator"))
    }

    /// The language of the texts.
    pub(crate) fn language(&self) -> &str {
        &self.language
    }

    /// The direction of the language: `ltr` or `rtl`, as its catalogue says.
    pub(crate) fn direction(&self) -> &str {
        self.text("language.direction")
    }
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled + rest
}
