//! The partner's authorization hook decides, before a case leaves, whether the agent may raise it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use wise_simulator::Counts;

use crate::harness::{Answer, DOCUMENTED_REQUEST, Harness, STAFF_SECRET, Setup, tempdir};

/// A hook of the partner's: what it was asked, and what it answers.
#[derive(Clone)]
struct Hook {
    answer: Arc<dyn Fn() -> Response + Send + Sync>,
    /// How long an answer takes.
    delay: Duration,
    asked: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

impl Hook {
    fn new(answer: impl Fn() -> Response + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(answer),
            delay: Duration::ZERO,
            asked: Arc::default(),
        }
    }

    fn answering(status: u16) -> Self {
        Self::new(move || StatusCode::from_u16(status).expect("a status").into_response())
    }

    async fn start(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let routes = Router::new()
            .route("/may", post(decide))
            .route("/elsewhere", post(decide).get(async || StatusCode::OK))
            .with_state(self.clone());
        tokio::spawn(axum::serve(listener, routes).into_future());
        addr
    }

    fn asked(&self) -> Vec<(HeaderMap, Value)> {
        self.asked.lock().expect("the questions").clone()
    }
}

async fn decide(State(hook): State<Hook>, headers: HeaderMap, Json(question): Json<Value>) -> Response {
    hook.asked.lock().expect("the questions").push((headers, question));
    tokio::time::sleep(hook.delay).await;
    (hook.answer)()
}

async fn start_at(addr: SocketAddr, more: &str) -> Harness {
    let section = format!("[authorize]\nurl = \"http://{addr}/may\"\ntimeout_secs = 1\n{more}");
    Harness::start_all(&Setup {
        limits: &section,
        ..Setup::default()
    })
    .await
}

async fn start(hook: &Hook) -> Harness {
    start_at(hook.start().await, "").await
}

/// Sends a plain form as a browser without scripts does.
async fn plain_form(harness: &Harness) -> Answer {
    let request = Request::post("/partner-cases/cases")
        .header("host", "portal.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("x-staff-id", "agent-7")
        .header("x-portal-secret", STAFF_SECRET)
        .body(Body::from("userId=1234&subject=Late&description=Text&transferId=&profileId="));
    harness.send(request.expect("a request")).await
}

#[tokio::test]
async fn the_hook_is_asked_who_wants_to_raise_a_case_for_whom() {
    let hook = Hook::answering(204);
    let harness = start(&hook).await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status, StatusCode::OK);
    assert_eq!(plain_form(&harness).await.status, StatusCode::OK);
    assert_eq!(harness.simulator.counts().create, 2);
    let asked = hook.asked();
    let typed = "GENERAL_ENQUIRY";
    assert_eq!(
        asked.iter().map(|(_, question)| question.clone()).collect::<Vec<_>>(),
        [
            json!({ "agent": "agent-7", "userId": "1234", "transferId": "58114690", "profileId": "14556049", "type": typed }),
            json!({ "agent": "agent-7", "userId": "1234", "transferId": null, "profileId": null, "type": typed }),
        ]
    );
    for (headers, _) in asked {
        assert_eq!(headers["content-type"], "application/json");
        // Of what the browser and the portal sent, nothing goes on.
        for name in ["authorization", "cookie", "x-portal-secret", "idempotency-key"] {
            assert!(!headers.contains_key(name), "{name}");
        }
    }
}

#[tokio::test]
async fn a_case_that_the_hook_refuses_is_not_sent() {
    let hook = Hook::answering(403);
    let harness = start(&hook).await;
    let answer = harness.create(DOCUMENTED_REQUEST).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "not_authorized"));
    assert_eq!(answer.json()["outcome"], "not_sent");
    assert_eq!(plain_form(&harness).await.status, StatusCode::FORBIDDEN);
    assert_eq!(hook.asked().len(), 2);
    assert_eq!(harness.simulator.counts().create, 0);
}

/// The agent's own try is only held up: the same key goes through once the hook allows the case.
#[tokio::test]
async fn a_refused_case_can_be_sent_under_the_same_key_once_the_agent_may() {
    let allowed = Arc::new(Mutex::new(false));
    let hook = Hook::new({
        let allowed = allowed.clone();
        move || {
            let status = if *allowed.lock().expect("the switch") {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            status.into_response()
        }
    });
    let harness = start(&hook).await;
    assert_eq!(
        harness.create_with_key(DOCUMENTED_REQUEST).await.status,
        StatusCode::FORBIDDEN
    );
    *allowed.lock().expect("the switch") = true;
    assert_eq!(harness.create_with_key(DOCUMENTED_REQUEST).await.status, StatusCode::OK);
    assert_eq!(harness.simulator.counts().create, 1);
}

async fn is_unavailable(harness: &Harness, what: &str) {
    for answer in [harness.create(DOCUMENTED_REQUEST).await, plain_form(harness).await] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{what}");
        if answer.headers["content-type"] == "application/problem+json" {
            assert_eq!(answer.code(), "authorization_unavailable", "{what}");
            assert_eq!(answer.json()["outcome"], "not_sent", "{what}");
        }
    }
    assert_eq!(harness.simulator.counts().create, 0, "{what}");
}

#[tokio::test]
async fn without_a_decision_of_the_hook_nothing_is_sent() {
    for status in [201, 202, 206, 302, 307, 400, 401, 404, 409, 429, 500, 502, 503] {
        is_unavailable(&start(&Hook::answering(status)).await, &status.to_string()).await;
    }
    // Nobody listens at this port any more.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    is_unavailable(&start_at(closed.expect("a port"), "").await, "no connection").await;
    let mut slow = Hook::answering(200);
    slow.delay = Duration::from_secs(30);
    is_unavailable(&start(&slow).await, "too slow").await;
}

#[tokio::test]
async fn a_redirect_of_the_hook_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let hook = Hook::new(move || {
            let status = StatusCode::from_u16(status).expect("a status");
            (status, [(header::LOCATION, "/elsewhere")]).into_response()
        });
        let harness = start(&hook).await;
        is_unavailable(&harness, &status.to_string()).await;
        assert_eq!(hook.asked().len(), 2, "{status}");
    }
}

/// A hook that says "no" in its body only must learn of it when it is set up, so the documents say that the status alone counts.
#[tokio::test]
async fn the_status_of_the_hooks_answer_decides_and_not_its_body() {
    let allowing = Hook::new(|| (StatusCode::OK, "{\"allowed\":false}".repeat(100)).into_response());
    assert_eq!(start(&allowing).await.create(DOCUMENTED_REQUEST).await.status, StatusCode::OK);
    let refusing = Hook::new(|| (StatusCode::FORBIDDEN, "{\"canary\":true}").into_response());
    let answer = start(&refusing).await.create(DOCUMENTED_REQUEST).await;
    assert_eq!(answer.code(), "not_authorized");
    assert!(!answer.body.contains("canary"), "{}", answer.body);
}

#[tokio::test]
async fn the_hooks_secret_is_read_anew_for_each_case() {
    let file = tempdir().join("authorize-secret");
    crate::harness::write_secret(&file, "first\n");
    let hook = Hook::answering(200);
    let section = format!("secret_file = {:?}", file.display().to_string());
    let harness = start_at(hook.start().await, &section).await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status, StatusCode::OK);
    crate::harness::write_secret(&file, "second\n");
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status, StatusCode::OK);
    std::fs::remove_file(&file).expect("no secret");
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.code(), "authorization_unavailable");
    let sent: Vec<_> = hook
        .asked()
        .iter()
        .map(|(headers, _)| headers["authorization"].clone())
        .collect();
    assert_eq!(sent, ["Bearer first", "Bearer second"]);
}

/// What fails before is answered before, so the hook hears of no case that could not be sent anyway.
#[tokio::test]
async fn a_request_that_is_refused_before_does_not_reach_the_hook() {
    let hook = Hook::answering(200);
    let harness = start(&hook).await;
    assert_eq!(harness.create("{}").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut request = crate::harness::create_request()
        .body(DOCUMENTED_REQUEST.into())
        .expect("a request");
    drop(request.headers_mut().remove("x-portal-secret"));
    assert_eq!(harness.send(request).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(hook.asked().len(), 0);
    assert_eq!(harness.simulator.counts(), Counts::default());
}
