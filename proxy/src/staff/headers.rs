//! Reads headers that identify somebody.

use axum::http::{HeaderMap, HeaderName};

/// Returns the value of a header that a request has exactly once. A second one may be a forgery that got past the portal.
pub(super) fn only_value<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return None;
    }
    first.to_str().ok()
}
