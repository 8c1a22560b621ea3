//! What an operator sees and sets: probes, numbers, limits, API versions, and what is on the disk.

use wise_simulator::{FaultKind, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, STAFF_SECRET};

#[tokio::test]
async fn ready_is_who_has_a_store_and_a_token() {
    let harness = Harness::start().await;
    assert_eq!(harness.admin("/livez").await.status.as_u16(), 200);
    let ready = harness.admin("/readyz").await;
    assert_eq!(
        (ready.status.as_u16(), ready.body.as_str()),
        (200, r#"{"store":"ok","token":"ok","audit":"ok"}"#)
    );
}

#[tokio::test]
async fn a_refused_credential_is_not_ready_and_says_so() {
    let harness = Harness::start().await;
    harness.fault(Target::Token, FaultKind::Unauthorized);
    let ready = harness.admin("/readyz").await;
    assert_eq!(ready.status.as_u16(), 503);
    assert_eq!(ready.json()["token"], "the token endpoint refused the credentials");
    assert_eq!(harness.admin("/livez").await.status.as_u16(), 200);
}

/// An outage of the token endpoint does not matter until the token ends.
#[tokio::test]
async fn a_token_outage_does_not_matter_while_there_is_a_token() {
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    harness.fault(Target::Token, FaultKind::ServerError { status: 500 });
    assert_eq!(harness.admin("/readyz").await.status.as_u16(), 200);
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
}

#[tokio::test]
async fn the_numbers_say_what_became_of_submissions_and_nothing_that_was_typed() {
    let harness = Harness::start().await;
    harness.create(DOCUMENTED_REQUEST).await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    harness.create(DOCUMENTED_REQUEST).await;
    harness.create("canary-json").await;
    let numbers = harness.admin("/metrics").await.body;
    for line in [
        r#"partner_case_proxy_submissions_total{outcome="created",code=""} 1"#,
        r#"partner_case_proxy_submissions_total{outcome="unknown",code="outcome_unknown"} 1"#,
        r#"partner_case_proxy_answers_total{status="400",code="invalid_json"} 1"#,
        "partner_case_proxy_upstream_seconds_count 2",
    ] {
        assert!(numbers.contains(line), "{line}: {numbers}");
    }
    assert!(!numbers.contains("canary") && !numbers.contains("58114690"), "{numbers}");
}

#[tokio::test]
async fn one_member_of_staff_cannot_use_up_what_all_have() {
    let harness = Harness::start_with("[limits]\ncases_per_minute = 4\ncases_per_minute_per_staff = 3", None).await;
    let mut answers = Vec::new();
    for staff in ["agent-7", "agent-7", "agent-7", "agent-7", "agent-8", "agent-8"] {
        let mut request = crate::harness::create_request()
            .body(DOCUMENTED_REQUEST.into())
            .expect("a request");
        let key = format!("\"{}\"", uuid::Uuid::new_v4());
        request.headers_mut().insert("idempotency-key", key.parse().expect("a key"));
        request.headers_mut().insert("x-staff-id", staff.parse().expect("a name"));
        answers.push(harness.send(request).await);
    }
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 200, 503]);
    assert_eq!(
        (answers[3].code().as_str(), answers[5].code().as_str()),
        ("staff_rate_limited", "overloaded")
    );
    for refused in [&answers[3], &answers[5]] {
        let wait: u64 = refused.headers["retry-after"]
            .to_str()
            .expect("text")
            .parse()
            .expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    assert_eq!(harness.simulator.counts().create, 4);
}

#[tokio::test]
async fn the_newer_api_versions_are_one_setting_away() {
    for (version, status) in [("2026Q3", "IN_REVIEW"), ("2026Q4", "IN_REVIEW")] {
        let harness = Harness::start_version(version).await;
        let id = harness.create(DOCUMENTED_REQUEST).await.json()["id"].to_string();
        assert_eq!(harness.simulator.cases()[0].path, format!("/{version}/cases"));
        harness.simulator.set_up_cases();
        let case = harness.look(&format!("/partner-cases/cases/{id}"), "agent-7").await.json();
        assert_eq!(case["status"], status, "{version}");
    }
}

/// What a thief of the disk would find.
#[tokio::test]
async fn nothing_that_was_typed_and_no_secret_is_in_the_store() {
    let harness = Harness::start().await;
    let canaries = r#"{"type":"GENERAL_ENQUIRY","subject":"canary-subject","details":{"transferId":4815162342,"profileId":4815162343,"userId":4815162344},"externalId":"canary-external","description":"canary-description"}"#;
    for fault in [None, Some(FaultKind::Rejected), Some(FaultKind::AcceptThenDrop)] {
        if let Some(fault) = fault {
            harness.fault(Target::Create, fault);
        }
        harness.create(canaries).await;
    }
    let bytes = harness.store_bytes();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(holds(b"CREATING"), "the store is read where it is");
    let token = harness.simulator.cases()[0].authorization.clone();
    for canary in ["canary", "48151623", "agent-7", STAFF_SECRET, "simulated-secret", &token[7..]] {
        assert!(!holds(canary.as_bytes()), "{canary}");
    }
}

#[tokio::test]
async fn an_answer_that_is_given_again_uses_up_no_limit() {
    let harness = Harness::start_with("[limits]\ncases_per_minute_per_staff = 2", None).await;
    for _ in 0..5 {
        assert_eq!(harness.create_with_key(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    }
    // The second place is still there, and the third is not.
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.code(), "staff_rate_limited");
}
