//! The audit trail: who raised which case, in lines that can be joined.

use std::path::Path;

use serde_json::{Value, json};
use wise_simulator::{FaultKind, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, KEY, Setup};

fn events(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["event"].as_str().expect("an event")).collect()
}

#[tokio::test]
async fn a_case_leaves_a_line_before_it_leaves_and_one_with_its_outcome_that_can_be_joined() {
    let harness = Harness::start().await;
    harness.create_with_key(DOCUMENTED_REQUEST).await;
    let lines = harness.audit_lines(2).await;
    assert_eq!(events(&lines), ["sending", "outcome"]);
    for member in ["submission", "staff", "request_id", "process"] {
        assert_eq!(lines[0][member], lines[1][member], "{member}");
    }
    assert_eq!(
        (&lines[0]["staff"], &lines[1]["case_id"]),
        (&json!("agent-7"), &json!(123_456_789))
    );
    assert_eq!((&lines[0]["number"], &lines[1]["number"]), (&json!(1), &json!(2)));
    // An answer that is given again sends nothing.
    harness.create_with_key(DOCUMENTED_REQUEST).await;
    let key = KEY.trim_matches('"');
    harness.look(&format!("/partner-cases/submissions/{key}"), "agent-8").await;
    harness.look("/partner-cases/cases/123456789", "agent-8").await;
    harness.look("/partner-cases/cases?transferId=58114690", "agent-8").await;
    harness.create("{}").await;
    // The same key with another text.
    harness.create_with_key(DOCUMENTED_REQUEST.replace("12345", "54321")).await;
    let lines = harness.audit_lines(8).await;
    assert_eq!(
        events(&lines[2..]),
        ["looked_up", "looked_up", "looked_up", "looked_up", "refused", "refused"],
        "{lines:?}"
    );
    assert_eq!(
        (&lines[2]["what"], &lines[2]["case_id"]),
        (&json!("submission"), &json!(123_456_789))
    );
    let looks: Vec<_> = lines[3..6].iter().map(|line| (&line["what"], &line["found"])).collect();
    let expected = [("submission", false), ("case", true), ("transfer", true)].map(|(what, found)| (json!(what), json!(found)));
    assert_eq!(looks, expected.iter().map(|(what, found)| (what, found)).collect::<Vec<_>>());
    assert_eq!(
        (&lines[6]["code"], &lines[7]["code"]),
        (&json!("validation_failed"), &json!("idempotency_key_reused"))
    );
}

#[tokio::test]
async fn a_webhook_that_settles_a_submission_leaves_a_line_with_its_name() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    harness.create_with_key(DOCUMENTED_REQUEST).await;
    let case = harness.simulator.cases().remove(0);
    let event = wise_simulator::Webhook::case_changed(&case, &partner_case_core::CaseStatus::Open, "2026-11-22T12:00:00Z");
    let request = axum::http::Request::post("/partner-cases/webhooks/wise").header("x-signature-sha256", event.signature);
    harness.send(request.body(event.body.into()).expect("a request")).await;
    let lines = harness.audit_lines(3).await;
    assert_eq!(events(&lines), ["sending", "outcome", "settled"]);
    assert_eq!(lines[1]["outcome"], "unknown");
    assert_eq!(
        (&lines[2]["submission"], &lines[2]["case_id"]),
        (&lines[0]["submission"], &json!(case.case_id))
    );
}

/// A device that takes no line, as a full disk.
const FULL: &str = "/dev/full";

#[tokio::test]
async fn a_trail_that_cannot_be_written_sends_nothing_and_is_not_ready() {
    let harness = Harness::start_all(&Setup {
        audit: Some(Path::new(FULL)),
        ..Setup::default()
    })
    .await;
    let answer = harness.create_with_key(DOCUMENTED_REQUEST).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "audit_unavailable"));
    // This attempt held the key, so no case was made for certain.
    assert_eq!(answer.json()["outcome"], "not_created");
    assert_eq!(harness.simulator.counts().create, 0);
    let ready = harness.admin("/readyz").await;
    assert_eq!(ready.status.as_u16(), 503);
    assert!(
        ready.json()["audit"].as_str().expect("text").contains("No space left"),
        "{}",
        ready.body
    );
    let numbers = harness.admin("/metrics").await.body;
    assert!(
        !numbers.contains("partner_case_proxy_audit_lines_failed_total 0"),
        "{numbers}"
    );
}

#[tokio::test]
async fn a_setting_lets_the_proxy_work_without_a_trail() {
    let harness = Harness::start_all(&Setup {
        audit: Some(Path::new(FULL)),
        audit_optional: true,
        ..Setup::default()
    })
    .await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    assert_eq!(harness.admin("/readyz").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_trail_that_was_moved_away_goes_on_in_a_new_file() {
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    assert_eq!(harness.audit_lines(2).await.len(), 2);
    std::fs::rename(harness.audit_file(), harness.audit_file().with_extension("1")).expect("a rotation");
    harness.create(DOCUMENTED_REQUEST).await;
    let lines = harness.audit_lines(2).await;
    assert_eq!((events(&lines).len(), &lines[0]["number"]), (2, &json!(3)));
}
