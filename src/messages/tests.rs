use std::collections::BTreeSet;
use std::path::Path;

use super::first_keys::FIRST_KEYS;
use super::test_catalogues::{LANGUAGES, english, file, forms, translated};
use super::{Catalogue, FormState, ReceiptParts, add_lazy_texts};
use partner_case_core::{
    CaseInput, CaseStatus, Certainty, Field, FieldError, NotSentReason, PersonalDataKind, ProblemCode, SecretKind,
};
use partner_case_model::{Model, RawOptions, Reason};

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
}

/// The texts that the code asks for by a key that it makes.
fn made_keys() -> BTreeSet<String> {
    let fields = Field::ALL.into_iter().flat_map(|field| {
        let key = field.text_key();
        let required = (!field.is_optional()).then(|| format!("error.{key}.required"));
        [format!("{key}.label"), format!("{key}.hint"), format!("{key}.where")]
            .into_iter()
            .chain(required)
    });
    let reasons = ProblemCode::ALL.iter().filter_map(|code| code.not_sent_reason());
    let not_sent = reasons
        .chain([NotSentReason::Offline])
        .map(|reason| format!("not_sent.{}", reason.as_str()));
    let statuses = CaseStatus::KNOWN.iter().map(CaseStatus::text_key);
    let reasons = Reason::ALL.map(|reason| reason.text_key().to_owned());
    let kinds = [
        "email",
        "phone",
        "iban",
        "card",
        "national_id",
        "passport",
        "driving_licence",
        "date_of_birth",
        "ip",
        "crypto",
        "bank_account",
        "address",
        "name",
    ];
    let kinds = kinds
        .iter()
        .flat_map(|kind| [format!("kind.{kind}"), format!("neutral.{kind}")]);
    fields.chain(not_sent).chain(statuses).chain(reasons).chain(kinds).collect()
}

/// The Rust files of a folder, as one text.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| !path.ends_with("tests.rs"));
    files
        .map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                std::fs::read_to_string(path).unwrap()
            }
        })
        .collect()
}

#[test]
fn every_key_of_the_code_is_in_the_catalogue_and_every_key_of_the_catalogue_in_the_code() {
    let catalogue = file("en");
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let is_key = |text: &&str| {
        let mut parts = text.split('.');
        let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        text.contains('.') && parts.all(is_word)
    };
    let written: BTreeSet<String> = sources.split('"').filter(is_key).map(ToOwned::to_owned).collect();
    let missing: Vec<_> = written.iter().filter(|key| !catalogue.contains_key(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // The proxy's pages and the loader have texts of their own in the same file.
    let elsewhere = |key: &str| {
        key.starts_with("load.")
            || key == "language.name"
            || [
                "not_sent.unsent_title",
                "not_sent.signed_out",
                "not_sent.go_back",
                "not_sent.misconfigured",
            ]
            .contains(&key)
    };
    let made = made_keys();
    let unused: Vec<_> = catalogue
        .keys()
        .filter(|key| !written.contains(*key) && !made.contains(*key) && !elsewhere(key))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_first_paint_has_its_texts_without_the_lazy_part() {
    let first = include_str!(concat!(env!("OUT_DIR"), "/english_first.txt"));
    let has = |key: &str| {
        first
            .lines()
            .any(|line| line.split_once('\t').is_some_and(|(known, _)| known == key))
    };
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view/first"));
    let english = file("en");
    let written = sources.split('"').filter(|text| english.contains_key(*text));
    let missing: Vec<_> = written.filter(|key| !has(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(FIRST_KEYS.iter().all(|key| has(key)));
    assert!(has("user_id.label") && !has("user_id.where") && !has("created.title"));
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

#[test]
fn every_language_says_its_name_and_its_direction() {
    let languages = LANGUAGES.iter().map(|(language, _)| *language).chain(["en"]);
    for language in languages {
        let catalogue = translated(language);
        assert!(["ltr", "rtl"].contains(&catalogue.direction()), "{language}");
        assert_eq!(catalogue.direction() == "rtl", ["ar", "he"].contains(&language), "{language}");
    }
}

#[test]
fn values_take_the_places_of_their_names_and_one_is_no_plural() {
    let catalogue = english();
    let error = |actual| catalogue.field_error(Field::Description, &FieldError::TooLong { max: 65_535, actual });
    assert_eq!(
        error(65_536),
        "Description: shorten the text by 1 character. It has 65536, and 65535 is the most that Wise keeps"
    );
    assert_eq!(
        error(65_537),
        "Description: shorten the text by 2 characters. It has 65537, and 65535 is the most that Wise keeps"
    );
    assert_eq!(catalogue.with("form.submit", &[("unused", "x")]), "Create case");
}

#[test]
fn a_language_and_the_portal_replace_single_texts_and_english_stands_in_for_the_others() {
    let mut catalogue = english();
    catalogue.set("form.submit", "Fall anlegen".to_owned());
    catalogue.set("length.left#other", "Noch {n} Zeichen".to_owned());
    catalogue.set_language("de");
    catalogue.set_locale("de-AT");
    assert_eq!(catalogue.text("form.submit"), "Fall anlegen");
    assert_eq!(catalogue.count("length.left", 5, &[]), "Noch 5 Zeichen");
    assert_eq!(catalogue.text("subject.label"), "Subject");
    catalogue.set("form.submit", "Anfrage senden".to_owned());
    assert_eq!(catalogue.text("form.submit"), "Anfrage senden");
}

/// A language without a form for one, as Japanese, must not get the English one.
#[test]
fn the_forms_of_a_plural_are_those_of_the_language() {
    let mut catalogue = Catalogue::english();
    catalogue.set("length.left#other", "あと{n}文字".to_owned());
    catalogue.set_language("ja");
    add_lazy_texts();
    catalogue.complete();
    assert_eq!(catalogue.count("length.left", 1, &[]), "あと1文字");
}

#[test]
fn no_error_is_left_with_an_empty_place_in_any_language() {
    let errors = [
        FieldError::Required,
        FieldError::TooLong { max: 1, actual: 2 },
        FieldError::LineBreak,
        FieldError::ControlCharacter {
            found: "U+0000".to_owned(),
        },
        FieldError::UnknownType,
        FieldError::NotDigits { found: 'x' },
        FieldError::SeveralNumbers,
        FieldError::Fraction,
        FieldError::Shortened,
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
    for (language, _) in LANGUAGES {
        let catalogue = translated(language);
        for (field, error) in Field::ALL
            .into_iter()
            .flat_map(|field| errors.iter().map(move |error| (field, error)))
        {
            let text = catalogue.field_error(field, error);
            assert!(
                !text.is_empty()
                    && !text.contains(['{', '}'])
                    && !text.contains("  ")
                    && !text.contains("()")
                    && !text.starts_with(':'),
                "{language} {text}"
            );
        }
    }
}

#[test]
fn a_status_that_this_version_does_not_know_is_shown_as_it_is() {
    assert_eq!(english().status(&CaseStatus::Other("ESCALATED".to_owned())), "ESCALATED");
}

#[test]
fn what_is_copied_has_nothing_of_the_text_and_what_is_stored_has_all_of_it() {
    let prefill = CaseInput::from([
        (Field::UserId, "1 234"),
        (Field::TransferId, "58114690"),
        (Field::Subject, " Late "),
        (Field::Description, "canary\r\nsecond line"),
        (Field::ExternalId, "T-1"),
    ]);
    let options = RawOptions {
        prefill,
        ..RawOptions::default()
    };
    let state = FormState {
        model: Model::new(options.sanitize().0),
        catalogue: english().into(),
    };
    let case =
        serde_json::from_str(r#"{"id":7,"status":"OPEN","externalId":"T-1","createdAt":"2023-06-28T15:21:24.901"}"#).unwrap();
    assert_eq!(
        state.receipt(&case, ReceiptParts::Case),
        "Case number: 7\nStatus: Open: Wise is working on it, there is nothing to do for you\nYour reference: T-1\nCreated: 2023-06-28T15:21:24.901\n"
    );
    let all = state.receipt(&case, ReceiptParts::All);
    let sent =
        "Case type: General enquiry\nUser ID: 1234\nTransfer ID: 58114690\nSubject: Late\nDescription: canary\nsecond line\n";
    assert!(all.ends_with(sent), "{all}");
}
