//! The events that the host hears. They carry ids, codes and names of fields, never what a person typed.

use partner_case_core::{Case, Field, FieldError, NotSentReason, ValidationErrors};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::submission::{Reference, Submission};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    /// Text, because a JavaScript number cannot hold every id.
    case_id: String,
    status: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed<'a> {
    /// `rejected`, or why the case was not sent.
    reason: &'a str,
    /// The names of the fields that have an error.
    fields: Vec<&'a str>,
    request_id: Option<&'a str>,
    trace_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutcomeUnknown<'a> {
    request_id: Option<&'a str>,
    trace_id: Option<&'a str>,
}

/// The session has ended: the host can sign the person in again. What was typed is kept, and sent again it has the same key.
fn session_expired(host: &HtmlElement) {
    dispatch(host, "partner-case-session-expired", &());
}

#[derive(Serialize)]
struct Changed<'a> {
    /// The names of the fields that hold something.
    filled: Vec<&'a str>,
}

/// What a person has typed, chosen or pasted is in the form now.
pub(crate) fn changed(host: &HtmlElement, filled: impl Iterator<Item = Field>) {
    let filled = filled.map(Field::wire_name).collect();
    dispatch(host, "partner-case-change", &Changed { filled });
}

/// An error, by its code alone: the rest may be what was typed.
#[derive(Serialize)]
struct Invalid<'a> {
    field: &'a str,
    code: &'a str,
}

/// The errors as the host is told of them.
fn invalid_fields(errors: &ValidationErrors) -> Vec<Invalid<'static>> {
    let invalid = |(field, error): (Field, &FieldError)| Invalid {
        field: field.wire_name(),
        code: error.code(),
    };
    errors.iter().map(invalid).collect()
}

/// The same, as it crosses to JavaScript.
///
/// # Errors
/// Never; the type is that of a value for JavaScript.
pub(crate) fn invalid_fields_value(errors: &ValidationErrors) -> Result<JsValue, JsValue> {
    Ok(serde_wasm_bindgen::to_value(&invalid_fields(errors))?)
}

#[derive(Serialize)]
struct NotValid {
    errors: Vec<Invalid<'static>>,
}

/// The form was to be sent or checked, and something is wrong with it.
pub(crate) fn invalid(host: &HtmlElement, errors: &ValidationErrors) {
    let errors = invalid_fields(errors);
    dispatch(host, "partner-case-invalid", &NotValid { errors });
}

/// The form can be used.
pub(crate) fn ready(host: &HtmlElement) {
    dispatch(host, "partner-case-ready", &());
}

/// Tells the host what became of a submission.
pub(crate) fn settled(host: &HtmlElement, submission: &Submission) {
    match submission {
        Submission::Editing | Submission::Reviewing(_) | Submission::Sending | Submission::Reconsidering(_) => {}
        Submission::Created(case) => created(host, case),
        Submission::Rejected(rejection) => {
            let fields = rejection.errors.iter().map(|(field, _)| field.wire_name()).collect();
            failed(host, "rejected", fields, &rejection.reference);
        }
        Submission::NotSent(not_sent) => {
            failed(host, not_sent.reason.as_str(), Vec::new(), &not_sent.reference);
            if not_sent.reason == NotSentReason::SessionExpired {
                session_expired(host);
            }
        }
        Submission::OutcomeUnknown(reference) => {
            let detail = OutcomeUnknown {
                request_id: reference.request_id.as_deref(),
                trace_id: reference.trace_id.as_deref(),
            };
            dispatch(host, "partner-case-outcome-unknown", &detail);
        }
    }
}

fn created(host: &HtmlElement, case: &Case) {
    dispatch(
        host,
        "partner-case-created",
        &Created {
            case_id: case.id.to_string(),
            status: case.status.as_str(),
        },
    );
}

fn failed(host: &HtmlElement, reason: &str, fields: Vec<&str>, reference: &Reference) {
    let detail = Failed {
        reason,
        fields,
        request_id: reference.request_id.as_deref(),
        trace_id: reference.trace_id.as_deref(),
    };
    dispatch(host, "partner-case-failed", &detail);
}

fn dispatch(host: &HtmlElement, name: &str, detail: &impl Serialize) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    if let Ok(detail) = serde_wasm_bindgen::to_value(detail) {
        init.set_detail(&detail);
    }
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        // An error here is one of the host's own listeners; it is reported by the browser.
        let _ = host.dispatch_event(&event);
    }
}
