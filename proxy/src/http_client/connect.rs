//! Connections to an upstream: name lookup, TCP and TLS, bounded together.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower::Service;

use crate::client_certificate::ReloadedCertificate;
use crate::config::{ConfigError, UpstreamConfig};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Makes connections. Whatever of name lookup, TCP and TLS hangs, nothing of a request has been sent.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    network: Network,
    timeout: Duration,
}

/// What the connections are made over.
#[derive(Debug, Clone)]
enum Network {
    Tcp(HttpsConnector<HttpConnector<Names>>),
    #[cfg(feature = "simulation")]
    Memory(crate::in_memory::InMemoryNetwork),
}

impl Connector {
    pub(super) fn new(config: &UpstreamConfig) -> Result<Self, ConfigError> {
        #[cfg(feature = "simulation")]
        if let Some(network) = config.in_memory.clone() {
            return Ok(Self {
                network: Network::Memory(network),
                timeout: config.connect_timeout,
            });
        }
        Ok(Self::with(
            Names::System(GaiResolver::new()),
            config.connect_timeout,
            tls_config(config)?,
        ))
    }

    pub(super) fn with(names: Names, timeout: Duration, tls: ClientConfig) -> Self {
        let mut connector = HttpConnector::new_with_resolver(names);
        connector.enforce_http(false);
        connector.set_nodelay(true);
        // Shared by the addresses of a name, so that one that does not answer costs its share and not the case (RFC 8305).
        connector.set_connect_timeout(Some(timeout));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Self {
            network: Network::Tcp(connector),
            timeout,
        }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match &mut self.network {
            Network::Tcp(connector) => connector.poll_ready(context),
            #[cfg(feature = "simulation")]
            Network::Memory(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        match &mut self.network {
            Network::Tcp(connector) => {
                let connecting = tokio::time::timeout(self.timeout, connector.call(uri));
                Box::pin(async move { Ok(Stream::new(Io::Tcp(connecting.await??))) })
            }
            #[cfg(feature = "simulation")]
            Network::Memory(network) => {
                let stream = Stream::new(Io::Memory(TokioIo::new(network.connect())));
                Box::pin(async move { Ok(stream) })
            }
        }
    }
}

/// Where the addresses of a name come from.
#[derive(Debug, Clone)]
pub(super) enum Names {
    System(GaiResolver),
    #[cfg(test)]
    Fixed(Vec<SocketAddr>),
}

impl Service<Name> for Names {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match self {
            Self::System(resolver) => resolver.poll_ready(context),
            #[cfg(test)]
            Self::Fixed(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, name: Name) -> Self::Future {
        match self {
            Self::System(resolver) => {
                let found = resolver.call(name);
                Box::pin(async move { Ok(found.await?.collect::<Vec<_>>().into_iter()) })
            }
            #[cfg(test)]
            Self::Fixed(addresses) => {
                let addresses = addresses.clone();
                Box::pin(async move { Ok(addresses.into_iter()) })
            }
        }
    }
}

/// Whether a connection has carried an answer.
#[derive(Debug, Clone, Default)]
pub(super) struct HasAnswered(Arc<AtomicBool>);

impl HasAnswered {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection, plain or TLS.
#[derive(Debug)]
pub(crate) struct Stream {
    io: Io,
    has_answered: HasAnswered,
}

impl Stream {
    fn new(io: Io) -> Self {
        Self {
            io,
            has_answered: HasAnswered::default(),
        }
    }
}

/// What carries the bytes.
#[derive(Debug)]
#[cfg_attr(
    feature = "simulation",
    expect(clippy::large_enum_variant, reason = "the small one is for the simulation alone")
)]
enum Io {
    Tcp(MaybeHttpsStream<TokioIo<TcpStream>>),
    #[cfg(feature = "simulation")]
    Memory(TokioIo<tokio::io::DuplexStream>),
}

/// Does the same with whatever carries the bytes.
macro_rules! with_io {
    ($stream:expr, $io:ident => $call:expr) => {
        match &mut $stream.get_mut().io {
            Io::Tcp($io) => $call,
            #[cfg(feature = "simulation")]
            Io::Memory($io) => $call,
        }
    };
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        let connected = match &self.io {
            Io::Tcp(stream) => stream.connected(),
            #[cfg(feature = "simulation")]
            Io::Memory(_) => Connected::new(),
        };
        connected.extra(self.has_answered.clone())
    }
}

impl Read for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        with_io!(self, io => Pin::new(io).poll_read(context, buffer))
    }
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        with_io!(self, io => Pin::new(io).poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        with_io!(self, io => Pin::new(io).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        with_io!(self, io => Pin::new(io).poll_shutdown(context))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.io {
            Io::Tcp(stream) => stream.is_write_vectored(),
            #[cfg(feature = "simulation")]
            Io::Memory(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        with_io!(self, io => Pin::new(io).poll_write_vectored(context, parts))
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
