//! The log: JSON lines, and the audit lines among them whatever the filter says.

mod line;

use tracing::Subscriber;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, FilterFn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

use self::line::JsonLine;

/// The target of the audit lines.
pub(crate) const AUDIT: &str = "audit";

/// A subscriber that writes what `filter` lets through, and every audit line: a bank may not lose those to a changed log level.
pub fn subscriber<W>(filter: EnvFilter, writer: W) -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Clone + Send + Sync + 'static,
{
    // Spans are for traces. No line shows them, so that nobody writes their fields down for each request.
    let audit = FilterFn::new(|metadata| metadata.is_event() && metadata.target() == AUDIT);
    let others = FilterFn::new(|metadata| metadata.is_event() && metadata.target() != AUDIT);
    let audit_lines = tracing_subscriber::fmt::layer()
        .event_format(JsonLine)
        .with_writer(writer.clone());
    let other_lines = tracing_subscriber::fmt::layer().event_format(JsonLine).with_writer(writer);
    Registry::default()
        .with(audit_lines.with_filter(audit))
        .with(other_lines.with_filter(others.and(filter)))
}
