//! Traces for an OpenTelemetry collector (feature `opentelemetry`), by OTLP over HTTP.
//!
//! Where they go and how they are sampled is told by the variables that OpenTelemetry defines for every program, such as
//! `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME` and `OTEL_TRACES_SAMPLER`. Spans hold methods, routes, status codes, hosts and
//! durations; nothing that a person typed, and no id of a person.

use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, Response};
use http_body_util::Full;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HeaderExtractor, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::instrument::WithSubscriber as _;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::NoSubscriber;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::config::{ConfigError, UpstreamConfig};
use crate::http_client::HttpClient;

/// The name of the service unless `OTEL_SERVICE_NAME` says another.
const SERVICE_NAME: &str = "partner-case-proxy";

/// How long a batch of spans may take to be delivered.
const DELIVERY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// Sends spans to a collector until it is told to stop.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Sends spans where the environment says; none if it names no collector, or switches OpenTelemetry off. Runs in a Tokio runtime.
    ///
    /// # Errors
    /// When the collector's address cannot be used.
    pub fn from_environment(upstream: &UpstreamConfig) -> Result<Option<Self>, ConfigError> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let named = is_set("OTEL_EXPORTER_OTLP_ENDPOINT") || is_set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        let disabled = std::env::var("OTEL_SDK_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("true"));
        if !named || disabled {
            return Ok(None);
        }
        Self::start(upstream, None).map(Some)
    }

    /// Sends spans to a collector, such as `http://127.0.0.1:4318/v1/traces`. Runs in a Tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn to(upstream: &UpstreamConfig, url: &str) -> Result<Self, ConfigError> {
        Self::start(upstream, Some(url))
    }

    fn start(upstream: &UpstreamConfig, url: Option<&str>) -> Result<Self, ConfigError> {
        let client = Delivery {
            client: HttpClient::anonymous(upstream)?,
            runtime: Handle::current(),
        };
        let builder = SpanExporter::builder().with_http().with_http_client(client);
        let builder = match url {
            Some(url) => builder.with_endpoint(url),
            None => builder,
        };
        let exporter = builder
            .build()
            .map_err(|error| ConfigError::new("OTEL_EXPORTER_OTLP_ENDPOINT", error.to_string()))?;
        let mut resource = Resource::builder();
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name(SERVICE_NAME);
        }
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Ok(Self { provider })
    }

    /// A subscriber that also hands the proxy's spans to the collector.
    pub fn beside<S>(&self, subscriber: S) -> impl Subscriber + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        // The log's filter is for the log; a trace with gaps is of no use. Audit lines and libraries stay out of it.
        let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::INFO);
        let spans = tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SERVICE_NAME))
            .with_location(false)
            .with_threads(false);
        subscriber.with(spans.with_filter(ours))
    }

    /// Delivers what is left, and stops. It blocks, so an asynchronous caller uses a thread for it.
    pub fn stop(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last spans could not be delivered");
        }
    }
}

/// Makes a request's span part of the trace that the caller's `traceparent` (W3C Trace Context) names.
pub(crate) fn continue_trace(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // It fails where nobody collects spans.
    let _ = span.set_parent(context);
}

/// Delivers spans by the proxy's own client. The exporter calls it from a thread without a runtime.
#[derive(Debug)]
struct Delivery {
    client: HttpClient,
    runtime: Handle,
}

#[async_trait]
impl opentelemetry_http::HttpClient for Delivery {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        // Without a subscriber, or each delivery would make the next one necessary.
        let delivery = async move {
            let deadline = std::time::Instant::now() + DELIVERY_TIMEOUT;
            client.send(request.map(Full::from), deadline).await
        };
        let answer = self
            .runtime
            .spawn(delivery.with_subscriber(NoSubscriber::default()))
            .await??;
        let mut response = Response::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}
