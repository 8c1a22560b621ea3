//! The JSON that crosses a border, pinned to what Wise documents, and the way from a input to it and back.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

use partner_case_core::{Case, CaseId, CaseInput, CaseStatus, CaseType, CreateCaseRequest, DOCUMENTED_REQUEST, Field, NewCase};
use proptest::prelude::*;

/// The example values of the answer of Wise's `POST /v1/cases`.
const DOCUMENTED_RESPONSE: &str = r#"{"id":123456789,"status":"OPEN","type":"GENERAL_ENQUIRY","externalId":"partner_12344567","createdAt":"2023-06-28T15:21:24.901","updatedAt":"2023-06-28T15:21:24.901"}"#;

fn documented_input() -> CaseInput {
    CaseInput::from([
        (Field::UserId, "1234"),
        (Field::TransferId, "58114690"),
        (Field::ProfileId, "14556049"),
        (Field::Subject, "Inquiry about Transfer 12345"),
        (Field::Description, "Initial summary of the issue"),
        (Field::ExternalId, "partner_external_id_12345"),
    ])
}

fn revalidated(json: &str) -> NewCase {
    let submitted: CreateCaseRequest = serde_json::from_str(json).expect("the body is read");
    CaseInput::from(submitted).validate().expect("the case is valid")
}

#[test]
fn the_documented_request_is_written_byte_for_byte() {
    assert_eq!(documented_input().validate().expect("valid").to_json(), DOCUMENTED_REQUEST);
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
    let input = documented_input().with([
        (Field::TransferId, " "),
        (Field::ProfileId, ""),
        (Field::ExternalId, "  "),
        (Field::UserId, "9223372036854775807"),
    ]);
    assert_eq!(
        input.validate().expect("valid").to_json(),
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
        assert!(serde_json::from_str::<CreateCaseRequest>(body).is_err(), "{body}");
    }
}

proptest! {
    /// Whatever is typed, either nothing is made of it, or a case that the proxy's second check leaves exactly as it is.
    #[test]
    fn the_second_check_agrees_with_the_first(
        user_id in "[0-9 ,.#-]{0,22}", transfer_id in "[0-9 ]{0,22}",
        subject in "\\PC{0,60}", description in any::<String>(), external_id in "\\PC{0,300}",
    ) {
        let input = CaseInput::from([
            (Field::UserId, user_id), (Field::TransferId, transfer_id), (Field::Subject, subject),
            (Field::Description, description), (Field::ExternalId, external_id),
        ]);
        if let Ok(case) = input.validate() {
            let json = case.to_json();
            prop_assert_eq!(revalidated(&json).to_json(), json);
        }
    }

    /// A description is never changed but for its line endings.
    #[test]
    fn a_description_arrives_as_typed(text in "[^\r]{1,200}") {
        let input = documented_input().with([(Field::Description, text.clone())]);
        if let Ok(case) = input.validate() {
            prop_assert_eq!(case.text(Field::Description).unwrap_or_default(), text);
        }
    }
}
