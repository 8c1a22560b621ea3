//! The admin port: whether the process lives, whether it can work, and its numbers. It is not for browsers.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::App;
use crate::config::StaffMode;

/// How long a probe waits for other servers. An orchestrator's probes have a few seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// The routes of the admin port.
pub fn admin(app: App) -> Router {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(app)
}

/// Each member is `ok`, or what is wrong.
#[derive(Serialize)]
struct Readiness {
    store: String,
    token: String,
    audit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopping: Option<&'static str>,
}

/// Ready is who can store a submission, leave a line of it in the audit trail, tell who sends it, and has a token to send it with.
async fn ready(State(app): State<App>) -> Response {
    let (store, token, audit, sign_in) = tokio::join!(
        app.submissions.check(),
        app.upstream.check_access(Instant::now() + PATIENCE),
        app.audit.check(),
        sign_in(&app),
    );
    let may_do_without_audit = !app.audit.is_required();
    let is_ready = store.is_ok()
        && token.is_ok()
        && (audit.is_ok() || may_do_without_audit)
        && sign_in.as_ref().is_none_or(Result::is_ok)
        && !app.is_stopping();
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let readiness = Readiness {
        store: told(store.map_err(|error| error.to_string())),
        token: told(token),
        audit: told(audit),
        sign_in: sign_in.map(told),
        stopping: app.is_stopping().then_some("the proxy was asked to stop"),
    };
    (status, Json(readiness)).into_response()
}

/// Whether the keys of the single sign-on are there; none where agents are known otherwise.
async fn sign_in(app: &App) -> Option<Result<(), String>> {
    match app.config.staff {
        StaffMode::Jwt(_) => {
            let checked = tokio::time::timeout(PATIENCE, app.staff.check()).await;
            Some(checked.unwrap_or_else(|_elapsed| Err("the single sign-on does not answer in time".to_owned())))
        }
        StaffMode::TrustedHeader(_) | StaffMode::InsecureDemo => None,
    }
}

fn told(checked: Result<(), String>) -> String {
    checked.err().unwrap_or_else(|| "ok".to_owned())
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], app.numbers())
}
