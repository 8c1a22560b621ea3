//! The access token: fetched by the client-credentials grant (RFC 6749 section 4.4), kept in memory, shared by all callers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use crate::config::{Config, ConfigError};
use crate::http_client::{HttpClient, HttpError};

/// How long before its end a token is no longer used. For a short-lived token it is a quarter of its life.
const LEEWAY: Duration = Duration::from_secs(60);

/// The life of a token whose answer names none. RFC 6749 section 5.1 leaves `expires_in` optional; Wise sends 43199.
const DEFAULT_LIFE: Duration = Duration::from_secs(300);

/// How long a refusal is remembered, so that a crowd of callers does not repeat it.
const REFUSAL_REMEMBERED: Duration = Duration::from_secs(2);

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
    refusal: Option<(TokenError, Instant)>,
}

/// Where the token comes from.
#[derive(Debug)]
pub(crate) struct TokenSource {
    client: HttpClient,
    url: Url,
    authorization: HeaderValue,
    cell: Mutex<Cell>,
}

impl TokenSource {
    pub(crate) fn new(config: &Config, client: HttpClient) -> Result<Self, ConfigError> {
        let credentials = &config.credentials;
        Ok(Self {
            client,
            url: config.upstream.token_url.clone(),
            authorization: basic(&credentials.client_id, &credentials.client_secret)?,
            cell: Mutex::default(),
        })
    }

    /// The current token, fetched if there is none. However many ask at once, one fetch serves them all: the lock is held while it runs.
    ///
    /// A caller waits until its deadline and no longer.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Arc<Token>, TokenError> {
        tokio::time::timeout_at(deadline.into(), self.get_or_fetch())
            .await
            .unwrap_or(Err(TokenError::Unavailable))
    }

    async fn get_or_fetch(&self) -> Result<Arc<Token>, TokenError> {
        let mut cell = self.cell.lock().await;
        if let Some(token) = cell.token.as_ref().filter(|token| Instant::now() < token.usable_until) {
            return Ok(token.clone());
        }
        if let Some((refusal, until)) = cell.refusal
            && Instant::now() < until
        {
            return Err(refusal);
        }
        match self.fetch().await {
            Ok(token) => {
                let token = Arc::new(token);
                *cell = Cell {
                    token: Some(token.clone()),
                    refusal: None,
                };
                Ok(token)
            }
            Err(refusal) => {
                *cell = Cell {
                    token: None,
                    refusal: Some((refusal, Instant::now() + REFUSAL_REMEMBERED)),
                };
                Err(refusal)
            }
        }
    }

    /// Drops a token that Wise did not accept, unless another caller has already replaced it.
    pub(crate) async fn reject(&self, rejected: &Arc<Token>) {
        let mut cell = self.cell.lock().await;
        if cell.token.as_ref().is_some_and(|token| Arc::ptr_eq(token, rejected)) {
            cell.token = None;
        }
    }

    async fn fetch(&self) -> Result<Token, TokenError> {
        let request = Request::post(self.url.as_str())
            .header(header::AUTHORIZATION, self.authorization.clone())
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
    Some(Token {
        authorization,
        usable_until: received + life.saturating_sub(LEEWAY.min(life / 4)),
    })
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
