//! `POST {base}/webhooks/wise`: Wise tells of a case, and an open question is settled.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use partner_case_core::{Problem, ProblemCode};

use super::body::read;
use crate::App;
use crate::audit::Entry;
use crate::content_encoding;
use crate::metrics::WebhookResult;
use crate::places::PATIENCE;
use crate::problem_response::problem_response;
use crate::webhook::{self, Told};

/// The signature over the raw body.
const SIGNATURE: &str = "x-signature-sha256";

/// The largest event that is read, in bytes. One with a case's messages in it has some thousands.
const EVENT_MAX_BYTES: usize = 256 * 1024;

/// The header that marks a test notification: Wise sends it when somebody tries a subscription.
const TEST: &str = "x-test-notification";

pub(crate) async fn receive(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&app, &parts.headers, body).await {
        Ok(result) => {
            app.metrics.webhook(result);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(problem) => {
            app.metrics.webhook(WebhookResult::Refused);
            problem_response(problem)
        }
    }
}

/// Answers every event as received but those with a wrong signature, those that nobody understands, and those that find no place or a store
/// that cannot be written to: Wise repeats for two weeks what is refused.
async fn take(app: &App, headers: &HeaderMap, body: Body) -> Result<WebhookResult, Problem> {
    content_encoding::check(headers)?;
    // Events have places of their own, so that strangers who send them keep no agent waiting.
    let _place = app.events.take(PATIENCE).await?;
    let body = read(body, app.config.limits.body_timeout, EVENT_MAX_BYTES).await?;
    let mut signatures = headers.get_all(SIGNATURE).iter();
    let signature = signatures.next().and_then(|value| value.to_str().ok());
    let genuine = signature.is_some_and(|signature| app.webhooks.is_genuine(&body, signature)) && signatures.next().is_none();
    if !genuine {
        return Err(Problem::new(ProblemCode::WebhookSignature));
    }
    if is_test(headers) {
        return Ok(WebhookResult::Other);
    }
    match webhook::read(&body, &app.config.subscription_ids).map_err(|_| Problem::new(ProblemCode::WebhookInvalid))? {
        Told::Other => Ok(WebhookResult::Other),
        Told::Unmatched => Ok(WebhookResult::Unmatched),
        Told::Case { external_id, case } => {
            let id = case.id.0;
            match app.submissions.settle(&external_id, case).await {
                Ok(Some(submission)) => {
                    tracing::info!(case_id = id, "an event settled a submission");
                    app.audit.note(Entry::Settled { submission, case_id: id });
                    Ok(WebhookResult::Settled)
                }
                Ok(None) => Ok(WebhookResult::NoNews),
                Err(error) => {
                    tracing::error!(%error, "an event could not be stored");
                    Err(Problem::new(ProblemCode::StoreUnavailable))
                }
            }
        }
    }
}

/// Whether Wise marks an event as a test. It is signed like any other, and may name a case that exists.
fn is_test(headers: &HeaderMap) -> bool {
    headers
        .get_all(TEST)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
}
