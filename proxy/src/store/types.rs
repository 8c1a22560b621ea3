//! What the store is asked and answers, whatever database it has.

use std::time::{SystemTime, UNIX_EPOCH};

use partner_case_core::{Case, Problem};
use thiserror::Error;

use super::record::{Digest, Millis, Record, Reservation};

/// How many cases about one transfer are listed at most.
pub(super) const FOUND_MAX: usize = 20;

/// Why something could not be stored or looked up. It holds what the database says, never what was to be stored.
#[derive(Debug, Clone, Error)]
pub(crate) enum StoreError {
    /// It cannot be used now.
    #[error("{0}")]
    Unavailable(String),
    /// It was written with another key, and cannot be used with this one.
    #[error("{0}")]
    WrongKey(String),
}

impl StoreError {
    pub(super) fn unavailable(reason: &str) -> Self {
        Self::Unavailable(reason.to_owned())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// A submission as one of the store's keys knows it.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) key: Digest,
    pub(crate) reservation: Reservation,
}

impl Candidate {
    /// The candidate that has a record, with it; else the first, which is that of the current key. `records` are those of the candidates.
    pub(super) fn choose(candidates: Vec<Self>, records: Vec<Option<Record>>) -> Result<(Self, Option<Record>), StoreError> {
        let mut pairs: Vec<_> = candidates.into_iter().zip(records).collect();
        let known = pairs.iter().position(|(_, record)| record.is_some()).unwrap_or(0);
        if known < pairs.len() {
            return Ok(pairs.swap_remove(known));
        }
        Err(StoreError::unavailable("a submission without a key"))
    }
}

/// What Wise says of a case.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// The digest of its external id by each of the store's keys.
    pub(crate) external_ids: Vec<Digest>,
    pub(crate) case: Case,
    /// When Wise created it.
    pub(crate) created: Option<Millis>,
}

/// The submission that an event was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) key: Digest,
}

/// What a purge came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Purged {
    /// How many submissions were forgotten; none if the clock cannot be trusted, so that nothing was purged.
    pub(crate) removed: Option<u64>,
    /// How many submissions have an unknown outcome.
    pub(crate) unknown: i64,
}

/// Says whether there may be a new case. It is asked where the record is read, and only if the case is a new one: an answer that is given again
/// uses up no limit, and the record is read once.
pub(crate) type RateCheck = Box<dyn FnOnce() -> Result<(), Problem> + Send>;

/// The time of day on this machine.
pub(super) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
