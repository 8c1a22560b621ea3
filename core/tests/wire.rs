//! The JSON that crosses a border, pinned to what Wise documents, and the way from a draft to it and back.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

use partner_case_core::{Case, CaseDraft, CaseId, CaseStatus, CaseType, NewCase, SubmittedCase};
use proptest::prelude::*;

/// The example request of Wise's `POST /v1/cases`.
const DOCUMENTED_REQUEST: &str = r#"{"type":"GENERAL_ENQUIRY","subject":"Inquiry about Transfer 12345","details":{"transferId":58114690,"profileId":14556049,"userId":1234},"externalId":"partner_external_id_12345","description":"Initial summary of the issue"}"#;

/// The example values of the answer of Wise's `POST /v1/cases`.
const DOCUMENTED_RESPONSE: &str = r#"{"id":123456789,"status":"OPEN","type":"GENERAL_ENQUIRY","externalId":"partner_12344567","createdAt":"2023-06-28T15:21:24.901","updatedAt":"2023-06-28T15:21:24.901"}"#;

fn documented_draft() -> CaseDraft {
    CaseDraft {
        user_id: "1234".to_owned(),
        transfer_id: "58114690".to_owned(),
        profile_id: "14556049".to_owned(),
        subject: "Inquiry about Transfer 12345".to_owned(),
        description: "Initial summary of the issue".to_owned(),
        external_id: "partner_external_id_12345".to_owned(),
        ..CaseDraft::default()
    }
}

fn revalidated(json: &str) -> NewCase {
    let submitted: SubmittedCase = serde_json::from_str(json).expect("the body is read");
    CaseDraft::from(submitted).validate().expect("the case is valid")
}

#[test]
fn the_documented_request_is_written_byte_for_byte() {
    assert_eq!(documented_draft().validate().expect("valid").to_json(), DOCUMENTED_REQUEST);
    assert_eq!(revalidated(DOCUMENTED_REQUEST).to_json(), DOCUMENTED_REQUEST);
}

#[test]
fn the_documented_response_is_read_and_written_byte_for_byte() {
    let case: Case = serde_json::from_str(DOCUMENTED_RESPONSE).expect("a case");
    assert_eq!(case.id, CaseId(123_456_789));
    assert_eq!(case.status, CaseStatus::Open);
    assert_eq!(case.case_type, CaseType::GeneralEnquiry);
    assert_eq!(serde_json::to_string(&case).expect("JSON"), DOCUMENTED_RESPONSE);
}

#[test]
fn ids_that_are_not_given_are_null_and_an_external_id_is_left_out() {
    let draft = CaseDraft {
        transfer_id: " ".to_owned(),
        profile_id: String::new(),
        external_id: "  ".to_owned(),
        user_id: "9223372036854775807".to_owned(),
        ..documented_draft()
    };
    assert_eq!(
        draft.validate().expect("valid").to_json(),
        r#"{"type":"GENERAL_ENQUIRY","subject":"Inquiry about Transfer 12345","details":{"transferId":null,"profileId":null,"userId":9223372036854775807},"description":"Initial summary of the issue"}"#
    );
}

#[test]
fn unknown_repeated_and_wrongly_typed_members_are_refused() {
    for body in [
        r#"{"type":"GENERAL_ENQUIRY","priority":"high"}"#,
        r#"{"details":{"userId":1,"accountId":2}}"#,
        r#"{"subject":"a","subject":"b"}"#,
        r#"{"details":{"userId":"1234"}}"#,
        r#"{"details":{"userId":1.5}}"#,
        r#"{"details":{"userId":9223372036854775808}}"#,
        r#"{"details":null}"#,
        "[]",
    ] {
        assert!(serde_json::from_str::<SubmittedCase>(body).is_err(), "{body}");
    }
}

proptest! {
    /// Whatever is typed, either nothing is made of it, or a case that the proxy's second check leaves exactly as it is.
    #[test]
    fn the_second_check_agrees_with_the_first(
        user_id in "[0-9 ,.#-]{0,22}", transfer_id in "[0-9 ]{0,22}",
        subject in "\\PC{0,60}", description in any::<String>(), external_id in "\\PC{0,300}",
    ) {
        let draft = CaseDraft { user_id, transfer_id, subject, description, external_id, ..CaseDraft::default() };
        if let Ok(case) = draft.validate() {
            let json = case.to_json();
            prop_assert_eq!(revalidated(&json).to_json(), json);
        }
    }

    /// A description is never changed but for its line endings.
    #[test]
    fn a_description_arrives_as_typed(text in "[^\r]{1,200}") {
        let draft = CaseDraft { description: text.clone(), ..documented_draft() };
        if let Ok(case) = draft.validate() {
            prop_assert_eq!(case.description(), text);
        }
    }
}
