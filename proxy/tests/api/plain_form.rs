//! A plain HTML form, for pages on which the widget cannot run.

use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderName, Request};
use wise_simulator::{Counts, FaultKind, Target};

use crate::harness::{Answer, Harness, STAFF_SECRET};

const TYPED: &str =
    "userId=1234&transferId=%2358+114+690&subject=Late+%26+lost&description=First+line%0D%0ASecond&externalId=&profileId=";

async fn post(harness: &Harness, body: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = Request::post("/partner-cases/cases")
        .header("host", "portal.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("referer", "https://portal.example/transfers/7?tab=cases")
        .header("x-staff-id", "agent-7")
        .header("x-portal-secret", STAFF_SECRET)
        .body(Body::from(body.to_owned()))
        .expect("a request");
    for (name, value) in headers {
        request
            .headers_mut()
            .insert(HeaderName::from_static(name), value.parse().expect("a value"));
    }
    harness.send(request).await
}

#[tokio::test]
async fn it_makes_a_case_and_is_answered_with_a_page() {
    let harness = Harness::start().await;
    let answer = post(&harness, TYPED, &[]).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(answer.headers["referrer-policy"], "same-origin");
    assert!(
        answer.headers["content-security-policy"]
            .to_str()
            .expect("text")
            .contains("default-src 'none'")
    );
    for told in [
        "<html lang=\"en\"",
        "Case created",
        "123456789",
        "href=\"/transfers/7?tab=cases\"",
    ] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    let body: serde_json::Value = serde_json::from_str(&harness.simulator.cases()[0].body).expect("JSON");
    assert_eq!(body["details"]["transferId"], 58_114_690);
    assert_eq!(body["subject"], "Late & lost");
    assert_eq!(body["description"], "First line\nSecond");
    assert!(body["externalId"].as_str().is_some_and(|id| id.starts_with("pcf-")));
}

/// A plain form has no key: a second click, or a reload of the answer, must make no second case all the same.
#[tokio::test]
async fn the_same_text_of_the_same_person_makes_one_case() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    let unknown = post(&harness, TYPED, &[]).await;
    assert_eq!(unknown.status.as_u16(), 504);
    assert!(
        unknown.body.contains("We cannot tell whether the case was created"),
        "{}",
        unknown.body
    );
    assert_eq!(post(&harness, TYPED, &[]).await.status.as_u16(), 504);
    assert_eq!(harness.simulator.counts().create, 1);
    // A person who has checked can send it as another case, and even that only once.
    let (_, again) = unknown.body.rsplit_once("name=\"nonce\" value=\"").expect("a button");
    let again = format!("{TYPED}&nonce={}", again.split('"').next().expect("a nonce"));
    for _ in 0..2 {
        assert!(post(&harness, &again, &[]).await.body.contains("Case created"));
    }
    assert_eq!(harness.simulator.counts().create, 2);

    assert_eq!(post(&harness, TYPED, &[("x-staff-id", "agent-8")]).await.status.as_u16(), 200);
    let other = TYPED.replace("Second", "Third");
    for _ in 0..2 {
        assert!(post(&harness, &other, &[]).await.body.contains("123456792"));
    }
    assert_eq!(harness.simulator.counts().create, 4);
}

/// The second click's page takes the place of the first one's.
#[tokio::test]
async fn a_second_click_waits_for_the_first() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::Slow { millis: 300 });
    let (first, second) = tokio::join!(post(&harness, TYPED, &[]), post(&harness, TYPED, &[]));
    for answer in [first, second] {
        assert!(
            answer.body.contains("Case created") && answer.body.contains("123456789"),
            "{}",
            answer.body
        );
    }
    assert_eq!(harness.simulator.counts().create, 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_is_there_again() {
    let harness = Harness::start().await;
    let typed =
        "userId=x&transferId=&subject=a%40example.com&description=%0D%0A%3Cscript%3Ecanary%3C%2Fscript%3E&externalId=%22%3E";
    let answer = post(&harness, typed, &[]).await;
    assert_eq!(answer.status.as_u16(), 422);
    for told in [
        "User ID: enter digits only. “x” is not a digit",
        "Subject: it holds personal data (e-mail address). Move it to the description",
        "name=\"userId\" value=\"x\"",
        "value=\"a@example.com\"",
        "&lt;script&gt;canary&lt;/script&gt;",
        "value=\"&quot;&gt;\"",
    ] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    assert!(!answer.body.contains("<script>"));
    assert_eq!(harness.simulator.counts(), Counts::default());

    harness.fault(Target::Create, FaultKind::Rejected);
    let refused = post(&harness, TYPED, &[]).await;
    assert!(
        refused.body.contains("User ID: Wise did not accept this value"),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn only_the_portals_own_pages_may_send_it() {
    let harness = Harness::start().await;
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
    ] {
        let answer = post(&harness, TYPED, headers).await;
        assert_eq!(answer.code(), "cross_site", "{headers:?}");
        // Another site's text is not shown as if the portal had it from the person.
        assert!(!answer.body.contains("Late"), "{}", answer.body);
    }
    let answer = post(&harness, TYPED, &[("x-portal-secret", "wrong")]).await;
    assert_eq!(answer.status.as_u16(), 401);
    assert!(answer.body.contains("Your session has ended") && answer.body.contains("Late &amp; lost"));
    // Every other type of body needs what only a script can send.
    let answer = post(&harness, "priority=1", &[("content-type", "multipart/form-data")]).await;
    assert_eq!(answer.code(), "custom_header_missing");
    assert_eq!(harness.simulator.counts(), Counts::default());
}

#[tokio::test]
async fn the_page_speaks_the_readers_language() {
    let www = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../www"));
    let harness = Harness::start_with("", Some(www)).await;
    let answer = post(&harness, TYPED, &[("accept-language", "ar-EG,en;q=0.5")]).await;
    assert!(answer.body.contains("<html lang=\"ar\" dir=\"rtl\">"), "{}", answer.body);
    assert!(!answer.body.contains("Case created"));
    // Nothing leads from the page to another host.
    for referer in [
        "https://evil.example/x",
        "https://portal.example//evil.example",
        "https://portal.example/\\evil.example",
    ] {
        let answer = post(&harness, TYPED, &[("referer", referer)]).await;
        assert!(!answer.body.contains("evil"), "{}", answer.body);
    }
}
