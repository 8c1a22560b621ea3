//! Whether the time of day can be trusted to tell how old a submission is.
//!
//! A clock that is wrong by months would have submissions purged that somebody may still send again. A store with a server has the server's
//! clock. Here there is only the machine's, so it is compared with a clock that cannot jump, and with the last time in the store that was trusted. A
//! time that is not trusted is never left there, or the next start would take it for true.

use std::time::{Duration, Instant};

use super::record::Millis;

/// How far the time of day may be from what the steady clock makes of it: more than any correction by NTP, and than a machine that slept
/// through a coffee break.
const JUMP: Duration = Duration::from_mins(5);

/// How much newer than the last trusted time in the store the clock may be at the start. Every probe of `/readyz` leaves a time there, so a
/// longer gap is a proxy that did not run, or a clock that is wrong. It is also at most a quarter of the retention.
const GAP_MAX: Duration = Duration::from_hours(7 * 24);

/// For how long the purge is held after a jump: time enough for somebody who sees the metric to put the clock right.
const HOLD: Duration = Duration::from_hours(7 * 24);

/// Watches the time of day.
#[derive(Debug)]
pub(super) struct ClockWatch {
    /// The time of day when it was looked at last, and the steady time of that moment.
    last: (Millis, Instant),
    held_since: Option<Instant>,
}

impl ClockWatch {
    /// Begins to watch. `trusted` is the last time that was left in the store while the clock was trusted, if there is one; `retention` is how
    /// long submissions are kept.
    pub(super) fn new(wall: Millis, trusted: Option<Millis>, retention: Duration, steady: Instant) -> Self {
        let gap = GAP_MAX.min(retention / 4).max(JUMP);
        let fits = trusted.is_none_or(|trusted| within(wall.saturating_sub(trusted), JUMP, gap));
        Self {
            last: (wall, steady),
            held_since: (!fits).then_some(steady),
        }
    }

    /// Whether the age of a submission can be told now.
    pub(super) fn is_trusted(&mut self, wall: Millis, steady: Instant) -> bool {
        let elapsed = steady.saturating_duration_since(self.last.1);
        let expected = self.last.0.saturating_add(millis(elapsed));
        if !within(wall.saturating_sub(expected), JUMP, JUMP) {
            self.held_since = Some(steady);
        }
        self.last = (wall, steady);
        if self
            .held_since
            .is_some_and(|since| steady.saturating_duration_since(since) >= HOLD)
        {
            self.held_since = None;
        }
        self.held_since.is_none()
    }
}

fn within(apart: Millis, below: Duration, above: Duration) -> bool {
    (-millis(below)..=millis(above)).contains(&apart)
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Millis = 3_600_000;
    const DAY: Millis = 24 * HOUR;

    fn hours(hours: u64) -> Duration {
        Duration::from_hours(hours)
    }

    #[test]
    fn a_clock_that_is_far_ahead_at_the_start_is_not_trusted_for_a_week() {
        let start = Instant::now();
        let mut watch = ClockWatch::new(100 * DAY, Some(0), hours(90 * 24), start);
        assert!(!watch.is_trusted(100 * DAY, start));
        assert!(!watch.is_trusted(106 * DAY, start + hours(6 * 24)));
        assert!(watch.is_trusted(107 * DAY, start + hours(7 * 24)));
    }

    #[test]
    fn a_clock_that_jumps_while_the_proxy_runs_is_not_trusted() {
        for jump in [100 * DAY, -100 * DAY, HOUR, -HOUR] {
            let start = Instant::now();
            let mut watch = ClockWatch::new(1000 * DAY, Some(1000 * DAY - HOUR), hours(90 * 24), start);
            assert!(watch.is_trusted(1000 * DAY + HOUR, start + hours(1)));
            assert!(!watch.is_trusted(1000 * DAY + 2 * HOUR + jump, start + hours(2)), "{jump}");
        }
    }

    #[test]
    fn a_steady_clock_and_a_new_store_are_trusted() {
        let start = Instant::now();
        let mut watch = ClockWatch::new(100 * DAY, None, hours(90 * 24), start);
        for hour in 1..50 {
            // Corrected by some seconds now and then.
            let wall = 100 * DAY + i64::try_from(hour).unwrap() * HOUR + 2000;
            assert!(watch.is_trusted(wall, start + hours(hour)), "{hour}");
        }
        let mut stopped_over_the_weekend = ClockWatch::new(100 * DAY, Some(97 * DAY), hours(90 * 24), start);
        assert!(stopped_over_the_weekend.is_trusted(100 * DAY, start));
        let mut behind = ClockWatch::new(100 * DAY, Some(101 * DAY), hours(90 * 24), start);
        assert!(!behind.is_trusted(100 * DAY, start));
    }

    /// With a retention of a day, a clock that is six days ahead would have everything purged.
    #[test]
    fn the_shorter_submissions_are_kept_the_less_the_clock_may_be_ahead() {
        let start = Instant::now();
        let mut watch = ClockWatch::new(6 * DAY, Some(0), hours(24), start);
        assert!(!watch.is_trusted(6 * DAY, start));
    }
}
