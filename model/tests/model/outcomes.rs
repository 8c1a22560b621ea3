//! What became of a submission, and what the form asks for until it knows.

use partner_case_core::{CaseId, Field};
use partner_case_model::{Event, FetchOutcome, FocusTarget, PollStatus, PortalEvent, Submission};

use crate::world::{FormId, World, answer, created, valid};

fn is_unknown(world: &World, form: FormId) -> bool {
    matches!(world.submission(form), Submission::OutcomeUnknown(_))
}

fn fetched(key: &str, outcome: FetchOutcome) -> Event {
    let key = key.to_owned();
    Event::OutcomeFetched { key, outcome }
}

fn unknown() -> (World, FormId, String) {
    let (mut world, form) = World::with_form(valid());
    let key = world.submit(form).unwrap();
    world.answer(form, FetchOutcome::NoAnswer);
    (world, form, key)
}

#[test]
fn an_unknown_outcome_is_sent_again_only_when_the_agent_asks() {
    let (mut world, form, key) = unknown();
    assert!(is_unknown(&world, form));
    assert!(!world.model(form).offers_to_send());
    assert_eq!(world.submit(form), None);
    world.send(form, Event::EditRequested);
    assert_eq!(world.submit(form).unwrap(), key);
}

#[test]
fn a_new_case_after_a_check_has_a_key_of_its_own() {
    let (mut world, form, key) = unknown();
    world.send(form, Event::SendAgainConfirmed);
    let tickets = &world.forms[form].posted;
    assert_eq!(tickets.len(), 2);
    assert_ne!(tickets[1].key, key);
    assert_eq!(world.forms[form].focus.last(), Some(&FocusTarget::Submit));
}

/// The first try may have made a case, so "not created" would be wrong however certain it is of the second.
#[test]
fn a_second_try_that_is_not_sent_leaves_the_outcome_unknown() {
    let (mut world, form, _) = unknown();
    world.send(form, Event::EditRequested);
    world.submit(form);
    world.answer(form, answer(401, ""));
    assert!(is_unknown(&world, form));
}

/// A stricter proxy refuses the second try before it looks at the key, under which the first may have made a case.
#[test]
fn a_second_try_that_the_proxy_refuses_leaves_the_outcome_unknown_unless_it_is_final() {
    let (mut world, form, _) = unknown();
    world.send(form, Event::EditRequested);
    world.submit(form);
    world.answer(form, answer(422, r#"{"code":"validation_failed","outcome":"not_sent"}"#));
    assert!(is_unknown(&world, form));
    world.answer(form, answer(422, r#"{"code":"upstream_rejected","outcome":"not_created"}"#));
    assert!(matches!(world.submission(form), Submission::Rejected(_)));
}

/// A portal that resets the form while a case is on its way must not see the old answer settle the new draft.
#[test]
fn a_late_answer_does_not_settle_a_new_draft() {
    let (mut world, form) = World::with_form(valid());
    world.submit(form);
    world.send(form, Event::ResetRequested);
    world.type_text(form, Field::Subject, "new");
    world.answer(form, created());
    assert_eq!(*world.submission(form), Submission::Editing);
    assert_eq!(world.text(form, Field::Subject), "new");
    assert!(matches!(
        world.forms[form].heard.last(),
        Some(PortalEvent::Settled(Submission::Created(_)))
    ));
}

#[test]
fn the_form_asks_for_an_unknown_outcome_until_the_record_knows() {
    let (mut world, form, key) = unknown();
    assert_eq!(world.model(form).polls.status, PollStatus::Checking);
    world.pass(1_000);
    assert_eq!(world.forms[form].asked, [format!("/partner-cases/submissions/{key}")]);
    world.send(form, fetched(&key, answer(200, r#"{"state":"unknown"}"#)));
    assert_eq!(world.model(form).polls.status, PollStatus::Open);
    world.pass(2_000);
    assert_eq!(world.forms[form].asked.len(), 2);
    world.send(
        form,
        fetched("another", answer(200, r#"{"state":"created","case":{"id":8}}"#)),
    );
    assert!(is_unknown(&world, form), "an answer about another submission");
    world.send(form, fetched(&key, answer(200, r#"{"state":"created","case":{"id":7}}"#)));
    assert!(matches!(world.submission(form), Submission::Created(case) if case.id == CaseId(7)));
    world.pass(600_000);
    assert_eq!(world.forms[form].asked.len(), 2);
}

#[test]
fn a_late_word_cannot_take_back_the_doubt_and_the_record_can() {
    let (mut world, form, key) = unknown();
    world.answer(form, answer(401, ""));
    assert!(is_unknown(&world, form));
    let refused = r#"{"state":"rejected","problem":{"code":"upstream_rejected","outcome":"not_created"}}"#;
    world.send(form, fetched(&key, answer(200, refused)));
    assert!(matches!(world.submission(form), Submission::Rejected(_)));
}

#[test]
fn the_form_stops_to_ask_a_proxy_that_keeps_no_record_and_asks_again_at_the_agents_word() {
    let (mut world, form, key) = unknown();
    world.pass(1_000);
    world.send(form, fetched(&key, answer(404, "")));
    assert_eq!(world.model(form).polls.status, PollStatus::NoAnswer);
    world.pass(600_000);
    assert_eq!(world.forms[form].asked.len(), 1);
    world.send(form, Event::OutcomeCheckRequested);
    assert_eq!(world.forms[form].asked.len(), 2);
    assert_eq!(world.model(form).polls.status, PollStatus::Checking);
}

#[test]
fn the_form_asks_for_five_minutes_and_then_no_more() {
    let (mut world, form, key) = unknown();
    for _ in 0..20 {
        world.pass(100_000);
        world.send(form, fetched(&key, FetchOutcome::NoAnswer));
    }
    assert_eq!(world.forms[form].asked.len(), 10);
    assert!(is_unknown(&world, form));
}

fn looked_up(id: i64, status: &str) -> Event {
    Event::CaseFetched {
        id: CaseId(id),
        outcome: answer(200, &format!(r#"{{"id":{id},"status":"{status}"}}"#)),
    }
}

#[test]
fn a_case_that_is_set_up_is_followed_until_it_is() {
    let (mut world, form) = World::with_form(valid());
    world.submit(form);
    world.answer(form, answer(200, r#"{"id":7,"status":"CREATING"}"#));
    world.pass(2_000);
    assert_eq!(world.forms[form].asked, ["/partner-cases/cases/7"]);
    world.send(form, looked_up(7, "CREATING"));
    world.pass(3_000);
    world.send(form, looked_up(7, "OPEN"));
    assert_eq!(world.submission(form).case().unwrap().status.as_str(), "OPEN");
    world.pass(600_000);
    assert_eq!(world.forms[form].asked.len(), 2);
}

/// A network that is gone for a moment does not hide that Wise could not set the case up.
#[test]
fn a_status_that_could_not_be_fetched_is_asked_for_again() {
    for outcome in [FetchOutcome::Offline, FetchOutcome::NoAnswer, answer(502, "")] {
        let (mut world, form) = World::with_form(valid());
        world.submit(form);
        world.answer(form, answer(200, r#"{"id":7,"status":"CREATING"}"#));
        world.pass(2_000);
        world.send(form, Event::CaseFetched { id: CaseId(7), outcome });
        world.pass(3_000);
        assert_eq!(world.forms[form].asked.len(), 2);
        world.send(form, looked_up(7, "FAILED"));
        assert_eq!(world.submission(form).case().unwrap().status.as_str(), "FAILED");
    }
}

#[test]
fn a_case_that_failed_can_be_edited_and_sent_as_a_case_of_its_own() {
    let (mut world, form) = World::with_form(valid());
    let key = world.submit(form).unwrap();
    world.answer(form, answer(200, r#"{"id":7,"status":"CREATING"}"#));
    world.send(form, looked_up(8, "FAILED"));
    world.send(form, Event::EditRequested);
    assert!(
        matches!(world.submission(form), Submission::Created(_)),
        "another case's status"
    );
    world.send(form, looked_up(7, "FAILED"));
    world.send(form, Event::EditRequested);
    assert_eq!(world.text(form, Field::Description), "d");
    assert_ne!(world.submit(form).unwrap(), key);
}

#[test]
fn the_form_counts_down_to_when_sending_again_makes_sense() {
    let (mut world, form) = World::with_form(valid());
    world.submit(form);
    let busy = r#"{"code":"staff_rate_limited","outcome":"not_created","retryAfter":3}"#;
    world.answer(form, answer(429, busy));
    assert_eq!(world.model(form).retry_in_secs, Some(3));
    world.pass(2_000);
    assert_eq!(world.model(form).retry_in_secs, Some(1));
    world.pass(5_000);
    assert_eq!(world.model(form).retry_in_secs, Some(0));
}

/// The proxy does not keep the agent's own ticket number, so its record has none.
#[test]
fn the_receipt_has_the_agents_own_ticket_number() {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::ExternalId, " T-1 ");
    world.submit(form);
    world.answer(form, created());
    assert_eq!(world.submission(form).case().unwrap().external_id.as_deref(), Some("T-1"));
}

#[test]
fn a_form_that_has_left_the_page_tells_the_portal_and_leaves_a_created_case_an_open_question() {
    let (mut world, form) = World::with_form(valid());
    let key = world.submit(form).unwrap();
    world.send(form, Event::Unmounted);
    world.answer(form, created());
    assert!(matches!(
        world.forms[form].heard.last(),
        Some(PortalEvent::Settled(Submission::Created(_)))
    ));
    let again = world.open(0, crate::world::portal("", valid()));
    assert!(is_unknown(&world, again));
    world.pass(1_000);
    assert_eq!(world.forms[again].asked, [format!("/partner-cases/submissions/{key}")]);
}
