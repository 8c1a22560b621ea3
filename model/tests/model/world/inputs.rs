//! What a portal sets, a person types and the proxy answers.

use partner_case_core::{CaseInput, Field};
use partner_case_model::{Answer, FetchOutcome, RawOptions};

/// What a portal sets.
pub(crate) fn portal(draft: &str, prefill: CaseInput) -> RawOptions {
    RawOptions {
        endpoint: "/partner-cases".to_owned(),
        draft: draft.to_owned(),
        draft_scope: "agent-1".to_owned(),
        prefill,
        ..RawOptions::default()
    }
}

/// A customer with a user and a transfer; an empty one is not known.
pub(crate) fn customer(user_id: &str, transfer_id: &str) -> CaseInput {
    CaseInput::from([(Field::UserId, user_id), (Field::TransferId, transfer_id)])
}

/// What nothing is wrong with.
pub(crate) fn valid() -> CaseInput {
    CaseInput::from([(Field::UserId, "1234"), (Field::Subject, "s"), (Field::Description, "d")])
}

/// An answer of the proxy.
pub(crate) fn answer(status: u16, body: &str) -> FetchOutcome {
    FetchOutcome::Answered(Answer {
        status,
        body: body.to_owned(),
        ..Answer::default()
    })
}

pub(crate) fn created() -> FetchOutcome {
    answer(200, r#"{"id":1,"status":"OPEN"}"#)
}
