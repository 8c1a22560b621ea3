//! A request's body that knows whether it was handed to a connection.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// Whether the body of a request was handed to a connection. Before that no case can have arrived: a head without its body makes none.
///
/// A caller that gives up takes that back for good: a connection that is about to take the body on another thread finds that there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct HasLeft(Arc<AtomicU8>);

const WAITING: u8 = 0;
const LEFT: u8 = 1;
const GIVEN_UP: u8 = 2;

impl HasLeft {
    /// Whether the body has left, or leaves now.
    fn leave(&self) -> bool {
        let before = self.0.compare_exchange(WAITING, LEFT, Ordering::AcqRel, Ordering::Acquire);
        before != Err(GIVEN_UP)
    }

    /// Gives up a body that has not left. The answer is whether that was in time; then it never leaves.
    pub(super) fn give_up(&self) -> bool {
        let before = self
            .0
            .compare_exchange(WAITING, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire);
        before != Err(LEFT)
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
        // Nobody asks for an empty body, so it cannot tell.
        if body.is_end_stream() {
            has_left.leave();
        }
        Self { body, has_left }
    }
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.has_left.leave() {
            return Poll::Ready(Some(Err(std::io::Error::other("the call was given up"))));
        }
        Pin::new(&mut self.body).poll_frame(context).map_err(|never| match never {})
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn a_body_that_was_given_up_never_leaves_and_one_that_has_left_is_not_given_up() {
        let has_left = HasLeft::default();
        let body = WatchedBody::new(Full::from("a case"), has_left.clone());
        assert!(has_left.give_up());
        assert!(body.collect().await.is_err());
        assert!(has_left.give_up(), "and stays given up");
        let has_left = HasLeft::default();
        let body = WatchedBody::new(Full::from("a case"), has_left.clone());
        assert!(body.collect().await.is_ok());
        assert!(!has_left.give_up());
    }
}
