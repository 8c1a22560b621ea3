//! The access token: fetched by the client-credentials grant (RFC 6749 section 4.4), kept in memory, shared by all callers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use crate::config::{Config, ConfigError, SecretSource};
use crate::http_client::{HttpClient, HttpError};

/// How long before its end a token is no longer used. For a short-lived token it is a quarter of its life.
const LEEWAY: Duration = Duration::from_secs(60);

/// The life of a token whose answer names none. RFC 6749 section 5.1 leaves `expires_in` optional; Wise sends 43199.
const DEFAULT_LIFE: Duration = Duration::from_secs(300);

/// How long a first refusal is remembered, so that a crowd of callers does not repeat it. Each further one is remembered twice as long.
const REFUSAL_REMEMBERED: Duration = Duration::from_secs(2);

/// The longest that a refusal is remembered: a credential that was put right should not wait for an operator's patience to end.
const REFUSAL_REMEMBERED_MAX: Duration = Duration::from_secs(60);

/// How long a fetch may take. Short beside the call that waits for it, so that a slow token endpoint is told as such.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum TokenError {
    /// The token endpoint does not accept the credentials.
    #[error("the token endpoint refused the credentials")]
    Refused,
    /// The token endpoint is over its rate limit.
    #[error("the token endpoint is over its rate limit")]
    RateLimited { retry_after_secs: Option<u64> },
    /// The token endpoint cannot be reached, or does not answer with a token.
    #[error("the token endpoint gives no token")]
    Unavailable,
}

/// A token, ready to be sent. Debug output does not show it.
#[derive(Debug)]
pub(crate) struct Token {
    authorization: HeaderValue,
    /// From when a new one is fetched, while this one serves.
    renew_from: Instant,
    usable_until: Instant,
}

impl Token {
    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> HeaderValue {
        self.authorization.clone()
    }
}

#[derive(Debug, Default)]
struct Cell {
    token: Option<Arc<Token>>,
    refusal: Option<Refusal>,
    /// Whether a fetch in the background is under way.
    renewing: bool,
}

/// A fetch that failed, remembered so that a crowd of callers does not repeat it.
#[derive(Debug, Clone, Copy)]
struct Refusal {
    error: TokenError,
    until: Instant,
    /// How many fetches have failed one after the other.
    count: u32,
}

/// Where the token comes from. It is a handle, so it is cloned freely.
#[derive(Debug, Clone)]
pub(crate) struct TokenSource(Arc<Source>);

#[derive(Debug)]
struct Source {
    client: HttpClient,
    url: Url,
    client_id: String,
    secrets: Vec<SecretSource>,
    cell: Mutex<Cell>,
}

impl TokenSource {
    /// # Errors
    /// When a secret cannot be read or cannot be sent in a header.
    pub(crate) fn new(config: &Config, client: HttpClient) -> Result<Self, ConfigError> {
        let credentials = &config.credentials;
        // One that is not there yet is read when it is needed.
        for secret in credentials.client_secrets.iter().filter_map(|secret| secret.read().ok()) {
            basic(&credentials.client_id, &secret)?;
        }
        Ok(Self(Arc::new(Source {
            client,
            url: config.upstream.token_url.clone(),
            client_id: credentials.client_id.clone(),
            secrets: credentials.client_secrets.clone(),
            cell: Mutex::default(),
        })))
    }

    /// The current token, fetched if there is none. However many ask at once, one fetch serves them all: the lock is held while it runs.
    /// A token that nears its end is renewed in the background, while it serves.
    ///
    /// A caller waits until its deadline and no longer.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Arc<Token>, TokenError> {
        tokio::time::timeout_at(deadline.into(), self.get_or_fetch())
            .await
            .unwrap_or(Err(TokenError::Unavailable))
    }

    /// The current token, if it serves and nobody has to be waited for.
    pub(crate) fn at_hand(&self) -> Option<Arc<Token>> {
        let cell = self.0.cell.try_lock().ok()?;
        let now = Instant::now();
        // One that is due for renewal goes the long way, which sees to that.
        cell.token.clone().filter(|token| now < token.renew_from)
    }

    async fn get_or_fetch(&self) -> Result<Arc<Token>, TokenError> {
        let mut cell = self.0.cell.lock().await;
        let now = Instant::now();
        let refused = cell.refusal.filter(|refusal| now < refusal.until);
        if let Some(token) = cell.token.clone().filter(|token| now < token.usable_until) {
            if now >= token.renew_from && refused.is_none() && !cell.renewing {
                cell.renewing = true;
                tokio::spawn(self.clone().renew());
            }
            return Ok(token);
        }
        if let Some(refusal) = refused {
            return Err(refusal.error);
        }
        drop(cell);
        // A task of its own: a caller who cannot wait to the end must not break off what the next one needs.
        let fetching = tokio::spawn(self.clone().fetch_for_all());
        fetching.await.unwrap_or(Err(TokenError::Unavailable))
    }

    /// Fetches while the others wait, unless another has just done so.
    async fn fetch_for_all(self) -> Result<Arc<Token>, TokenError> {
        let mut cell = self.0.cell.lock().await;
        let now = Instant::now();
        if let Some(token) = cell.token.clone().filter(|token| now < token.usable_until) {
            return Ok(token);
        }
        if let Some(refusal) = cell.refusal.filter(|refusal| now < refusal.until) {
            return Err(refusal.error);
        }
        let fetched = self.0.fetch().await;
        cell.take_over(fetched)
    }

    /// Fetches beside the callers. If it fails, the token that is there serves to its end.
    async fn renew(self) {
        let fetched = self.0.fetch().await;
        let mut cell = self.0.cell.lock().await;
        cell.renewing = false;
        // The failure is remembered and logged; nobody waits for this.
        let _ = cell.take_over(fetched);
    }

    /// Drops a token that Wise did not accept, unless another caller has already replaced it.
    pub(crate) async fn reject(&self, rejected: &Arc<Token>) {
        let mut cell = self.0.cell.lock().await;
        if cell.token.as_ref().is_some_and(|token| Arc::ptr_eq(token, rejected)) {
            cell.token = None;
        }
    }
}

impl Cell {
    fn take_over(&mut self, fetched: Result<Token, TokenError>) -> Result<Arc<Token>, TokenError> {
        match fetched {
            Ok(token) => {
                let token = Arc::new(token);
                self.token = Some(token.clone());
                self.refusal = None;
                Ok(token)
            }
            Err(error) => {
                let count = self.refusal.map_or(1, |refusal| refusal.count.saturating_add(1));
                let until = Instant::now() + pause(error, count);
                self.refusal = Some(Refusal { error, until, count });
                Err(error)
            }
        }
    }
}

/// How long to wait after so many failures: as long as was asked for, or twice as long each time.
fn pause(error: TokenError, count: u32) -> Duration {
    let doubled = REFUSAL_REMEMBERED.saturating_mul(1_u32.checked_shl(count.saturating_sub(1)).unwrap_or(u32::MAX));
    let asked = match error {
        TokenError::RateLimited { retry_after_secs } => Duration::from_secs(retry_after_secs.unwrap_or(0)),
        TokenError::Refused | TokenError::Unavailable => Duration::ZERO,
    };
    doubled.max(asked).min(REFUSAL_REMEMBERED_MAX)
}

impl Source {
    /// Fetches a token with the first secret that can be read and that Wise does not refuse.
    async fn fetch(&self) -> Result<Token, TokenError> {
        let mut outcome = Err(TokenError::Unavailable);
        for secret in self.secrets.iter().filter_map(SecretSource::read_or_log) {
            outcome = match basic(&self.client_id, &secret) {
                Ok(authorization) => self.fetch_with(authorization).await,
                Err(_) => Err(TokenError::Unavailable),
            };
            if !matches!(outcome, Err(TokenError::Refused)) {
                break;
            }
        }
        outcome
    }

    async fn fetch_with(&self, authorization: HeaderValue) -> Result<Token, TokenError> {
        let request = Request::post(self.url.as_str())
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(Full::from("grant_type=client_credentials"))
            .map_err(|_| TokenError::Unavailable)?;
        let received = Instant::now();
        let answer = self
            .client
            .send(request, received + FETCH_TIMEOUT)
            .await
            .map_err(|_: HttpError| TokenError::Unavailable)?;
        let outcome = match answer.status {
            StatusCode::OK => parse(&answer.body, received).ok_or(TokenError::Unavailable),
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(TokenError::Refused),
            StatusCode::TOO_MANY_REQUESTS => Err(TokenError::RateLimited {
                retry_after_secs: crate::upstream::retry_after_secs(&answer.headers),
            }),
            _ => Err(TokenError::Unavailable),
        };
        match &outcome {
            Ok(_) => tracing::info!("token fetched"),
            Err(error) => tracing::error!(status = answer.status.as_u16(), %error, "no token"),
        }
        outcome
    }
}

/// The Basic header, each part form-encoded before base64 (RFC 6749 section 2.3.1).
fn basic(client_id: &str, client_secret: &SecretString) -> Result<HeaderValue, ConfigError> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(client_secret.expose_secret()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| ConfigError::new("credentials.client_secret", "cannot be sent in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    token_type: String,
    expires_in: Option<u64>,
}

fn parse(body: &Bytes, received: Instant) -> Option<Token> {
    let granted: Granted = serde_json::from_slice(body).ok()?;
    if !granted.token_type.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let life = granted.expires_in.map_or(DEFAULT_LIFE, Duration::from_secs);
    let mut authorization = HeaderValue::from_str(&format!("Bearer {}", granted.access_token.expose_secret())).ok()?;
    authorization.set_sensitive(true);
    let usable = life.saturating_sub(LEEWAY.min(life / 4));
    Some(Token {
        authorization,
        renew_from: received + renewal(usable, rand_byte()),
        usable_until: received + usable,
    })
}

/// After which part of its usable life a token is renewed: between 75 and 90 %, by chance, so that several proxies do not all ask at once.
fn renewal(usable: Duration, chance: u8) -> Duration {
    usable * (7500 + 1500 * u32::from(chance) / 255) / 10_000
}

fn rand_byte() -> u8 {
    let mut byte = [0];
    // Without random numbers the renewal comes early, which does no harm.
    let _ = SystemRandom::new().fill(&mut byte);
    byte[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_the_credentials_are_form_encoded() {
        let header = basic("aa/;&", &SecretString::from("b b:é")).unwrap();
        // aa%2F%3B%26:b+b%3A%C3%A9
        assert_eq!(header.to_str().unwrap(), "Basic YWElMkYlM0IlMjY6YitiJTNBJUMzJUE5");
    }

    #[test]
    fn the_token_is_not_in_the_debug_output() {
        let body = Bytes::from(r#"{"access_token":"canary","token_type":"bearer","expires_in":100}"#);
        let token = parse(&body, Instant::now()).unwrap();
        assert!(!format!("{token:?}").contains("canary"));
        assert_eq!(token.authorization().to_str().unwrap(), "Bearer canary");
    }

    #[test]
    fn a_token_is_given_up_before_its_end() {
        let received = Instant::now();
        let life_of = |expires_in: &str| {
            let body = format!(r#"{{"access_token":"t","token_type":"Bearer"{expires_in}}}"#);
            parse(&Bytes::from(body), received).unwrap().usable_until - received
        };
        assert_eq!(life_of(r#","expires_in":43199"#), Duration::from_secs(43_139));
        assert_eq!(life_of(r#","expires_in":8"#), Duration::from_secs(6));
        assert_eq!(life_of(r#","expires_in":0"#), Duration::ZERO);
        assert_eq!(life_of(""), Duration::from_secs(240));
    }

    #[test]
    fn the_renewal_comes_late_in_life_and_not_for_all_at_once() {
        let life = Duration::from_secs(1000);
        assert_eq!(
            (renewal(life, 0), renewal(life, 255)),
            (Duration::from_secs(750), Duration::from_secs(900))
        );
    }

    #[test]
    fn refusals_are_remembered_longer_and_longer_up_to_a_minute() {
        let pauses: Vec<u64> = (1..=7).map(|count| pause(TokenError::Refused, count).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60]);
        let limited = TokenError::RateLimited {
            retry_after_secs: Some(30),
        };
        assert_eq!(pause(limited, 1).as_secs(), 30);
        assert_eq!(pause(TokenError::Unavailable, u32::MAX).as_secs(), 60);
    }

    #[test]
    fn an_answer_that_is_no_bearer_token_is_none() {
        for body in [
            "",
            "<html>",
            r#"{"access_token":"t","token_type":"mac"}"#,
            r#"{"access_token":"a\nb","token_type":"bearer"}"#,
        ] {
            assert!(parse(&Bytes::from(body), Instant::now()).is_none(), "{body}");
        }
    }
}
