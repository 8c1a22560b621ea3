//! The keys of the portal's single sign-on: which of them verify a token, and what an agent notices while they cannot be had.

use std::time::Duration;

use axum::http::StatusCode;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use serde_json::{Value, json};

use crate::sign_on::{Key, SignOn, bearer, good, later, now, read, reads, rsa_jwk, rsa_sign, start, with};

const DOWN: Option<(StatusCode, &str)> = Some((StatusCode::SERVICE_UNAVAILABLE, ""));

const A_DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn an_outage_of_the_sign_on_does_not_matter_for_keys_that_are_known() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
    sign_on.answer_instead(DOWN);
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
}

/// Tokens with invented key ids must not become a flood at the sign-on.
#[tokio::test]
async fn unknown_keys_are_asked_for_once_in_a_while() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    for _ in 0..20 {
        assert_eq!(bearer(&harness, &Key::new("invented").sign(&good())).await, 401);
    }
    assert_eq!(sign_on.asked(), 1);
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
}

#[tokio::test]
async fn a_new_key_of_the_sign_ons_is_found_and_an_old_one_forgotten() {
    let (sign_on, old, new) = (SignOn::default(), Key::new("k1"), Key::new("k2"));
    sign_on.publish(&[&old]);
    let harness = start(&sign_on, "").await;
    assert_eq!(reads(&harness, &old.sign(&good())).await, 200);

    sign_on.publish(&[&old, &new]);
    later(Duration::from_secs(31)).await;
    assert_eq!(reads(&harness, &new.sign(&good())).await, 200);
    assert_eq!(reads(&harness, &old.sign(&good())).await, 200);

    sign_on.publish(&[&new]);
    later(Duration::from_secs(11 * 60)).await;
    // The first that comes finds the known keys old and has them asked for anew; it is served meanwhile.
    assert_eq!(reads(&harness, &new.sign(&good())).await, 200);
    for _ in 0..200 {
        if reads(&harness, &old.sign(&good())).await == 401 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a key that the sign-on has withdrawn still lets in");
}

/// A sign-on may publish keys that are not for this: for encryption, or of kinds that nobody here knows.
#[tokio::test]
async fn keys_of_unknown_kinds_do_not_hide_the_good_ones() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    sign_on.keys.lock().expect("the keys").extend([
        json!({ "kty": "EC", "crv": "secp256k1", "kid": "k2", "x": "AA", "y": "AA" }),
        json!({ "kty": "RSA", "use": "enc", "alg": "ECDH-ES", "kid": "k3", "n": "AA", "e": "AQAB" }),
        json!({ "kty": "new" }),
        json!(7),
    ]);
    let harness = start(&sign_on, "").await;
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
}

async fn is_unavailable(sign_on: &SignOn, token: &str) {
    let harness = start(sign_on, "").await;
    let answer = read(&harness, token).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "sign_in_unavailable"));
    assert_eq!(answer.json()["outcome"], "not_sent");
}

/// "Your session has ended" would send every agent to sign in again, in vain.
#[tokio::test]
async fn an_agent_is_not_signed_out_by_keys_that_were_never_fetched() {
    let key = Key::new("k1");
    for answer in [
        (StatusCode::SERVICE_UNAVAILABLE, ""),
        (StatusCode::NOT_FOUND, "{\"keys\":[]}"),
        (StatusCode::FOUND, ""),
        (StatusCode::OK, "<html>"),
        (StatusCode::OK, "{\"keys\":[]}"),
        (StatusCode::OK, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}"),
    ] {
        let sign_on = SignOn::default();
        sign_on.answer_instead(Some(answer));
        is_unavailable(&sign_on, &key.sign(&good())).await;
        is_unavailable(&sign_on, &key.sign_as(&json!({ "kid": null }), &good())).await;
    }
}

#[tokio::test]
async fn who_has_no_token_is_not_signed_in_whatever_the_sign_on_does() {
    let sign_on = SignOn::default();
    sign_on.answer_instead(DOWN);
    let harness = start(&sign_on, "").await;
    for token in ["", "x", "e30.e30.e30"] {
        assert_eq!(reads(&harness, token).await, 401, "{token}");
    }
    assert_eq!(sign_on.asked(), 0);
}

#[tokio::test]
async fn a_failed_fetch_is_repeated_after_one_second_then_two_and_so_on() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    sign_on.answer_instead(DOWN);
    let harness = start(&sign_on, "").await;
    let token = key.sign(&good());
    // What the pause after each failure is, in seconds.
    for (failures, pause) in [1, 2, 4, 8, 16, 30, 30].into_iter().enumerate() {
        let failures = u32::try_from(failures).expect("a number");
        for _ in 0..3 {
            assert_eq!(reads(&harness, &token).await, 503);
        }
        assert_eq!(sign_on.asked(), failures + 1);
        later(Duration::from_secs(pause) - Duration::from_millis(500)).await;
        assert_eq!(reads(&harness, &token).await, 503);
        assert_eq!(sign_on.asked(), failures + 1);
        later(Duration::from_millis(500)).await;
    }
    sign_on.answer_instead(None);
    assert_eq!(reads(&harness, &token).await, 200);
}

#[tokio::test]
async fn an_outage_of_more_than_a_day_is_told_as_one() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    let token = key.sign(&with(|claims| claims["exp"] = (now() + 1_000_000).into()));
    assert_eq!(reads(&harness, &token).await, 200);
    sign_on.answer_instead(DOWN);
    later(A_DAY - Duration::from_secs(60)).await;
    assert_eq!(reads(&harness, &token).await, 200);
    // A token with an unknown key may be signed by a key that the sign-on has published since.
    assert_eq!(reads(&harness, &Key::new("k2").sign(&good())).await, 503);
    later(Duration::from_secs(120)).await;
    assert_eq!(reads(&harness, &token).await, 503);
    sign_on.answer_instead(None);
    later(Duration::from_secs(30)).await;
    assert_eq!(reads(&harness, &token).await, 200);
    assert_eq!(reads(&harness, &Key::new("k2").sign(&good())).await, 401);
}

#[tokio::test]
async fn keys_that_the_sign_on_withdraws_all_at_once_let_nobody_in() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    assert_eq!(reads(&harness, &key.sign(&good())).await, 200);
    sign_on.publish(&[]);
    later(Duration::from_secs(31)).await;
    // An unknown key makes the proxy fetch them.
    assert_eq!(reads(&harness, &Key::new("k2").sign(&good())).await, 503);
    assert_eq!(reads(&harness, &key.sign(&good())).await, 503);
}

/// RFC 7517 section 4.5: a key ID is optional, and keys may share one.
#[tokio::test]
async fn every_key_of_an_id_and_every_key_without_one_is_tried() {
    let (sign_on, first, second, unnamed) = (SignOn::default(), Key::new("k"), Key::new("k"), Key::new("-"));
    let mut without_id = unnamed.jwk();
    drop(without_id.as_object_mut().expect("an object").remove("kid"));
    sign_on.publish_jwks(vec![first.jwk(), second.jwk(), without_id]);
    let harness = start(&sign_on, "").await;
    let no_id = json!({ "kid": null });
    for (name, token, status) in [
        ("the first of an id", first.sign(&good()), 200),
        ("the second of an id", second.sign(&good()), 200),
        ("a token without an id", second.sign_as(&no_id, &good()), 200),
        ("a token and a key without an id", unnamed.sign_as(&no_id, &good()), 200),
        ("an id that no key has", unnamed.sign(&good()), 401),
        ("a stranger under a known id", Key::new("k").sign(&good()), 401),
        ("a stranger without an id", Key::new("k").sign_as(&no_id, &good()), 401),
        (
            "an ended token of the second key",
            second.sign(&with(|claims| claims["exp"] = (now() - 60).into())),
            401,
        ),
    ] {
        assert_eq!(bearer(&harness, &token).await, status, "{name}");
    }
}

/// Some sign-ons give a new key the ID of the old one, or none.
#[tokio::test]
async fn a_new_key_under_an_old_id_or_none_is_found() {
    let (sign_on, old, new, newest) = (SignOn::default(), Key::new("k"), Key::new("k"), Key::new("k"));
    let without_id = json!({ "kid": null });
    sign_on.publish(&[&old]);
    let harness = start(&sign_on, "").await;
    assert_eq!(reads(&harness, &old.sign(&good())).await, 200);
    sign_on.publish(&[&new]);
    later(Duration::from_secs(31)).await;
    assert_eq!(reads(&harness, &new.sign(&good())).await, 200);
    assert_eq!(reads(&harness, &old.sign(&good())).await, 401);
    sign_on.publish(&[&newest]);
    later(Duration::from_secs(31)).await;
    assert_eq!(reads(&harness, &newest.sign_as(&without_id, &good())).await, 200);
}

/// RFC 7517 section 4.4: `alg` is optional. One RSA key may sign by several algorithms.
#[tokio::test]
async fn a_key_verifies_every_configured_algorithm_that_fits_it() {
    let tokens = |id: &str| {
        [
            rsa_sign(id, "RS256", &RSA_PKCS1_SHA256),
            rsa_sign(id, "PS256", &RSA_PSS_SHA256),
            rsa_sign(id, "RS512", &RSA_PKCS1_SHA512),
        ]
    };
    let narrowed = |algorithm: &str| {
        let mut key = rsa_jwk(algorithm);
        key["alg"] = Value::from(algorithm);
        key
    };
    let sign_on = SignOn::default();
    sign_on.publish_jwks(vec![rsa_jwk("any"), narrowed("PS256"), narrowed("RS512")]);
    let harness = start(&sign_on, "algorithms = [\"ES256\", \"RS256\", \"PS256\"]").await;
    for (id, expected) in [
        ("any", [200, 200, 401]),
        ("PS256", [401, 200, 401]),
        ("RS512", [401, 401, 401]),
    ] {
        for (token, status) in tokens(id).iter().zip(expected) {
            assert_eq!(bearer(&harness, token).await, status, "{id}");
        }
    }
}
