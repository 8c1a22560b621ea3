//! An id for every request, on the answer, in the problem and in the log line.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use partner_case_core::{Problem, ProblemCode};
use tracing::{Instrument as _, Span, field};

use crate::host;
use crate::metrics::Metrics;
use crate::problem_response::{ToldProblem, problem_response, write_problem};

/// The id of the request being answered.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    /// The id among a request's extensions; [`identify`] has put it there.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(|| Self(String::new()))
    }
}

/// Gives the request its id, and logs its end in one line.
///
/// The line has the path of the route, not of the request, so that nothing a person typed can get into the log.
pub(crate) async fn identify(State(metrics): State<Arc<Metrics>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = uuid::Uuid::new_v4().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = method(&request);
    let span = span(&request, &id);
    #[cfg(feature = "opentelemetry")]
    crate::telemetry::continue_trace(&span, request.headers());
    let mut response = match host::problem(&request) {
        Some(problem) => problem_response(problem),
        None => next.run(request).instrument(span.clone()).await,
    };
    span.record("http.response.status_code", response.status().as_u16());
    let problem = write_problem(&mut response, &id);
    let told = response
        .extensions_mut()
        .remove::<ToldProblem>()
        .map(|ToldProblem(code)| code);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let code = problem.map(|problem: Problem| problem.code).or(told);
    let code = code.map_or("", ProblemCode::as_str);
    metrics.answer(response.status().as_u16(), code);
    tracing::info!(
        request_id = id,
        method,
        status = response.status().as_u16(),
        code,
        millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// The method, if it is one that is known: any text can be one, and it goes into the log. `_OTHER` is OpenTelemetry's word.
fn method(request: &Request) -> &'static str {
    match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

/// What a trace tells of a request. The names are those of OpenTelemetry's semantic conventions for HTTP.
fn span(request: &Request, id: &str) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    tracing::info_span!(
        "request",
        otel.name = format!("{} {route}", method(request)).trim_end(),
        otel.kind = "server",
        http.request.method = method(request),
        http.route = route,
        http.response.status_code = field::Empty,
        request_id = id,
    )
}
