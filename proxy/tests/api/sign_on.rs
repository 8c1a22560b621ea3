//! The portal's single sign-on, and calls with its tokens.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};

use crate::harness::{Answer, DOCUMENTED_REQUEST, Harness, Setup, create_request};

const ISSUER: &str = "https://sso.portal.example";

/// An RSA key to sign with: `ring` makes none.
const RSA_KEY: &str = include_str!("../../../simulator/keys/webhook-private.pem");

/// A signing key of the sign-on.
pub(crate) struct Key {
    id: &'static str,
    der: Vec<u8>,
}

impl Key {
    pub(crate) fn new(id: &'static str) -> Self {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        Self {
            id,
            der: der.as_ref().to_vec(),
        }
    }

    fn pair(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.der, &SystemRandom::new()).expect("a key")
    }

    pub(crate) fn jwk(&self) -> Value {
        let pair = self.pair();
        // An uncompressed point: 4, then x, then y.
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let encoded = |bytes| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id, "x": encoded(x), "y": encoded(y) })
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({}), claims)
    }

    /// Signs with a header in which `more` adds or replaces members; `null` removes one.
    pub(crate) fn sign_as(&self, more: &Value, claims: &Value) -> String {
        let mut header = json!({ "typ": "JWT", "alg": "ES256", "kid": self.id });
        for (name, value) in more.as_object().expect("an object") {
            header[name] = value.clone();
        }
        header.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        let signed = unsigned(&header, claims);
        let signature = self
            .pair()
            .sign(&SystemRandom::new(), signed.as_bytes())
            .expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Returns header and claims of a token, without a signature.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    [header.to_string(), claims.to_string()]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".")
}

fn rsa_pair() -> RsaKeyPair {
    let body: String = RSA_KEY.lines().filter(|line| !line.starts_with("-----")).collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(body).expect("base64")).expect("a key")
}

/// Returns a public RSA key that does not say which algorithm it is for.
pub(crate) fn rsa_jwk(id: &str) -> Value {
    let public: PublicKeyComponents<Vec<u8>> = PublicKeyComponents::from(rsa_pair().public());
    json!({ "kty": "RSA", "kid": id, "n": URL_SAFE_NO_PAD.encode(public.n), "e": URL_SAFE_NO_PAD.encode(public.e) })
}

pub(crate) fn rsa_sign(id: &str, algorithm: &str, encoding: &'static dyn RsaEncoding) -> String {
    let signed = unsigned(&json!({ "alg": algorithm, "kid": id }), &good());
    let pair = rsa_pair();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .expect("a signature");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The sign-on: what it publishes, and how often it was asked.
#[derive(Clone, Default)]
pub(crate) struct SignOn {
    pub(crate) keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicU32>,
    /// An answer in the place of the keys.
    instead: Arc<Mutex<Option<(StatusCode, &'static str)>>>,
}

impl SignOn {
    pub(crate) async fn start(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let sign_on = self.clone();
        let publish = async move || {
            sign_on.asked.fetch_add(1, Ordering::Relaxed);
            if let Some((status, text)) = *sign_on.instead.lock().expect("the answer") {
                return (status, text.to_owned());
            }
            (
                StatusCode::OK,
                json!({ "keys": *sign_on.keys.lock().expect("the keys") }).to_string(),
            )
        };
        tokio::spawn(axum::serve(listener, Router::new().route("/jwks", get(publish))).into_future());
        addr
    }

    pub(crate) fn publish(&self, keys: &[&Key]) {
        self.publish_jwks(keys.iter().map(|key| key.jwk()).collect());
    }

    pub(crate) fn publish_jwks(&self, keys: Vec<Value>) {
        *self.keys.lock().expect("the keys") = keys;
    }

    pub(crate) fn answer_instead(&self, answer: Option<(StatusCode, &'static str)>) {
        *self.instead.lock().expect("the answer") = answer;
    }

    pub(crate) fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs()
}

pub(crate) fn good() -> Value {
    json!({ "iss": ISSUER, "aud": "partner-cases", "sub": "agent-7", "exp": now() + 300, "nbf": now() - 5 })
}

pub(crate) fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = good();
    change(&mut claims);
    claims
}

pub(crate) async fn start(sign_on: &SignOn, more: &str) -> Harness {
    let addr = sign_on.start().await;
    let staff =
        format!("mode = \"jwt\"\njwks_url = \"http://{addr}/jwks\"\nissuer = \"{ISSUER}\"\naudience = \"partner-cases\"\n{more}");
    Harness::start_all(&Setup {
        staff: Some(&staff),
        ..Setup::default()
    })
    .await
}

pub(crate) async fn create(harness: &Harness, header: &str, value: &str) -> Answer {
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

pub(crate) async fn bearer(harness: &Harness, token: &str) -> u16 {
    create(harness, "authorization", &format!("Bearer {token}"))
        .await
        .status
        .as_u16()
}

/// Makes a call that does not go on to Wise.
pub(crate) async fn read(harness: &Harness, token: &str) -> Answer {
    let request = axum::http::Request::get("/partner-cases/context")
        .header("host", "portal.example")
        .header("sec-fetch-site", "same-origin")
        .header("x-partner-case-form", "1")
        .header("authorization", format!("Bearer {token}"));
    harness
        .send(request.body(axum::body::Body::empty()).expect("a request"))
        .await
}

pub(crate) async fn reads(harness: &Harness, token: &str) -> u16 {
    read(harness, token).await.status.as_u16()
}

/// Moves the proxy's clock on.
pub(crate) async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
