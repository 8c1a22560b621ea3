//! How a problem becomes an answer.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use partner_case_core::{Problem, ProblemCode};

/// Carries the problem to [`crate::request_id::identify`], which adds the request id and writes the body.
#[derive(Debug, Clone)]
pub(crate) struct PendingProblem(pub(crate) Problem);

/// A problem that an answer tells in a page of its own, for the log and the numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToldProblem(pub(crate) ProblemCode);

/// An answer that holds a problem still to be written.
pub(crate) fn problem_response(problem: Problem) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.extensions_mut().insert(PendingProblem(problem));
    response
}

/// Writes the problem that an answer holds, with the request id in it.
pub(crate) fn write_problem(response: &mut Response, request_id: &str) -> Option<Problem> {
    let PendingProblem(mut problem) = response.extensions_mut().remove()?;
    problem.request_id = Some(request_id.to_owned());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(secs) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    // A struct of strings and numbers has no value that serde_json cannot write.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
    Some(problem)
}
