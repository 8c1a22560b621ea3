//! From a draft to a case: nothing is changed on the way, and the proxy reads what the form wrote.

#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_case_core::{CaseDraft, DescriptionLength, Field, SubmittedCase, cut_position, normalize_line_endings, without_blank_lines, without_quoted_mail};

fuzz_target!(|input: &str| {
    let mut draft = CaseDraft::default();
    // The fields but the type, one after the other; the last has the rest.
    let fields = [Field::UserId, Field::TransferId, Field::ProfileId, Field::ExternalId, Field::Subject, Field::Description];
    for (field, text) in fields.into_iter().zip(input.splitn(fields.len(), '\n')) {
        draft.set(field, text.to_owned());
    }
    let _ = DescriptionLength::of(&draft.description);
    if let Some((at, _)) = cut_position(&draft.description) {
        assert!(draft.description.is_char_boundary(at));
    }
    assert!(without_blank_lines(&draft.description).len() <= draft.description.len());
    let _ = without_quoted_mail(&draft.description);
    if let Ok(case) = draft.validate() {
        let json = case.to_json();
        let read: SubmittedCase = serde_json::from_str(&json).expect("the proxy reads what the form writes");
        let again = CaseDraft::from(read).validate().expect("what was valid is valid");
        assert_eq!(again.to_json(), json);
        assert_eq!(case.description(), normalize_line_endings(&draft.description));
    }
});
