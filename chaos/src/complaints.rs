//! What the ledger does not show: promises that were broken while the test ran, and how often.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counts broken promises by their text.
#[derive(Debug, Default)]
pub(crate) struct Complaints(Mutex<BTreeMap<String, u32>>);

impl Complaints {
    /// Counts one.
    pub(crate) fn add(&self, what: impl Into<String>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(what.into()).or_default() += 1;
    }

    /// Returns a line for each text, with its count.
    pub(crate) fn list(&self) -> Vec<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(what, times)| format!("{times} times {what}")).collect()
    }
}
