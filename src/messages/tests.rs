use super::*;
use std::collections::HashSet;

#[test]
fn keys_are_unique_and_texts_are_there() {
    let keys: HashSet<_> = Message::ALL.iter().map(|message| message.key()).collect();
    assert_eq!(keys.len(), Message::ALL.len());
    assert!(Message::ALL.iter().all(|message| !message.text().trim().is_empty()));
}

#[test]
fn values_take_the_places_of_their_names() {
    let text = field_error(
        Field::Description,
        &FieldError::TooLong {
            max: 65_535,
            actual: 65_536,
        },
        |number| number.to_string(),
    );
    assert_eq!(
        text,
        "Description: shorten the text by 1 characters. It has 65536, and 65535 is the most that Wise keeps"
    );
    assert_eq!(Message::Submit.with(&[("unused", "x")]), "Create case");
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
    for field in Field::ALL {
        for error in &errors {
            let text = field_error(field, error, |number| number.to_string());
            assert!(
                !text.contains(['{', '}']) && !text.contains("  ") && !text.starts_with(':'),
                "{text}"
            );
        }
    }
}

#[test]
fn a_status_that_nobody_knows_is_shown_as_it_is() {
    assert_eq!(status(&CaseStatus::Other("ESCALATED".to_owned())), "ESCALATED");
}
