//! The submissions that have ended, so that some can be sent again under their keys.

use std::sync::{Arc, Mutex, PoisonError};

use crate::client::{Outcome, Submission};

/// A submission and what its client was told.
pub(crate) type Ended = (Arc<Submission>, Outcome);

/// All submissions that have ended.
#[derive(Debug, Default)]
pub(crate) struct History(Mutex<Vec<Ended>>);

impl History {
    pub(crate) fn add(&self, submission: Submission, outcome: Outcome) {
        let mut ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ended.push((Arc::new(submission), outcome));
    }

    /// Returns some that are created or unknown, half the newest and half from any time. Their keys must make no second case.
    pub(crate) fn some_that_may_exist(&self, count: usize, random: &mut fastrand::Rng) -> Vec<Ended> {
        let ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut may_exist: Vec<&Ended> = ended.iter().filter(|(_, outcome)| *outcome != Outcome::NotCreated).collect();
        let newest = may_exist.split_off(may_exist.len().saturating_sub(count / 2));
        random.shuffle(&mut may_exist);
        newest
            .into_iter()
            .chain(may_exist.into_iter().take(count / 2))
            .cloned()
            .collect()
    }

    /// Returns all, and is empty afterwards.
    pub(crate) fn take(&self) -> Vec<Ended> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
