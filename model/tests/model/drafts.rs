//! Storing a draft: when, for how long, and how it comes back.

use partner_case_core::Field;
use partner_case_model::{DraftEvent, DraftPlace, DraftStatus, Event, RawOptions, Submission};

use crate::world::{World, customer, portal, valid};

const HOUR: u64 = 60 * 60_000;

#[test]
fn what_the_portal_has_prefilled_is_no_draft() {
    let (mut world, form) = World::with_form(valid());
    world.pass(5_000);
    assert_eq!(world.everything_stored(), "");
    assert_eq!(world.model(form).draft.status, DraftStatus::Empty);
}

#[test]
fn a_draft_is_stored_once_the_agent_pauses_and_at_the_latest_after_two_seconds() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1", "")));
    world.type_text(form, Field::Subject, "a");
    assert_eq!(world.everything_stored(), "");
    world.pass(900);
    assert!(world.everything_stored().contains(r#""subject":"a""#));
    for at in 0..30 {
        world.type_text(form, Field::Subject, &format!("text {at}"));
        world.pass(100);
    }
    let stored = world.everything_stored();
    let newest = (0..30).filter(|at| stored.contains(&format!("text {at}\""))).max();
    assert!(newest > Some(8), "{newest:?}");
}

#[test]
fn a_reload_brings_the_draft_back_with_its_decisions_and_its_key() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "Refund for Anna Schmidt");
    world.type_text(form, Field::Description, "d");
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingDismissed(finding));
    let form = world.reload(form, portal("session", customer("1234", "")));
    assert_eq!(world.text(form, Field::Subject), "Refund for Anna Schmidt");
    assert!(matches!(world.model(form).draft.event, Some(DraftEvent::Restored { .. })));
    let stored = world.everything_stored();
    let key = world.submit(form).unwrap();
    assert!(stored.contains(&key));
}

/// A page that is closed while the case is on its way does not know what became of it.
#[test]
fn a_draft_that_was_on_its_way_comes_back_as_an_open_question_with_the_same_key() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.fill(form);
    let key = world.submit(form).unwrap();
    let form = world.reload(form, portal("session", customer("1234", "")));
    assert!(matches!(world.submission(form), Submission::OutcomeUnknown(_)));
    assert_eq!(world.submit(form), None);
    world.send(form, Event::EditRequested);
    assert_eq!(world.submit(form).unwrap(), key);
}

/// A rule may change with an upgrade: what was sent is remembered apart from the text.
#[test]
fn a_submission_is_remembered_even_if_its_text_breaks_a_rule_of_today() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.fill(form);
    let key = world.submit(form).unwrap();
    let (name, json) = world.stored_in(DraftPlace::Session)[0].clone();
    world.store(
        DraftPlace::Session,
        0,
        &name,
        &json.replace(r#""subject":"s""#, r#""subject":"a@example.com""#),
    );
    world.crash_keeping_session(form);
    let form = world.open(0, portal("session", customer("1234", "")));
    assert!(matches!(world.submission(form), Submission::OutcomeUnknown(_)));
    world.pass(1_000);
    assert_eq!(world.forms[form].asked, [format!("/partner-cases/submissions/{key}")]);
}

#[test]
fn a_secret_is_never_stored_on_disk_and_the_rest_is() {
    let mut world = World::new();
    let form = world.open(0, portal("local", customer("1234", "")));
    world.type_text(form, Field::Subject, "subject");
    world.type_text(form, Field::Description, "password: hunter2canary");
    world.pass(3_000);
    assert_eq!(world.model(form).draft.status, DraftStatus::WithoutDescription);
    let stored = world.everything_stored();
    assert!(stored.contains("subject") && !stored.contains("canary"), "{stored}");
    // For another customer it is put aside in memory, whole.
    world.set(form, portal("local", customer("5678", "")));
    assert!(
        world
            .stored_in(DraftPlace::Local)
            .iter()
            .all(|(_, text)| !text.contains("canary"))
    );
    world.set(form, portal("local", customer("1234", "")));
    assert_eq!(world.text(form, Field::Description), "password: hunter2canary");
}

#[test]
fn a_full_browser_says_so_and_another_customer_still_finds_their_text() {
    let mut world = World::new();
    world.is_full = true;
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "first");
    world.pass(3_000);
    assert_eq!(world.model(form).draft.status, DraftStatus::NotStored);
    assert!(world.forms[form].warns);
    world.set(form, portal("session", customer("5678", "")));
    world.set(form, portal("session", customer("1234", "")));
    assert_eq!(world.text(form, Field::Subject), "first");
}

/// The memory has the newer text, and the clock says that the storage has.
#[test]
fn a_clock_that_is_set_back_while_the_browser_is_full_takes_no_words() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "first");
    world.pass(3_000);
    world.set_clock(-120_000);
    world.is_full = true;
    world.type_text(form, Field::Subject, "first, and more");
    world.pass(3_000);
    world.set(form, portal("session", customer("5678", "")));
    world.set(form, portal("session", customer("1234", "")));
    assert_eq!(world.text(form, Field::Subject), "first, and more");
}

#[test]
fn a_deleted_draft_can_be_restored_until_the_agent_types_again() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "first");
    world.pass(3_000);
    world.send(form, Event::DraftDeleted);
    assert_eq!(
        (world.text(form, Field::Subject), world.everything_stored().as_str()),
        ("", "")
    );
    world.send(form, Event::DraftRestoreRequested);
    assert_eq!(world.text(form, Field::Subject), "first");
    world.send(form, Event::DraftDeleted);
    world.type_text(form, Field::Subject, "second");
    world.pass(3_000);
    world.send(form, Event::DraftRestoreRequested);
    assert_eq!(world.text(form, Field::Subject), "second");
}

fn with_ttl(minutes: &str) -> RawOptions {
    RawOptions {
        draft_ttl: minutes.to_owned(),
        ..portal("session", customer("1234", ""))
    }
}

#[test]
fn a_draft_is_deleted_when_its_time_is_over_and_the_text_stays_in_the_form() {
    let mut world = World::new();
    let form = world.open(0, with_ttl("60"));
    world.type_text(form, Field::Subject, "first");
    world.pass(HOUR - 1_000);
    assert!(world.everything_stored().contains("first"));
    world.pass(2_000);
    assert_eq!(world.everything_stored(), "");
    assert_eq!(world.text(form, Field::Subject), "first");
    assert_eq!(world.model(form).draft.status, DraftStatus::InMemory);
}

/// Looking at a draft is no change of it: a tab that is put away again and again must not keep it for ever.
#[test]
fn the_time_of_a_draft_counts_from_the_agents_last_change() {
    let mut world = World::new();
    let form = world.open(0, with_ttl("60"));
    world.type_text(form, Field::Subject, "first");
    let mut form = form;
    for _ in 0..5 {
        world.pass(HOUR / 4);
        world.send(form, Event::PageLeft);
        form = world.reload(form, with_ttl("60"));
    }
    assert_eq!(
        (world.text(form, Field::Subject), world.everything_stored().as_str()),
        ("", "")
    );
}

#[test]
fn an_expired_draft_is_not_written_back_by_a_tab_that_is_put_away() {
    let mut world = World::new();
    let form = world.open(0, with_ttl("60"));
    world.type_text(form, Field::Subject, "first");
    world.pass(1_000);
    world.freeze(2 * HOUR);
    world.send(form, Event::PageLeft);
    assert_eq!(world.everything_stored(), "");
}

#[test]
fn a_draft_of_a_clock_that_ran_ahead_gets_its_time_anew() {
    let mut world = World::new();
    let ahead = i64::try_from(48 * HOUR).unwrap();
    world.set_clock(ahead);
    let form = world.open(0, with_ttl("60"));
    world.type_text(form, Field::Subject, "first");
    world.pass(1_000);
    world.set_clock(-ahead);
    let form = world.reload(form, with_ttl("60"));
    assert_eq!(world.text(form, Field::Subject), "first");
    world.pass(3 * HOUR);
    assert_eq!(world.everything_stored(), "");
}

#[test]
fn a_clock_that_is_set_makes_a_draft_neither_older_nor_younger() {
    let mut world = World::new();
    let mut form = world.open(0, with_ttl("60"));
    world.type_text(form, Field::Subject, "first");
    for hours in [30_000, -90_000, 2, -2] {
        world.pass(5_000);
        world.set_clock(hours * 3_600_000);
        form = world.reload(form, with_ttl("60"));
        assert_eq!(world.text(form, Field::Subject), "first", "{hours}");
    }
    world.pass(HOUR);
    assert_eq!(world.everything_stored(), "");
}

#[test]
fn what_this_version_cannot_read_is_left_alone() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "first");
    world.pass(1_000);
    let (name, _) = world.stored_in(DraftPlace::Session)[0].clone();
    world.crash_keeping_session(form);
    let newer = r#"{"version":99,"everything":"else"}"#;
    world.store(DraftPlace::Session, 0, &name, newer);
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "second");
    world.pass(3_000);
    assert_eq!(world.model(form).draft.status, DraftStatus::NotStored);
    world.send(form, Event::ResetRequested);
    assert_eq!(world.stored_in(DraftPlace::Session), [(name, newer.to_owned())]);
    assert_eq!(world.model(form).draft.status, DraftStatus::Empty);
}

#[test]
fn the_browser_asks_before_the_page_is_closed_only_while_something_would_be_lost() {
    let (mut world, form) = World::with_form(customer("1234", ""));
    assert!(!world.forms[form].warns);
    world.type_text(form, Field::Subject, "first");
    assert!(world.forms[form].warns);
    world.type_text(form, Field::Subject, "");
    assert!(!world.forms[form].warns);
    let form = world.open(1, portal("session", customer("5", "")));
    world.type_text(form, Field::Subject, "first");
    world.pass(3_000);
    assert!(!world.forms[form].warns);
}
