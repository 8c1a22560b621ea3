//! The HTTP client for Wise: TLS by rustls, bounded in time and size, no redirects, no proxy from the environment.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

use crate::config::{ConfigError, UpstreamConfig};

/// The largest answer of Wise's that is read, in bytes. A case object has a few hundred.
const ANSWER_MAX_BYTES: usize = 1024 * 1024;

/// How long an idle connection is kept. Short, so that a load balancer at the other side rarely closes one that is about to be used.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// A client for one upstream.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
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
        connector.set_connect_timeout(Some(config.connect_timeout));
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
            .build(connector);
        Ok(Self {
            client,
            timeout: config.timeout,
        })
    }

    /// Sends a request and reads the whole answer, within the time limit.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, HttpError> {
        tokio::time::timeout(self.timeout, self.exchange(request))
            .await
            .unwrap_or(Err(HttpError::NoAnswer))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, HttpError> {
        let response = self.client.request(request).await.map_err(|error| {
            if error.is_connect() {
                HttpError::NotSent
            } else {
                HttpError::NoAnswer
            }
        })?;
        let (parts, body) = response.into_parts();
        let body = match Limited::new(body, ANSWER_MAX_BYTES).collect().await {
            Ok(collected) => collected.to_bytes(),
            // The status and headers stand; a body that long is no case object, whatever it says.
            Err(error) if error.is::<LengthLimitError>() => Bytes::new(),
            Err(_) => return Err(HttpError::NoAnswer),
        };
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }
}

fn tls_config(config: &UpstreamConfig) -> Result<ClientConfig, ConfigError> {
    let mut roots = RootCertStore::empty();
    // A system certificate that rustls cannot read is passed over, as other programs do.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
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
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
