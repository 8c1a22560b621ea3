//! Wise tells by webhook what became of a case.

use axum::body::Body;
use axum::http::Request;
use partner_case_core::CaseStatus;
use tower::ServiceExt as _;
use wise_simulator::{FaultKind, Target, Webhook};

use crate::harness::{Answer, DOCUMENTED_REQUEST, Harness, KEY};

const NO_EXTERNAL_ID: &str =
    r#"{"type":"GENERAL_ENQUIRY","subject":"s","details":{"transferId":58114690,"profileId":null,"userId":1},"description":"d"}"#;

impl Harness {
    async fn hook(&self, body: &str, signature: &str) -> Answer {
        self.hook_with(body, signature, &[]).await
    }

    async fn hook_with(&self, body: &str, signature: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post("/partner-cases/webhooks/wise").header("x-signature-sha256", signature);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// An event about the case created last.
    fn event(&self, status: &CaseStatus, updated_at: &str) -> Webhook {
        Webhook::case_changed(self.simulator.cases().last().expect("a case"), status, updated_at)
    }

    async fn state(&self) -> String {
        let path = format!("/partner-cases/submissions/{}", KEY.trim_matches('"'));
        self.look(&path, "agent-7").await.json()["state"].to_string()
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_by_the_proxys_own_external_id() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    assert_eq!(harness.create_with_key(NO_EXTERNAL_ID).await.code(), "outcome_unknown");
    assert_eq!(harness.state().await, "\"unknown\"");

    let event = harness.event(&CaseStatus::InReview, "2026-04-28T14:31:00.000Z");
    assert_eq!(harness.hook(&event.body, &event.signature).await.status.as_u16(), 204);
    assert_eq!(harness.state().await, "\"created\"");
    // The same submission sent again gets the case, and Wise gets nothing.
    let again = harness.create_with_key(NO_EXTERNAL_ID).await;
    assert_eq!(again.json()["id"], harness.simulator.cases()[0].case_id);
    assert_eq!(harness.simulator.counts().create, 1);
}

#[tokio::test]
async fn events_may_come_twice_and_out_of_order() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    harness.create_with_key(NO_EXTERNAL_ID).await;
    let (older, newer) = (
        harness.event(&CaseStatus::Creating, "2026-04-28T14:31:00.000Z"),
        harness.event(&CaseStatus::InReview, "2026-04-28T14:32:00.000Z"),
    );
    for event in [&newer, &older, &newer, &older] {
        assert_eq!(harness.hook(&event.body, &event.signature).await.status.as_u16(), 204);
    }
    let path = format!("/partner-cases/submissions/{}", KEY.trim_matches('"'));
    assert_eq!(harness.look(&path, "agent-7").await.json()["case"]["status"], "IN_REVIEW");
}

/// Two submissions may carry the same reference of a person's: an event about the case of one says nothing of the other.
#[tokio::test]
async fn a_reference_that_a_person_uses_twice_settles_nothing_wrongly() {
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    let event = harness.event(&CaseStatus::InReview, "2026-04-28T14:31:00.000Z");
    harness.fault(Target::Create, FaultKind::Drop);
    assert_eq!(harness.create_with_key(DOCUMENTED_REQUEST).await.code(), "outcome_unknown");
    assert_eq!(harness.hook(&event.body, &event.signature).await.status.as_u16(), 204);
    assert_eq!(harness.state().await, "\"unknown\"");
}

#[tokio::test]
async fn what_wise_has_not_signed_is_refused_and_changes_nothing() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    harness.create_with_key(NO_EXTERNAL_ID).await;
    let event = harness.event(&CaseStatus::InReview, "2026-04-28T14:31:00.000Z");
    let changed = event.body.replace("IN_REVIEW", "IN_REVIEV");
    for (body, signature) in [
        (event.body.as_str(), ""),
        (event.body.as_str(), "AAAA"),
        (changed.as_str(), event.signature.as_str()),
    ] {
        let answer = harness.hook(body, signature).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "webhook_signature"));
    }
    assert_eq!(harness.state().await, "\"unknown\"");
}

#[tokio::test]
async fn a_signed_event_that_nobody_understands_is_refused_and_one_about_something_else_is_taken() {
    let harness = Harness::start().await;
    let nonsense = Webhook::signed("{}".to_owned());
    let answer = harness.hook(&nonsense.body, &nonsense.signature).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "webhook_invalid"));
    // JSON may write any letter as an escape; it is the event all the same, and has no case here.
    let escaped =
        Webhook::signed(r#"{"event_type":"partner-support\u0023case-changed","data":{"resource":{"case_id":7}}}"#.to_owned());
    assert_eq!(harness.hook(&escaped.body, &escaped.signature).await.status.as_u16(), 204);
    let other = Webhook::signed(r#"{"event_type":"transfers#state-change","data":{"resource":{"id":1}}}"#.to_owned());
    assert_eq!(harness.hook(&other.body, &other.signature).await.status.as_u16(), 204);
    let metrics = harness.admin("/metrics").await.body;
    assert!(
        metrics.contains(r#"partner_case_proxy_webhooks_total{result="Refused"} 1"#),
        "{metrics}"
    );
    assert!(
        metrics.contains(r#"partner_case_proxy_webhooks_total{result="Other"} 1"#),
        "{metrics}"
    );
}

/// Wise signs a test as it signs anything, and its example may name a case that exists.
#[tokio::test]
async fn a_test_notification_changes_nothing() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    harness.create_with_key(NO_EXTERNAL_ID).await;
    let event = harness.event(&CaseStatus::InReview, "2026-04-28T14:31:00.000Z");
    let test = [("x-test-notification", "true")];
    assert_eq!(
        harness.hook_with(&event.body, &event.signature, &test).await.status.as_u16(),
        204
    );
    assert_eq!(harness.state().await, "\"unknown\"");
    let metrics = harness.admin("/metrics").await.body;
    assert!(
        metrics.contains(r#"partner_case_proxy_webhooks_total{result="Other"} 1"#),
        "{metrics}"
    );
    // A test that Wise has not signed is refused like anything else.
    assert_eq!(harness.hook_with(&event.body, "AAAA", &test).await.status.as_u16(), 401);
    // The event itself still counts.
    let real = [("x-test-notification", "false")];
    assert_eq!(
        harness.hook_with(&event.body, &event.signature, &real).await.status.as_u16(),
        204
    );
    assert_eq!(harness.state().await, "\"created\"");
}

#[tokio::test]
async fn an_event_of_another_subscription_changes_nothing() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    harness.create_with_key(NO_EXTERNAL_ID).await;
    let event = harness.event(&CaseStatus::InReview, "2026-04-28T14:31:00.000Z");
    for other in ["partner-support#case-closed", "transfers#state-change"] {
        let event = Webhook::signed(event.body.replace("partner-support#case-changed", other));
        assert_eq!(harness.hook(&event.body, &event.signature).await.status.as_u16(), 204);
    }
    assert_eq!(harness.state().await, "\"unknown\"");
}

#[tokio::test]
async fn a_compressed_event_is_refused() {
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    let event = harness.event(&CaseStatus::InReview, "2026-04-28T14:31:00.000Z");
    let answer = harness
        .hook_with(&event.body, &event.signature, &[("content-encoding", "gzip")])
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (415, "unsupported_media_type")
    );
}

/// Anybody can send to the webhook's path and leave the body unfinished.
#[tokio::test]
async fn webhooks_that_never_arrive_keep_no_agent_waiting() {
    let harness = Harness::start().await;
    let mut stuck = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let never = Body::from_stream(tokio_stream::pending::<Result<String, std::io::Error>>());
        let request = Request::post("/partner-cases/webhooks/wise")
            .header("host", "portal.example")
            .body(never)
            .expect("a request");
        stuck.spawn(harness.routes().oneshot(request));
    }
    tokio::task::yield_now().await;
    let event = Webhook::signed(r#"{"event_type":"transfers#state-change","data":{"resource":{"id":1}}}"#.to_owned());
    let answer = harness.hook(&event.body, &event.signature).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "overloaded"));
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    stuck.shutdown().await;
    assert_eq!(harness.hook(&event.body, &event.signature).await.status.as_u16(), 204);
}
