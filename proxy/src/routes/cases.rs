//! `POST {base}/cases`: checks a case as the browser did, and raises it with Wise.

use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as _;
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_core::{Case, CaseDraft, Field, FieldError, FieldProblem, NewCase, Problem, ProblemCode, SubmittedCase};
use tokio::runtime::RuntimeFlavor;
use tracing::Instrument as _;

use super::plain_form;
use crate::App;
use crate::audit::Entry;
use crate::content_encoding;
use crate::cross_site;
use crate::idempotency_key::IdempotencyKey;
use crate::problem_response::problem_response;
use crate::request_id::RequestId;
use crate::staff::StaffId;
use crate::store::SendMode;
use crate::submissions::{NotReserved, SubmissionKey, certain, for_the_staff};

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
    let request_id = RequestId::of(&parts.extensions);
    let case = received(app, &parts.headers, body).await;
    let (key, case) = case.inspect_err(|problem| app.audit.note(Entry::refused(&request_id, &staff, problem.code)))?;
    authorize(app, &request_id, &staff, &case).await?;
    drop(parts);
    submit(app, request_id, staff, SubmissionKey::Header(key), case).await
}

/// What a known agent has sent.
async fn received(app: &App, headers: &HeaderMap, body: Body) -> Result<(IdempotencyKey, NewCase), Problem> {
    if !has_type(headers, "application/json") {
        return Err(Problem::new(ProblemCode::UnsupportedMediaType));
    }
    content_encoding::check(headers)?;
    let key = IdempotencyKey::read(headers)?;
    // Gone before the call to Wise: it is a piece of the connection's buffer, which is of no use to anybody as long as it is held.
    let body = read(body, app.config.limits.body_timeout, CREATE_BODY_MAX_BYTES).await?;
    Ok((key, checked(&body)?))
}

/// Asks the partner's own service whether the agent may raise the case.
pub(super) async fn authorize(app: &App, request_id: &RequestId, staff: &StaffId, case: &NewCase) -> Result<(), Problem> {
    let decided = app.authorizer.check(staff, case).await;
    decided.inspect_err(|problem| app.audit.note(Entry::refused(request_id, staff, problem.code)))
}

/// Sends a case to Wise, unless its key has an answer already.
pub(super) async fn submit(
    app: &App,
    request_id: RequestId,
    staff: StaffId,
    key: SubmissionKey,
    case: NewCase,
) -> Result<Case, Problem> {
    // A task of its own: a browser that goes away must not break off a call that Wise may already be carrying out, nor what is being stored of
    // it.
    let submission = run(app.clone(), request_id, staff, key, case);
    let outcome = app.calls.spawn(submission.in_current_span()).await;
    outcome.unwrap_or_else(|_panic| Err(Problem::new(ProblemCode::Internal)))
}

async fn run(app: App, request_id: RequestId, staff: StaffId, key: SubmissionKey, mut case: NewCase) -> Result<Case, Problem> {
    // With a token in the cache the case leaves as soon as it is stored, so that it is stored once and not twice.
    let token = app.upstream.cached_token();
    let mode = if token.is_some() {
        SendMode::Immediate
    } else {
        SendMode::AfterToken
    };
    let (limiter, agent) = (app.limiter.clone(), staff.clone());
    let rate_check = Box::new(move || limiter.admit(&agent));
    let ticket = match app.submissions.reserve(&key, &staff, &mut case, mode, rate_check).await {
        Ok(ticket) => ticket,
        Err(instead) => {
            return match *instead {
                NotReserved::Answer(answer) => {
                    if let Some(entry) = Entry::repeated(&request_id, &staff, &answer) {
                        app.audit.note(entry);
                    }
                    answer
                }
                NotReserved::NotStored { tickets, problem } => {
                    app.audit.note(Entry::refused(&request_id, &staff, problem.code));
                    let (submissions, problem_of_key) = (app.submissions.clone(), problem.clone());
                    app.calls
                        .spawn(async move { submissions.release(tickets, problem_of_key).await });
                    Err(problem)
                }
            };
        }
    };
    let started = Instant::now();
    let leaving = async {
        if mode == SendMode::AfterToken {
            app.submissions.sending(ticket).await?;
        }
        app.audit.write(Entry::sending(&request_id, &ticket, &staff)).await
    };
    let correlation_id = ticket.uuid.to_string();
    let outcome = app
        .upstream
        .create_case(&case, &correlation_id, token, leaving)
        .await
        .map_err(certain);
    // Before it is stored: a proxy that is killed in between has it as unknown, and the trail has more than the store.
    app.audit.note(Entry::outcome(&request_id, &ticket, &staff, &outcome));
    if let Err(answer) = app.submissions.end(ticket, &outcome).await {
        let submissions = app.submissions.clone();
        app.calls
            .spawn(async move { submissions.store_end(ticket, answer, false).await });
    }
    app.metrics.submission(&outcome, started.elapsed());
    outcome.map(for_the_staff)
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
    let too_large = || Problem::new(ProblemCode::BodyTooLarge).with_detail(format!("at most {max_bytes} bytes"));
    // Before any of it is asked for: a client that waits for `100 Continue` need not send what is refused.
    if usize::try_from(body.size_hint().lower()).is_ok_and(|length| length > max_bytes) {
        return Err(too_large());
    }
    let collected = tokio::time::timeout(timeout, Limited::new(body, max_bytes).collect()).await;
    match collected {
        Err(_elapsed) => Err(Problem::new(ProblemCode::BodyTimeout)),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
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
