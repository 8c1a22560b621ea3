//! What each call may be answered: statuses, the codes behind them, headers.

use partner_case_core::{Outcome, ProblemCode};
use serde_json::{Map, Value, json};

use super::schemas;

/// What every call but the webhook may be answered.
pub(super) const COMMON_CODES: [ProblemCode; 7] = [
    ProblemCode::HostInvalid,
    ProblemCode::Unauthenticated,
    ProblemCode::CrossSite,
    ProblemCode::CustomHeaderMissing,
    ProblemCode::MethodNotAllowed,
    ProblemCode::Internal,
    ProblemCode::SignInUnavailable,
];

/// What a lookup in the store may be answered as well.
pub(super) const STORE_CODES: [ProblemCode; 3] = [
    ProblemCode::NotFound,
    ProblemCode::StaffRateLimited,
    ProblemCode::StoreUnavailable,
];

/// What a question about a case in its body may be answered as well.
pub(super) const BODY_CODES: [ProblemCode; 8] = [
    ProblemCode::BodyTimeout,
    ProblemCode::BodyTooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::InvalidJson,
    ProblemCode::UnknownField,
    ProblemCode::ValidationFailed,
    ProblemCode::IdempotencyKeyReused,
    ProblemCode::Overloaded,
];

/// What a lookup at Wise may be answered as well.
pub(super) const WISE_CODES: [ProblemCode; 9] = [
    ProblemCode::NotFound,
    ProblemCode::StoreUnavailable,
    ProblemCode::StaffRateLimited,
    ProblemCode::UpstreamRejected,
    ProblemCode::UpstreamRateLimited,
    ProblemCode::UpstreamAuth,
    ProblemCode::UpstreamRefused,
    ProblemCode::UpstreamUnreachable,
    ProblemCode::UpstreamCertificate,
];

/// What a webhook may be answered.
pub(super) const WEBHOOK_CODES: [ProblemCode; 8] = [
    ProblemCode::HostInvalid,
    ProblemCode::WebhookInvalid,
    ProblemCode::WebhookSignature,
    ProblemCode::BodyTimeout,
    ProblemCode::BodyTooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::Overloaded,
    ProblemCode::StoreUnavailable,
];

/// The answer of a call that succeeded, and the problems that it may have.
pub(super) fn answers(schema: &str, codes: &[ProblemCode]) -> Value {
    let all: Vec<ProblemCode> = codes.iter().chain(&COMMON_CODES).copied().collect();
    let mut answers = problems(&all);
    answers.insert(
        "200".to_owned(),
        json!({ "description": "Done", "content": { "application/json": { "schema": schemas::reference(schema) } } }),
    );
    Value::Object(with_headers(answers))
}

/// The problems by their status, each with the codes that it may have.
pub(super) fn problems(codes: &[ProblemCode]) -> Map<String, Value> {
    let mut statuses: Vec<u16> = codes.iter().map(|code| code.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    statuses
        .into_iter()
        .map(|status| {
            let mut of_status: Vec<&ProblemCode> = codes.iter().filter(|code| code.status() == status).collect();
            of_status.sort_unstable_by_key(|code| code.as_str());
            of_status.dedup();
            let lines: Vec<String> = of_status
                .into_iter()
                .map(|code| {
                    let outcome = match code.outcome() {
                        Outcome::NotCreated => "no case was created",
                        Outcome::NotSent => "this request sent nothing",
                        Outcome::Unknown => "it is not known whether a case was created",
                    };
                    format!("`{}`: {}; {outcome}", code.as_str(), code.title())
                })
                .collect();
            let problem = json!({
                "description": lines.join("\n\n"),
                "content": { "application/problem+json": { "schema": schemas::reference("Problem") } },
            });
            (status.to_string(), problem)
        })
        .collect()
}

/// Adds to each answer the headers that say more than its body.
pub(super) fn with_headers(mut answers: Map<String, Value>) -> Map<String, Value> {
    for (status, answer) in &mut answers {
        answer["headers"] = headers(status);
    }
    answers
}

fn headers(status: &str) -> Value {
    let mut headers = json!({ "X-Request-Id": { "required": true, "description": "The proxy's id of the request, as in its log.", "schema": { "type": "string", "pattern": "^[0-9a-f]{32}$" } } });
    match status {
        "429" | "503" => {
            headers["Retry-After"] = json!({ "description": "After how many seconds to try again, if that is known.", "schema": { "type": "integer" } });
        }
        "405" => headers["Allow"] = json!({ "required": true, "schema": { "type": "string" } }),
        _ => {}
    }
    headers
}
