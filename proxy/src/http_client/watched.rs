//! A request's body that knows whether it was handed to a connection.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// Whether the body of a request was handed to a connection. Before that no case can have arrived: a head without its body makes none.
#[derive(Debug, Clone, Default)]
pub(super) struct HasLeft(Arc<AtomicBool>);

impl HasLeft {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body.
#[derive(Debug)]
pub(crate) struct WatchedBody {
    body: Full<Bytes>,
    has_left: HasLeft,
}

impl WatchedBody {
    pub(super) fn new(body: Full<Bytes>, has_left: HasLeft) -> Self {
        Self { body, has_left }
    }
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.has_left.0.store(true, Ordering::Relaxed);
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
