use super::*;
use partner_case_core::{Problem, ProblemCode};

const LEASE: Duration = Duration::from_secs(60);

fn reservation(attempt: i64) -> Step {
    beginning(attempt, SendMode::AfterToken)
}

fn beginning(attempt: i64, mode: SendMode) -> Step {
    Step::Reserve(Reservation {
        payload: [1; 32],
        staff: [2; 32],
        external_id: [3; 32],
        transfer: None,
        attempt,
        lease: LEASE,
        mode,
        key_id: 1,
    })
}

fn case(id: i64, updated: &str) -> partner_case_core::Case {
    serde_json::from_str(&format!(r#"{{"id":{id},"status":"OPEN","updatedAt":"{updated}"}}"#)).unwrap()
}

fn problem() -> Answer {
    Answer::Problem(Box::new(Problem::new(ProblemCode::UpstreamRejected)))
}

/// Takes steps one after the other, each at its time; the verdict is that of the last.
fn after(steps: impl IntoIterator<Item = (Step, Millis)>) -> (Option<Record>, Verdict) {
    let mut record = None;
    let mut last = Verdict::Done;
    for (step, now) in steps {
        let (written, verdict) = take(record.as_ref(), step, now);
        record = written.or(record);
        last = verdict;
    }
    (record, last)
}

#[test]
fn the_second_attempt_waits_for_the_first_and_follows_when_its_time_is_over() {
    assert_eq!(after([(reservation(1), 0), (reservation(2), 59_999)]).1, Verdict::InFlight);
    assert_eq!(after([(reservation(1), 0), (reservation(2), 60_000)]).1, Verdict::Done);
}

#[test]
fn what_was_sent_is_never_sent_again_when_its_time_is_over() {
    let sent = [(reservation(1), 0), (Step::Send { attempt: 1 }, 1)];
    let (record, verdict) = after(sent.into_iter().chain([(reservation(2), 60_000)]));
    assert_eq!(verdict, Verdict::Ended(None));
    assert_eq!(record.unwrap().state_at(60_000), State::Unknown);
}

#[test]
fn what_leaves_with_its_reservation_is_never_sent_again_either() {
    let (record, verdict) = after([(beginning(1, SendMode::Immediate), 0), (reservation(2), 60_000)]);
    assert_eq!(verdict, Verdict::Ended(None));
    let record = record.unwrap();
    assert_eq!((record.state_at(60_000), record.sent), (State::Unknown, Some(0)));
    // Nothing has to be noted before it leaves, and its end is taken.
    let ended = Step::End {
        attempt: 1,
        answer: Some(problem()),
    };
    let (record, verdict) = after([(beginning(1, SendMode::Immediate), 0), (ended, 1), (reservation(2), 2)]);
    assert_eq!((record.unwrap().attempt, verdict), (2, Verdict::Done));
}

#[test]
fn only_a_new_case_is_asked_about_and_one_that_is_refused_is_not_noted() {
    let refused = || Err(Problem::new(ProblemCode::Overloaded));
    let (written, verdict) = rate_checked(take(None, reservation(1), 0), refused);
    assert_eq!((written, matches!(verdict, Verdict::NotAdmitted(_))), (None, true));
    let (record, _) = take(None, reservation(1), 0);
    let again = rate_checked(take(record.as_ref(), reservation(2), 1), refused);
    assert_eq!(again, (None, Verdict::InFlight));
    assert_eq!(
        rate_checked(take(None, reservation(1), 0), || Ok(())),
        take(None, reservation(1), 0)
    );
}

/// A process that was stopped for a minute must not send beside the one that took its place.
#[test]
fn an_overtaken_attempt_does_not_send() {
    let steps = [
        (reservation(1), 0),
        (reservation(2), 60_000),
        (Step::Send { attempt: 1 }, 60_001),
    ];
    assert_eq!(after(steps).1, Verdict::Overtaken);
    assert_eq!(
        after([(reservation(1), 0), (Step::Send { attempt: 1 }, 60_000)]).1,
        Verdict::Overtaken
    );
    assert!(after([(reservation(1), 0)]).0.unwrap().has_lapsed(60_000));
}

#[test]
fn a_case_is_news_even_from_an_attempt_whose_time_was_over() {
    let created = Some(Answer::Case(case(7, "2026-01-01T00:00:00")));
    let steps = [
        (reservation(1), 0),
        (Step::Send { attempt: 1 }, 1),
        (
            Step::End {
                attempt: 1,
                answer: None,
            },
            2,
        ),
        (
            Step::End {
                attempt: 1,
                answer: created.clone(),
            },
            3,
        ),
        (
            Step::End {
                attempt: 1,
                answer: Some(problem()),
            },
            4,
        ),
        (reservation(2), 5),
    ];
    assert_eq!(after(steps).1, Verdict::Ended(created));
}

#[test]
fn a_rejected_key_is_free_for_the_same_text_only() {
    let rejected = [
        (reservation(1), 0),
        (
            Step::End {
                attempt: 1,
                answer: Some(problem()),
            },
            1,
        ),
    ];
    assert_eq!(
        after(rejected.clone().into_iter().chain([(reservation(2), 2)])).1,
        Verdict::Done
    );
    let Step::Reserve(other) = reservation(2) else { panic!() };
    let other = Step::Reserve(Reservation {
        payload: [9; 32],
        ..other
    });
    assert_eq!(after(rejected.into_iter().chain([(other, 2)])).1, Verdict::Reused);
}

#[test]
fn events_settle_what_is_open_and_the_newest_wins_whatever_their_order() {
    let sent = [(reservation(1), 0), (Step::Send { attempt: 1 }, 1)];
    let events = [
        (Step::Settle(case(7, "2026-01-01T00:00:02Z")), 2),
        (Step::Settle(case(7, "2026-01-01T00:00:01Z")), 3),
        (Step::Settle(case(7, "2026-01-01T00:00:02Z")), 4),
        (Step::Settle(case(8, "2026-01-01T00:00:03Z")), 5),
    ];
    let (record, _) = after(sent.into_iter().chain(events));
    let record = record.unwrap();
    assert_eq!((record.state, record.changed), (State::Created, 2));
    assert_eq!(record.answer, Some(Answer::Case(case(7, "2026-01-01T00:00:02Z"))));
}

/// Wise writes the same instant with and without a fraction and a zone: as text, `13Z` is later than `13.901Z`.
#[test]
fn an_older_event_never_wins_however_its_time_is_written() {
    let sent = [(reservation(1), 0), (Step::Send { attempt: 1 }, 1)];
    for (newer, older) in [
        ("2026-01-01T00:00:13.901Z", "2026-01-01T00:00:13Z"),
        ("2026-01-01T00:00:13.901", "2026-01-01T00:00:13Z"),
        ("2026-01-01T00:00:13Z", "2026-01-01T01:00:12+01:00"),
        ("2026-01-01T00:00:13.10Z", "2026-01-01T00:00:13.1Z"),
    ] {
        let events = [(Step::Settle(case(7, newer)), 2), (Step::Settle(case(7, older)), 3)];
        let (record, _) = after(sent.clone().into_iter().chain(events));
        assert_eq!(record.unwrap().answer, Some(Answer::Case(case(7, newer))), "{older}");
    }
}

/// An external id that a person uses for two cases must not make one outcome of the other.
#[test]
fn an_event_settles_only_the_submission_that_it_is_certain_to_be_about() {
    let sent = |at| after([(reservation(1), at), (Step::Send { attempt: 1 }, at)]).0.unwrap();
    let created = |at| {
        let answer = Some(Answer::Case(case(7, "2026-01-01T00:00:00Z")));
        let steps = [
            (reservation(1), at),
            (Step::Send { attempt: 1 }, at),
            (Step::End { attempt: 1, answer }, at),
        ];
        after(steps).0.unwrap()
    };
    let about = |id| case(id, "2026-01-01T00:00:00Z");
    assert_eq!(settled_by(&[("a", sent(0))], &about(7), Some(60_000)), Some(&"a"));
    assert_eq!(
        settled_by(&[("a", sent(0))], &about(7), Some(3_600_000)),
        None,
        "another day's case"
    );
    assert_eq!(settled_by(&[("a", sent(0))], &about(7), None), None);
    assert_eq!(
        settled_by(&[("a", sent(0)), ("b", sent(1))], &about(7), Some(0)),
        None,
        "two are open"
    );
    assert_eq!(
        settled_by(&[("a", sent(0)), ("b", created(1))], &about(7), Some(0)),
        Some(&"b")
    );
    assert_eq!(
        settled_by(&[("a", sent(0)), ("b", created(1))], &about(8), Some(0)),
        Some(&"a")
    );
}

#[test]
fn every_state_is_read_from_its_own_number_and_a_later_one_is_not_sent_again() {
    for state in State::ALL {
        assert_eq!(State::from_number(state.number()), state);
    }
    assert_eq!(State::from_number(99), State::Unknown);
}
