//! The admin port: whether the process lives, whether it can work, and its numbers. It is not for browsers.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::App;

/// How long a probe waits for the token endpoint. An orchestrator's probes have a few seconds.
const TOKEN_PATIENCE: Duration = Duration::from_secs(2);

/// The routes of the admin port.
pub fn admin(app: App) -> Router {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(app)
}

#[derive(Serialize)]
struct Readiness {
    /// `ok`, or what is wrong.
    store: String,
    token: String,
}

/// Ready is who can note a submission and has a token to send it with.
async fn ready(State(app): State<App>) -> Response {
    let (store, token) = tokio::join!(
        app.submissions.check(),
        app.upstream.check_token(Instant::now() + TOKEN_PATIENCE)
    );
    let status = if store.is_ok() && token.is_ok() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let readiness = Readiness {
        store: store.map_or_else(|error| error.to_string(), |()| "ok".to_owned()),
        token: token.map_or_else(|error| error.to_string(), |()| "ok".to_owned()),
    };
    (status, Json(readiness)).into_response()
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], app.metrics.text())
}
