//! Only the portal's word about the staff member is believed.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use partner_case_proxy::Peer;
use wise_simulator::Counts;

use crate::harness::{DOCUMENTED_REQUEST, Harness, create_request};

type Change = fn(&mut HeaderMap);

#[tokio::test]
async fn a_forged_or_missing_identity_is_refused() {
    let changes: [(&str, Change); 10] = [
        ("no secret", |headers| drop(headers.remove("x-portal-secret"))),
        ("wrong secret", |headers| {
            drop(headers.insert("x-portal-secret", "guess".parse().expect("a value")))
        }),
        ("no staff id", |headers| drop(headers.remove("x-staff-id"))),
        ("blank staff id", |headers| {
            drop(headers.insert("x-staff-id", " ".parse().expect("a value")))
        }),
        // The proxy trims nothing: " agent-7" and "agent-7" would be one agent to one reader and two to another.
        ("a space before the id", |headers| {
            drop(headers.insert("x-staff-id", " agent-7".parse().expect("a value")))
        }),
        ("a tab after the id", |headers| {
            drop(headers.insert("x-staff-id", "agent-7\t".parse().expect("a value")))
        }),
        ("a zero-width space in the id", |headers| {
            drop(headers.insert("x-staff-id", "agent\u{200b}-7".parse().expect("a value")))
        }),
        ("two staff ids", |headers| {
            assert!(headers.append("x-staff-id", "someone-else".parse().expect("a value")))
        }),
        // As a server between makes one of two.
        ("two staff ids in one", |headers| {
            drop(headers.insert("x-staff-id", "agent-7, someone-else".parse().expect("a value")))
        }),
        ("two secrets", |headers| {
            assert!(headers.append("x-portal-secret", "guess".parse().expect("a value")))
        }),
    ];
    let harness = Harness::start().await;
    for (what, change) in changes {
        let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
        change(request.headers_mut());
        let answer = harness.send(request).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "unauthenticated"),
            "{what}"
        );
    }
    assert_eq!(harness.simulator.counts(), Counts::default());
}

#[tokio::test]
async fn a_peer_that_is_not_listed_is_refused_even_with_the_secret() {
    let harness = Harness::start().await;
    let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
    request.extensions_mut().insert(Peer(SocketAddr::from(([10, 0, 0, 9], 1))));
    assert_eq!(harness.send(request).await.code(), "unauthenticated");
    let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
    // The same address as an IPv6 socket shows it.
    request
        .extensions_mut()
        .insert(Peer("[::ffff:127.0.0.1]:1".parse().expect("an address")));
    assert_eq!(harness.send(request).await.status, StatusCode::OK);
}

/// DNS rebinding: a page of another site whose name points at this machine. Its origin is its own host, so only the name tells.
#[tokio::test]
async fn the_insecure_demo_answers_to_a_loopback_name_only() {
    let harness = Harness::start_insecure_demo().await;
    for (host, status) in [
        ("127.0.0.1:8780", StatusCode::OK),
        ("localhost", StatusCode::OK),
        ("[::1]:8780", StatusCode::OK),
        ("evil.example:8780", StatusCode::UNAUTHORIZED),
        ("localhost.evil.example", StatusCode::UNAUTHORIZED),
    ] {
        let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
        request.headers_mut().insert("host", host.parse().expect("a value"));
        assert_eq!(harness.send(request).await.status, status, "{host}");
    }
}

/// The portal changes its secret: for a while both are good, and then the old one is not.
#[tokio::test]
async fn the_portals_secret_is_replaced_without_a_restart() {
    let (old, new) = ("old-portal-secret-0123456789abcdefgh", "new-portal-secret-0123456789abcdefgh");
    let file = crate::harness::tempdir().join("portal-secret");
    crate::harness::write_secret(&file, &format!("{old}\n"));
    let staff = format!(
        "mode = \"trusted-header\"\nsecret_file = {:?}\ntrusted_peers = [\"127.0.0.1\"]",
        file.display().to_string()
    );
    let harness = Harness::start_all(&crate::harness::Setup {
        staff: Some(&staff),
        ..crate::harness::Setup::default()
    })
    .await;
    let create = async |secret: &str| {
        let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
        request
            .headers_mut()
            .insert("x-portal-secret", secret.parse().expect("a value"));
        harness.send(request).await.status.as_u16()
    };
    let pause = std::time::Duration::from_millis(5100);
    assert_eq!((create(old).await, create(new).await), (200, 401));
    std::fs::write(&file, format!("{old}\n{new}\n")).expect("two secrets");
    tokio::time::sleep(pause).await;
    assert_eq!((create(old).await, create(new).await), (200, 200));
    std::fs::write(&file, format!("{new}\n")).expect("a secret");
    tokio::time::sleep(pause).await;
    assert_eq!((create(old).await, create(new).await), (401, 200));
    std::fs::remove_file(&file).expect("no secret");
    tokio::time::sleep(pause).await;
    assert_eq!((create(old).await, create(new).await), (401, 200));
}

#[tokio::test]
async fn an_id_with_a_space_inside_is_an_agents() {
    let harness = Harness::start().await;
    let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
    request
        .headers_mut()
        .insert("x-staff-id", "agent 7".parse().expect("a value"));
    assert_eq!(harness.send(request).await.status, StatusCode::OK);
}
