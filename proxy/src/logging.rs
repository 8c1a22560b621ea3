//! The log: JSON lines of what happens, for whoever operates the proxy. The audit trail is not part of it.

use std::io::Write;

use tracing::Subscriber;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, FilterFn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// How many lines wait to be written at most: about a megabyte.
const WAITING_MAX: usize = 4096;

/// A subscriber that writes what `filter` lets through, an object a line.
pub fn subscriber<W>(filter: EnvFilter, writer: W) -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Spans are for traces. No line shows them, so that nobody writes their fields down for each request.
    let events = FilterFn::new(|metadata| metadata.is_event());
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer);
    Registry::default().with(lines.with_filter(events.and(filter)))
}

/// A writer that never holds up who writes: a thread passes the lines on, and while `destination` takes none, lines are dropped and counted.
/// The last lines are written when the guard is dropped.
pub fn non_blocking(destination: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard, ErrorCounter) {
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(WAITING_MAX)
        .thread_name("log")
        .finish(destination);
    let dropped = writer.error_counter();
    (writer, guard, dropped)
}
