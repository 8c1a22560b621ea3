//! Each refusal has its own code, and none of it reaches Wise.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use http_body_util::StreamBody;
use hyper::body::Frame;
use partner_case_core::limits::{CREATE_BODY_MAX_BYTES, DESCRIPTION_MAX_UTF16};
use tokio_stream::wrappers::ReceiverStream;
use wise_simulator::Counts;

use crate::harness::{DOCUMENTED_REQUEST, Harness, create_request};

impl Harness {
    async fn refuses(&self, request: Request<Body>, status: u16, code: &str) -> serde_json::Value {
        let answer = self.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{}",
            answer.body
        );
        assert_eq!(self.simulator.counts(), Counts::default(), "nothing reaches Wise");
        let problem = answer.json();
        assert_eq!(problem["outcome"], "not_sent");
        assert_eq!(problem["requestId"].as_str(), answer.headers["x-request-id"].to_str().ok());
        problem
    }

    async fn refuses_body(&self, body: impl Into<Body>, status: u16, code: &str) -> serde_json::Value {
        self.refuses(create_request().body(body.into()).expect("a request"), status, code)
            .await
    }
}

fn documented_with(change: impl FnOnce(&mut axum::http::HeaderMap)) -> Request<Body> {
    let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
    change(request.headers_mut());
    request
}

#[tokio::test]
async fn malformed_json_is_refused_with_its_place_and_without_its_text() {
    let harness = Harness::start().await;
    for body in [
        "",
        "{",
        "canary",
        r#"{"subject":"canary"} trailing"#,
        "[]",
        "null",
        r#""canary""#,
    ] {
        let problem = harness.refuses_body(body, 400, "invalid_json").await;
        assert!(!problem.to_string().contains("canary"), "{problem}");
    }
}

#[tokio::test]
async fn unknown_and_repeated_fields_are_refused() {
    let harness = Harness::start().await;
    for body in [
        r#"{"priority":"canary"}"#,
        r#"{"details":{"accountId":7}}"#,
        r#"{"subject":"a","subject":"b"}"#,
    ] {
        harness.refuses_body(body, 400, "unknown_field").await;
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_refused_at_its_field() {
    let harness = Harness::start().await;
    for user_id in [r#""canary""#, "1.5", "9223372036854775808", "true", "[1]"] {
        let problem = harness
            .refuses_body(
                DOCUMENTED_REQUEST.replace("1234}", &format!("{user_id}}}")),
                422,
                "validation_failed",
            )
            .await;
        assert_eq!(problem["errors"][0]["pointer"], "/details/userId", "{user_id}");
        assert_eq!(problem["errors"][0]["code"], "wrong_type", "{user_id}");
        assert!(!problem.to_string().contains("canary"), "{problem}");
    }
}

#[tokio::test]
async fn every_rule_of_the_browser_is_checked_again() {
    let harness = Harness::start().await;
    let problem = harness
        .refuses_body(
            r#"{"details":{"userId":0},"type":"SANCTIONS","subject":" "}"#,
            422,
            "validation_failed",
        )
        .await;
    let found: Vec<_> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| (&error["pointer"], &error["code"]))
        .collect();
    assert_eq!(
        serde_json::to_string(&found).expect("JSON"),
        r#"[["/type","unknown_type"],["/details/userId","not_positive"],["/subject","required"],["/description","required"]]"#
    );
    let too_long = DOCUMENTED_REQUEST.replace("Initial summary of the issue", &"x".repeat(DESCRIPTION_MAX_UTF16 + 1));
    let problem = harness.refuses_body(too_long, 422, "validation_failed").await;
    assert_eq!(problem["errors"][0]["code"], "too_long");
    assert_eq!(problem["errors"][0]["actual"], DESCRIPTION_MAX_UTF16 + 1);
}

#[tokio::test]
async fn personal_data_in_the_subject_is_refused_without_repeating_it() {
    let harness = Harness::start().await;
    let body = DOCUMENTED_REQUEST.replace("Inquiry about", "canary@example.com about");
    let problem = harness.refuses_body(body, 422, "validation_failed").await;
    assert_eq!(
        (&problem["errors"][0]["code"], &problem["errors"][0]["kind"]),
        (&"personal_data".into(), &"email".into())
    );
    assert!(!problem.to_string().contains("canary"), "{problem}");
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let harness = Harness::start().await;
    for content_type in ["text/plain", "multipart/form-data", "application/jsonp", ""] {
        let request = documented_with(|headers| drop(headers.insert("content-type", content_type.parse().expect("a value"))));
        harness.refuses(request, 415, "unsupported_media_type").await;
    }
    let request = documented_with(|headers| {
        drop(headers.insert("content-type", "Application/JSON; charset=utf-8".parse().expect("a value")))
    });
    assert_eq!(harness.send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let harness = Harness::start().await;
    harness
        .refuses_body(vec![b' '; CREATE_BODY_MAX_BYTES + 1], 413, "body_too_large")
        .await;
    harness
        .refuses_body(vec![b' '; CREATE_BODY_MAX_BYTES], 400, "invalid_json")
        .await;
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    let harness = Harness::start_with("[limits]\nbody_timeout_secs = 1", None).await;
    // A body that says nothing for as long as its other end is held.
    let (silent, frames) = tokio::sync::mpsc::channel::<Result<Frame<Bytes>, Infallible>>(1);
    harness
        .refuses_body(Body::new(StreamBody::new(ReceiverStream::new(frames))), 408, "body_timeout")
        .await;
    drop(silent);
}

#[tokio::test]
async fn a_call_without_the_custom_header_is_refused() {
    let harness = Harness::start().await;
    harness
        .refuses(
            documented_with(|headers| drop(headers.remove("x-partner-case-form"))),
            403,
            "custom_header_missing",
        )
        .await;
}

#[tokio::test]
async fn another_site_and_another_origin_are_refused() {
    let harness = Harness::start().await;
    for (site, origin) in [
        (Some("cross-site"), Some("https://evil.example")),
        (Some("same-site"), Some("https://other.portal.example")),
        (Some("none"), None),
        (None, Some("https://evil.example")),
        (None, Some("null")),
        (None, None),
    ] {
        let request = documented_with(|headers| {
            headers.remove("sec-fetch-site");
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().expect("a value"));
                }
            }
        });
        let problem = harness.refuses(request, 403, "cross_site").await;
        assert!(problem.get("access-control-allow-origin").is_none());
    }
}

#[tokio::test]
async fn the_idempotency_key_is_needed() {
    let harness = Harness::start().await;
    harness
        .refuses(
            documented_with(|headers| drop(headers.remove("idempotency-key"))),
            400,
            "idempotency_key_missing",
        )
        .await;
    let unquoted = documented_with(|headers| drop(headers.insert("idempotency-key", "7".parse().expect("a value"))));
    harness.refuses(unquoted, 400, "idempotency_key_invalid").await;
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let harness = Harness::start().await;
    for path in [
        "/",
        "/partner-cases",
        "/partner-cases/tokens",
        "/v1/cases",
        "/partner-cases/cases/",
        "/partner-cases/../oauth/token",
    ] {
        let request = Request::post(path).body(Body::empty()).expect("a request");
        harness.refuses(request, 404, "not_found").await;
    }
    for method in ["PATCH", "PUT", "DELETE", "OPTIONS"] {
        let request = Request::builder()
            .method(method)
            .uri("/partner-cases/cases")
            .body(Body::empty())
            .expect("a request");
        harness.refuses(request, 405, "method_not_allowed").await;
    }
}

fn preflight(origin: &str) -> Request<Body> {
    Request::builder()
        .method("OPTIONS")
        .uri("/partner-cases/cases")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "idempotency-key,x-partner-case-form")
        .body(Body::empty())
        .expect("a request")
}

#[tokio::test]
async fn another_origin_may_call_only_if_it_is_listed_letter_by_letter() {
    let closed = Harness::start().await;
    let answer = closed.send(preflight("https://portal.example")).await;
    assert_eq!(answer.status.as_u16(), 405);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));

    let open = Harness::start_with("[browser]\nallowed_origins = [\"https://portal.example\"]", None).await;
    let answer = open.send(preflight("https://portal.example")).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "https://portal.example");
    assert_eq!(answer.headers["access-control-allow-credentials"], "true");
    for stranger in [
        "https://portal.example.evil",
        "http://portal.example",
        "https://portal.example:444",
        "null",
    ] {
        let answer = open.send(preflight(stranger)).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{stranger}");
    }
}

/// A path that means another one to a server in front leads nowhere.
#[tokio::test]
async fn a_path_does_not_climb() {
    let harness = Harness::start().await;
    for path in [
        "/partner-cases/cases/../submissions/x",
        "/partner-cases//cases",
        "/partner-cases/cases/1/../../context",
        "/partner-cases/%63ases",
        "/partner-cases/cases%2f1",
    ] {
        let request = Request::get(path)
            .header("x-partner-case-form", "1")
            .body(Body::empty())
            .expect("a request");
        harness.refuses(request, 404, "not_found").await;
    }
}
