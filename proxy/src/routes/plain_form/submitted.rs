//! What a plain form holds.

use std::borrow::Cow;

use partner_case_core::{CaseInput, Field, FieldKind, Problem, ProblemCode, normalize_line_endings};

use crate::page::NONCE_MAX_BYTES;

/// A form as the proxy has read it.
#[derive(Default)]
pub(crate) struct Submitted {
    /// What the agent typed. All of it, even where the form is refused: a page shows it again.
    pub(super) draft: CaseInput,
    /// The number that tells this submission from another with the same text; empty in a form of the portal's own.
    pub(super) nonce: String,
    /// Why the form cannot be taken as it is.
    fault: Option<(ProblemCode, &'static str)>,
}

impl Submitted {
    /// Refuses a form that does not say for certain what the agent typed.
    ///
    /// # Errors
    /// [`ProblemCode::InvalidJson`] for a text that is not UTF-8, [`ProblemCode::UnknownField`] for a field that is there twice.
    pub(super) fn check(&self) -> Result<(), Problem> {
        match self.fault {
            None => Ok(()),
            Some((code, detail)) => Err(Problem::new(code).with_detail(detail)),
        }
    }
}

/// Reads a form. What it holds beside the fields, such as a portal's own token, is passed over.
pub(crate) fn read(body: &[u8]) -> Submitted {
    let mut submitted = Submitted::default();
    let mut fields: [Vec<Cow<'_, str>>; Field::ALL.len()] = Default::default();
    let mut nonces = 0;
    for (name, value) in form_urlencoded::parse(body) {
        if let Some(at) = Field::ALL.iter().position(|field| field.wire_name() == name) {
            fields[at].push(value);
        } else if name == "nonce" {
            nonces += 1;
            if value.len() <= NONCE_MAX_BYTES {
                submitted.nonce = value.into_owned();
            }
        }
    }
    if nonces > 1 || fields.iter().any(|values| values.len() > 1) {
        submitted.fault = Some((ProblemCode::UnknownField, "a field of the form is there twice"));
    }
    // A page in another encoding: the letters that it means are not known.
    if percent_encoding::percent_decode(body).decode_utf8().is_err() {
        submitted.fault = Some((ProblemCode::InvalidJson, "the form is not in UTF-8"));
    }
    for (field, values) in Field::ALL.into_iter().zip(fields) {
        match field {
            // A browser sends every line break as two characters, which nobody typed.
            _ if field.kind() == FieldKind::Text => {
                let text = values.join("\n");
                submitted.draft.set(field, normalize_line_endings(&text).into_owned());
            }
            // Left out or empty, the type is the one that can be raised.
            Field::CaseType if values.iter().all(|value| value.is_empty()) => {}
            _ => submitted.draft.set(field, values.join(" ")),
        }
    }
    submitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_is_refused_loses_nothing_that_was_typed() {
        for (body, code, subject) in [
            ("subject=caf%E9", ProblemCode::InvalidJson, "caf\u{fffd}"),
            ("token=%FF&subject=a", ProblemCode::InvalidJson, "a"),
            ("subject=a%C3&description=%A9", ProblemCode::InvalidJson, "a\u{fffd}"),
            ("subject=one&subject=two", ProblemCode::UnknownField, "one two"),
            ("subject=a&nonce=1&nonce=1", ProblemCode::UnknownField, "a"),
        ] {
            let submitted = read(body.as_bytes());
            assert_eq!(submitted.check().unwrap_err().code, code, "{body}");
            assert_eq!(&submitted.draft[Field::Subject], subject, "{body}");
        }
        assert_eq!(
            &read(b"description=one&description=two").draft[Field::Description],
            "one\ntwo"
        );
    }

    #[test]
    fn text_in_utf_8_is_taken_as_it_is() {
        // The last one is a replacement character that somebody typed.
        for (body, subject) in [
            ("subject=caf%C3%A9", "caf\u{e9}"),
            ("subject=caf\u{e9}", "caf\u{e9}"),
            ("subject=%EF%BF%BD", "\u{fffd}"),
            ("token=a&token=b&subject=100%25+sure", "100% sure"),
        ] {
            let submitted = read(body.as_bytes());
            assert!(submitted.check().is_ok(), "{body}");
            assert_eq!(&submitted.draft[Field::Subject], subject);
        }
    }
}
