//! What a running simulator remembers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::response::Response;
use partner_case_core::CaseStatus;

use crate::fault::{Effect, Faults};
use crate::webhook::Delivery;
use crate::{Counts, LedgerEntry, Settings, Target};

/// The first case number given out, the one of Wise's documented example.
const FIRST_CASE_ID: i64 = 123_456_789;

#[derive(Debug, Clone)]
pub(crate) struct SharedState {
    pub(crate) settings: Arc<Settings>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) counts: Counts,
    pub(crate) faults: Faults,
    pub(crate) ledger: Vec<LedgerEntry>,
    /// What new cases become once they are set up, if it is not `OPEN`.
    pub(crate) becomes: Option<CaseStatus>,
    /// How events about new cases are delivered.
    pub(crate) delivery: Delivery,
    /// How often everything was forgotten, so that a call begun before leaves nothing behind.
    pub(crate) generation: u64,
    /// The tokens given out, each with the time it ends.
    pub(crate) tokens: HashMap<String, Instant>,
    /// Whether answers to cases that were created are held back.
    pub(crate) holds_answers: bool,
    /// The client secret that took the place of the one in the settings.
    pub(crate) client_secret: Option<String>,
}

impl Inner {
    pub(crate) fn next_case_id(&self) -> i64 {
        self.ledger.last().map_or(FIRST_CASE_ID, |entry| entry.case_id + 1)
    }
}

impl SharedState {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            inner: Arc::default(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call and lets the fault that is due happen to it.
    pub(crate) async fn heard(&self, target: Target) -> Option<Effect> {
        let fault = {
            let mut inner = self.lock();
            *match target {
                Target::Token => &mut inner.counts.token,
                Target::Create => &mut inner.counts.create,
                Target::Get => &mut inner.counts.get,
            } += 1;
            inner.faults.take(target)
        };
        match fault {
            Some(kind) => kind.happen().await,
            None => None,
        }
    }
}

/// Runs a call under the fault that is due.
pub(crate) async fn under_fault(state: &SharedState, target: Target, call: impl Future<Output = Response>) -> Response {
    match state.heard(target).await {
        Some(Effect::Instead(response)) => *response,
        Some(Effect::After(response)) => {
            call.await;
            while state.lock().holds_answers {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            *response
        }
        None => call.await,
    }
}

impl SharedState {
    /// Forgets cases, counts and faults. Tokens stay good, or every caller would have to fetch a new one.
    pub(crate) fn forget(&self) {
        let mut inner = self.lock();
        let generation = inner.generation + 1;
        *inner = Inner {
            generation,
            tokens: std::mem::take(&mut inner.tokens),
            ..Inner::default()
        };
    }
}
