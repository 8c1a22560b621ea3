//! The texts of a page: the widget's own catalogues, in the reader's language.

use std::collections::HashMap;
use std::path::Path;

use axum::http::{HeaderMap, header};
use serde::Deserialize;

/// The English texts, a link to the widget's.
const ENGLISH: &str = include_str!("en.json");

/// Norwegian is asked for by three names.
const NORWEGIAN: [&str; 2] = ["no", "nn"];

/// The longest list of languages that is looked at.
const WISHES_MAX: usize = 10;

/// A text, or the forms of a plural.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Plural(HashMap<String, String>),
}

/// Texts by their keys.
#[derive(Debug)]
pub(crate) struct Texts {
    language: String,
    texts: HashMap<String, Text>,
}

impl Texts {
    /// The texts in the first language of the reader's that there is a file for beside the widget; otherwise in English.
    pub(crate) async fn for_reader(headers: &HeaderMap, widget_dir: Option<&Path>) -> Self {
        let wishes = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        if let Some(dir) = widget_dir {
            for wish in wishes.unwrap_or_default().split(',').take(WISHES_MAX) {
                let tag = wish.split(';').next().unwrap_or_default().trim();
                let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
                if primary == "en" {
                    break;
                }
                let language = if NORWEGIAN.contains(&primary.as_str()) {
                    "nb"
                } else {
                    &primary
                };
                if let Some(texts) = Self::read(dir, language).await {
                    return texts;
                }
            }
        }
        Self {
            language: "en".to_owned(),
            texts: serde_json::from_str(ENGLISH).unwrap_or_default(),
        }
    }

    async fn read(dir: &Path, language: &str) -> Option<Self> {
        // The name of a file is made of it.
        if !(2..=3).contains(&language.len()) || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let json = tokio::fs::read(dir.join(format!("locales/{language}.json"))).await.ok()?;
        Some(Self {
            language: language.to_owned(),
            texts: serde_json::from_slice(&json).ok()?,
        })
    }

    /// A text; of a plural the form for most numbers.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        match self.texts.get(key)? {
            Text::One(text) => Some(text),
            Text::Plural(forms) => forms.get("other").map(String::as_str),
        }
    }

    /// A text; nothing where the catalogue lacks it.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    pub(crate) fn language(&self) -> &str {
        &self.language
    }

    /// `ltr` or `rtl`, as the language's file says.
    pub(crate) fn direction(&self) -> &str {
        self.text("language.direction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_readers_first_language_with_a_file_is_taken() {
        let www = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../www"));
        for (wishes, language) in [
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("xx, no;q=0.5, de", "nb"),
            ("en-US,de", "en"),
            ("../../en, ar", "ar"),
            ("", "en"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("accept-language", wishes.parse().unwrap());
            let texts = Texts::for_reader(&headers, Some(www)).await;
            assert_eq!(texts.language(), language, "{wishes}");
            assert!(texts.get("created.title").is_some());
            assert_eq!(Texts::for_reader(&headers, None).await.language(), "en");
        }
    }
}
