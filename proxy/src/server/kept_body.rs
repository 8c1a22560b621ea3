//! The body of a request, kept until the request is answered: what a handler leaves of it is read afterwards.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// How much of a body that nobody wanted is read, in bytes: what fits into the buffers on the way is read at no cost to anybody.
const READ_MAX_BYTES: u64 = 256 * 1024;

/// How long that may take. The answer waits for it.
const READ_TIMEOUT: Duration = Duration::from_millis(500);

#[derive(Debug)]
struct Shared {
    body: Incoming,
    /// Whether any of it was asked for. Before that a client that waits for `100 Continue` has sent none.
    is_begun: bool,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lends a body to a handler.
pub(super) fn keep(body: Incoming) -> (KeptBody, LentBody) {
    let shared = Arc::new(Mutex::new(Shared { body, is_begun: false }));
    (KeptBody(shared.clone()), LentBody(shared))
}

/// What is left of a body when its request is answered.
#[derive(Debug)]
pub(super) struct KeptBody(Arc<Mutex<Shared>>);

impl KeptBody {
    /// Reads what is left, if it is little and comes at once. The answer is whether that was all. `waits`: the client waits for a word before it
    /// sends the body; if nobody has asked for it, it is not sent.
    pub(super) async fn read_to_end(self, waits: bool) -> bool {
        let (is_end, left, is_begun) = {
            let shared = lock(&self.0);
            (shared.body.is_end_stream(), shared.body.size_hint().lower(), shared.is_begun)
        };
        if is_end || left > READ_MAX_BYTES || (waits && !is_begun) {
            return is_end;
        }
        let read = async {
            let mut rest = LentBody(self.0);
            let mut bytes = 0;
            while let Some(frame) = rest.frame().await {
                let Ok(frame) = frame else { return false };
                bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                if bytes > READ_MAX_BYTES {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(READ_TIMEOUT, read).await.unwrap_or(false)
    }
}

/// A body as a handler has it.
#[derive(Debug)]
pub(super) struct LentBody(Arc<Mutex<Shared>>);

impl Body for LentBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let mut shared = lock(&self.0);
        shared.is_begun = true;
        Pin::new(&mut shared.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).body.size_hint()
    }
}
