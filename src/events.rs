//! The events that the host hears. They carry ids, codes and names of fields, never what a person typed.

use partner_case_core::Case;
use serde::Serialize;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::submission::{NotSentReason, Reference, Submission};

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
