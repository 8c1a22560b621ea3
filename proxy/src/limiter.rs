//! How many cases may be raised, by one member of staff and in all, and how often Wise may be looked at, so that one careless script does
//! not use up what Wise allows.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};
use partner_case_core::{Problem, ProblemCode};

use crate::config::Limits;
use crate::staff::StaffId;

/// After how many members of staff those who have been idle are forgotten.
const FORGET_ABOVE: usize = 10_000;

/// How often a member of staff may look at cases at Wise, in a minute. A form looks twelve times in nine minutes after each new case.
const LOOKS_PER_MINUTE_PER_STAFF: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// The limits of this process.
#[derive(Debug)]
pub(crate) struct Limiter {
    all: DefaultDirectRateLimiter,
    by_staff: DefaultKeyedRateLimiter<String>,
    looks_by_staff: DefaultKeyedRateLimiter<String>,
    lookups_by_staff: DefaultKeyedRateLimiter<String>,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            all: RateLimiter::direct(Quota::per_minute(limits.cases_per_minute)),
            by_staff: RateLimiter::keyed(Quota::per_minute(limits.cases_per_minute_per_staff)),
            looks_by_staff: RateLimiter::keyed(Quota::per_minute(LOOKS_PER_MINUTE_PER_STAFF)),
            lookups_by_staff: RateLimiter::keyed(Quota::per_minute(limits.lookups_per_minute_per_staff)),
        }
    }

    /// Lets a case through.
    ///
    /// # Errors
    /// [`ProblemCode::StaffRateLimited`] or [`ProblemCode::Overloaded`], each with the seconds to wait.
    pub(crate) fn admit(&self, staff: &StaffId) -> Result<(), Problem> {
        check(&self.by_staff, staff)?;
        self.all.check().map_err(|until| later(ProblemCode::Overloaded, &until))
    }

    /// Lets a lookup through, in the store or at Wise.
    ///
    /// # Errors
    /// [`ProblemCode::StaffRateLimited`], with the seconds to wait.
    pub(crate) fn admit_lookup(&self, staff: &StaffId) -> Result<(), Problem> {
        check(&self.lookups_by_staff, staff)
    }

    /// Lets a look at Wise through.
    ///
    /// # Errors
    /// [`ProblemCode::StaffRateLimited`], with the seconds to wait.
    pub(crate) fn admit_look(&self, staff: &StaffId) -> Result<(), Problem> {
        check(&self.looks_by_staff, staff)
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<String>, staff: &StaffId) -> Result<(), Problem> {
    if limiter.len() > FORGET_ABOVE {
        limiter.retain_recent();
    }
    limiter
        .check_key(&staff.0)
        .map_err(|until| later(ProblemCode::StaffRateLimited, &until))
}

fn later(code: ProblemCode, until: &NotUntil<governor::clock::QuantaInstant>) -> Problem {
    let wait = until.wait_time_from(DefaultClock::default().now());
    // Rounded up: who comes a moment too early is refused again.
    let secs = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Problem::new(code).with_retry_after(Some(secs.max(Duration::from_secs(1).as_secs())))
}
