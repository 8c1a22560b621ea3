//! Reads a request's body, and the media type that the request declares.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as _;
use partner_case_core::{Problem, ProblemCode};

/// Whether a request's body is declared to be of a media type.
pub(super) fn has_type(headers: &HeaderMap, media_type: &str) -> bool {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(media_type)
}

/// Reads a body to its end, within the time and size that it may have.
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
