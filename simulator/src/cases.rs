//! `POST /v1/cases` and `GET /v1/cases/{id}`.

use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_case_core::limits::DESCRIPTION_MAX_UTF16;
use partner_case_core::{Case, CaseId, CaseStatus, CaseType, Timestamp};
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::fault::json;
use crate::generation::Generation;
use crate::state::{SharedState, under_fault};
use crate::token::check_bearer;
use crate::trace::CORRELATION_ID;
use crate::webhook::{Delivery, DeliveryOrder};
use crate::{LedgerEntry, Target, Webhook};

pub(crate) async fn create(
    State(state): State<SharedState>,
    Extension(version): Extension<Generation>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let generation = state.lock().generation;
    under_fault(&state, Target::Create, async {
        if let Err(answer) = check_bearer(&state, &headers) {
            return *answer;
        }
        let received = match read(&body) {
            Ok(received) => received,
            Err(answer) => return *answer,
        };
        let text_of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut header_names: Vec<String> = headers.keys().map(|name| name.as_str().to_owned()).collect();
        header_names.sort();
        let mut inner = state.lock();
        let entry = LedgerEntry {
            case_id: inner.next_case_id(),
            path: uri.path().to_owned(),
            authorization: text_of("authorization").unwrap_or_default(),
            header_names,
            correlation_id: text_of(CORRELATION_ID),
            body_base64: STANDARD.encode(&body),
            body: String::from_utf8_lossy(&body).into_owned(),
            stored_description: truncated(text_at(&received, "description").unwrap_or_default()),
            external_id: text_at(&received, "externalId").map(str::to_owned),
            created_at: naive_now(),
            becomes: inner.becomes.clone().unwrap_or_else(|| version.working()),
            set_up: false,
            created: Instant::now(),
        };
        let answer = case_of(&entry, CaseStatus::Creating);
        if inner.generation == generation {
            tell(&state, &entry, inner.delivery);
            inner.ledger.push(entry);
        }
        answer_with(&answer)
    })
    .await
}

/// Tells by webhook that the case was created, and later what has become of it.
fn tell(state: &SharedState, entry: &LedgerEntry, delivery: Delivery) {
    let Some(url) = state.settings.webhook_url.clone() else {
        return;
    };
    let (entry, opens_after) = (entry.clone(), state.settings.opens_after);
    tokio::spawn(async move {
        let now = || format!("{}Z", naive_now().as_str());
        let created = Webhook::case_changed(&entry, &CaseStatus::Creating, &now());
        tokio::time::sleep(Duration::from_millis(delivery.delay_millis)).await;
        if delivery.order == DeliveryOrder::AsHappened {
            created.clone().deliver(url.clone()).await;
        }
        tokio::time::sleep(opens_after).await;
        let later = Webhook::case_changed(&entry, &entry.becomes, &now());
        for _ in 0..delivery.copies {
            later.clone().deliver(url.clone()).await;
        }
        if delivery.order == DeliveryOrder::Reversed {
            created.deliver(url).await;
        }
    });
}

pub(crate) async fn get(State(state): State<SharedState>, Path(id): Path<i64>, headers: HeaderMap) -> Response {
    under_fault(&state, Target::Get, async {
        if let Err(answer) = check_bearer(&state, &headers) {
            return *answer;
        }
        let inner = state.lock();
        let Some(entry) = inner.ledger.iter().find(|entry| entry.case_id == id) else {
            let problem = json(format!(
                r#"{{"type":"/errors/types/domain","title":"Not found","status":404,"detail":"case not found: {id}","code":"resource_not_found"}}"#
            ));
            return (StatusCode::NOT_FOUND, problem).into_response();
        };
        let is_set_up = entry.set_up || entry.created.elapsed() >= state.settings.opens_after;
        let status = if is_set_up { entry.becomes.clone() } else { CaseStatus::Creating };
        answer_with(&case_of(entry, status))
    })
    .await
}

/// Reads a create body as leniently as Wise documents it: unknown fields are passed over, `details.userId` "can not be null".
///
/// Wise publishes no error body for this call; the answers here have its classic validation shape.
fn read(body: &[u8]) -> Result<Value, Box<Response>> {
    let refused = |code: &str, path: &str, message: &str| {
        let body = json(format!(
            r#"{{"errors":[{{"code":"{code}","message":"{message}","path":"{path}","arguments":null}}]}}"#
        ));
        Box::new((StatusCode::BAD_REQUEST, body).into_response())
    };
    let received: Value = serde_json::from_slice(body).map_err(|_| refused("BAD_REQUEST", "", "Malformed JSON"))?;
    if text_at(&received, "type") != Some(CaseType::GeneralEnquiry.as_str()) {
        return Err(refused("ERROR", "type", "unknown case type"));
    }
    if received.pointer("/details/userId").and_then(Value::as_i64).is_none() {
        return Err(refused("NotNull", "details.userId", "must not be null"));
    }
    Ok(received)
}

fn text_at<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

/// The text up to 65,535 UTF-16 units, without half a character at its end.
fn truncated(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= DESCRIPTION_MAX_UTF16
        })
        .collect()
}

fn case_of(entry: &LedgerEntry, status: CaseStatus) -> Case {
    Case {
        id: CaseId(entry.case_id),
        status,
        case_type: CaseType::GeneralEnquiry,
        external_id: entry.external_id.clone(),
        created_at: Some(entry.created_at.clone()),
        updated_at: Some(entry.created_at.clone()),
    }
}

fn answer_with(case: &Case) -> Response {
    json(serde_json::to_string(case).unwrap_or_default()).into_response()
}

/// The time in UTC with milliseconds and without a zone, as Wise writes it.
fn naive_now() -> Timestamp {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]");
    Timestamp::from(OffsetDateTime::now_utc().format(format).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_description_is_cut_without_half_a_character() {
        let text = format!("{}😀", "x".repeat(DESCRIPTION_MAX_UTF16 - 1));
        assert_eq!(truncated(&text).len(), DESCRIPTION_MAX_UTF16 - 1);
        assert_eq!(truncated("short"), "short");
    }
}
