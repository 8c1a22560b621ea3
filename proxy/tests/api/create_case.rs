//! A case that is well: what Wise gets, and what the browser gets.

use axum::http::StatusCode;
use wise_simulator::{Counts, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, create_request};

#[tokio::test]
async fn wise_gets_the_documented_request_with_a_token_and_nothing_else_of_the_browsers() {
    let harness = Harness::start().await;
    let answer = harness.create(DOCUMENTED_REQUEST).await;
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
    assert_eq!(answer.headers["cache-control"], "no-store");
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
    assert_eq!(harness.create(body).await.status, StatusCode::OK);
    assert_eq!(
        harness.simulator.cases()[0].body,
        r#"{"type":"GENERAL_ENQUIRY","subject":"s","details":{"transferId":null,"profileId":null,"userId":9223372036854775807},"description":"d"}"#
    );
}

#[tokio::test]
async fn two_hundred_first_calls_fetch_one_token() {
    let harness = std::sync::Arc::new(Harness::start().await);
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let harness = harness.clone();
            tokio::spawn(async move { harness.create(DOCUMENTED_REQUEST).await.status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.expect("a call"), StatusCode::OK);
    }
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
    while harness.simulator.counts().create < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    waiting.abort();
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(harness.simulator.cases().len(), 2);
}
