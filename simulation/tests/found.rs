//! Schedules in which the search once found a broken promise. None breaks one any more.

use partner_case_simulation::{Coverage, Schedule, run, schedule};

/// One a line, in the order in which they were found. They are written out, so that they stay what they are when a seed means another.
const FOUND: &str = include_str!("found.txt");

#[test]
fn what_was_found_once_is_found_no_more() {
    for (at, line) in FOUND.lines().enumerate() {
        let schedule: Schedule = line.parse().unwrap();
        let failure = run(&schedule, &mut Coverage::default());
        assert!(failure.is_none(), "line {}: {failure:#?}", at + 1);
    }
}

/// A schedule is the same whenever and wherever it is made: a seed in a report means something, and so does what a report prints.
#[test]
fn a_seed_makes_one_schedule_which_can_be_written_and_read() {
    assert_eq!(schedule(7), schedule(7));
    assert_ne!(schedule(7), schedule(8));
    assert_eq!(schedule(7).to_string().parse(), Ok(schedule(7)));
}
