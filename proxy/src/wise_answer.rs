//! Reads the parts of Wise's answers that do not depend on the call.

use axum::http::{HeaderMap, StatusCode, header};

use crate::http_client::Answer;

/// Whether a gateway answers that it does not take the client certificate: nginx does so with a page of its own and status 400.
pub(crate) fn is_certificate_page(answer: &Answer) -> bool {
    let names = |text: &[u8]| answer.body.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text));
    answer.status == StatusCode::BAD_REQUEST && is_page(answer) && names(b"ssl certificate")
}

/// Whether an answer is a page, and so not one of Wise's API.
pub(crate) fn is_page(answer: &Answer) -> bool {
    let content_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| content_type.trim_start().starts_with("text/html"))
        || answer.body.trim_ascii_start().first() == Some(&b'<')
}

/// Wise's trace id, if it is what Wise documents it to be: a short word.
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("x-trace-id")?.to_str().ok()?;
    let plain = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain.then(|| text.to_owned())
}

/// The longest wait that is passed on, in seconds. A browser would count down from any number.
const RETRY_AFTER_MAX_SECS: u64 = 3600;

/// The seconds of `Retry-After`, an hour at most. Wise sends an integer; the date form of RFC 9110 is passed over.
pub(crate) fn retry_after_secs(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number beyond 64 bits is a long wait, too.
    is_number.then(|| text.parse().unwrap_or(RETRY_AFTER_MAX_SECS).min(RETRY_AFTER_MAX_SECS))
}
