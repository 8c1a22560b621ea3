//! How far the submissions have come, and how far they may go: a fault that has to happen is not left behind.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;

/// Hands out the submissions of one part of the test. The faults that have to happen are spread over them, and submissions wait for
/// a fault only at the place of the fault after it.
#[derive(Debug)]
pub(crate) struct Pace {
    cases: u32,
    faults: u32,
    next: AtomicU32,
    allowed: watch::Sender<u32>,
}

impl Pace {
    pub(crate) fn new(cases: u32, faults: u32) -> Self {
        let pace = Self {
            cases,
            faults,
            next: AtomicU32::new(0),
            allowed: watch::Sender::new(0),
        };
        pace.allow_until(1);
        pace
    }

    /// Returns the number of the next submission, once it may be made; `None` after the last one.
    pub(crate) async fn take(&self) -> Option<u32> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.cases {
            return None;
        }
        let mut allowed = self.allowed.subscribe();
        // The sender lives as long as this does.
        let _ = allowed.wait_for(|allowed| number < *allowed).await;
        Some(number)
    }

    /// Waits until the submissions have come to the place of a fault.
    pub(crate) async fn reaches(&self, fault: u32) {
        while self.next.load(Ordering::Relaxed) < self.place(fault) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets the submissions go on: this fault has happened.
    pub(crate) fn passed(&self, fault: u32) {
        self.allow_until(fault.saturating_add(2));
    }

    fn allow_until(&self, fault: u32) {
        self.allowed.send_replace(self.place(fault));
    }

    /// The submission before which a fault happens.
    fn place(&self, fault: u32) -> u32 {
        if fault >= self.faults {
            return self.cases;
        }
        let place = u64::from(self.cases) * u64::from(fault + 1) / u64::from(self.faults + 1);
        u32::try_from(place).unwrap_or(self.cases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn submissions_wait_for_a_fault_that_is_late_and_all_are_made_after_the_last() {
        let pace = Pace::new(40, 3);
        for number in 0..20 {
            assert_eq!(pace.take().await, Some(number));
        }
        let wait = Duration::from_millis(50);
        assert!(
            tokio::time::timeout(wait, pace.take()).await.is_err(),
            "the first fault comes first"
        );
        for fault in 0..3 {
            pace.reaches(fault.min(1)).await;
            pace.passed(fault);
        }
        for number in 21..40 {
            assert_eq!(pace.take().await, Some(number));
        }
        assert_eq!(pace.take().await, None);
    }
}
