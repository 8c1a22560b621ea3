use super::*;
use leptos::prelude::Owner;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The languages of Wise's API beside "en", each with the plural categories that Unicode's CLDR gives it for whole numbers.
const LANGUAGES: [(&str, &[&str]); 22] = [
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

fn file(language: &str) -> Map<String, Value> {
    let path = format!("{}/www/locales/{language}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The forms of a text: one, named "", where it is no plural.
fn forms(text: &Value) -> Vec<(String, String)> {
    match text {
        Value::String(text) => vec![(String::new(), text.clone())],
        Value::Object(forms) => forms
            .iter()
            .map(|(category, text)| (category.clone(), text.as_str().unwrap().to_owned()))
            .collect(),
        other => panic!("neither a text nor plural forms: {other}"),
    }
}

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
}

#[test]
fn the_english_catalogue_has_every_message_and_no_other() {
    let english = file("en");
    // The others are what the loader says when there is no form to say it.
    let keys: BTreeSet<String> = english.keys().filter(|key| !key.starts_with("load.")).cloned().collect();
    let messages: BTreeSet<String> = Message::ALL.iter().map(|message| message.key().to_owned()).collect();
    assert_eq!(messages.len(), Message::ALL.len());
    assert_eq!(keys, messages);
}

#[test]
fn every_catalogue_has_the_keys_places_and_plural_forms_of_its_language() {
    let english = file("en");
    for (language, categories) in LANGUAGES {
        let translated = file(language);
        let keys: Vec<&String> = translated.keys().filter(|key| *key != "_note").collect();
        assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{language}");
        for (key, text) in &english {
            let (english, translated) = (forms(text), forms(&translated[key]));
            let wanted = places(&english.last().unwrap().1);
            let categories = if text.is_object() { categories } else { &[""][..] };
            let given: BTreeSet<&str> = translated.iter().map(|(category, _)| category.as_str()).collect();
            assert_eq!(given, categories.iter().copied().collect(), "{language} {key}");
            for (category, text) in &translated {
                let mut given = places(text);
                // "One character left" may do without the number.
                if matches!(category.as_str(), "zero" | "one" | "two") {
                    given.insert("n");
                }
                assert_eq!(given, wanted, "{language} {key} {category}");
                let edges = text.trim() == text || key == "list.separator";
                assert!(
                    edges && !text.trim().is_empty() && !text.contains("  "),
                    "{language} {key}: “{text}”"
                );
            }
        }
    }
}

#[test]
fn a_translation_says_that_it_awaits_review() {
    for (language, _) in LANGUAGES {
        assert!(
            file(language)["_note"].as_str().is_some_and(|note| note.contains("review")),
            "{language}"
        );
    }
}

fn with_texts(test: impl FnOnce(Texts)) {
    let owner = Owner::new();
    owner.with(|| test(Texts::english()));
}

#[test]
fn values_take_the_places_of_their_names_and_one_is_no_plural() {
    with_texts(|texts| {
        let error = |actual| field_error(texts, Field::Description, &FieldError::TooLong { max: 65_535, actual });
        assert_eq!(
            error(65_536),
            "Description: shorten the text by 1 character. It has 65536, and 65535 is the most that Wise keeps"
        );
        assert_eq!(
            error(65_537),
            "Description: shorten the text by 2 characters. It has 65537, and 65535 is the most that Wise keeps"
        );
        assert_eq!(texts.with(Message::Submit, &[("unused", "x")]), "Create case");
    });
}

#[test]
fn the_host_replaces_single_texts_in_any_language() {
    let german = r#"{"form.submit":"Fall anlegen","length.left":{"one":"Noch {n} Zeichen","other":"Noch {n} Zeichen"}}"#;
    let mut catalogue = Catalogue::english();
    catalogue.overlay(german).unwrap();
    catalogue.set_locale("de-AT");
    catalogue
        .overlay(r#"{"form.submit":"Anfrage senden","no.such.key":"x"}"#)
        .unwrap();
    with_texts(|texts| {
        texts.change(catalogue);
        assert_eq!(texts.get(Message::Submit), "Anfrage senden");
        assert_eq!(texts.count(Message::LengthLeft, 1, &[]), "Noch 1 Zeichen");
        // What a language leaves out is said in English.
        assert_eq!(texts.get(Message::SubjectLabel), "Subject");
        assert_eq!(texts.locale(), "de-AT");
    });
}

#[test]
fn what_is_no_catalogue_changes_nothing() {
    for wrong in ["", "[]", "<html>", r#"{"form.submit":7}"#, r#"{"form.submit":{"other":7}}"#] {
        let mut catalogue = Catalogue::english();
        assert!(catalogue.overlay(wrong).is_err(), "{wrong}");
        assert_eq!(catalogue, Catalogue::english(), "{wrong}");
    }
}

#[test]
fn no_error_is_left_with_an_empty_place() {
    let errors = [
        FieldError::Required,
        FieldError::TooLong { max: 1, actual: 2 },
        FieldError::LineBreak,
        FieldError::UnknownType,
        FieldError::NotDigits { found: 'x' },
        FieldError::SeveralNumbers,
        FieldError::Fraction,
        FieldError::NotPositive,
        FieldError::TooLarge,
        FieldError::PersonalData {
            kind: PersonalDataKind::Email,
            certainty: Certainty::Certain,
        },
        FieldError::PersonalData {
            kind: PersonalDataKind::Name,
            certainty: Certainty::Probable,
        },
        FieldError::Secret {
            secret: SecretKind::Card,
        },
        FieldError::WrongType,
        FieldError::Refused,
    ];
    with_texts(|texts| {
        for field in Field::ALL {
            for error in &errors {
                let text = field_error(texts, field, error);
                assert!(
                    !text.contains(['{', '}']) && !text.contains("  ") && !text.contains("()") && !text.starts_with(':'),
                    "{text}"
                );
            }
        }
    });
}

#[test]
fn a_status_that_nobody_knows_is_shown_as_it_is() {
    with_texts(|texts| assert_eq!(status(texts, &CaseStatus::Other("ESCALATED".to_owned())), "ESCALATED"));
}
