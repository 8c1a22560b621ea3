//! The HTTP client for Wise: TLS by rustls, bounded in time and size, no redirects, no proxy from the environment. Of each call that fails it says
//! whether anything can have reached the other side.

mod connect;
mod encoding;
mod watched;

use std::fmt;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Extensions, HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::AlertDescription;
use thiserror::Error;
use tracing::{Instrument as _, field};

use self::connect::{Connector, HasAnswered};
use self::watched::{HasLeft, WatchedBody};
use crate::config::{ConfigError, UpstreamConfig};

/// The largest answer of Wise's that is read, in bytes, before and after decoding. A case object has a few hundred.
const ANSWER_MAX_BYTES: usize = 1024 * 1024;

/// How long an idle connection is kept. Short, so that a load balancer at the other side rarely closes one that is about to be used.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// A client for one upstream.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    client: Client<Connector, WatchedBody>,
    shows_certificate: bool,
}

/// An answer, read to its end. Debug output does not show the body, which may be a token.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why there is no whole answer. They differ in what the other side may have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum HttpError {
    /// No connection was ready in time, so nothing was sent.
    #[error("no connection could be made")]
    NotSent,
    /// The other side does not accept the client certificate. It says so before it reads a request.
    #[error("the client certificate is refused")]
    CertificateRefused,
    /// Something was sent, and no whole answer came back.
    #[error("no whole answer came back")]
    NoAnswer,
}

impl HttpClient {
    pub(crate) fn new(config: &UpstreamConfig) -> Result<Self, ConfigError> {
        Ok(Self::with(Connector::new(config)?, config.client_certificate.is_some()))
    }

    fn with(connector: Connector, shows_certificate: bool) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Self {
            client,
            shows_certificate,
        }
    }

    /// A client for servers that are not Wise's: it trusts the same certificates, and shows none.
    pub(crate) fn anonymous(config: &UpstreamConfig) -> Result<Self, ConfigError> {
        Self::new(&UpstreamConfig {
            client_certificate: None,
            ..config.clone()
        })
    }

    /// Sends a request and reads the whole answer, until the deadline.
    pub(crate) async fn send(&self, mut request: Request<Full<Bytes>>, deadline: Instant) -> Result<Answer, HttpError> {
        // A compressed answer would have to be decoded before anybody knows what became of the case.
        request
            .headers_mut()
            .insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let host = request.uri().host().unwrap_or_default().to_owned();
        let span = tracing::info_span!(
            "call",
            otel.name = request.method().as_str(),
            otel.kind = "client",
            http.request.method = request.method().as_str(),
            server.address = host,
            http.response.status_code = field::Empty,
        );
        let has_left = HasLeft::default();
        let request = request.map(|body| WatchedBody::new(body, has_left.clone()));
        // On the heap: each future around it would have room of its own for what it is made of.
        let exchange = Box::pin(self.exchange(request, has_left.clone()));
        let answered = tokio::time::timeout_at(deadline.into(), exchange).instrument(span.clone());
        let answer = answered.await.unwrap_or_else(|_elapsed| {
            let kind = if has_left.give_up() {
                HttpError::NotSent
            } else {
                HttpError::NoAnswer
            };
            tracing::warn!(host, "{kind} in time");
            Err(kind)
        });
        if let Ok(answer) = &answer {
            span.record("http.response.status_code", answer.status.as_u16());
        }
        answer
    }

    async fn exchange(&self, request: Request<WatchedBody>, has_left: HasLeft) -> Result<Answer, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let response = self.client.request(request).await.map_err(|error| {
            let kind = self.kind_of(&error, &has_left);
            tracing::warn!(host, cause = causes(&error), "{kind}");
            kind
        })?;
        if let Some(has_answered) = response.extensions().get::<HasAnswered>() {
            has_answered.set();
        }
        let (parts, body) = response.into_parts();
        let body = match Limited::new(body, ANSWER_MAX_BYTES).collect().await {
            Ok(collected) => collected.to_bytes(),
            // The status and headers stand; a body that long is no case object, whatever it says.
            Err(error) if error.is::<LengthLimitError>() => Bytes::new(),
            Err(error) => {
                tracing::warn!(host, cause = causes(&*error), "the answer broke off");
                return Err(HttpError::NoAnswer);
            }
        };
        let body = encoding::decoded(&parts.headers, body, ANSWER_MAX_BYTES).unwrap_or_else(|encoding| {
            tracing::warn!(
                host,
                encoding,
                "the answer is encoded, which was not asked for, and cannot be read"
            );
            Bytes::new()
        });
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }

    /// What a failed call means for the other side.
    fn kind_of(&self, error: &ClientError, has_left: &HasLeft) -> HttpError {
        if has_certificate_alert(error, self.shows_certificate) && !has_answered(error) {
            HttpError::CertificateRefused
        } else if error.is_connect() || has_left.give_up() {
            HttpError::NotSent
        } else {
            HttpError::NoAnswer
        }
    }
}

/// Whether the connection has carried an answer before.
fn has_answered(error: &ClientError) -> bool {
    let Some(connected) = error.connect_info() else { return false };
    let mut extras = Extensions::new();
    connected.get_extras(&mut extras);
    extras.get::<HasAnswered>().is_some_and(HasAnswered::get)
}

/// Whether the other side has refused the client certificate. Under TLS 1.3 its alert arrives after the handshake has ended here, when a request
/// may be on its way; the server reads no request before it has verified the certificate (RFC 8446 section 4.4.2).
///
/// A handshake also fails for other reasons; with a certificate shown it is the likeliest.
fn has_certificate_alert(error: &(dyn std::error::Error + 'static), shows_certificate: bool) -> bool {
    chain(error).any(|cause| {
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let alert = inner.or_else(|| cause.downcast_ref::<rustls::Error>());
        let is_handshake = matches!(
            alert,
            // A signature on the certificate, or by its key, that does not fit.
            Some(rustls::Error::AlertReceived(
                AlertDescription::DecryptError | AlertDescription::HandshakeFailure
            ))
        );
        let is_certificate = matches!(
            alert,
            Some(rustls::Error::AlertReceived(
                AlertDescription::NoCertificate
                    | AlertDescription::BadCertificate
                    | AlertDescription::UnsupportedCertificate
                    | AlertDescription::CertificateRevoked
                    | AlertDescription::CertificateExpired
                    | AlertDescription::CertificateUnknown
                    | AlertDescription::UnknownCA
                    | AlertDescription::AccessDenied
                    | AlertDescription::CertificateRequired
            ))
        );
        is_certificate || (is_handshake && shows_certificate)
    })
}

fn chain<'a>(error: &'a (dyn std::error::Error + 'static)) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// An error and what caused it. These are errors of DNS, TCP, TLS and HTTP framing; none of them holds a body or a header.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    chain(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests;
