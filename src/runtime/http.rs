//! The calls to the proxy.

use gloo_net::http::{Request, RequestBuilder, Response};
use partner_case_model::{Answer, FetchOutcome, SendTicket};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestRedirect, ResponseType};

/// How long to wait for an answer, in milliseconds. Longer than the 30 s that the proxy gives Wise, so that its answer arrives first.
const TIMEOUT_MILLIS: u32 = 45_000;

/// Posts a case and reads the answer to its end.
///
/// The portal's headers come first: those of the contract are not the portal's to change.
pub(super) async fn post_case(ticket: &SendTicket, headers: &[(String, String)]) -> FetchOutcome {
    let request = with_headers(Request::post(&ticket.url), headers)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", &format!("\"{}\"", ticket.key));
    call(request, Some(ticket.body.clone())).await
}

/// Asks for what stands at a URL; with a body, for what stands there about that.
pub(super) async fn look(url: &str, headers: &[(String, String)], body: Option<String>) -> FetchOutcome {
    let request = match body {
        Some(_) => with_headers(Request::post(url), headers).header("Content-Type", "application/json"),
        None => with_headers(Request::get(url), headers),
    };
    call(request, body).await
}

fn with_headers(request: RequestBuilder, headers: &[(String, String)]) -> RequestBuilder {
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(name, value))
}

async fn call(request: RequestBuilder, body: Option<String>) -> FetchOutcome {
    let Some(window) = web_sys::window() else {
        return FetchOutcome::Offline;
    };
    // Offline is trustworthy when the browser says so; online is not.
    if !window.navigator().on_line() {
        return FetchOutcome::Offline;
    }
    let request = request
        .header("Accept", "application/json, application/problem+json")
        .header("X-Partner-Case-Form", "1")
        // A call is never redirected, but for a login page that stands in front of the portal.
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MILLIS)));
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let Ok(request) = request else {
        return FetchOutcome::Unsendable;
    };
    // The request is gloo's, the fetch is not: gloo 0.6 panics when a fetch that the page has wrapped rejects with something
    // that is no `Error`.
    let fetched = JsFuture::from(window.fetch_with_request(&request.into())).await;
    let Some(response) = fetched
        .ok()
        .and_then(|response| response.dyn_into::<web_sys::Response>().ok())
    else {
        return FetchOutcome::NoAnswer;
    };
    if response.type_() == ResponseType::Opaqueredirect {
        return FetchOutcome::LoginRedirect;
    }
    let response = Response::from(response);
    let headers = response.headers();
    match response.text().await {
        Ok(body) => FetchOutcome::Answered(Answer {
            status: response.status(),
            retry_after_secs: headers.get("retry-after").and_then(|text| text.trim().parse().ok()),
            trace_id: headers.get("x-trace-id"),
            request_id: headers.get("x-request-id"),
            body,
        }),
        // The answer broke off: what it was going to say is not known.
        Err(_) => FetchOutcome::NoAnswer,
    }
}
