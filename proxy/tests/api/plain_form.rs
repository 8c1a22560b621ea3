//! A plain HTML form, for pages on which the widget cannot run.

use std::net::SocketAddr;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderName, Request, request};
use partner_case_core::Field;
use partner_case_proxy::Peer;
use tower::ServiceExt as _;
use wise_simulator::{Counts, FaultKind, Target};

use crate::harness::{Answer, DOCUMENTED_REQUEST, Harness, STAFF_SECRET, Setup, create_request};

const TYPED: &str =
    "userId=1234&transferId=%2358+114+690&subject=Late+%26+lost&description=First+line%0D%0ASecond&externalId=&profileId=";

async fn post(harness: &Harness, body: &str, headers: &[(&'static str, &str)]) -> Answer {
    post_to(harness, "/partner-cases/cases", body, headers).await
}

async fn post_to(harness: &Harness, action: &str, body: &str, headers: &[(&'static str, &str)]) -> Answer {
    let request = form(action, headers).body(Body::from(body.to_owned()));
    harness.send(request.expect("a request")).await
}

/// A plain form as a browser sends it, but for its body.
fn form(action: &str, headers: &[(&'static str, &str)]) -> request::Builder {
    let mut request = Request::post(action)
        .header("host", "portal.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("referer", "https://portal.example/transfers/7?tab=cases")
        .header("x-staff-id", "agent-7")
        .header("x-portal-secret", STAFF_SECRET);
    for (name, value) in headers {
        request
            .headers_mut()
            .expect("a request")
            .insert(HeaderName::from_static(name), value.parse().expect("a value"));
    }
    request
}

/// A proxy whose database cannot be reached.
async fn without_a_store() -> Harness {
    Harness::start_all(&Setup {
        environment: &[
            (
                "PARTNER_CASE_PROXY_STORE_POSTGRES_URL",
                "postgres://proxy:password@127.0.0.1:1/cases",
            ),
            ("PARTNER_CASE_PROXY_STORE_KEY", "a-key-of-a-test-0123456789abcdefghij"),
        ],
        ..Setup::default()
    })
    .await
}

/// Where the form on a page is sent, and the numbers of its buttons.
fn form_of(answer: &Answer) -> (String, Vec<String>) {
    let values = |before: &str| -> Vec<String> {
        let parts = answer.body.split(before).skip(1);
        parts
            .map(|part| part.split('"').next().expect("a value").replace("&amp;", "&"))
            .collect()
    };
    (values(" action=\"").remove(0), values("name=\"nonce\" value=\""))
}

/// A page that leaves open whether there is a case.
fn assert_doubt(answer: &Answer) {
    assert!(
        answer.body.contains("<h1>We cannot tell whether the case was created</h1>"),
        "{}",
        answer.body
    );
    for denied in ["was not created", "was not sent"] {
        assert!(!answer.body.contains(denied), "{denied}: {}", answer.body);
    }
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
    assert!(answer.body.contains("Your session has ended") && !answer.body.contains("Late"));
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

/// The outcome of the first try stays in doubt, whatever keeps the second one from finding out.
#[tokio::test]
async fn a_second_try_that_finds_nothing_out_still_reads_as_doubt() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    let unknown = post(&harness, TYPED, &[]).await;
    let (action, nonces) = form_of(&unknown);

    let signed_out = post_to(&harness, &action, TYPED, &[("x-portal-secret", "wrong")]).await;
    assert_eq!(signed_out.status.as_u16(), 401);
    assert_doubt(&signed_out);
    assert!(signed_out.body.contains("Your session has ended"), "{}", signed_out.body);

    // The second try reaches a proxy whose database is away.
    let elsewhere = without_a_store().await;
    for nonce in &nonces {
        let answer = post_to(&elsewhere, &action, &format!("{TYPED}&nonce={nonce}"), &[]).await;
        assert_eq!(answer.status.as_u16(), 503, "{}", answer.body);
        assert_doubt(&answer);
        assert!(answer.body.contains("Wise cannot be reached"), "{}", answer.body);
        // The first button still asks about the first try, and the mark is kept.
        let (again, again_nonces) = form_of(&answer);
        assert_eq!((&again, &again_nonces[0]), (&action, &nonces[0]));
        assert_ne!(again_nonces[1], nonces[1]);
    }
    assert_eq!(harness.simulator.counts().create, 1);
    assert_eq!(elsewhere.simulator.counts().create, 0);
}

#[tokio::test]
async fn a_second_try_with_a_fault_in_its_text_still_reads_as_doubt() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    let (action, _) = form_of(&post(&harness, TYPED, &[]).await);
    let answer = post_to(&harness, &action, &TYPED.replace("1234", "x"), &[]).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_doubt(&answer);
    assert!(answer.body.contains("“x” is not a digit"), "{}", answer.body);
    // The agent can correct it.
    assert!(!answer.body.contains("readonly"), "{}", answer.body);
}

/// Another text would be another submission, which asks nothing and may make a second case.
#[tokio::test]
async fn a_text_in_doubt_cannot_be_changed_and_checked() {
    let harness = Harness::start().await;
    harness.fault(Target::Create, FaultKind::AcceptThenDrop);
    let answer = post(&harness, TYPED, &[]).await;
    // All fields but the type, which the page does not show.
    assert_eq!(
        answer.body.matches("readonly").count(),
        Field::ALL.len() - 1,
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_first_try_with_the_store_down_reads_neither_as_doubt_nor_as_a_promise() {
    let harness = without_a_store().await;
    let answer = post(&harness, TYPED, &[]).await;
    assert_eq!(answer.status.as_u16(), 503);
    assert!(answer.body.contains("<h1>The case was not sent</h1>"), "{}", answer.body);
    assert!(!answer.body.contains("was not created"), "{}", answer.body);
    assert!(!answer.body.contains("We cannot tell"), "{}", answer.body);
    assert!(answer.body.contains("Late &amp; lost"), "{}", answer.body);
    assert_eq!(harness.simulator.counts().create, 0);
}

/// The body of somebody whom the proxy does not know is not even read.
#[tokio::test]
async fn an_unknown_sender_gets_a_page_without_the_text() {
    let harness = Harness::start().await;
    let request = form("/partner-cases/cases", &[("x-portal-secret", "wrong")]);
    let never: Body = Body::from_stream(tokio_stream::pending::<Result<String, std::io::Error>>());
    let answer = harness.send(request.body(never).expect("a request")).await;
    assert_eq!(answer.status.as_u16(), 401);
    for told in ["The case was not sent", "Your session has ended", "Go back in your browser"] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    assert!(!answer.body.contains("<form"), "{}", answer.body);
    let answer = post(&harness, TYPED, &[("x-portal-secret", "wrong")]).await;
    assert!(!answer.body.contains("Late"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_that_does_not_say_for_certain_what_was_typed_is_refused_and_shown_again() {
    let harness = Harness::start().await;
    for (typed, shown) in [
        (TYPED.replace("lost", "caf%E9"), "Late &amp; caf\u{fffd}"),
        (format!("{TYPED}&subject=Second"), "Late &amp; lost Second"),
        (format!("{TYPED}&userId=1234"), "value=\"1234 1234\""),
    ] {
        let answer = post(&harness, &typed, &[]).await;
        assert_eq!(answer.status.as_u16(), 400, "{typed}");
        for told in ["The case was not sent", "This portal is not set up correctly", shown] {
            assert!(answer.body.contains(told), "{told}: {}", answer.body);
        }
    }
    assert_eq!(harness.simulator.counts(), Counts::default());
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let harness = Harness::start().await;
    let answer = post(&harness, TYPED, &[("content-encoding", "gzip")]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (415, "unsupported_media_type")
    );
    assert_eq!(
        post(&harness, TYPED, &[("content-encoding", "identity")])
            .await
            .status
            .as_u16(),
        200
    );
    let json = create_request().header("content-encoding", "gzip");
    let answer = harness
        .send(json.body(Body::from(DOCUMENTED_REQUEST)).expect("a request"))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (415, "unsupported_media_type")
    );
    assert_eq!(harness.simulator.counts().create, 1);
}

#[tokio::test]
async fn an_operator_can_switch_plain_forms_off() {
    let harness = Harness::start_with("[plain_form]\nenabled = false", None).await;
    let answer = post(&harness, TYPED, &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (415, "unsupported_media_type")
    );
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    assert_eq!(harness.simulator.counts().create, 1);
}

/// The pages stay in memory until they are read, so there are no more of them than places. Agents with the form are not kept waiting.
#[tokio::test]
async fn answers_that_nobody_reads_hold_their_places_and_no_agents_case() {
    let harness = Harness::start().await;
    let mut unread = Vec::new();
    for _ in 0..8 {
        let mut request = form("/partner-cases/cases", &[])
            .body(Body::from("userId=x"))
            .expect("a request");
        request
            .extensions_mut()
            .insert(Peer(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        unread.push(harness.routes().oneshot(request).await.expect("an answer"));
    }
    let answer = post(&harness, TYPED, &[]).await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.headers["retry-after"], "1");
    for told in ["The case was not sent", "Too many requests", "Go back in your browser"] {
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    unread.pop();
    assert_eq!(post(&harness, TYPED, &[]).await.status.as_u16(), 200);
}
