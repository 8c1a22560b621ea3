//! The staff member by a token of the portal's single sign-on: a signed JWT (RFC 7519), verified by the keys that the sign-on publishes
//! (RFC 7517). What is checked, and why, follows RFC 8725.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::Full;
use jsonwebtoken::jwk::{Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::StaffId;
use crate::config::Jwt;
use crate::http_client::HttpClient;

/// How long fetched keys are used without asking again.
const KEYS_FRESH: Duration = Duration::from_secs(10 * 60);

/// How long fetched keys are used while the sign-on cannot be reached.
const KEYS_USABLE: Duration = Duration::from_hours(24);

/// How long to wait after a fetch before the next: tokens with invented key ids must not become a flood at the sign-on.
const FETCH_PAUSE: Duration = Duration::from_secs(30);

/// How long a fetch may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// The largest token that is read. Portals put groups into theirs, and headers are bounded anyway.
const TOKEN_MAX_BYTES: usize = 16 * 1024;

/// Verifies tokens of one sign-on. It is a handle, so it is cloned freely.
#[derive(Debug, Clone)]
pub(super) struct JwtVerifier(Arc<Verifier>);

#[derive(Debug)]
struct Verifier {
    config: Jwt,
    client: HttpClient,
    cache: Mutex<Cache>,
    /// When the sign-on was asked last.
    tried: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Cache {
    keys: HashMap<String, (Algorithm, DecodingKey)>,
    fetched: Option<Instant>,
}

/// The document that a sign-on publishes.
#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// Whether a token is one to be let in with: one of another kind, such as a logout token (RFC 8725 section 3.11), or with an extension
/// that must be understood (RFC 7515 section 4.1.11) is not.
pub(crate) fn is_for_access(token: &str, kind: Option<&str>) -> bool {
    let known = kind.is_none_or(|kind| {
        ["JWT", "at+jwt", "application/at+jwt"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    });
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = header.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    known && header.is_some_and(|header| header.get("crit").is_none())
}

impl JwtVerifier {
    pub(super) fn new(config: Jwt, client: HttpClient) -> Self {
        Self(Arc::new(Verifier {
            config,
            client,
            cache: Mutex::default(),
            tried: Mutex::default(),
        }))
    }

    /// The staff member that a token names; none for every token that is not good in every respect.
    pub(super) async fn staff(&self, headers: &HeaderMap) -> Option<StaffId> {
        let token = self.0.token(headers)?;
        let header = jsonwebtoken::decode_header(token).ok()?;
        if !is_for_access(token, header.typ.as_deref()) {
            return None;
        }
        // The token does not choose how it is verified (RFC 8725 section 3.1).
        if !self.0.config.algorithms.contains(&header.alg) {
            return None;
        }
        let (algorithm, key) = self.key(header.kid.as_deref()?).await?;
        if algorithm != header.alg {
            return None;
        }
        let mut validation = Validation::new(algorithm);
        validation.leeway = self.0.config.leeway.as_secs();
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.0.config.issuer]);
        validation.set_audience(&[&self.0.config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        let claims = jsonwebtoken::decode::<HashMap<String, Value>>(token, &key, &validation)
            .ok()?
            .claims;
        // The library passes over a time of another type, as if it were not there.
        if claims.get("nbf").is_some_and(|time| !time.is_number()) {
            return None;
        }
        StaffId::new(claims.get(&self.0.config.claim)?.as_str()?)
    }

    /// The key with this id. One that is known serves at once, and is asked for anew beside that when it is old; an unknown one is waited for.
    async fn key(&self, id: &str) -> Option<(Algorithm, DecodingKey)> {
        let (known, fresh) = self.0.known(id).await;
        if !fresh || known.is_none() {
            // A task of its own: a browser that goes away must not break off what all others need.
            let asking = tokio::spawn(self.clone().ask_anew());
            if known.is_none() {
                let _ = asking.await;
                return self.0.known(id).await.0;
            }
        }
        known
    }

    /// Asks the sign-on, one at a time, and not more often than the pause allows.
    async fn ask_anew(self) {
        let mut tried = self.0.tried.lock().await;
        if tried.is_some_and(|at| at.elapsed() < FETCH_PAUSE) {
            return;
        }
        *tried = Some(Instant::now());
        if let Some(keys) = self.0.fetch().await {
            *self.0.cache.lock().await = Cache {
                keys,
                fetched: Some(Instant::now()),
            };
        }
    }
}

impl Verifier {
    /// The token: in the cookie if one is configured, else as a bearer token. One that is there twice is none.
    fn token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let token = match &self.config.cookie {
            Some(cookie) => {
                let mut found = headers
                    .get_all(header::COOKIE)
                    .iter()
                    .filter_map(|value| value.to_str().ok())
                    .flat_map(|value| value.split(';'))
                    .filter_map(|pair| pair.trim().split_once('='))
                    .filter(|(name, _)| name == cookie)
                    .map(|(_, token)| token);
                let first = found.next()?;
                found.next().is_none().then_some(first)?
            }
            None => super::only_value(headers, &header::AUTHORIZATION)?.strip_prefix("Bearer ")?,
        };
        (token.len() <= TOKEN_MAX_BYTES).then_some(token)
    }

    /// The key with this id, while it is usable, and whether the keys are fresh.
    async fn known(&self, id: &str) -> (Option<(Algorithm, DecodingKey)>, bool) {
        let cache = self.cache.lock().await;
        let age = cache.fetched.map(|at| at.elapsed());
        let usable = age.is_some_and(|age| age < KEYS_USABLE);
        let key = cache.keys.get(id).filter(|_| usable).cloned();
        (key, age.is_some_and(|age| age < KEYS_FRESH))
    }

    async fn fetch(&self) -> Option<HashMap<String, (Algorithm, DecodingKey)>> {
        let request = Request::get(self.config.jwks_url.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Full::<Bytes>::default())
            .ok()?;
        let answer = self
            .client
            .send(request, (Instant::now() + FETCH_TIMEOUT).into_std())
            .await
            .ok();
        let keys = answer
            .filter(|answer| answer.status == StatusCode::OK)
            .and_then(|answer| serde_json::from_slice::<Published>(&answer.body).ok())
            .map(|published| self.usable_keys(published));
        match &keys {
            Some(keys) => tracing::info!(keys = keys.len(), "signing keys of the sign-on fetched"),
            None => tracing::error!("the signing keys of the sign-on cannot be fetched"),
        }
        keys
    }

    /// The keys that sign by an algorithm that is allowed. A symmetric key in a public document is no secret, so it is none.
    fn usable_keys(&self, published: Published) -> HashMap<String, (Algorithm, DecodingKey)> {
        let mut keys = HashMap::new();
        // A key of a kind that is not known here is passed over, as RFC 7517 section 5 asks.
        let understood = published
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        for jwk in understood {
            let signs = !matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption))
                && jwk
                    .common
                    .key_operations
                    .as_ref()
                    .is_none_or(|operations| operations.contains(&KeyOperations::Verify));
            let algorithm = self
                .config
                .algorithms
                .iter()
                .copied()
                .find(|algorithm| fits(&jwk, *algorithm));
            if let (true, Some(algorithm), Some(id), Ok(key)) =
                (signs, algorithm, jwk.common.key_id.clone(), DecodingKey::from_jwk(&jwk))
            {
                keys.insert(id, (algorithm, key));
            }
        }
        keys
    }
}

/// Whether a key is one for an algorithm: by what it says of itself, or by its type.
fn fits(jwk: &Jwk, algorithm: Algorithm) -> bool {
    use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve};
    if let Some(named) = jwk.common.key_algorithm {
        return named.to_string() == format!("{algorithm:?}");
    }
    match (&jwk.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512)
        | (AlgorithmParameters::RSA(_), Algorithm::PS256 | Algorithm::PS384 | Algorithm::PS512)
        | (AlgorithmParameters::OctetKeyPair(_), Algorithm::EdDSA) => true,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES384) => key.curve == EllipticCurve::P384,
        _ => false,
    }
}
