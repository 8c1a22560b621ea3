//! What a client knows of its idempotency key, from the answers so far.
//!
//! `not_created` and the proxy's own record are certain for the key. `not_sent` says of one request only that it sent nothing, so after
//! an answer that was unknown, or none at all, it says nothing of the key.

use std::time::{Duration, Instant};

/// How long a request that was given up may still reach a proxy that stood still: the longest such time of the test (6.5 s), doubled for a
/// busy machine.
const LATEST_ARRIVAL: Duration = Duration::from_secs(13);

/// What one request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Created(i64),
    /// The key has made no case.
    NotCreated,
    /// This request has made no case.
    NotSent,
    Unknown,
    /// No whole answer came, or the client went away before.
    Missing,
}

/// What may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing: there is a case.
    Done(i64),
    /// No case so far, so the same submission may be sent again.
    SendAgain,
    /// There may be a case.
    Ask,
}

/// A key's state, seen from its client.
#[derive(Debug, Default)]
pub(crate) struct KeyState {
    in_doubt: bool,
    /// When a request was last given up without an answer.
    given_up: Option<Instant>,
}

impl KeyState {
    /// Takes the answers to requests that were made at the same time. Which came first is not known, so a doubt among them stays.
    pub(crate) fn hear(&mut self, answers: &[Answer]) -> Next {
        if answers.contains(&Answer::NotCreated) {
            self.in_doubt = false;
        }
        if answers.contains(&Answer::Missing) {
            self.given_up = Some(Instant::now());
        }
        if answers.contains(&Answer::Unknown) || answers.contains(&Answer::Missing) {
            self.in_doubt = true;
        }
        let created = answers.iter().find_map(|answer| match answer {
            Answer::Created(id) => Some(*id),
            Answer::NotCreated | Answer::NotSent | Answer::Unknown | Answer::Missing => None,
        });
        match created {
            Some(id) => Next::Done(id),
            None if self.in_doubt => Next::Ask,
            None => Next::SendAgain,
        }
    }

    /// Says whether there is no case for certain, after [`Next::SendAgain`]. A request that was given up a moment ago may still arrive.
    pub(crate) fn is_certain_at(&self, now: Instant) -> bool {
        let arrived = |given_up: Instant| now.saturating_duration_since(given_up) >= LATEST_ARRIVAL;
        !self.in_doubt && self.given_up.is_none_or(arrived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_try_that_sent_nothing_leaves_no_doubt() {
        let mut key = KeyState::default();
        assert_eq!(key.hear(&[Answer::NotSent]), Next::SendAgain);
        assert!(key.is_certain_at(Instant::now()));
    }

    #[test]
    fn a_try_that_sent_nothing_does_not_remove_the_doubt_of_the_one_before() {
        for doubt in [Answer::Unknown, Answer::Missing] {
            let mut key = KeyState::default();
            assert_eq!(key.hear(&[doubt]), Next::Ask);
            assert_eq!(key.hear(&[Answer::NotSent]), Next::Ask, "{doubt:?}");
            assert_eq!(key.hear(&[Answer::NotCreated]), Next::SendAgain, "{doubt:?}");
        }
    }

    #[test]
    fn of_two_at_once_the_doubt_stays_and_a_case_wins() {
        let mut key = KeyState::default();
        assert_eq!(key.hear(&[Answer::Unknown, Answer::NotCreated]), Next::Ask);
        assert_eq!(key.hear(&[Answer::Missing, Answer::Created(7)]), Next::Done(7));
    }

    #[test]
    fn a_request_that_was_given_up_may_arrive_late() {
        let mut key = KeyState::default();
        key.hear(&[Answer::Missing]);
        key.hear(&[Answer::NotCreated]);
        assert!(!key.is_certain_at(Instant::now()));
        assert!(key.is_certain_at(Instant::now() + LATEST_ARRIVAL));
    }
}
