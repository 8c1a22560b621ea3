//! The catalogues as the loader hands them over, for tests.

use serde_json::{Map, Value};

use super::{Catalogue, add_lazy_texts};

/// The languages of Wise's API beside "en", each with the plural categories that Unicode's CLDR gives it for whole numbers.
pub(crate) const LANGUAGES: [(&str, &[&str]); 22] = [
    ("ar", &["zero", "one", "two", "few", "many", "other"]),
    ("cs", &["one", "few", "many", "other"]),
    ("da", &["one", "other"]),
    ("de", &["one", "other"]),
    ("en-US", &["one", "other"]),
    ("es", &["one", "many", "other"]),
    ("fr", &["one", "many", "other"]),
    ("he", &["one", "two", "other"]),
    ("hu", &["one", "other"]),
    ("it", &["one", "many", "other"]),
    ("ja", &["other"]),
    ("ko", &["other"]),
    ("nb", &["one", "other"]),
    ("nl", &["one", "other"]),
    ("pl", &["one", "few", "many", "other"]),
    ("pt", &["one", "many", "other"]),
    ("ro", &["one", "few", "other"]),
    ("ru", &["one", "few", "many", "other"]),
    ("sv", &["one", "other"]),
    ("tr", &["one", "other"]),
    ("uk", &["one", "few", "many", "other"]),
    ("zh", &["other"]),
];

pub(crate) fn file(language: &str) -> Map<String, Value> {
    let path = format!("{}/www/locales/{language}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The forms of a text: one, named "", where it is no plural.
pub(crate) fn forms(text: &Value) -> Vec<(String, String)> {
    match text {
        Value::String(text) => vec![(String::new(), text.clone())],
        Value::Object(forms) => forms
            .iter()
            .map(|(category, text)| (category.clone(), text.as_str().unwrap().to_owned()))
            .collect(),
        other => panic!("neither a text nor plural forms: {other}"),
    }
}

/// English, as a form that works has it.
pub(crate) fn english() -> Catalogue {
    add_lazy_texts();
    Catalogue::english()
}

/// A catalogue in a language, as the loader hands it over.
pub(crate) fn translated(language: &str) -> Catalogue {
    let mut catalogue = english();
    for (key, text) in file(language) {
        for (category, text) in forms(&text) {
            let key = if category.is_empty() {
                key.clone()
            } else {
                format!("{key}#{category}")
            };
            catalogue.set(&key, text);
        }
    }
    catalogue.set_language(language);
    catalogue
}
