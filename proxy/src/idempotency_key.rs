//! The `Idempotency-Key` header: a structured-field string that holds a UUID.

use axum::http::HeaderMap;
use partner_case_core::{Problem, ProblemCode};
use uuid::Uuid;

/// The key that the widget makes once per draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(pub(crate) Uuid);

impl IdempotencyKey {
    /// Reads the key.
    ///
    /// # Errors
    /// [`ProblemCode::IdempotencyKeyMissing`] or [`ProblemCode::IdempotencyKeyInvalid`].
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut values = headers.get_all("idempotency-key").iter();
        let value = values
            .next()
            .ok_or_else(|| Problem::new(ProblemCode::IdempotencyKeyMissing))?;
        let uuid = value
            .to_str()
            .ok()
            .filter(|_| values.next().is_none())
            .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'))
            .and_then(|text| Uuid::try_parse(text).ok().filter(|_| text.len() == 36));
        uuid.map(Self).ok_or_else(|| Problem::new(ProblemCode::IdempotencyKeyInvalid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<IdempotencyKey, ProblemCode> {
        let headers = HeaderMap::from_iter([("idempotency-key".parse().unwrap(), value.parse().unwrap())]);
        IdempotencyKey::read(&headers).map_err(|problem| problem.code)
    }

    #[test]
    fn only_a_quoted_uuid_is_a_key() {
        assert!(read("\"0f8fad5b-d9cb-469f-a165-70867728950e\"").is_ok());
        for wrong in [
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "\"\"",
            "\"x\"",
            "\"0f8fad5bd9cb469fa16570867728950e\"",
            "\"",
        ] {
            assert_eq!(read(wrong), Err(ProblemCode::IdempotencyKeyInvalid), "{wrong}");
        }
        assert_eq!(
            IdempotencyKey::read(&HeaderMap::new()).unwrap_err().code,
            ProblemCode::IdempotencyKeyMissing
        );
    }
}
