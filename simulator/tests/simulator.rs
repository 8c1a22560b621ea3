//! What makes the simulator a faithful one.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use wise_simulator::{Fault, FaultKind, Settings, Simulator, Target};

/// `simulated-client:simulated-secret`
const BASIC: &str = "Basic c2ltdWxhdGVkLWNsaWVudDpzaW11bGF0ZWQtc2VjcmV0";

struct Caller {
    simulator: Simulator,
    client: Client<HttpConnector, Full<Bytes>>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Caller {
    async fn start() -> Self {
        let settings = Settings {
            opens_after: Duration::from_millis(50),
            ..Settings::default()
        };
        let simulator = Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), settings)
            .await
            .expect("a port");
        Self {
            simulator,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Option<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.simulator.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .client
            .request(request.body(Full::new(body.into())).expect("a request"))
            .await
            .ok()?;
        let (parts, body) = response.into_parts();
        let bytes = Body::new(body).collect().await.ok()?.to_bytes();
        Some(Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        })
    }

    async fn token(&self) -> String {
        let answer = self
            .send(
                "POST",
                "/oauth/token",
                &[("authorization", BASIC)],
                "grant_type=client_credentials",
            )
            .await
            .expect("an answer");
        format!("Bearer {}", answer.body["access_token"].as_str().expect("a token"))
    }

    async fn create(&self, body: &Value) -> Option<Answer> {
        let token = self.token().await;
        self.send("POST", "/v1/cases", &[("authorization", &token)], body.to_string())
            .await
    }
}

fn case(description: &str) -> Value {
    json!({"type": "GENERAL_ENQUIRY", "subject": "s", "details": {"userId": 1234}, "description": description})
}

#[tokio::test]
async fn the_token_endpoint_answers_as_wises() {
    let caller = Caller::start().await;
    let granted = caller
        .send(
            "POST",
            "/oauth/token",
            &[("authorization", BASIC)],
            "grant_type=client_credentials",
        )
        .await
        .expect("an answer");
    assert_eq!(
        (granted.status, &granted.body["token_type"], &granted.body["expires_in"]),
        (StatusCode::OK, &json!("bearer"), &json!(43_199))
    );
    let wrong = caller
        .send(
            "POST",
            "/oauth/token",
            &[("authorization", "Basic eDp5")],
            "grant_type=client_credentials",
        )
        .await
        .expect("an answer");
    assert_eq!(
        (wrong.status, &wrong.body["error"]),
        (StatusCode::UNAUTHORIZED, &json!("invalid_grant"))
    );
    let bare = caller
        .send("POST", "/oauth/token", &[("authorization", BASIC)], "")
        .await
        .expect("an answer");
    assert_eq!(
        (bare.status, &bare.body["error_description"]),
        (StatusCode::BAD_REQUEST, &json!("Missing grant type"))
    );
}

#[tokio::test]
async fn a_call_without_a_good_token_is_refused_as_wise_does() {
    let caller = Caller::start().await;
    let missing = caller.send("POST", "/v1/cases", &[], "{}").await.expect("an answer");
    assert_eq!(
        (missing.status, &missing.body["error"]),
        (StatusCode::UNAUTHORIZED, &json!("missing_token"))
    );
    let wrong = caller
        .send("POST", "/v1/cases", &[("authorization", "Bearer x")], "{}")
        .await
        .expect("an answer");
    assert_eq!(
        (wrong.status, &wrong.body["error"]),
        (StatusCode::UNAUTHORIZED, &json!("invalid_token"))
    );
    assert!(caller.simulator.cases().is_empty());
}

#[tokio::test]
async fn a_case_is_creating_first_and_open_later_with_times_without_a_zone() {
    let caller = Caller::start().await;
    let created = caller.create(&case("d")).await.expect("an answer");
    assert_eq!(
        (created.status, &created.body["status"]),
        (StatusCode::OK, &json!("CREATING"))
    );
    let time = created.body["createdAt"].as_str().expect("a time");
    assert_eq!(
        (time.len(), time.ends_with('Z')),
        ("2023-06-28T15:21:24.901".len(), false),
        "{time}"
    );
    assert_eq!(created.headers["x-trace-id"].len(), 32);
    tokio::time::sleep(Duration::from_millis(80)).await;
    let token = caller.token().await;
    let later = caller
        .send("GET", "/v1/cases/123456789", &[("authorization", &token)], "")
        .await
        .expect("an answer");
    assert_eq!(later.body["status"], "OPEN");
    let missing = caller
        .send("GET", "/v1/cases/7", &[("authorization", &token)], "")
        .await
        .expect("an answer");
    assert_eq!(
        (missing.status, &missing.body["detail"]),
        (StatusCode::NOT_FOUND, &json!("case not found: 7"))
    );
}

#[tokio::test]
async fn a_long_description_is_cut_without_a_word_and_the_ledger_has_the_whole() {
    let caller = Caller::start().await;
    let body = case(&"x".repeat(65_536));
    assert_eq!(caller.create(&body).await.expect("an answer").status, StatusCode::OK);
    let entry = &caller.simulator.cases()[0];
    assert_eq!(entry.stored_description.len(), 65_535);
    assert_eq!(entry.body, body.to_string());
}

#[tokio::test]
async fn the_same_body_twice_makes_two_cases() {
    let caller = Caller::start().await;
    for _ in 0..2 {
        caller.create(&case("d")).await.expect("an answer");
    }
    assert_eq!(
        caller.simulator.cases().iter().map(|entry| entry.case_id).collect::<Vec<_>>(),
        [123_456_789, 123_456_790]
    );
}

#[tokio::test]
async fn an_accepted_call_can_be_dropped_without_an_answer() {
    let caller = Caller::start().await;
    let dropped = json!({"on": "create", "kind": "accept_then_drop"}).to_string();
    caller
        .send("POST", "/_simulator/faults", &[("content-type", "application/json")], dropped)
        .await
        .expect("an answer");
    assert!(caller.create(&case("d")).await.is_none());
    assert_eq!(caller.simulator.cases().len(), 1);
    assert_eq!(caller.create(&case("d")).await.expect("an answer").status, StatusCode::OK);
}

#[tokio::test]
async fn a_fault_happens_as_often_as_asked() {
    let caller = Caller::start().await;
    caller.simulator.add_fault(Fault {
        on: Target::Create,
        times: 2,
        kind: FaultKind::RateLimited { retry_after_secs: 5 },
    });
    for expected in [429, 429, 200] {
        assert_eq!(caller.create(&case("d")).await.expect("an answer").status.as_u16(), expected);
    }
}

#[tokio::test]
async fn a_correlation_id_comes_back_unless_it_is_too_long() {
    let caller = Caller::start().await;
    for (id, expected) in [
        ("0f8fad5b-d9cb-469f-a165-70867728950e", true),
        ("0f8fad5b-d9cb-469f-a165-70867728950e7", false),
    ] {
        let answer = caller
            .send("POST", "/v1/cases", &[("x-external-correlation-id", id)], "{}")
            .await
            .expect("an answer");
        assert_eq!(answer.headers.contains_key("x-external-correlation-id"), expected, "{id}");
    }
}
