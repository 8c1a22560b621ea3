//! The wording of the messages in one language, and the handle by which everything that speaks reaches it.

use std::sync::{Arc, LazyLock};

use super::{Message, json};
use crate::intl;
use crate::watched::Watched;

/// The catalogue that is always there: what another language or the host leaves out is said in English.
const ENGLISH: &str = include_str!("../../www/locales/en.json");

/// "en" is British English at Wise; the browser's own "en" is American.
const ENGLISH_TAG: &str = "en-GB";

/// The plural form that every language has.
const OTHER: &str = "other";

/// A text as a catalogue has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    /// One wording.
    Plain(Box<str>),
    /// A wording for each plural category that the language has, by the categories' names in Unicode's CLDR.
    Plural(Vec<(String, String)>),
}

impl Text {
    fn form(&self, category: &str) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Plural(forms) => {
                let form = |wanted: &str| forms.iter().find(|(category, _)| category == wanted);
                form(category).or_else(|| form(OTHER)).map_or("", |(_, text)| text)
            }
        }
    }
}

/// The wording of every message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catalogue {
    /// The language of the texts, for the `lang` attribute.
    language: String,
    /// The locale that numbers and times are written for. It may say more than the language: de-AT.
    locale: String,
    /// By the message's place in [`Message::ALL`].
    texts: Vec<Text>,
}

impl Catalogue {
    /// English, as it is compiled in. It is read once for all forms.
    pub(crate) fn english() -> Self {
        static READ: LazyLock<Catalogue> = LazyLock::new(|| {
            let mut catalogue = Catalogue {
                language: "en".to_owned(),
                locale: ENGLISH_TAG.to_owned(),
                texts: vec![Text::Plain(Box::default()); Message::ALL.len()],
            };
            // A test reads it; it cannot fail anywhere else.
            let _ = catalogue.overlay(ENGLISH);
            catalogue
        });
        READ.clone()
    }

    /// Names the language that the texts are in by now.
    pub(crate) fn set_language(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    /// Sets the locale that numbers and times are written for.
    pub(crate) fn set_locale(&mut self, locale: &str) {
        locale.clone_into(&mut self.locale);
    }

    /// Replaces the texts that `json` has. Keys that no message has are passed over.
    ///
    /// # Errors
    /// When `json` is no catalogue. Nothing is replaced then.
    pub(crate) fn overlay(&mut self, json: &str) -> Result<(), String> {
        for (key, text) in json::read(json)? {
            if let Some(at) = Message::ALL.iter().position(|message| message.key() == key) {
                self.texts[at] = text;
            }
        }
        Ok(())
    }

    /// The language of the texts.
    pub(crate) fn language(&self) -> &str {
        &self.language
    }

    /// Whether the language is written from right to left.
    pub(crate) fn is_right_to_left(&self) -> bool {
        matches!(self.language.split('-').next(), Some("ar" | "he"))
    }

    fn fill(&self, message: Message, category: &str, values: &[(&str, &str)]) -> String {
        let text = self.texts.get(message as usize).map_or("", |text| text.form(category));
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
}

/// The texts of one form. It is a handle, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts {
    current: Watched<Arc<Catalogue>>,
}

impl Texts {
    pub(crate) fn english() -> Self {
        Self {
            current: Watched::new(Arc::new(Catalogue::english())),
        }
    }

    /// Speaks otherwise from now on. What is on the page is said anew, unless nothing has changed.
    pub(crate) fn change(self, catalogue: Catalogue) {
        if self.current.with_untracked(|current| **current != catalogue) {
            self.current.set(Arc::new(catalogue));
        }
    }

    /// The catalogue, for what has to be built anew with another one. The single texts below are not tracked: the view is built anew as
    /// a whole.
    pub(crate) fn catalogue(self) -> Arc<Catalogue> {
        self.current.get()
    }

    /// The catalogue as it is now.
    pub(crate) fn catalogue_untracked(self) -> Arc<Catalogue> {
        self.current.get_untracked()
    }

    /// A text without values.
    pub(crate) fn get(self, message: Message) -> String {
        self.with(message, &[])
    }

    /// A text with values in the places of its `{names}`.
    pub(crate) fn with(self, message: Message, values: &[(&str, &str)]) -> String {
        self.current
            .with_untracked(|catalogue| catalogue.fill(message, OTHER, values))
    }

    /// A text about a number of things, which takes the place of `{n}`.
    pub(crate) fn count(self, message: Message, n: usize, values: &[(&str, &str)]) -> String {
        self.current.with_untracked(|catalogue| {
            let number = intl::number(&catalogue.locale, n);
            let mut values = values.to_vec();
            values.push(("n", &number));
            catalogue.fill(message, &intl::plural_category(&catalogue.locale, n), &values)
        })
    }

    /// A number as the reader writes it.
    pub(crate) fn number(self, number: usize) -> String {
        self.current
            .with_untracked(|catalogue| intl::number(&catalogue.locale, number))
    }

    /// The locale that numbers and times are written for.
    pub(crate) fn locale(self) -> String {
        self.current.with_untracked(|catalogue| catalogue.locale.clone())
    }

    /// Several texts in a row.
    pub(crate) fn list(self, items: impl IntoIterator<Item = Message>) -> String {
        let items: Vec<String> = items.into_iter().map(|item| self.get(item)).collect();
        items.join(&self.get(Message::ListSeparator))
    }
}
