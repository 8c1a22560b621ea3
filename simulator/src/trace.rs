//! `x-trace-id` on every answer, and the caller's correlation id given back.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

pub(crate) const CORRELATION_ID: &str = "x-external-correlation-id";

/// The longest correlation id that comes back; Wise ignores a longer one.
const CORRELATION_ID_MAX: usize = 36;

pub(crate) async fn add_trace_id(request: Request, next: Next) -> Response {
    let correlation_id = request
        .headers()
        .get(CORRELATION_ID)
        .filter(|value| value.len() <= CORRELATION_ID_MAX)
        .cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(trace_id) = HeaderValue::from_str(&uuid::Uuid::new_v4().simple().to_string()) {
        headers.insert(HeaderName::from_static("x-trace-id"), trace_id);
    }
    if let Some(correlation_id) = correlation_id {
        headers.insert(HeaderName::from_static(CORRELATION_ID), correlation_id);
    }
    response
}
