//! The calls to the proxy.

use gloo_net::http::{Request, RequestBuilder, Response};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestRedirect, ResponseType};

use crate::answer::{Answer, Exchange};

/// How long to wait for an answer, in milliseconds. Longer than the 30 s that the proxy gives Wise, so that its word arrives first.
const TIMEOUT_MILLIS: u32 = 45_000;

/// Posts a case and reads the answer to its end.
///
/// The host's headers come first: those of the contract are not the host's to change.
pub(crate) async fn post_case(url: &str, headers: &[(String, String)], body: String, idempotency_key: &str) -> Exchange {
    let request = with_headers(Request::post(url), headers)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", &format!("\"{idempotency_key}\""));
    exchange(request, Some(body)).await
}

/// Asks for what stands at a URL.
pub(crate) async fn get(url: &str, headers: &[(String, String)]) -> Exchange {
    exchange(with_headers(Request::get(url), headers), None).await
}

fn with_headers(request: RequestBuilder, headers: &[(String, String)]) -> RequestBuilder {
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(name, value))
}

async fn exchange(request: RequestBuilder, body: Option<String>) -> Exchange {
    let Some(window) = web_sys::window() else {
        return Exchange::Offline;
    };
    // Offline is trustworthy when the browser says so; online is not.
    if !window.navigator().on_line() {
        return Exchange::Offline;
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
    let Ok(request) = request else { return Exchange::Unsendable };
    // The request is gloo's, the fetch is not: gloo 0.6 panics when a fetch that the page has wrapped rejects with something
    // that is no `Error`.
    let fetched = JsFuture::from(window.fetch_with_request(&request.into())).await;
    let Some(response) = fetched
        .ok()
        .and_then(|response| response.dyn_into::<web_sys::Response>().ok())
    else {
        return Exchange::NoAnswer;
    };
    if response.type_() == ResponseType::Opaqueredirect {
        return Exchange::LoginRedirect;
    }
    let response = Response::from(response);
    let headers = response.headers();
    match response.text().await {
        Ok(body) => Exchange::Answered(Answer {
            status: response.status(),
            retry_after_secs: headers.get("retry-after").and_then(|text| text.trim().parse().ok()),
            trace_id: headers.get("x-trace-id"),
            request_id: headers.get("x-request-id"),
            body,
        }),
        // The answer broke off: what it was going to say is not known.
        Err(_) => Exchange::NoAnswer,
    }
}
