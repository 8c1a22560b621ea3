//! The keys that the portal's sign-on publishes (RFC 7517): when the proxy fetches them, and how long it uses them.

mod key_set;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use http_body_util::Full;
use jsonwebtoken::Algorithm;
use tokio::time::Instant;
use url::Url;

pub(super) use self::key_set::KeySet;
use crate::http_client::HttpClient;

/// How long fetched keys are used without a new fetch.
const KEYS_FRESH: Duration = Duration::from_secs(10 * 60);

/// How long fetched keys are used while the sign-on cannot be reached.
const KEYS_USABLE: Duration = Duration::from_hours(24);

/// How long after a successful fetch the next one may start: tokens with invented key IDs must not become a flood at the sign-on.
const FETCH_PAUSE: Duration = Duration::from_secs(30);

/// How long the proxy waits after a first failed fetch. Each further failure doubles the wait.
const RETRY_FIRST: Duration = Duration::from_secs(1);

/// The longest wait after a failed fetch: agents cannot sign in meanwhile.
const RETRY_MAX: Duration = Duration::from_secs(30);

/// How long a fetch may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// The published keys of one sign-on. A handle, cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Jwks(Arc<Source>);

#[derive(Debug)]
struct Source {
    url: Url,
    algorithms: Vec<Algorithm>,
    client: HttpClient,
    state: Mutex<State>,
    /// Held during a fetch, so that one fetch serves all who wait for it.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    keys: Option<Fetched>,
    /// The last fetch, if it failed.
    failure: Option<Failure>,
}

#[derive(Debug)]
struct Fetched {
    keys: Arc<KeySet>,
    at: Instant,
}

#[derive(Debug)]
struct Failure {
    reason: String,
    /// How many fetches have failed since the last that succeeded.
    count: u32,
    retry_at: Instant,
}

/// Why a fetch brought no keys.
struct FetchError {
    status: Option<StatusCode>,
    reason: String,
}

impl Jwks {
    pub(super) fn new(url: Url, algorithms: Vec<Algorithm>, client: HttpClient) -> Self {
        Self(Arc::new(Source {
            url,
            algorithms,
            client,
            state: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        }))
    }

    /// Returns the keys while they are usable. If they are no longer fresh, starts a fetch in the background.
    pub(super) fn usable(&self) -> Option<Arc<KeySet>> {
        let state = self.0.state();
        if !state.is_fresh() && state.may_fetch() && self.0.fetching.try_lock().is_ok() {
            drop(tokio::spawn(self.clone().fetch_unless_paused()));
        }
        state.usable()
    }

    /// Fetches the keys and waits for the result, unless the last fetch was too short a time ago.
    pub(super) async fn refresh(&self) {
        // In a task of its own: a browser that goes away must not break off the fetch that all others wait for.
        let fetching = tokio::spawn(self.clone().fetch_unless_paused());
        let _ = fetching.await;
    }

    /// Whether the proxy knows what the sign-on publishes: the keys are fresh, and no fetch has failed since.
    pub(super) fn is_up_to_date(&self) -> bool {
        let state = self.0.state();
        state.is_fresh() && state.failure.is_none()
    }

    /// Checks whether there are usable keys, and fetches them first if there are no fresh ones.
    ///
    /// # Errors
    /// Returns the HTTP status or the reason, in words for the operator.
    pub(super) async fn check(&self) -> Result<(), String> {
        if !self.0.state().is_fresh() {
            self.refresh().await;
        }
        let state = self.0.state();
        if state.usable().is_some() {
            return Ok(());
        }
        let reason = state
            .failure
            .as_ref()
            .map_or("they have not been fetched yet", |failure| &failure.reason);
        Err(format!("no signing keys of the sign-on from {}: {reason}", self.0.url))
    }

    async fn fetch_unless_paused(self) {
        let _one_at_a_time = self.0.fetching.lock().await;
        if self.0.state().may_fetch() {
            let fetched = self.0.fetch().await;
            self.0.record(fetched);
        }
    }
}

impl State {
    fn age(&self) -> Option<Duration> {
        self.keys.as_ref().map(|fetched| fetched.at.elapsed())
    }

    fn is_fresh(&self) -> bool {
        self.age().is_some_and(|age| age < KEYS_FRESH)
    }

    fn usable(&self) -> Option<Arc<KeySet>> {
        let fetched = self.keys.as_ref()?;
        (fetched.at.elapsed() < KEYS_USABLE).then(|| fetched.keys.clone())
    }

    fn may_fetch(&self) -> bool {
        match &self.failure {
            Some(failure) => Instant::now() >= failure.retry_at,
            None => self.age().is_none_or(|age| age >= FETCH_PAUSE),
        }
    }
}

impl Source {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self) -> Result<KeySet, FetchError> {
        let failed = |status, reason: String| FetchError { status, reason };
        let request = Request::get(self.url.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Full::<Bytes>::default())
            .map_err(|error| failed(None, error.to_string()))?;
        let answer = self
            .client
            .send(request, (Instant::now() + FETCH_TIMEOUT).into_std())
            .await
            .map_err(|error| failed(None, error.to_string()))?;
        let status = Some(answer.status);
        if answer.status != StatusCode::OK {
            return Err(failed(status, format!("the sign-on answered with status {}", answer.status)));
        }
        KeySet::read(&answer.body, &self.algorithms)
            .ok_or_else(|| failed(status, "the answer is not a JWK Set in JSON".to_owned()))
    }

    fn record(&self, fetched: Result<KeySet, FetchError>) {
        let mut state = self.state();
        let error = match fetched {
            Ok(keys) if keys.len() > 0 => {
                tracing::info!(keys = keys.len(), "signing keys of the sign-on fetched");
                state.keys = Some(Fetched {
                    keys: Arc::new(keys),
                    at: Instant::now(),
                });
                state.failure = None;
                return;
            }
            Ok(_) => {
                // The sign-on has withdrawn its keys, so a token that one of them signed must not let anybody in.
                state.keys = None;
                FetchError {
                    status: Some(StatusCode::OK),
                    reason: "no published key fits staff.algorithms".to_owned(),
                }
            }
            Err(error) => error,
        };
        let count = state.failure.as_ref().map_or(1, |failure| failure.count.saturating_add(1));
        let pause = retry_pause(count);
        // One line for each fetch, so the pauses bound the lines as well.
        tracing::error!(
            url = %self.url,
            status = error.status.map(|status| status.as_u16()),
            reason = error.reason,
            failures = count,
            retry_in_secs = pause.as_secs(),
            "the signing keys of the sign-on cannot be fetched"
        );
        state.failure = Some(Failure {
            reason: error.reason,
            count,
            retry_at: Instant::now() + pause,
        });
    }
}

/// Returns how long to wait after so many failed fetches: 1, 2, 4 ... up to 30 seconds.
fn retry_pause(count: u32) -> Duration {
    let doubled = 1_u32.checked_shl(count.saturating_sub(1)).unwrap_or(u32::MAX);
    RETRY_FIRST.saturating_mul(doubled).min(RETRY_MAX)
}

#[cfg(test)]
mod tests;
