//! A case that is well: what Wise gets, and what the browser gets.

use axum::http::StatusCode;
use wise_simulator::{Counts, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, Setup, create_request};

#[tokio::test]
async fn wise_gets_the_documented_request_with_a_token_and_nothing_else_of_the_browsers() {
    let harness = Harness::start().await;
    let answer = harness.create_with_key(DOCUMENTED_REQUEST).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let cases = harness.simulator.cases();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].body, DOCUMENTED_REQUEST);
    assert_eq!(cases[0].path, "/v1/cases");
    assert!(
        cases[0].authorization.starts_with("Bearer simulated-"),
        "{}",
        cases[0].authorization
    );
    assert_eq!(
        cases[0].correlation_id.as_deref(),
        Some("0f8fad5b-d9cb-469f-a165-70867728950e")
    );
    assert_eq!(
        cases[0].header_names,
        [
            "accept",
            "accept-encoding",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "x-external-correlation-id"
        ]
    );
}

#[tokio::test]
async fn the_browser_gets_wises_case_and_no_token() {
    let harness = Harness::start().await;
    let answer = harness.create(DOCUMENTED_REQUEST).await;
    let case = answer.json();
    assert_eq!(case["id"], 123_456_789);
    assert_eq!(case["status"], "CREATING");
    assert_eq!(case["externalId"], "partner_external_id_12345");
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        (
            "content-security-policy",
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ] {
        assert_eq!(answer.headers[name], value, "{name}");
    }
    // No other origin may read it.
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    assert!(!answer.headers["x-request-id"].is_empty());
    let everything = format!("{:?}{}", answer.headers, answer.body);
    assert!(
        !everything.contains("Bearer") && !everything.contains("simulated-"),
        "{everything}"
    );
}

#[tokio::test]
async fn ids_keep_every_digit_and_missing_ones_are_null() {
    let harness = Harness::start().await;
    let body = r#"{"type":"GENERAL_ENQUIRY","subject":"s","details":{"userId":9223372036854775807},"description":"d"}"#;
    let answer = harness.create(body).await;
    assert_eq!(answer.status, StatusCode::OK);
    // To the staff it would look like a reference of theirs.
    assert!(answer.json()["externalId"].is_null(), "{}", answer.body);
    let sent = &harness.simulator.cases()[0];
    let minted = sent.external_id.as_deref().expect("an external id to match Wise's events by");
    assert!(minted.len() == 36 && minted.starts_with("pcf-"), "{minted}");
    assert_eq!(
        sent.body.replace(minted, "(minted)"),
        r#"{"type":"GENERAL_ENQUIRY","subject":"s","details":{"transferId":null,"profileId":null,"userId":9223372036854775807},"externalId":"(minted)","description":"d"}"#
    );
}

const UNLIMITED: &str = "[limits]\ncases_per_minute = 100000\ncases_per_minute_per_staff = 100000";

/// A proxy that gives a crowd its time, on a busy machine too.
async fn patient() -> Harness {
    Harness::start_all(&Setup {
        limits: UNLIMITED,
        timeout_secs: Some(20),
        ..Setup::default()
    })
    .await
}

async fn two_hundred(harness: &std::sync::Arc<Harness>) {
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let harness = harness.clone();
            tokio::spawn(async move { harness.create(DOCUMENTED_REQUEST).await.status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.expect("a call"), StatusCode::OK);
    }
}

/// The herd that finds its token worthless makes one new one.
#[tokio::test]
async fn two_hundred_calls_with_a_revoked_token_fetch_one_new_token() {
    let harness = std::sync::Arc::new(patient().await);
    harness.create(DOCUMENTED_REQUEST).await;
    harness.simulator.revoke_tokens();
    two_hundred(&harness).await;
    assert_eq!(harness.simulator.counts().token, 2);
    assert_eq!(harness.simulator.cases().len(), 201);
}

#[tokio::test]
async fn two_hundred_first_calls_fetch_one_token() {
    let harness = std::sync::Arc::new(patient().await);
    two_hundred(&harness).await;
    assert_eq!(
        harness.simulator.counts(),
        Counts {
            token: 1,
            create: 200,
            get: 0
        }
    );
}

#[tokio::test]
async fn a_revoked_token_is_fetched_again_within_the_call() {
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    harness.simulator.revoke_tokens();
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status, StatusCode::OK);
    assert_eq!(harness.simulator.counts().token, 2);
    assert_eq!(harness.simulator.cases().len(), 2);
}

/// A browser that goes away must not break off a call that Wise is carrying out.
#[tokio::test]
async fn the_call_to_wise_goes_on_when_the_browser_goes_away() {
    let harness = std::sync::Arc::new(Harness::start().await);
    harness.create(DOCUMENTED_REQUEST).await;
    harness.fault(Target::Create, wise_simulator::FaultKind::Slow { millis: 300 });
    let waiting = {
        let harness = harness.clone();
        tokio::spawn(async move {
            harness
                .send(create_request().body(DOCUMENTED_REQUEST.into()).expect("a request"))
                .await
                .status
        })
    };
    harness.created_calls(2).await;
    waiting.abort();
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(harness.simulator.cases().len(), 2);
}
