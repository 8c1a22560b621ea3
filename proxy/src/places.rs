//! Places for requests that are held in memory while they are read and answered: a bounded number at a time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use partner_case_core::{Problem, ProblemCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for a place. A burst of a few forms passes in that time; whoever waits longer is told to try again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// After how many seconds a request that found no place may try again.
const RETRY_AFTER_SECS: u64 = 1;

/// A pool of places.
#[derive(Debug)]
pub(crate) struct Places(Arc<Semaphore>);

/// The right to be held in memory. Dropping it frees the place.
#[derive(Debug)]
pub(crate) struct Place(OwnedSemaphorePermit);

impl Places {
    pub(crate) fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }

    /// Takes a place, and waits for one as long as `patience` says.
    ///
    /// # Errors
    /// [`ProblemCode::Overloaded`] when no place is freed in that time.
    pub(crate) async fn take(&self, patience: Duration) -> Result<Place, Problem> {
        match tokio::time::timeout(patience, self.0.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Place(permit)),
            // Nobody closes the semaphore, so the inner error does not happen.
            Ok(Err(_)) | Err(_) => Err(Problem::new(ProblemCode::Overloaded).with_retry_after(Some(RETRY_AFTER_SECS))),
        }
    }
}

impl Place {
    /// Makes a body of a text. The body frees the place once its last byte is written to the connection, or the answer is dropped.
    ///
    /// The bytes themselves own the place, and not the body: hyper takes the bytes out of the body and keeps them until the client reads.
    pub(crate) fn hold(self, text: String) -> Body {
        Body::from(Bytes::from_owner(Held {
            text: text.into_boxed_str(),
            _permit: self.0,
        }))
    }
}

/// A text with its place.
struct Held {
    text: Box<str>,
    _permit: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    const NO_PATIENCE: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_request_without_a_place_is_told_to_try_again() {
        let places = Places::new(1);
        let place = places.take(PATIENCE).await.unwrap();
        let problem = places.take(NO_PATIENCE).await.unwrap_err();
        assert_eq!(
            (problem.code, problem.status, problem.retry_after),
            (ProblemCode::Overloaded, 503, Some(1))
        );
        drop(place);
        assert!(places.take(NO_PATIENCE).await.is_ok());
    }

    #[tokio::test]
    async fn an_answer_keeps_its_place_until_its_last_byte_is_written() {
        let places = Places::new(1);
        let body = places.take(PATIENCE).await.unwrap().hold("page".to_owned());
        assert!(places.take(NO_PATIENCE).await.is_err(), "nobody has asked for the body yet");
        let bytes = body.collect().await.unwrap().to_bytes();
        assert!(places.take(NO_PATIENCE).await.is_err(), "the bytes wait for the connection");
        assert_eq!(bytes, "page");
        drop(bytes);
        assert!(places.take(NO_PATIENCE).await.is_ok());
    }

    #[tokio::test]
    async fn an_answer_that_nobody_waits_for_frees_its_place() {
        let places = Places::new(1);
        let body = places.take(PATIENCE).await.unwrap().hold("page".to_owned());
        drop(body);
        assert!(places.take(NO_PATIENCE).await.is_ok());
    }
}
