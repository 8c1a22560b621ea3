//! `POST {base}/cases`: checks a case as the browser did, and raises it with Wise.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_core::{Case, CaseInput, CreateCaseRequest, Field, FieldError, FieldProblem, NewCase, Problem, ProblemCode};

use super::body::{has_type, read};
use super::plain_form;
use super::submit::{authorize, submit, valid};
use crate::App;
use crate::audit::Entry;
use crate::content_encoding;
use crate::cross_site;
use crate::idempotency_key::IdempotencyKey;
use crate::problem_response::problem_response;
use crate::request_id::RequestId;
use crate::submissions::SubmissionKey;

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
    check_declared(headers)?;
    let key = IdempotencyKey::read(headers)?;
    Ok((key, case_in(app, body).await?))
}

/// The case in the body of a request, checked with the rules that the browser used.
pub(super) async fn case_of(app: &App, headers: &HeaderMap, body: Body) -> Result<NewCase, Problem> {
    check_declared(headers)?;
    case_in(app, body).await
}

fn check_declared(headers: &HeaderMap) -> Result<(), Problem> {
    if !has_type(headers, "application/json") {
        return Err(Problem::new(ProblemCode::UnsupportedMediaType));
    }
    content_encoding::check(headers)
}

async fn case_in(app: &App, body: Body) -> Result<NewCase, Problem> {
    // Gone before the call to Wise: it is a piece of the connection's buffer, which is of no use to anybody as long as it is held.
    let body = read(body, app.config.limits.body_timeout, CREATE_BODY_MAX_BYTES).await?;
    checked(&body)
}

/// Reads the body and checks it with the rules that the browser used.
fn checked(body: &[u8]) -> Result<NewCase, Problem> {
    let submitted: CreateCaseRequest = serde_json::from_slice(body).map_err(|_| why_unreadable(body))?;
    valid(&CaseInput::from(submitted))
}

/// Reads a body that cannot be read once more, and notes this time where it is: the form's own bodies do not pay for that.
fn why_unreadable(body: &[u8]) -> Problem {
    let mut json = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, CreateCaseRequest>(&mut json) {
        Err(error) => unreadable(&error),
        Ok(_) => Problem::new(ProblemCode::InvalidJson).with_detail("there is something after the JSON object"),
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
