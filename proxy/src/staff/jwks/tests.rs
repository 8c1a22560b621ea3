use axum::Router;
use axum::routing::get;

use super::*;
use crate::config::UpstreamConfig;

/// Starts a sign-on that publishes `document`, and returns its keys' address.
async fn publishing(document: &'static str) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let routes = Router::new().route("/jwks", get(async move || document));
    tokio::spawn(axum::serve(listener, routes).into_future());
    url.parse().unwrap()
}

fn jwks(url: Url) -> Jwks {
    let upstream = UpstreamConfig {
        cases_url: url.clone(),
        api_version: "v1".to_owned(),
        token_url: url.clone(),
        connect_timeout: Duration::from_secs(1),
        timeout: Duration::from_secs(1),
        ca_file: None,
        client_certificate: None,
        #[cfg(feature = "simulation")]
        in_memory: None,
    };
    Jwks::new(url, vec![Algorithm::EdDSA], HttpClient::anonymous(&upstream).unwrap())
}

const KEY: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#;

#[tokio::test]
async fn readiness_names_the_status_or_the_reason_for_which_nobody_can_sign_in() {
    assert_eq!(jwks(publishing(KEY).await).check().await, Ok(()));
    for (url, reason) in [
        (publishing("<html>").await, "is not a JWK Set"),
        (publishing(r#"{"keys":[]}"#).await, "fits staff.algorithms"),
        (publishing("").await.join("/elsewhere").unwrap(), "status 404"),
    ] {
        let told = jwks(url.clone()).check().await.unwrap_err();
        assert!(told.contains(reason) && told.contains(url.as_str()), "{told}");
    }
}

#[tokio::test]
async fn readiness_holds_while_known_keys_let_agents_in() {
    let jwks = jwks(publishing(KEY).await);
    assert_eq!(jwks.check().await, Ok(()));
    // An outage: every fetch from now on fails.
    let outage = || FetchError {
        status: None,
        reason: "no connection could be made".to_owned(),
    };
    jwks.0.record(Err(outage()));
    assert_eq!(jwks.check().await, Ok(()));
    tokio::time::pause();
    tokio::time::advance(KEYS_USABLE).await;
    jwks.0.record(Err(outage()));
    assert!(jwks.check().await.unwrap_err().contains("no connection"));
}

#[test]
fn the_pause_after_a_failed_fetch_grows_up_to_thirty_seconds() {
    let pauses: Vec<u64> = (1..=7).map(|count| retry_pause(count).as_secs()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    assert_eq!(retry_pause(u32::MAX).as_secs(), 30);
}
