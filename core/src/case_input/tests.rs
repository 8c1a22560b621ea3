use super::*;
use crate::limits::{DESCRIPTION_MAX_UTF16, EXTERNAL_ID_MAX_UTF16};

fn valid() -> CaseInput {
    CaseInput::from([
        (Field::UserId, "1234"),
        (Field::Subject, "Inquiry about Transfer 12345"),
        (Field::Description, "Initial summary of the issue"),
    ])
}

fn error_of(field: Field, text: &str) -> Option<FieldError> {
    let mut input = valid();
    input.set(field, text);
    input.validate().err().and_then(|errors| errors.get(field).cloned())
}

#[test]
fn an_empty_draft_names_every_required_field() {
    let errors = CaseInput::default().validate().unwrap_err();
    assert_eq!(
        errors.iter().collect::<Vec<_>>(),
        [
            (Field::UserId, &FieldError::Required),
            (Field::Subject, &FieldError::Required),
            (Field::Description, &FieldError::Required),
        ]
    );
}

#[test]
fn only_listed_types_can_be_raised() {
    assert_eq!(error_of(Field::CaseType, "GENERAL_ENQUIRY"), None);
    assert_eq!(error_of(Field::CaseType, "SANCTIONS"), Some(FieldError::UnknownType));
    assert_eq!(error_of(Field::CaseType, ""), Some(FieldError::Required));
}

#[test]
fn a_blank_or_broken_subject_is_refused() {
    for blank in ["", "   ", "\u{200b}", "\n"] {
        assert_eq!(error_of(Field::Subject, blank), Some(FieldError::Required), "{blank:?}");
    }
    for broken in ["a\nb", "a\r\nb", "a\u{2028}b"] {
        assert_eq!(error_of(Field::Subject, broken), Some(FieldError::LineBreak), "{broken:?}");
    }
    assert_eq!(error_of(Field::Subject, "\n late \n"), None);
}

#[test]
fn certain_personal_data_in_the_subject_is_refused_and_the_drafts_own_ids_are_not() {
    use crate::PersonalDataKind;
    assert_eq!(
        error_of(Field::Subject, "Late for someone@example.com"),
        Some(FieldError::PersonalData {
            kind: PersonalDataKind::Email,
            certainty: Certainty::Certain
        })
    );
    assert_eq!(error_of(Field::Subject, "Late for Mr Example Person"), None);
    let mut input = valid().with([(Field::Subject, "Phone call about 4012888888881881")]);
    assert!(input.validate().is_err());
    input.set(Field::TransferId, "4012 8888 8888 1881");
    assert!(input.validate().is_ok());
}

#[test]
fn a_description_of_65535_units_is_accepted_and_one_more_is_too_long() {
    let full = "x".repeat(DESCRIPTION_MAX_UTF16);
    assert_eq!(error_of(Field::Description, &full), None);
    let too_long = FieldError::TooLong {
        max: DESCRIPTION_MAX_UTF16,
        actual: DESCRIPTION_MAX_UTF16 + 1,
    };
    assert_eq!(error_of(Field::Description, &format!("{full}x")), Some(too_long.clone()));
    // An emoji is two units, so 65,534 letters and one emoji are one too many.
    assert_eq!(
        error_of(Field::Description, &format!("{}😀", "x".repeat(DESCRIPTION_MAX_UTF16 - 1))),
        Some(too_long)
    );
}

#[test]
fn a_line_ending_counts_as_one_unit() {
    let crlf = format!("{}\r\n", "x".repeat(DESCRIPTION_MAX_UTF16 - 1));
    assert_eq!(error_of(Field::Description, &crlf), None);
}

#[test]
fn control_characters_are_refused_and_tabs_and_line_ends_are_not() {
    let found = |c: &str| Some(FieldError::ControlCharacter { found: c.to_owned() });
    for (character, name) in [
        ("\0", "U+0000"),
        ("\u{1b}", "U+001B"),
        ("\u{8}", "U+0008"),
        ("\u{7f}", "U+007F"),
    ] {
        for field in [Field::Subject, Field::Description, Field::ExternalId] {
            assert_eq!(
                error_of(field, &format!("late{character}payment")),
                found(name),
                "{field:?} {name}"
            );
        }
    }
    assert_eq!(error_of(Field::Description, "a\tb\r\nc\rd\ne"), None);
}

#[test]
fn a_description_keeps_its_spaces_and_blank_lines() {
    let mut input = valid();
    input.set(Field::Description, "  first\r\n\r\n  second  ");
    let case = input.validate().unwrap();
    assert_eq!(case.text(Field::Description).as_deref(), Some("  first\n\n  second  "));
}

#[test]
fn an_external_id_of_255_units_is_accepted_and_one_more_is_too_long() {
    assert_eq!(error_of(Field::ExternalId, &"x".repeat(EXTERNAL_ID_MAX_UTF16)), None);
    assert_eq!(
        error_of(Field::ExternalId, &"x".repeat(EXTERNAL_ID_MAX_UTF16 + 1)),
        Some(FieldError::TooLong { max: 255, actual: 256 })
    );
    assert_eq!(error_of(Field::ExternalId, "a\nb"), Some(FieldError::LineBreak));
}

#[test]
fn the_text_is_not_in_the_debug_output() {
    let input = valid();
    let shown = format!("{input:?} {:?}", input.validate().unwrap());
    assert!(
        !shown.contains("Inquiry") && !shown.contains("summary") && !shown.contains("1234"),
        "{shown}"
    );
    // What is filled in is.
    let one = CaseInput::from([(Field::Subject, "Inquiry")]);
    assert_eq!(format!("{one:?}"), "CaseInput { filled: [CaseType, Subject], .. }");
}

#[test]
fn secrets_and_personal_data_are_looked_for_where_they_must_not_stand_and_the_own_ids_are_none() {
    let input = CaseInput::from([
        (Field::Subject, "Write to anna@example.com"),
        (Field::Description, "Card 4111 1111 1111 1111, and 4012888888881881"),
        (Field::ExternalId, "4012888888881881"),
    ]);
    let secrets = input.secrets_in_description();
    let found: Vec<_> = secrets
        .iter()
        .map(|found| &input[Field::Description][found.range.clone()])
        .collect();
    assert_eq!(found, ["4111 1111 1111 1111"]);
    assert_eq!(input.personal_data_in_subject(None).len(), 1);
}

#[cfg(feature = "schema")]
#[test]
fn its_schema_has_a_text_for_each_field() {
    let schema = schemars::SchemaGenerator::default().into_root_schema_for::<CaseInput>();
    let schema = schema.as_value();
    assert_eq!(schema["title"], "CaseInput");
    assert_eq!(schema["properties"].as_object().unwrap().len(), Field::ALL.len());
    assert_eq!(schema["properties"]["userId"]["description"], "`details.userId` as typed.");
    // Where another type holds it, it stands there in full.
    let list = schemars::SchemaGenerator::default().into_root_schema_for::<Vec<CaseInput>>();
    assert_eq!(list.as_value()["items"]["type"], "object");
}

#[test]
fn it_is_stored_as_an_object_with_a_text_for_each_field() {
    let json = serde_json::to_value(valid()).unwrap();
    assert_eq!(json["userId"], "1234");
    assert_eq!(json.as_object().unwrap().len(), Field::ALL.len());
    assert_eq!(serde_json::from_value::<CaseInput>(json).unwrap(), valid());
    let newer = r#"{"userId":"7","priority":{"level":1}}"#;
    assert_eq!(
        serde_json::from_str::<CaseInput>(newer).unwrap(),
        CaseInput::from([(Field::UserId, "7")])
    );
    assert!(serde_json::from_str::<CaseInput>(r#"{"userId":7}"#).is_err());
}
