//! From an input to a case: nothing is changed on the way, and the proxy reads what the form wrote.

#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_case_core::{CaseInput, CreateCaseRequest, DescriptionLength, Field, cut_position, normalize_line_endings, without_blank_lines, without_quoted_mail};

fuzz_target!(|input: &str| {
    let mut case_input = CaseInput::default();
    // The fields but the type, one after the other; the description is the last and takes what is left, with its line breaks.
    let mut fields: Vec<Field> = Field::ALL.into_iter().filter(|field| *field != Field::CaseType).collect();
    fields.sort_by_key(|field| *field == Field::Description);
    for (field, text) in fields.iter().copied().zip(input.splitn(fields.len(), '\n')) {
        case_input.set(field, text);
    }
    let description = &case_input[Field::Description];
    let _ = DescriptionLength::of(description);
    if let Some((at, _)) = cut_position(description) {
        assert!(description.is_char_boundary(at));
    }
    assert!(without_blank_lines(description).len() <= description.len());
    let _ = without_quoted_mail(description);
    if let Ok(case) = case_input.validate() {
        let json = case.to_json();
        let read: CreateCaseRequest = serde_json::from_str(&json).expect("the proxy reads what the form writes");
        let again = CaseInput::from(read).validate().expect("what was valid is valid");
        assert_eq!(again.to_json(), json);
        assert_eq!(case.text(Field::Description).unwrap_or_default(), normalize_line_endings(description));
    }
});
