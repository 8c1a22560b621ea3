//! What an OpenTelemetry collector is told. A program of its own, as the subscriber is.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

#[path = "../api/harness.rs"]
#[allow(dead_code, reason = "the harness serves another test program, too")]
mod harness;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use partner_case_proxy::config::Config;
use partner_case_proxy::logging;
use partner_case_proxy::telemetry::Telemetry;
use tracing_subscriber::EnvFilter;
use wise_simulator::{FaultKind, Target};

use harness::{Harness, STAFF_SECRET, create_request, tempdir};

/// A case with a marked value in every place that a person or a host fills.
const CANARIES: &str = r#"{"type":"GENERAL_ENQUIRY","subject":"canary-subject","details":{"transferId":4815162342,"profileId":4815162343,"userId":4815162344},"externalId":"canary-external","description":"canary-description"}"#;

/// A trace that the portal's server has begun.
const TRACE: [u8; 16] = [7; 16];

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_told_routes_and_durations_and_nothing_that_was_typed() {
    let received = Arc::new(Mutex::new(Vec::<u8>::new()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1/traces", listener.local_addr().expect("an address"));
    let kept = received.clone();
    let take = post(async move |body: Bytes| {
        kept.lock().expect("the spans").extend_from_slice(&body);
        StatusCode::OK
    });
    tokio::spawn(axum::serve(listener, Router::new().route("/v1/traces", take)).into_future());

    let telemetry = Telemetry::to(&upstream(), &url).expect("a collector");
    let log = logging::subscriber(EnvFilter::new("off"), std::io::sink);
    tracing::subscriber::set_global_default(telemetry.beside(log)).expect("the only one");

    let harness = Harness::start().await;
    harness.create(CANARIES).await;
    harness.fault(Target::Create, FaultKind::Unauthorized);
    harness.create(CANARIES).await;
    harness.create(CANARIES.replace("4815162344", "\"canary-id\"")).await;
    harness.look("/partner-cases/cases/4815162345", "canary-agent").await;
    let trace: String = TRACE.iter().map(|byte| format!("{byte:02x}")).collect();
    let request = create_request().header("traceparent", format!("00-{trace}-0102030405060708-01"));
    harness.send(request.body(CANARIES.into()).expect("a request")).await;
    tokio::task::spawn_blocking(move || telemetry.stop())
        .await
        .expect("the last spans");

    let spans = received.lock().expect("the spans").clone();
    let text = String::from_utf8_lossy(&spans);
    for told in [
        "POST /partner-cases/cases",
        "GET /partner-cases/cases/{id}",
        "partner-case-proxy",
        "127.0.0.1",
        "store",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(
        spans.windows(TRACE.len()).any(|window| window == TRACE),
        "the portal's trace goes on"
    );
    for canary in ["canary", "48151623", STAFF_SECRET, "simulated-secret", "Bearer", "agent-7"] {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
}

/// The trust in certificates is that of the calls to Wise.
fn upstream() -> partner_case_proxy::config::UpstreamConfig {
    let environment = [
        ("PARTNER_CASE_PROXY_UPSTREAM_URL", "http://127.0.0.1:9".to_owned()),
        ("PARTNER_CASE_PROXY_CLIENT_ID", "simulated-client".to_owned()),
        ("PARTNER_CASE_PROXY_CLIENT_SECRET", "simulated-secret".to_owned()),
        (
            "PARTNER_CASE_PROXY_STORE_PATH",
            tempdir().join("submissions.sqlite").display().to_string(),
        ),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    Config::load(None, environment, true).expect("a configuration").upstream
}
