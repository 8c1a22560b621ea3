//! The shapes in which Wise tells an error.

use serde_json::Value;

use crate::{Field, FieldError, ValidationErrors};

/// An error answer of Wise's, read from whichever of its four JSON shapes it has.
///
/// Free text of Wise's is left out on purpose: `error_description` has been seen to hold the access token itself, and `rejectedValue`
/// holds what the agent typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WiseError {
    /// Wise's own code of the error as a whole, such as `invalid_token` or `operation_not_supported`.
    pub code: Option<String>,
    /// What is said about fields of the form.
    pub fields: ValidationErrors,
}

impl WiseError {
    /// Reads an error body; a body of another shape (HTML, empty) gives an error without a code and without fields.
    ///
    /// The shapes: OAuth (`error`, `error_description`); classic (`errors[].path`, `code`); Spring (`error`, `errors[].field`);
    /// RFC 9457 (`code`, `errors[].ref`).
    pub fn parse(body: &[u8]) -> Self {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        let code = ["code", "error"]
            .into_iter()
            .find_map(|key| body.get(key)?.as_str().and_then(plain_code));
        let listed = body
            .get("errors")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let fields = listed.iter().filter_map(field_error).collect();
        Self { code, fields }
    }
}

fn field_error(error: &Value) -> Option<(Field, FieldError)> {
    let path = ["path", "field", "ref", "pointer"]
        .into_iter()
        .find_map(|key| error.get(key)?.as_str())?;
    let field = Field::from_path(path)?;
    let missing = matches!(
        error.get("code").and_then(Value::as_str),
        Some("NotNull" | "NotBlank" | "NotEmpty" | "MISSING" | "parameter_missing")
    );
    Some((field, if missing { FieldError::Required } else { FieldError::Refused }))
}

/// A code is a short word; anything longer is free text in the wrong place and is not passed on.
fn plain_code(code: &str) -> Option<String> {
    let short = code.len() <= 64
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    short.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(field: Field, error: FieldError) -> ValidationErrors {
        [(field, error)].into_iter().collect()
    }

    #[test]
    fn each_of_the_four_shapes_is_read() {
        let oauth = br#"{"error":"invalid_token","error_description":"2f9e61c0-secret"}"#;
        let classic = br#"{"errors":[{"code":"NotNull","message":"must not be null","path":"details.userId","arguments":null}]}"#;
        let spring = br#"{"timestamp":"2026-08-05T10:00:00","status":400,"error":"BAD_REQUEST","message":"x","path":"/public/2026Q3/v2/cases",
            "errors":[{"field":"details.userId","message":"must be positive","rejectedValue":"-1"}]}"#;
        let rfc9457 = br#"{"type":"/errors/types/validation","title":"t","status":400,"instance":"/public/v2/cases",
            "errors":[{"code":"parameter_missing","ref":"subject","detail":null}]}"#;
        assert_eq!(
            WiseError::parse(oauth),
            WiseError {
                code: Some("invalid_token".to_owned()),
                ..WiseError::default()
            }
        );
        assert_eq!(
            WiseError::parse(classic),
            WiseError {
                code: None,
                fields: one(Field::UserId, FieldError::Required)
            }
        );
        assert_eq!(
            WiseError::parse(spring),
            WiseError {
                code: Some("BAD_REQUEST".to_owned()),
                fields: one(Field::UserId, FieldError::Refused)
            }
        );
        assert_eq!(
            WiseError::parse(rfc9457),
            WiseError {
                code: None,
                fields: one(Field::Subject, FieldError::Required)
            }
        );
    }

    #[test]
    fn html_and_empty_bodies_give_nothing() {
        for body in [&b"<html>Bad gateway</html>"[..], b"", b"[]", b"null", b"{\"errors\":7}"] {
            assert_eq!(WiseError::parse(body), WiseError::default());
        }
    }

    #[test]
    fn free_text_in_the_place_of_a_code_is_not_passed_on() {
        assert_eq!(WiseError::parse(br#"{"error":"Ada Lovelace is not allowed"}"#).code, None);
    }
}
