//! The HTTP client for Wise: TLS by rustls, bounded in time and size, no redirects, no proxy from the environment.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;
use tower::Service;
use tracing::{Instrument as _, field};

use crate::client_certificate::ReloadedCertificate;
use crate::config::{ConfigError, UpstreamConfig};

/// The largest answer of Wise's that is read, in bytes. A case object has a few hundred.
const ANSWER_MAX_BYTES: usize = 1024 * 1024;

/// How long an idle connection is kept. Short, so that a load balancer at the other side rarely closes one that is about to be used.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// A client for one upstream.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    client: Client<ConnectTimeout, Full<Bytes>>,
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

/// Why there is no whole answer. The two differ in what the other side may have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum HttpError {
    /// No connection was made, so nothing was sent.
    #[error("no connection could be made")]
    NotSent,
    /// Something was sent, and no whole answer came back.
    #[error("no whole answer came back")]
    NoAnswer,
}

impl HttpClient {
    pub(crate) fn new(config: &UpstreamConfig) -> Result<Self, ConfigError> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls_config(config)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(ConnectTimeout {
                connector,
                timeout: config.connect_timeout,
            });
        Ok(Self { client })
    }

    /// A client for servers that are not Wise's: it trusts the same certificates, and shows none.
    pub(crate) fn anonymous(config: &UpstreamConfig) -> Result<Self, ConfigError> {
        Self::new(&UpstreamConfig {
            client_certificate: None,
            ..config.clone()
        })
    }

    /// Sends a request and reads the whole answer, until the deadline.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>, deadline: Instant) -> Result<Answer, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let span = tracing::info_span!(
            "call",
            otel.name = request.method().as_str(),
            otel.kind = "client",
            http.request.method = request.method().as_str(),
            server.address = host,
            http.response.status_code = field::Empty,
        );
        // On the heap: each future around it would have room of its own for what it is made of.
        let exchange = Box::pin(self.exchange(request));
        let answered = tokio::time::timeout_at(deadline.into(), exchange).instrument(span.clone());
        let answer = answered.await.unwrap_or_else(|_elapsed| {
            tracing::warn!(host, "no whole answer came in time");
            Err(HttpError::NoAnswer)
        });
        if let Ok(answer) = &answer {
            span.record("http.response.status_code", answer.status.as_u16());
        }
        answer
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let response = self.client.request(request).await.map_err(|error| {
            let kind = if error.is_connect() {
                HttpError::NotSent
            } else {
                HttpError::NoAnswer
            };
            tracing::warn!(host, cause = causes(&error), "{kind}");
            kind
        })?;
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
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }
}

/// An error and what caused it. These are errors of DNS, TCP, TLS and HTTP framing; none of them holds a body or a header.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// Bounds name lookup, TCP and TLS handshake together. Whatever of them hangs, nothing of the request has been sent.
#[derive(Debug, Clone)]
struct ConnectTimeout {
    connector: HttpsConnector<HttpConnector>,
    timeout: Duration,
}

impl Service<Uri> for ConnectTimeout {
    type Response = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.timeout, self.connector.call(uri));
        Box::pin(async move { connecting.await? })
    }
}

fn tls_config(config: &UpstreamConfig) -> Result<ClientConfig, ConfigError> {
    let mut roots = RootCertStore::empty();
    // A system certificate that rustls cannot read is passed over, as other programs do.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() && config.ca_file.is_none() && config.cases_url.scheme() == "https" {
        let reason = "is not set, and the system has no certificates (package ca-certificates), so no server could be trusted";
        return Err(ConfigError::new("upstream.ca_file", reason));
    }
    if let Some(path) = &config.ca_file {
        let unusable = |reason: String| ConfigError::new("upstream.ca_file", format!("{}: {reason}", path.display()));
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))? {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
        }
    }
    let provider = rustls::crypto::ring::default_provider();
    let builder = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::new("upstream", error.to_string()))?;
    let builder = builder.with_root_certificates(roots);
    let Some(files) = &config.client_certificate else {
        return Ok(builder.with_no_client_auth());
    };
    let mut tls = builder.with_client_cert_resolver(Arc::new(ReloadedCertificate::new(files.clone())?));
    // A resumed session goes on with the certificate it was begun with, so a replaced one would not be shown.
    tls.resumption = Resumption::disabled();
    Ok(tls)
}
