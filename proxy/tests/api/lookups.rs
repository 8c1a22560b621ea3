//! What became of a submission, and how a case stands.

use axum::body::Body;
use axum::http::Request;
use wise_simulator::{FaultKind, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, KEY, STAFF_SECRET};

fn submission_path() -> String {
    format!("/partner-cases/submissions/{}", KEY.trim_matches('"'))
}

#[tokio::test]
async fn a_key_makes_one_case_however_often_it_is_sent() {
    let harness = Harness::start().await;
    let first = harness.create_with_key(DOCUMENTED_REQUEST).await;
    let second = harness.create_with_key(DOCUMENTED_REQUEST).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(harness.simulator.counts().create, 1);
    let report = harness.look(&submission_path(), "agent-7").await.json();
    assert_eq!(
        (&report["state"], &report["case"]["id"]),
        (&"created".into(), &first.json()["id"])
    );
}

#[tokio::test]
async fn a_key_is_not_taken_for_another_case_or_from_another_person() {
    let harness = Harness::start().await;
    harness.create_with_key(DOCUMENTED_REQUEST).await;
    let other = DOCUMENTED_REQUEST.replace("Initial", "Another");
    let answer = harness.create_with_key(other).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (422, "idempotency_key_reused")
    );
    let stranger = harness.look(&submission_path(), "agent-8").await;
    assert_eq!((stranger.status.as_u16(), stranger.code().as_str()), (404, "not_found"));
    assert_eq!(harness.simulator.counts().create, 1);
}

/// A copy of a tab has the same key. Of a text that it has changed the proxy does not say that there is a case.
#[tokio::test]
async fn a_question_about_a_case_is_answered_for_that_case_alone() {
    let harness = Harness::start().await;
    harness.create_with_key(DOCUMENTED_REQUEST).await;
    let ask = async |body: String| {
        let request = Request::post(submission_path())
            .header("host", "portal.example")
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("x-partner-case-form", "1")
            .header("x-staff-id", "agent-7")
            .header("x-portal-secret", STAFF_SECRET);
        harness.send(request.body(Body::from(body)).expect("a request")).await
    };
    let same = ask(DOCUMENTED_REQUEST.to_owned()).await;
    assert_eq!((same.status.as_u16(), &same.json()["state"]), (200, &"created".into()));
    let other = ask(DOCUMENTED_REQUEST.replace("Initial", "Another")).await;
    assert_eq!(
        (other.status.as_u16(), other.code().as_str(), &other.json()["outcome"]),
        (422, "idempotency_key_reused", &"not_sent".into())
    );
    assert_eq!(ask("{".to_owned()).await.code(), "invalid_json");
    assert_eq!(harness.simulator.counts().create, 1);
}

#[tokio::test]
async fn the_second_request_hears_that_the_first_has_not_ended() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::Slow { millis: 300 });
    let first = harness.create_with_key(DOCUMENTED_REQUEST);
    let second = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let report = harness.look(&submission_path(), "agent-7").await;
        (harness.create_with_key(DOCUMENTED_REQUEST).await, report)
    };
    let (first, (second, report)) = tokio::join!(first, second);
    assert_eq!(first.status.as_u16(), 200);
    assert_eq!(
        (second.status.as_u16(), second.code().as_str()),
        (409, "submission_in_flight")
    );
    assert_eq!(report.json()["state"], "in_flight");
    assert_eq!(harness.simulator.counts().create, 1);
}

#[tokio::test]
async fn an_unknown_outcome_is_never_sent_again_under_its_key() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    for _ in 0..2 {
        let answer = harness.create_with_key(DOCUMENTED_REQUEST).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "outcome_unknown"));
    }
    assert_eq!(harness.simulator.counts().create, 1);
    assert_eq!(harness.look(&submission_path(), "agent-7").await.json()["state"], "unknown");
}

#[tokio::test]
async fn a_key_whose_submission_made_no_case_is_free_again() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::RateLimited { retry_after_secs: 1 });
    assert_eq!(harness.create_with_key(DOCUMENTED_REQUEST).await.status.as_u16(), 429);
    let report = harness.look(&submission_path(), "agent-7").await.json();
    assert_eq!(
        (&report["state"], &report["problem"]["code"]),
        (&"rejected".into(), &"upstream_rate_limited".into())
    );
    assert_eq!(harness.create_with_key(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_case_is_looked_at_as_it_stands_at_wise() {
    let harness = Harness::start().await;
    let id = harness.create_with_key(DOCUMENTED_REQUEST).await.json()["id"].to_string();
    harness.fault(Target::Get, FaultKind::Unauthorized);
    let case = harness.look(&format!("/partner-cases/cases/{id}"), "agent-7").await;
    assert_eq!((case.status.as_u16(), case.json()["id"].to_string()), (200, id));
    for path in [
        "/partner-cases/cases/1",
        "/partner-cases/cases/x",
        "/partner-cases/cases/-1",
        "/partner-cases/submissions/x",
    ] {
        let answer = harness.look(path, "agent-7").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{path}");
    }
}

#[tokio::test]
async fn only_the_portals_own_pages_and_staff_may_look() {
    let harness = Harness::start().await;
    for (site, header, secret, status) in [
        ("cross-site", "1", STAFF_SECRET, 403),
        ("same-origin", "", STAFF_SECRET, 403),
        ("same-origin", "1", "wrong", 401),
    ] {
        let mut request = Request::get(submission_path())
            .header("sec-fetch-site", site)
            .header("x-staff-id", "agent-7")
            .header("x-portal-secret", secret);
        if !header.is_empty() {
            request = request.header("x-partner-case-form", header);
        }
        let answer = harness.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status.as_u16(), status, "{site} {header} {secret}");
    }
}

#[tokio::test]
async fn what_was_raised_about_a_transfer_is_found_by_its_id_only() {
    let harness = Harness::start().await;
    let id = harness.create(DOCUMENTED_REQUEST).await.json()["id"].clone();
    harness.create(DOCUMENTED_REQUEST.replace("58114690", "77")).await;
    harness.fault(Target::Create, FaultKind::Rejected);
    harness.create(DOCUMENTED_REQUEST).await;
    let found = harness
        .look("/partner-cases/cases?transferId=58114690", "agent-8")
        .await
        .json();
    assert_eq!(found["cases"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found["cases"][0]["id"], id);
    for wrong in ["", "?transferId=x", "?transferId=1&other=2", "?other=2"] {
        let answer = harness.look(&format!("/partner-cases/cases{wrong}"), "agent-7").await;
        assert_eq!(answer.code(), "not_found", "{wrong}");
    }
}

#[tokio::test]
async fn the_form_learns_where_it_is() {
    let harness = Harness::start().await;
    let context = harness.look("/partner-cases/context", "agent-7").await.json();
    assert_eq!(
        (&context["environment"], &context["apiVersion"]),
        (&"simulator".into(), &"v1".into())
    );
}

#[tokio::test]
async fn one_person_cannot_use_up_what_wise_allows_by_looking() {
    let harness = Harness::start().await;
    let case = harness.create(DOCUMENTED_REQUEST).await.json()["id"].clone();
    let path = format!("/partner-cases/cases/{case}");
    for _ in 0..60 {
        assert_eq!(harness.look(&path, "agent-7").await.status.as_u16(), 200);
    }
    let refused = harness.look(&path, "agent-7").await;
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (429, "staff_rate_limited")
    );
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(harness.look(&path, "agent-8").await.status.as_u16(), 200);
}

/// What another agent has typed is not for this one, and what was not raised here is not shown unless a setting says so.
#[tokio::test]
async fn an_agent_sees_the_cases_that_the_setting_says_and_nothing_that_another_has_typed() {
    for (visible, another, foreign) in [("own", false, false), ("raised-here", true, false), ("all", true, true)] {
        let limits = format!("[cases]\nvisible = {visible:?}");
        let harness = Harness::start_with(&limits, None).await;
        let id = harness.create(DOCUMENTED_REQUEST).await.json()["id"]
            .as_i64()
            .expect("a case");
        let path = format!("/partner-cases/cases/{id}");
        let of = |agent| harness.look(&path, agent);
        let own = of("agent-7").await;
        assert_eq!(
            (own.status.as_u16(), own.json()["externalId"].as_str().map(str::len)),
            (200, Some(25)),
            "{visible}"
        );
        let shown = of("agent-8").await;
        assert_eq!(shown.status.as_u16() == 200, another, "{visible}");
        assert!(!shown.body.contains("partner_external_id"), "{}", shown.body);
        let about = harness
            .look("/partner-cases/cases?transferId=58114690", "agent-8")
            .await
            .json();
        assert_eq!(
            about["cases"].as_array().map(Vec::len),
            Some(usize::from(another)),
            "{visible}"
        );
        // A case at Wise that was not raised through this proxy.
        let request = axum::http::Request::post(format!("{}/v1/cases", harness.simulator.url()));
        let token = harness.simulator.cases()[0].authorization.clone();
        let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
        let request = request
            .header("authorization", token)
            .header("content-type", "application/json");
        let body = http_body_util::Full::<axum::body::Bytes>::from(DOCUMENTED_REQUEST);
        client.request(request.body(body).expect("a request")).await.expect("a case");
        let other = harness.look(&format!("/partner-cases/cases/{}", id + 1), "agent-7").await;
        assert_eq!(other.status.as_u16() == 200, foreign, "{visible}");
    }
}

#[tokio::test]
async fn one_agent_cannot_look_things_up_without_end() {
    let harness = Harness::start_with("[limits]\nlookups_per_minute_per_staff = 3", None).await;
    let path = "/partner-cases/submissions/0f8fad5b-d9cb-469f-a165-70867728950e";
    for _ in 0..3 {
        assert_eq!(harness.look(path, "agent-7").await.status.as_u16(), 404);
    }
    let refused = harness.look(path, "agent-7").await;
    assert_eq!(refused.code(), "staff_rate_limited");
    // It has not looked at the key, so it says nothing of it.
    assert_eq!(refused.json()["outcome"], "not_sent");
    assert_eq!(
        harness.look("/partner-cases/cases?transferId=1", "agent-7").await.code(),
        "staff_rate_limited"
    );
    assert_eq!(harness.look(path, "agent-8").await.status.as_u16(), 404);
}
