//! `POST /oauth/token`: the client-credentials grant (RFC 6749 section 4.4), as Wise answers it.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Target;
use crate::fault::{invalid_token, json};
use crate::state::{SharedState, under_fault};

pub(crate) async fn grant(State(state): State<SharedState>, headers: HeaderMap, body: Bytes) -> Response {
    under_fault(&state, Target::Token, async { grant_now(&state, &headers, &body) }).await
}

fn grant_now(state: &SharedState, headers: &HeaderMap, body: &[u8]) -> Response {
    let asks_for_client_credentials =
        form_urlencoded::parse(body).any(|(name, value)| name == "grant_type" && value == "client_credentials");
    if !asks_for_client_credentials {
        let problem = json(r#"{"error":"invalid_request","error_description":"Missing grant type"}"#);
        return (StatusCode::BAD_REQUEST, problem).into_response();
    }
    if !has_credentials(state, headers) {
        let problem = json(r#"{"error":"invalid_grant","error_description":"Invalid user credentials."}"#);
        return (StatusCode::UNAUTHORIZED, problem).into_response();
    }
    let life = state.settings.token_life;
    let token = format!("simulated-{}", uuid::Uuid::new_v4());
    state.lock().tokens.insert(token.clone(), Instant::now() + life);
    json(format!(
        r#"{{"access_token":"{token}","token_type":"bearer","expires_in":{},"scope":"transfers"}}"#,
        life.as_secs()
    ))
    .into_response()
}

/// Whether the Basic header holds the credentials, each form-encoded before base64 (RFC 6749 section 2.3.1).
fn has_credentials(state: &SharedState, headers: &HeaderMap) -> bool {
    let replaced = state.lock().client_secret.clone();
    let secret = replaced.as_ref().unwrap_or(&state.settings.client_secret);
    let expected = format!("{}:{}", form_encoded(&state.settings.client_id), form_encoded(secret));
    authorization(headers)
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .is_some_and(|given| given == expected.as_bytes())
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}

/// Checks the bearer token of an API call; the error is Wise's answer.
pub(crate) fn check_bearer(state: &SharedState, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let Some(token) = authorization(headers).and_then(|value| value.strip_prefix("Bearer ")) else {
        let problem = json(r#"{"error":"missing_token","error_description":"Missing token"}"#);
        return Err(Box::new((StatusCode::UNAUTHORIZED, problem).into_response()));
    };
    match state.lock().tokens.get(token) {
        Some(ends) if *ends > Instant::now() => Ok(()),
        _ => Err(Box::new(invalid_token())),
    }
}
