//! What the log says when a service beside Wise does not answer: the reason, and nobody's ID.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tracing_subscriber::EnvFilter;

use crate::harness::{DOCUMENTED_REQUEST, Harness, Setup, create_request};
use crate::{CANARIES, Log, ONE_AT_A_TIME};

/// Starts a server that answers every call with a status and a text.
async fn answering(status: StatusCode, text: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let routes = Router::new().fallback(any(async move || (status, text)));
    tokio::spawn(axum::serve(listener, routes).into_future());
    format!("http://{addr}/path")
}

async fn closed_port() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    format!("http://{}/path", listener.local_addr().expect("an address"))
}

#[tokio::test]
async fn the_log_says_once_for_each_fetch_why_the_sign_ons_keys_cannot_be_had() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for (url, reason) in [
        (answering(StatusCode::BAD_GATEWAY, "").await, "502 Bad Gateway"),
        (answering(StatusCode::OK, "<html>").await, "not a JWK Set"),
        (answering(StatusCode::OK, "{\"keys\":[]}").await, "no published key fits"),
        (closed_port().await, "no connection could be made"),
    ] {
        let log = Log::default();
        let subscriber = partner_case_proxy::logging::subscriber(EnvFilter::new("error"), log.clone());
        let _subscribed = tracing::subscriber::set_default(subscriber);
        let staff = format!("mode = \"jwt\"\njwks_url = \"{url}\"\nissuer = \"canary-issuer\"\naudience = \"cases\"");
        let harness = Harness::start_all(&Setup {
            staff: Some(&staff),
            ..Setup::default()
        })
        .await;
        let token = [
            r#"{"alg":"ES256","kid":"canary-kid"}"#,
            r#"{"sub":"canary-agent"}"#,
            "canary-signature",
        ]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".");
        for _ in 0..3 {
            let mut request = create_request().body(DOCUMENTED_REQUEST.into()).expect("a request");
            let value = format!("Bearer {token}").parse().expect("a value");
            request.headers_mut().insert("authorization", value);
            assert_eq!(harness.send(request).await.code(), "sign_in_unavailable");
        }
        let text = log.text();
        let line = "the signing keys of the sign-on cannot be fetched";
        assert_eq!(text.matches(line).count(), 1, "{text}");
        assert!(text.contains(reason) && text.contains(&url), "{reason}: {text}");
        assert!(!text.contains("canary") && !text.contains(&token), "{text}");
    }
}

#[tokio::test]
async fn the_log_says_why_the_authorization_hook_did_not_decide_and_names_nobody() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for (url, reason) in [
        (answering(StatusCode::BAD_GATEWAY, "canary-answer").await, "\"status\":502"),
        (closed_port().await, "no connection could be made"),
    ] {
        let log = Log::default();
        let subscriber = partner_case_proxy::logging::subscriber(EnvFilter::new("error"), log.clone());
        let _subscribed = tracing::subscriber::set_default(subscriber);
        let section = format!("[authorize]\nurl = \"{url}\"\nsecret = \"canary-hook-secret\"");
        let harness = Harness::start_all(&Setup {
            limits: &section,
            ..Setup::default()
        })
        .await;
        assert_eq!(harness.create(CANARIES).await.code(), "authorization_unavailable");
        let text = log.text();
        assert!(
            text.contains("the authorization hook did not decide") && text.contains(reason),
            "{text}"
        );
        for canary in ["canary", "48151623", "agent-7"] {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    }
}
