//! A connection that is closed while its client still sends.
//!
//! A system that has unread bytes when it closes a connection resets it, and the client may lose the answer that it was about to read. So what still
//! comes is read for a moment and thrown away.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// For how long a client that still sends is listened to. nginx takes up to 30 s; here a connection is a place that another could have.
const TIME_MAX: Duration = Duration::from_secs(2);

/// How much of what it sends is thrown away at most, in bytes.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Whether a connection is to linger when it is closed.
#[derive(Debug, Clone, Default)]
pub(super) struct Linger(Arc<AtomicBool>);

impl Linger {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A connection that lingers on demand.
#[derive(Debug)]
pub(super) struct LingeringStream<S> {
    stream: S,
    linger: Linger,
    until: Option<Pin<Box<Sleep>>>,
    bytes: usize,
}

impl<S> LingeringStream<S> {
    pub(super) fn new(stream: S, linger: Linger) -> Self {
        Self {
            stream,
            linger,
            until: None,
            bytes: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LingeringStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for LingeringStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.until.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            if !this.linger.0.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        let until = this.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(TIME_MAX)));
        let mut thrown_away = [0; 8192];
        while until.as_mut().poll(context).is_pending() && this.bytes < BYTES_MAX {
            let mut buffer = ReadBuf::new(&mut thrown_away);
            match ready!(Pin::new(&mut this.stream).poll_read(context, &mut buffer)) {
                Ok(()) if buffer.filled().is_empty() => break,
                Ok(()) => this.bytes += buffer.filled().len(),
                Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
