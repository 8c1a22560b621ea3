//! What is said when Wise, or the way to it, fails.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use wise_simulator::{FaultKind, Target};

use crate::harness::{Answer, DOCUMENTED_REQUEST, Harness, Setup, create_request, proxy};

impl Harness {
    async fn tells(&self, on: Target, kind: FaultKind, status: u16, code: &str, outcome: &str) -> Answer {
        self.fault(on, kind);
        let answer = self.create(DOCUMENTED_REQUEST).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{}",
            answer.body
        );
        assert_eq!(answer.json()["outcome"], outcome, "{}", answer.body);
        answer
    }
}

#[tokio::test]
async fn a_second_401_is_not_the_staff_members_fault() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::Unauthorized);
    harness
        .tells(Target::Create, FaultKind::Unauthorized, 502, "upstream_auth", "not_created")
        .await;
    assert_eq!(harness.simulator.counts().create, 2);
}

#[tokio::test]
async fn a_refused_credential_is_told_and_not_tried_again_at_once() {
    let harness = Harness::start().await;
    harness
        .tells(Target::Token, FaultKind::Unauthorized, 502, "upstream_auth", "not_created")
        .await;
    let answer = harness.create(DOCUMENTED_REQUEST).await;
    assert_eq!(answer.code(), "upstream_auth");
    assert_eq!(harness.simulator.counts().token, 1);
}

#[tokio::test]
async fn wises_rate_limit_is_passed_on_with_its_wait() {
    let harness = Harness::start().await;
    let fault = FaultKind::RateLimited { retry_after_secs: 7 };
    let answer = harness
        .tells(Target::Create, fault, 429, "upstream_rate_limited", "not_created")
        .await;
    assert_eq!(answer.headers["retry-after"], "7");
    assert_eq!(answer.json()["retryAfter"], 7);
    assert_eq!(answer.json()["traceId"].as_str().map(str::len), Some(32));
}

#[tokio::test]
async fn what_wise_says_of_a_field_reaches_the_field() {
    let harness = Harness::start().await;
    let answer = harness
        .tells(Target::Create, FaultKind::Rejected, 422, "upstream_rejected", "not_created")
        .await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/details/userId");
    assert_eq!(answer.json()["errors"][0]["code"], "refused");
}

#[tokio::test]
async fn an_answer_that_does_not_tell_is_an_unknown_outcome_and_never_sent_again() {
    for (kind, created) in [
        (FaultKind::ServerError { status: 500 }, 0),
        (FaultKind::ServerError { status: 503 }, 0),
        (FaultKind::HtmlInsteadOfJson, 0),
        (FaultKind::EmptyAnswer, 1),
        (FaultKind::OversizedAnswer, 1),
        (FaultKind::HalfAnswer, 1),
        (FaultKind::Slow { millis: 1_500 }, 0),
        (FaultKind::AcceptThenDrop, 1),
        (FaultKind::Drop, 0),
    ] {
        let harness = Harness::start().await;
        let answer = harness.tells(Target::Create, kind, 504, "outcome_unknown", "unknown").await;
        assert_eq!(harness.simulator.counts().create, 1, "{kind:?}");
        assert_eq!(harness.simulator.cases().len(), created, "{kind:?}");
        assert!(!answer.body.contains("<h1>"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_wise_that_is_not_there_was_not_sent_anything() {
    // A port that was free a moment ago.
    let addr = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .expect("a port")
        .local_addr()
        .expect("an address");
    let mut harness = Harness::start().await;
    harness.replace_routes(proxy(&format!("http://{addr}"), &Setup::default()).routes);
    let answer = harness
        .send(create_request().body(DOCUMENTED_REQUEST.into()).expect("a request"))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (502, "upstream_unreachable")
    );
    assert_eq!(answer.json()["outcome"], "not_created");
}

/// A credential without the right to raise cases gets tokens, and Wise refuses each of them.
#[tokio::test]
async fn tokens_that_wise_does_not_accept_are_not_fetched_for_each_case() {
    let harness = Harness::start().await;
    for _ in 0..100 {
        harness.fault(Target::Create, FaultKind::Unauthorized);
    }
    for _ in 0..20 {
        assert_eq!(harness.create(DOCUMENTED_REQUEST).await.code(), "upstream_auth");
    }
    assert_eq!(harness.simulator.counts().token, 2);
    let ready = harness.admin("/readyz").await;
    assert_eq!(ready.status.as_u16(), 503);
    assert!(
        ready.json()["token"].as_str().expect("text").contains("401 to fresh tokens"),
        "{}",
        ready.body
    );
}

/// A server that answers every call but those for tokens with one text.
async fn answering(status: u16, headers: &'static [(&'static str, &'static str)], body: &'static [u8]) -> String {
    use axum::routing::post;
    let token = r#"{"access_token":"t","token_type":"bearer","expires_in":100}"#;
    let answer = move || async move {
        let mut response = axum::response::Response::new(axum::body::Body::from(body));
        *response.status_mut() = axum::http::StatusCode::from_u16(status).expect("a status");
        for (name, value) in headers {
            let value = axum::http::HeaderValue::from_static(value);
            response.headers_mut().insert(*name, value);
        }
        response
    };
    let routes = axum::Router::new()
        .route("/oauth/token", post(move || async move { token }))
        .fallback(answer);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{addr}")
}

async fn create_at(url: &str) -> Answer {
    let mut harness = Harness::start().await;
    harness.replace_routes(proxy(url, &Setup::default()).routes);
    harness.create(DOCUMENTED_REQUEST).await
}

const HTML: &[(&str, &str)] = &[("content-type", "text/html")];

/// nginx answers in this way in front of an API that asks for client certificates.
#[tokio::test]
async fn a_page_about_the_client_certificate_is_not_sent_and_names_it() {
    for page in [
        "<html><head><title>400 The SSL certificate error</title></head></html>",
        "<html><head><title>400 No required SSL certificate was sent</title></head></html>",
    ] {
        let answer = create_at(&answering(400, HTML, page.as_bytes()).await).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (502, "upstream_certificate")
        );
        assert_eq!(answer.json()["outcome"], "not_created");
    }
}

/// A gateway's page says nothing of what was typed.
#[tokio::test]
async fn a_page_in_the_place_of_a_validation_error_does_not_blame_the_text() {
    for status in [400, 409, 422] {
        let answer = create_at(&answering(status, HTML, b"<html><h1>Bad Request</h1></html>").await).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (502, "upstream_refused"),
            "{status}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_compressed_unasked_is_read_and_one_that_cannot_be_is_unknown() {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(br#"{"id":7,"status":"CREATING"}"#).expect("memory");
    let gzip: &'static [u8] = encoder.finish().expect("memory").leak();
    let answer = create_at(&answering(200, &[("content-encoding", "gzip")], gzip).await).await;
    assert_eq!((answer.status.as_u16(), answer.json()["id"].as_i64()), (200, Some(7)));
    let answer = create_at(&answering(200, &[("content-encoding", "br")], b"????").await).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "outcome_unknown"));
}

/// Waits of any length are bounded.
#[tokio::test]
async fn a_wait_without_end_is_passed_on_as_an_hour() {
    let harness = Harness::start().await;
    let fault = FaultKind::RateLimited {
        retry_after_secs: u64::MAX,
    };
    harness.fault(Target::Create, fault);
    let answer = harness.create(DOCUMENTED_REQUEST).await;
    assert_eq!(answer.headers["retry-after"], "3600");
}
