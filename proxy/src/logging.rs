//! The log: JSON lines of what happens, for whoever operates the proxy. The audit trail is not part of it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Counts the lines of the log that are lost: nobody read them in time, or they could not be written.
#[derive(Debug, Clone)]
pub struct LostLines {
    dropped: ErrorCounter,
    failed: Arc<AtomicUsize>,
}

impl LostLines {
    /// How many lines were lost so far.
    pub fn count(&self) -> usize {
        self.dropped.dropped_lines() + self.failed.load(Ordering::Relaxed)
    }
}

/// A destination that counts the lines it does not take. Each write is one line.
struct Counting<W> {
    destination: W,
    failed: Arc<AtomicUsize>,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.destination.write_all(line).is_err() {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.destination.flush()
    }
}

/// A writer that never holds up who writes: a thread passes the lines on, and while `destination` takes none, lines are lost and counted.
/// The last lines are written when the guard is dropped.
pub fn non_blocking(destination: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard, LostLines) {
    let failed = Arc::<AtomicUsize>::default();
    let destination = Counting {
        destination,
        failed: failed.clone(),
    };
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(WAITING_MAX)
        .thread_name("log")
        .finish(destination);
    let dropped = writer.error_counter();
    (writer, guard, LostLines { dropped, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A full disk, or a pipe whose reader has ended.
    struct Broken;

    impl Write for Broken {
        fn write(&mut self, _line: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_cannot_be_written_are_counted() {
        let (mut writer, guard, lost) = non_blocking(Broken);
        for _ in 0..3 {
            writer.write_all(b"a line\n").unwrap();
        }
        // The lines before it are passed on.
        drop(guard);
        assert_eq!(lost.count(), 3);
    }
}
