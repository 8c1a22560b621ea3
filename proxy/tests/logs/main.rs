//! What is written to the log, and what never is.
//!
//! A program of its own, one test at a time: which events are wanted is remembered per process, so tests that run beside these without
//! a subscriber could have an event forgotten.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

#[path = "../api/harness.rs"]
#[allow(dead_code, reason = "the harness serves another test program, too")]
mod harness;
mod reasons;

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use wise_simulator::{FaultKind, Target};

use harness::{DOCUMENTED_REQUEST, Harness, STAFF_SECRET, create_request};

static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("the log")).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A case with a marked value in every place that a person or a host fills.
const CANARIES: &str = r#"{"type":"GENERAL_ENQUIRY","subject":"canary-subject","details":{"transferId":4815162342,"profileId":4815162343,"userId":4815162344},"externalId":"canary-external","description":"canary-description"}"#;

#[tokio::test]
async fn no_text_no_id_and_no_secret_is_logged_whatever_happens() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _subscribed =
        tracing::subscriber::set_default(partner_case_proxy::logging::subscriber(EnvFilter::new("trace"), log.clone()));
    let harness = Harness::start().await;
    for fault in [
        None,
        Some(FaultKind::Unauthorized),
        Some(FaultKind::Rejected),
        Some(FaultKind::ServerError { status: 500 }),
        Some(FaultKind::HtmlInsteadOfJson),
        Some(FaultKind::AcceptThenDrop),
    ] {
        if let Some(fault) = fault {
            harness.fault(Target::Create, fault);
        }
        harness.create(CANARIES).await;
    }
    harness.create(CANARIES.replace("4815162344", "\"canary-id\"")).await;
    harness.create(CANARIES.replace("\"type\"", "\"canary-field\"")).await;
    harness.create("canary-json").await;
    harness
        .send(
            create_request()
                .header("x-staff-id", "canary-second")
                .body(CANARIES.into())
                .expect("a request"),
        )
        .await;

    // Six cases with two lines each, and what was refused before: three bodies.
    let lines = harness.audit_lines(15).await;
    let outcomes: Vec<_> = lines.iter().filter(|line| line["event"] == "outcome").collect();
    assert_eq!(outcomes.len(), 6, "{lines:?}");
    assert!(
        outcomes
            .iter()
            .any(|line| line["staff"] == "agent-7" && line["outcome"] == "unknown"),
        "{lines:?}"
    );
    let audit = std::fs::read_to_string(harness.audit_file()).expect("the audit trail");
    let text = log.text() + &audit;
    for canary in ["canary", "48151623", STAFF_SECRET, "simulated-secret", "Bearer", "Basic "] {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
    assert!(
        !text.contains("simulated-") || !text.contains(&harness.simulator.cases()[0].authorization[7..]),
        "the token"
    );
}

#[tokio::test]
async fn a_log_level_does_not_silence_the_audit_lines() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _subscribed =
        tracing::subscriber::set_default(partner_case_proxy::logging::subscriber(EnvFilter::new("off"), log.clone()));
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    assert_eq!(harness.audit_lines(2).await[1]["case_id"], 123_456_789);
    assert_eq!(log.text(), "");
}

#[tokio::test]
async fn the_cause_of_a_failed_connection_is_logged_for_the_operator() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _subscribed =
        tracing::subscriber::set_default(partner_case_proxy::logging::subscriber(EnvFilter::new("warn"), log.clone()));
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::Drop);
    harness.create(DOCUMENTED_REQUEST).await;
    assert!(
        log.text().contains("connection closed before message completed"),
        "{}",
        log.text()
    );
}
