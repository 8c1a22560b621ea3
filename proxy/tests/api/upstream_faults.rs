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
