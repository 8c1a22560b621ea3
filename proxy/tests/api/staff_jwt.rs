//! Staff who are known by a token of the portal's single sign-on.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::harness::{Answer, DOCUMENTED_REQUEST, Harness, Setup, create_request};

const ISSUER: &str = "https://sso.portal.example";

/// A signing key of the sign-on.
struct Key {
    id: &'static str,
    der: Vec<u8>,
}

impl Key {
    fn new(id: &'static str) -> Self {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        Self {
            id,
            der: der.as_ref().to_vec(),
        }
    }

    fn jwk(&self) -> Value {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.der, &SystemRandom::new()).expect("a key");
        // An uncompressed point: 4, then x, then y.
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let encoded = |bytes| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id, "x": encoded(x), "y": encoded(y) })
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header {
            kid: Some(self.id.to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&self.der)).expect("a token")
    }
}

impl Key {
    /// Signs with a header that has more in it, as the library would not.
    fn sign_as(&self, more: &Value, claims: &Value) -> String {
        let mut header = json!({ "alg": "ES256", "kid": self.id });
        for (name, value) in more.as_object().expect("an object") {
            header[name] = value.clone();
        }
        let signed = [header.to_string(), claims.to_string()]
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .join(".");
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.der, &random).expect("a key");
        let signature = pair.sign(&random, signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The sign-on: what it publishes, and how often it was asked.
#[derive(Clone, Default)]
struct SignOn {
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicU32>,
    down: Arc<Mutex<bool>>,
}

impl SignOn {
    async fn start(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let sign_on = self.clone();
        let publish = async move || {
            sign_on.asked.fetch_add(1, Ordering::Relaxed);
            if *sign_on.down.lock().expect("the switch") {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            Ok(Json(json!({ "keys": *sign_on.keys.lock().expect("the keys") })))
        };
        tokio::spawn(axum::serve(listener, Router::new().route("/jwks", get(publish))).into_future());
        addr
    }

    fn publish(&self, keys: &[&Key]) {
        *self.keys.lock().expect("the keys") = keys.iter().map(|key| key.jwk()).collect();
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs()
}

fn good() -> Value {
    json!({ "iss": ISSUER, "aud": "partner-cases", "sub": "agent-7", "exp": now() + 300, "nbf": now() - 5 })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = good();
    change(&mut claims);
    claims
}

async fn start(sign_on: &SignOn, more: &str) -> Harness {
    let addr = sign_on.start().await;
    let staff =
        format!("mode = \"jwt\"\njwks_url = \"http://{addr}/jwks\"\nissuer = \"{ISSUER}\"\naudience = \"partner-cases\"\n{more}");
    Harness::start_all(&Setup {
        staff: Some(&staff),
        ..Setup::default()
    })
    .await
}

async fn create(harness: &Harness, header: &str, value: &str) -> Answer {
    let mut request = create_request().body(DOCUMENTED_REQUEST.into()).expect("a request");
    let key = format!("\"{}\"", uuid::Uuid::new_v4());
    let headers = request.headers_mut();
    headers.insert("idempotency-key", key.parse().expect("a key"));
    headers.remove("x-portal-secret");
    headers.remove("cookie");
    headers.insert(
        header.parse::<axum::http::HeaderName>().expect("a name"),
        value.parse().expect("a value"),
    );
    harness.send(request).await
}

async fn bearer(harness: &Harness, token: &str) -> u16 {
    create(harness, "authorization", &format!("Bearer {token}"))
        .await
        .status
        .as_u16()
}

#[tokio::test]
async fn a_good_token_lets_in_and_every_other_does_not() {
    let (sign_on, key, stranger) = (SignOn::default(), Key::new("k1"), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
    let for_access = key.sign_as(&json!({ "typ": "at+jwt" }), &good());
    assert_eq!(bearer(&harness, &for_access).await, 200);
    // Within the clocks' leeway of 30 s.
    assert_eq!(
        bearer(&harness, &key.sign(&with(|claims| claims["exp"] = (now() - 10).into()))).await,
        200
    );
    let wrong: [(&str, String); 15] = [
        ("ended", key.sign(&with(|claims| claims["exp"] = (now() - 60).into()))),
        ("not yet", key.sign(&with(|claims| claims["nbf"] = (now() + 60).into()))),
        (
            "another issuer",
            key.sign(&with(|claims| claims["iss"] = "https://evil.example".into())),
        ),
        ("another audience", key.sign(&with(|claims| claims["aud"] = "other".into()))),
        (
            "no end",
            key.sign(&with(|claims| {
                drop(claims.as_object_mut().map(|claims| claims.remove("exp")))
            })),
        ),
        ("nobody", key.sign(&with(|claims| claims["sub"] = " ".into()))),
        ("a number", key.sign(&with(|claims| claims["sub"] = 7.into()))),
        ("a line break", key.sign(&with(|claims| claims["sub"] = "a\nb".into()))),
        ("a stranger's signature", stranger.sign(&good())),
        (
            "no signature",
            format!("{}.", key.sign(&good()).rsplit_once('.').expect("a token").0),
        ),
        ("no token", "x".to_owned()),
        (
            "not yet, as text",
            key.sign(&with(|claims| claims["nbf"] = "9999999999".into())),
        ),
        ("a logout", key.sign_as(&json!({ "typ": "logout+jwt" }), &good())),
        (
            "an extension that must be understood",
            key.sign_as(&json!({ "crit": ["exp"], "exp": 1 }), &good()),
        ),
        ("a kind that is no text", key.sign_as(&json!({ "typ": 7 }), &good())),
    ];
    for (name, token) in wrong {
        assert_eq!(bearer(&harness, &token).await, 401, "{name}");
    }
    assert_eq!(create(&harness, "x-staff-id", "agent-7").await.code(), "unauthenticated");
}

/// A token says itself how it is signed; it must not be believed that "none" or a shared secret will do.
#[tokio::test]
async fn a_token_does_not_choose_its_algorithm() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    let claims = URL_SAFE_NO_PAD.encode(good().to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#);
    assert_eq!(bearer(&harness, &format!("{none}.{claims}.")).await, 401);
    let public = key.jwk()["x"].as_str().expect("x").to_owned();
    let header = Header {
        kid: Some("k1".to_owned()),
        ..Header::new(Algorithm::HS256)
    };
    let forged = jsonwebtoken::encode(&header, &good(), &EncodingKey::from_secret(public.as_bytes())).expect("a token");
    assert_eq!(bearer(&harness, &forged).await, 401);
}

#[tokio::test]
async fn the_token_may_be_in_a_cookie_of_the_portals() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "cookie = \"portal\"").await;
    let token = key.sign(&good());
    let cookie = format!("theme=dark; portal={token}; other=1");
    assert_eq!(create(&harness, "cookie", &cookie).await.status.as_u16(), 200);
    let twice = format!("portal=x; portal={token}");
    assert_eq!(create(&harness, "cookie", &twice).await.status.as_u16(), 401);
    assert_eq!(bearer(&harness, &token).await, 401);
}

#[tokio::test]
async fn an_outage_of_the_sign_on_does_not_matter_for_keys_that_are_known() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
    *sign_on.down.lock().expect("the switch") = true;
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
    assert_eq!(sign_on.asked.load(Ordering::Relaxed), 1);
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
}

/// Lets so much time go by for the proxy.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// The answer to a call that does not go on to Wise.
async fn reads(harness: &Harness, token: &str) -> u16 {
    let request = axum::http::Request::get("/partner-cases/context")
        .header("host", "portal.example")
        .header("sec-fetch-site", "same-origin")
        .header("x-partner-case-form", "1")
        .header("authorization", format!("Bearer {token}"));
    let answer = harness
        .send(request.body(axum::body::Body::empty()).expect("a request"))
        .await;
    answer.status.as_u16()
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
