//! `POST {base}/cases`: checks a case as the browser did, and raises it with Wise.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_core::{Case, CaseDraft, Field, FieldError, FieldProblem, NewCase, Problem, ProblemCode, SubmittedCase};
use tokio::runtime::RuntimeFlavor;
use tracing::Instrument as _;

use super::plain_form;
use crate::App;
use crate::audit;
use crate::cross_site;
use crate::idempotency_key::IdempotencyKey;
use crate::problem_response::problem_response;
use crate::request_id::RequestId;
use crate::staff::StaffId;
use crate::store::Departure;
use crate::submissions::{Instead, Submissions, Ticket, for_the_staff};
use crate::to_its_end::to_its_end;

pub(crate) async fn create(State(app): State<App>, request: Request) -> Response {
    if has_type(request.headers(), plain_form::CONTENT_TYPE) {
        // On the heap, so that the form's own calls need no room for it.
        return Box::pin(plain_form::create(&app, request)).await;
    }
    match raise(&app, request).await {
        Ok(case) => Json(case).into_response(),
        Err(problem) => problem_response(problem),
    }
}

async fn raise(app: &App, request: Request) -> Result<Case, Problem> {
    let (parts, body) = request.into_parts();
    cross_site::check(&parts.headers, &app.config.allowed_origins)?;
    let staff = app
        .staff
        .authenticate(&app.config.staff, &parts.headers, &parts.extensions)
        .await?;
    if !has_type(&parts.headers, "application/json") {
        return Err(Problem::new(ProblemCode::UnsupportedMediaType));
    }
    let key = IdempotencyKey::read(&parts.headers)?;
    let case = {
        // Gone before the call to Wise: it is a piece of the connection's buffer, which is of no use to anybody as long as it is held.
        let body = read(body, app.config.limits.body_timeout, CREATE_BODY_MAX_BYTES).await?;
        checked(&body)?
    };
    let request_id = RequestId::of(&parts.extensions);
    drop(parts);
    submit(app, request_id, staff, key, case).await
}

/// Sends a case to Wise, unless its key has an answer already.
pub(super) async fn submit(
    app: &App,
    request_id: RequestId,
    staff: StaffId,
    key: IdempotencyKey,
    mut case: NewCase,
) -> Result<Case, Problem> {
    app.authorizer.check(&staff, &case).await?;
    // A browser that goes away must not break off a call that Wise may already be carrying out, nor what is being noted of it.
    let task = app.clone();
    let submission = async move {
        // With a token at hand the case leaves as soon as it is noted, so that it needs noting once and not twice.
        let token = task.upstream.token_at_hand();
        let departure = if token.is_some() { Departure::Now } else { Departure::Later };
        let (limiter, member) = (task.limiter.clone(), staff.clone());
        let admission = Box::new(move || limiter.admit(&member));
        let ticket = match task.submissions.reserve(key, &staff, &mut case, departure, admission).await {
            Ok(ticket) => ticket,
            Err(instead) => match *instead {
                Instead::Answer(answer) => return answer,
                Instead::NotNoted { ticket, problem } => {
                    task.calls.spawn(take_back(task.submissions.clone(), ticket));
                    return Err(problem);
                }
            },
        };
        let started = Instant::now();
        let sending = task.submissions.sending(ticket);
        let outcome = task.upstream.create_case(&case, &key.0.to_string(), token, sending).await;
        task.submissions.end(ticket, &outcome).await;
        task.metrics.submission(&outcome, started.elapsed());
        audit::submission(&request_id, &staff, &outcome);
        outcome.map(for_the_staff)
    };
    to_its_end(app.calls.track_future(submission.in_current_span())).await
}

async fn take_back(submissions: Arc<Submissions>, ticket: Ticket) {
    submissions.take_back(ticket).await;
}

/// Whether a request's body is declared to be of a media type.
fn has_type(headers: &HeaderMap, media_type: &str) -> bool {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(media_type)
}

pub(super) async fn read(body: Body, timeout: Duration, max_bytes: usize) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(timeout, Limited::new(body, max_bytes).collect()).await;
    match collected {
        Err(_elapsed) => Err(Problem::new(ProblemCode::BodyTimeout)),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Problem::new(ProblemCode::BodyTooLarge).with_detail(format!("at most {max_bytes} bytes")))
        }
        // The connection broke: nobody will read this answer.
        Ok(Err(_)) => Err(Problem::new(ProblemCode::InvalidJson)),
    }
}

/// Reads the body and checks it with the rules that the browser used.
fn checked(body: &[u8]) -> Result<NewCase, Problem> {
    let submitted: SubmittedCase = serde_json::from_slice(body).map_err(|_| why_unreadable(body))?;
    valid(&CaseDraft::from(submitted))
}

/// Reads a body that cannot be read once more, and notes this time where it is: the form's own bodies do not pay for that.
fn why_unreadable(body: &[u8]) -> Problem {
    let mut json = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, SubmittedCase>(&mut json) {
        Err(error) => unreadable(&error),
        Ok(_) => Problem::new(ProblemCode::InvalidJson).with_detail("there is something after the JSON object"),
    }
}

/// From how many bytes on a subject is checked where it keeps nobody else waiting. People write a tenth of it; checking this much takes
/// less than a millisecond.
const LONG_SUBJECT_BYTES: usize = 2_000;

/// Checks a draft with the rules that the browser used.
pub(super) fn valid(draft: &CaseDraft) -> Result<NewCase, Problem> {
    let check = || draft.validate();
    let checked = if draft.subject.len() < LONG_SUBJECT_BYTES {
        check()
    } else {
        on_a_thread_of_its_own(check)
    };
    checked.map_err(|errors| Problem::new(ProblemCode::ValidationFailed).with_errors(errors.to_problems()))
}

/// Does what may take long, while the other tasks of this thread go on elsewhere.
fn on_a_thread_of_its_own<T>(work: impl FnOnce() -> T) -> T {
    match tokio::runtime::Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        // A runtime of one thread, as in tests, has no other to go on with.
        _ => work(),
    }
}

/// Why a body cannot be read. Of serde's message only our own field names and positions are passed on: it may hold what was typed.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    let error = error.inner();
    let message = error.to_string();
    let place = format!("at line {}, column {}", error.line(), error.column());
    if !error.is_data() {
        return Problem::new(ProblemCode::InvalidJson).with_detail(place);
    }
    if message.starts_with("unknown field") || message.starts_with("duplicate field") {
        return Problem::new(ProblemCode::UnknownField).with_detail(place);
    }
    match Field::from_path(&path) {
        Some(field) => {
            Problem::new(ProblemCode::ValidationFailed).with_errors(vec![FieldProblem::new(field, FieldError::WrongType)])
        }
        None => Problem::new(ProblemCode::InvalidJson)
            .with_detail(format!("a JSON object with the fields of a case is expected, {place}")),
    }
}
