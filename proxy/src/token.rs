//! The access token: fetched by the client-credentials grant (RFC 6749 section 4.4), kept in memory, shared by all callers.

mod grant;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

pub(crate) use self::grant::Token;
use self::grant::parse;
use crate::config::{Config, ConfigError, SecretSource};
use crate::http_client::{HttpClient, HttpError};
use crate::wise_answer::{is_certificate_page, retry_after_secs};

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
    /// Wise refuses the client certificate, so nobody is asked for a token.
    #[error("Wise refuses the client certificate (`upstream.client_cert_file`)")]
    CertificateRefused,
    /// The token endpoint gives tokens that Wise's API does not accept.
    #[error(
        "Wise answers 401 to fresh tokens: the credentials may belong to another environment, or lack the right to raise cases"
    )]
    NotAccepted,
    /// The token endpoint cannot be reached, or does not answer with a token.
    #[error("the token endpoint gives no token")]
    Unavailable,
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
    /// How many fresh tokens Wise has refused one after the other.
    rejections: AtomicU32,
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
            rejections: AtomicU32::new(0),
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
    pub(crate) fn cached(&self) -> Option<Arc<Token>> {
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
        // A task of its own, so that a panic in it is a failed fetch and not the last one.
        let source = self.0.clone();
        let fetched = tokio::spawn(async move { source.fetch().await }).await;
        let mut cell = self.0.cell.lock().await;
        cell.renewing = false;
        // The failure is remembered and logged; nobody waits for this.
        let _ = cell.take_over(fetched.unwrap_or(Err(TokenError::Unavailable)));
    }

    /// Drops a token that Wise did not accept, unless another caller has already replaced it.
    /// The answer is whether it was still in use.
    pub(crate) async fn reject(&self, rejected: &Arc<Token>) -> bool {
        let mut cell = self.0.cell.lock().await;
        let is_in_use = cell.token.as_ref().is_some_and(|token| Arc::ptr_eq(token, rejected));
        if is_in_use {
            cell.token = None;
        }
        is_in_use
    }

    /// Drops a fresh token that Wise did not accept. For some time nobody is given another: a credential without the right to raise cases would
    /// have a token fetched for each case.
    pub(crate) async fn reject_fresh(&self, rejected: &Arc<Token>) {
        // Several callers may have had it; it counts once.
        if !self.reject(rejected).await {
            return;
        }
        let count = self.0.rejections.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let error = TokenError::NotAccepted;
        tracing::error!(count, "{error}");
        let until = Instant::now() + pause(error, count);
        self.0.cell.lock().await.refusal = Some(Refusal { error, until, count });
    }

    /// Whether Wise has refused the last fresh token, so that one more 401 needs no second try.
    pub(crate) fn is_not_accepted(&self) -> bool {
        self.0.rejections.load(Ordering::Relaxed) > 0
    }

    /// Notices that Wise has accepted a token.
    pub(crate) fn accepted(&self) {
        if self.is_not_accepted() {
            self.0.rejections.store(0, Ordering::Relaxed);
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
        TokenError::Refused | TokenError::CertificateRefused | TokenError::NotAccepted | TokenError::Unavailable => {
            Duration::ZERO
        }
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
            if matches!(
                outcome,
                Ok(_) | Err(TokenError::RateLimited { .. } | TokenError::CertificateRefused)
            ) {
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
            .map_err(|error| match error {
                HttpError::CertificateRefused => TokenError::CertificateRefused,
                HttpError::NotSent | HttpError::NoAnswer => TokenError::Unavailable,
            })?;
        let outcome = match answer.status {
            StatusCode::OK => parse(&answer.body, received).ok_or(TokenError::Unavailable),
            _ if is_certificate_page(&answer) => Err(TokenError::CertificateRefused),
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(TokenError::Refused),
            StatusCode::TOO_MANY_REQUESTS => Err(TokenError::RateLimited {
                retry_after_secs: retry_after_secs(&answer.headers),
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
    fn refusals_are_remembered_longer_and_longer_up_to_a_minute() {
        let pauses: Vec<u64> = (1..=7).map(|count| pause(TokenError::Refused, count).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60]);
        let limited = |secs| TokenError::RateLimited {
            retry_after_secs: Some(secs),
        };
        assert_eq!(pause(limited(30), 1).as_secs(), 30);
        assert_eq!(pause(limited(u64::MAX), 1).as_secs(), 60);
        assert_eq!(pause(TokenError::Unavailable, u32::MAX).as_secs(), 60);
    }
}
