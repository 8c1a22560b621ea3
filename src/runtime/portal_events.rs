//! What the portal hears, as events on the element. They carry IDs, codes and names of fields, never what the agent typed.

use partner_case_core::{Field, FieldError, NotSentReason, ValidationErrors};
use partner_case_model::{PortalEvent, Submission, SupportIds};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    /// Text, because a JavaScript number cannot hold every ID.
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

#[derive(Serialize)]
struct Changed {
    /// The names of the fields that hold something.
    filled: Vec<&'static str>,
}

/// An error, by its code alone: the rest may be what was typed.
#[derive(Serialize)]
struct InvalidField {
    field: &'static str,
    code: &'static str,
}

#[derive(Serialize)]
struct Invalid {
    errors: Vec<InvalidField>,
}

fn invalid(errors: &ValidationErrors) -> Vec<InvalidField> {
    let invalid = |(field, error): (Field, &FieldError)| InvalidField {
        field: field.wire_name(),
        code: error.code(),
    };
    errors.iter().map(invalid).collect()
}

/// The errors as `validate()` of the element returns them.
pub(crate) fn invalid_fields(errors: &ValidationErrors) -> JsValue {
    serde_wasm_bindgen::to_value(&invalid(errors)).unwrap_or_default()
}

/// Tells the portal.
pub(super) fn dispatch(host: &HtmlElement, event: PortalEvent) {
    match event {
        PortalEvent::Ready => fire(host, "ready", &()),
        PortalEvent::Changed(fields) => {
            let filled = fields.into_iter().map(Field::wire_name).collect();
            fire(host, "change", &Changed { filled });
        }
        PortalEvent::Invalid(errors) => fire(
            host,
            "invalid",
            &Invalid {
                errors: invalid(&errors),
            },
        ),
        PortalEvent::Settled(submission) => settled(host, &submission),
    }
}

/// Tells the portal what became of a submission.
fn settled(host: &HtmlElement, submission: &Submission) {
    match submission {
        Submission::Editing | Submission::Reviewing(_) | Submission::Sending | Submission::Reconsidering(_) => {}
        Submission::Created(case) => {
            let created = Created {
                case_id: case.id.to_string(),
                status: case.status.as_str(),
            };
            fire(host, "created", &created);
        }
        Submission::Rejected(rejection) => {
            let fields = rejection.errors.iter().map(|(field, _)| field.wire_name()).collect();
            failed(host, "rejected", fields, &rejection.ids);
        }
        Submission::NotSent(not_sent) => {
            failed(host, not_sent.reason.as_str(), Vec::new(), &not_sent.ids);
            if not_sent.reason == NotSentReason::SessionExpired {
                // The portal can sign the agent in again. The text stays, and sent again it has the same key.
                fire(host, "session-expired", &());
            }
        }
        Submission::OutcomeUnknown(ids) => {
            let detail = OutcomeUnknown {
                request_id: ids.request_id.as_deref(),
                trace_id: ids.trace_id.as_deref(),
            };
            fire(host, "outcome-unknown", &detail);
        }
    }
}

fn failed(host: &HtmlElement, reason: &str, fields: Vec<&str>, ids: &SupportIds) {
    let detail = Failed {
        reason,
        fields,
        request_id: ids.request_id.as_deref(),
        trace_id: ids.trace_id.as_deref(),
    };
    fire(host, "failed", &detail);
}

fn fire(host: &HtmlElement, name: &str, detail: &impl Serialize) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    if let Ok(detail) = serde_wasm_bindgen::to_value(detail) {
        init.set_detail(&detail);
    }
    if let Ok(event) = CustomEvent::new_with_event_init_dict(&["partner-case-", name].concat(), &init) {
        // An error here is one of the portal's own listeners; the browser reports it.
        let _ = host.dispatch_event(&event);
    }
}
