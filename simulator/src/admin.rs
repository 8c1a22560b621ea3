//! What Wise does not have: the ledger and the faults.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use partner_case_core::CaseStatus;
use serde::{Deserialize, Serialize};

use crate::state::SharedState;
use crate::webhook::Delivery;
use crate::{Counts, Fault, LedgerEntry};

#[derive(Debug, Serialize)]
pub(crate) struct Ledger {
    counts: Counts,
    cases: Vec<LedgerEntry>,
}

pub(crate) async fn ledger(State(state): State<SharedState>) -> Json<Ledger> {
    let inner = state.lock();
    Json(Ledger {
        counts: inner.counts,
        cases: inner.ledger.clone(),
    })
}

/// The body of the case created last, without the headers it came with.
pub(crate) async fn received(State(state): State<SharedState>) -> String {
    state.lock().ledger.last().map(|entry| entry.body.clone()).unwrap_or_default()
}

pub(crate) async fn forget(State(state): State<SharedState>) -> StatusCode {
    state.forget();
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
pub(crate) struct Becomes {
    status: CaseStatus,
}

/// What the cases that are created from now on become once they are set up.
pub(crate) async fn becomes(State(state): State<SharedState>, Json(becomes): Json<Becomes>) -> StatusCode {
    state.lock().becomes = Some(becomes.status);
    StatusCode::NO_CONTENT
}

/// How events about the cases that are created from now on are delivered.
pub(crate) async fn webhooks(State(state): State<SharedState>, Json(delivery): Json<Delivery>) -> StatusCode {
    state.lock().delivery = delivery;
    StatusCode::NO_CONTENT
}

/// A secret in the place of the one before.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Credentials {
    client_secret: String,
}

/// Replaces the client secret, as somebody does in Wise's settings: the one before is refused from now on, and so are its tokens.
pub(crate) async fn credentials(State(state): State<SharedState>, Json(credentials): Json<Credentials>) -> StatusCode {
    let mut state = state.lock();
    state.client_secret = Some(credentials.client_secret);
    state.tokens.clear();
    StatusCode::NO_CONTENT
}

pub(crate) async fn add_fault(State(state): State<SharedState>, Json(fault): Json<Fault>) -> StatusCode {
    state.lock().faults.push(fault);
    StatusCode::NO_CONTENT
}
