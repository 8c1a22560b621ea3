//! How long the head of a request may take, told apart from how long a connection may rest between two requests.
//!
//! A portal's server keeps its connections for its next call, nginx for 60 s. Were a resting one closed as soon as a slow one, now and then
//! it would be closed at the moment of that next call, which the portal's server then answers with 502. hyper has one time for both.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How many times the connection has begun or ended to answer a request. An odd number: one is being answered, and what is read is a body,
/// which has a time of its own.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight(Arc<AtomicU64>);

impl InFlight {
    /// Answers a request, and has the connection know that it does.
    pub(super) async fn during<T>(self, answer: impl Future<Output = T>) -> T {
        self.0.fetch_add(1, Ordering::Relaxed);
        let answer = answer.await;
        self.0.fetch_add(1, Ordering::Relaxed);
        answer
    }
}

/// A connection on which a head must be whole so long after its first byte, and the first head so long after the connection was made.
#[derive(Debug)]
pub(super) struct HeadTimeout<S> {
    stream: S,
    timeout: Duration,
    in_flight: InFlight,
    /// The count of `in_flight` that the deadline belongs to.
    counted: u64,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> HeadTimeout<S> {
    pub(super) fn new(stream: S, timeout: Duration, in_flight: InFlight) -> Self {
        Self {
            stream,
            timeout,
            in_flight,
            counted: 0,
            deadline: Some(Box::pin(tokio::time::sleep(timeout))),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadTimeout<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let count = self.in_flight.0.load(Ordering::Relaxed);
        if count != self.counted {
            // The head was whole.
            self.counted = count;
            self.deadline = None;
        }
        if count % 2 == 1 {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, buffer) {
            if buffer.filled().len() > before && self.deadline.is_none() {
                self.deadline = Some(Box::pin(tokio::time::sleep(self.timeout)));
            }
            return Poll::Ready(read);
        }
        match &mut self.deadline {
            Some(deadline) => {
                ready!(deadline.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadTimeout<S> {
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
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
