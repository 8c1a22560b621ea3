//! What the proxy reads from outside, for the fuzzer alone (`fuzz/`).

use axum::http::{HeaderMap, HeaderValue};

/// An `Idempotency-Key`.
pub fn idempotency_key(input: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(input) {
        let _ = crate::idempotency_key::IdempotencyKey::read(&HeaderMap::from_iter([(
            "idempotency-key".parse().expect("a name"),
            value,
        )]));
    }
}

/// The body of an event that Wise has signed.
pub fn webhook(input: &[u8]) {
    let _ = crate::webhook::read(input, &[]);
}

/// A token of a sign-on, before its signature is looked at.
pub fn token(input: &[u8]) {
    if let Ok(token) = std::str::from_utf8(input) {
        let kind = jsonwebtoken::decode_header(token).ok().and_then(|header| header.typ);
        let _ = crate::staff::jwt::is_for_access(token, kind.as_deref());
    }
}

/// A plain HTML form.
pub fn plain_form(input: &[u8]) {
    let _ = crate::routes::plain_form::read(input);
}
