//! The shortest schedule that still breaks the same promise.

use crate::happening::Schedule;
use crate::promise::Promise;
use crate::{Coverage, run};

/// Takes out of a schedule what is not needed to break a promise.
pub fn shrink(schedule: &Schedule, promise: Promise) -> Schedule {
    let still_breaks = |tried: &Schedule| {
        let failure = run(tried, &mut Coverage::default());
        failure.is_some_and(|failure| failure.broken.promise == promise)
    };
    let mut best = schedule.clone();
    if let Some(failure) = run(&best, &mut Coverage::default()) {
        best.steps.truncate(failure.steps);
    }
    let mut size = best.steps.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        let mut has_shrunk = false;
        while at < best.steps.len() {
            let mut tried = best.clone();
            tried.steps.drain(at..(at + size).min(best.steps.len()));
            if still_breaks(&tried) {
                best = tried;
                has_shrunk = true;
            } else {
                at += size;
            }
        }
        if !has_shrunk || size > 1 {
            size /= 2;
        }
    }
    for at in 0..best.steps.len() {
        for way in [0, 1] {
            let mut tried = best.clone();
            tried.steps[at].who = way;
            if still_breaks(&tried) {
                best = tried;
                break;
            }
        }
    }
    best
}
