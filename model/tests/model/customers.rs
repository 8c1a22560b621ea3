//! A draft belongs to a customer.

use partner_case_core::Field;
use partner_case_model::{Announcement, DraftEvent, DraftPlace, Event, RawOptions, Submission};

use crate::world::{World, answer, created, customer, portal};

#[test]
fn another_customer_finds_an_empty_form_and_the_first_finds_their_text_again() {
    for place in ["memory", "session", "local"] {
        let mut world = World::new();
        let form = world.open(0, portal(place, customer("1", "2")));
        world.type_text(form, Field::Description, "for the first");
        world.set(form, portal(place, customer("3", "4")));
        assert_eq!(
            (world.text(form, Field::UserId), world.text(form, Field::Description)),
            ("3", ""),
            "{place}"
        );
        assert_eq!(
            world.model(form).draft.event,
            Some(DraftEvent::Parked(Some((Field::TransferId, 2))))
        );
        world.set(form, portal(place, customer("1", "2")));
        assert_eq!(
            (world.text(form, Field::UserId), world.text(form, Field::Description)),
            ("1", "for the first")
        );
    }
}

#[test]
fn without_drafts_the_text_stays_whatever_the_portal_shows() {
    let mut world = World::new();
    let form = world.open(0, portal("none", customer("1", "")));
    world.type_text(form, Field::Description, "text");
    world.set(form, portal("none", customer("3", "")));
    assert_eq!(
        (world.text(form, Field::UserId), world.text(form, Field::Description)),
        ("3", "text")
    );
    assert_eq!(world.everything_stored(), "");
}

/// The agent types while the portal still loads what it knows: an ID that arrives late is not another customer.
#[test]
fn an_id_that_arrives_late_completes_the_customer_and_keeps_the_text() {
    for place in ["memory", "session", "local"] {
        let mut world = World::new();
        let form = world.open(0, portal(place, customer("", "")));
        world.type_text(form, Field::Description, "typed early");
        world.pass(3_000);
        world.set(form, portal(place, customer("1234", "")));
        world.type_text(form, Field::Subject, "s");
        world.set(form, portal(place, customer("1234", "58114690")));
        let texts = [Field::UserId, Field::TransferId, Field::Subject, Field::Description].map(|field| world.text(form, field));
        assert_eq!(texts, ["1234", "58114690", "s", "typed early"], "{place}");
        world.pass(3_000);
        let stored = world.everything_stored();
        assert_eq!(stored.lines().count(), 1, "{stored}");
        assert!(stored.contains("|1234|58114690 "), "{stored}");
        // A change from one value to another is another customer.
        world.set(form, portal(place, customer("1234", "77")));
        assert_eq!(world.text(form, Field::Description), "");
    }
}

#[test]
fn an_id_that_arrives_late_finds_the_draft_that_was_stored_for_it() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1", "2")));
    world.type_text(form, Field::Subject, "stored");
    let form = world.reload(form, portal("session", customer("1", "")));
    world.type_text(form, Field::Description, "typed");
    world.set(form, portal("session", customer("1", "2")));
    assert_eq!(
        (world.text(form, Field::Subject), world.text(form, Field::Description)),
        ("stored", "typed")
    );
}

#[test]
fn drafts_of_two_agents_are_strangers() {
    let scope = |scope: &str| RawOptions {
        draft_scope: scope.to_owned(),
        ..portal("local", customer("1", ""))
    };
    let mut world = World::new();
    let form = world.open(0, scope("agent-1"));
    world.type_text(form, Field::Subject, "of the first");
    world.close(form);
    let form = world.open(1, scope("agent-2"));
    assert_eq!(world.text(form, Field::Subject), "");
}

/// The next person at the browser, or in the same tab after a sign-in, may be another.
#[test]
fn a_draft_that_is_nobodys_does_not_outlive_the_page() {
    for draft in ["session", "local"] {
        let nobodys = || RawOptions {
            draft_scope: " ".to_owned(),
            ..portal(draft, customer("1", ""))
        };
        let mut world = World::new();
        let form = world.open(0, nobodys());
        world.type_text(form, Field::Subject, "typed");
        world.pass(3_000);
        assert!(world.stored_in(DraftPlace::Session).is_empty() && world.stored_in(DraftPlace::Local).is_empty());
        assert_eq!(world.model(form).draft.status, partner_case_model::DraftStatus::InMemory);
        assert!(world.forms[form].warns);
        let form = world.reload(form, nobodys());
        assert_eq!(world.text(form, Field::Subject), "");
    }
}

/// As a framework sets one attribute after another.
#[test]
fn a_scope_that_arrives_late_stores_what_was_typed() {
    let mut world = World::new();
    let form = world.open(
        0,
        RawOptions {
            draft_scope: String::new(),
            ..portal("session", customer("1", ""))
        },
    );
    world.type_text(form, Field::Subject, "typed");
    world.set(form, portal("session", customer("1", "")));
    world.pass(3_000);
    let form = world.reload(form, portal("session", customer("1", "")));
    assert_eq!(world.text(form, Field::Subject), "typed");
}

#[test]
fn another_place_for_drafts_takes_the_text_there_and_leaves_none_behind() {
    for (from, to) in [("memory", "local"), ("session", "local"), ("local", "session")] {
        let mut world = World::new();
        let form = world.open(0, portal(from, customer("1", "")));
        world.type_text(form, Field::Subject, "typed");
        world.pass(3_000);
        world.set(form, portal(to, customer("1", "")));
        assert_eq!(world.text(form, Field::Subject), "typed", "{from} {to}");
        world.pass(3_000);
        assert_eq!(world.everything_stored().matches("\"typed\"").count(), 1, "{from} {to}");
        let form = world.reload(form, portal(to, customer("1", "")));
        assert_eq!(world.text(form, Field::Subject), "typed", "{from} {to}");
    }
}

#[test]
fn a_case_that_is_created_for_a_parked_customer_is_announced_and_its_draft_is_gone() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.fill(form);
    world.submit(form);
    world.set(form, portal("session", customer("3", "")));
    world.answer(form, created());
    assert!(matches!(
        world.model(form).announcement,
        Some(Announcement::ParkedCaseCreated(_))
    ));
    assert_eq!(*world.submission(form), Submission::Editing);
    world.set(form, portal("session", customer("1234", "")));
    assert_eq!(world.text(form, Field::Subject), "");
}

#[test]
fn a_parked_case_that_was_not_sent_can_be_sent_again_with_its_key() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.fill(form);
    let key = world.submit(form).unwrap();
    world.set(form, portal("session", customer("3", "")));
    world.answer(form, answer(401, ""));
    world.set(form, portal("session", customer("1234", "")));
    assert_eq!(*world.submission(form), Submission::Editing);
    assert_eq!(world.submit(form).unwrap(), key);
}

/// The first try may have made the case, whatever is said of the second.
#[test]
fn a_parked_second_try_that_is_refused_stays_an_open_question() {
    for refusal in [
        answer(401, ""),
        answer(422, r#"{"code":"validation_failed","outcome":"not_sent"}"#),
    ] {
        let mut world = World::new();
        let form = world.open(0, portal("session", customer("1234", "")));
        world.fill(form);
        world.submit(form);
        world.answer(form, answer(504, ""));
        world.send(form, Event::EditRequested);
        world.submit(form);
        world.set(form, portal("session", customer("3", "")));
        world.answer(form, refusal);
        world.set(form, portal("session", customer("1234", "")));
        assert!(matches!(world.submission(form), Submission::OutcomeUnknown(_)));
    }
}

#[test]
fn a_sign_out_deletes_the_drafts_of_all_customers_in_every_form_and_tab() {
    let mut world = World::new();
    let form = world.open(0, portal("local", customer("1", "")));
    world.type_text(form, Field::Subject, "canary one");
    world.set(form, portal("local", customer("2", "")));
    world.type_text(form, Field::Subject, "canary two");
    let other = world.open(1, portal("local", customer("3", "")));
    world.type_text(other, Field::Subject, "canary three");
    let of_a_tab = world.open(2, portal("session", customer("4", "")));
    world.type_text(of_a_tab, Field::Subject, "canary four");
    world.pass(3_000);
    world.send(form, Event::SignedOut { elsewhere: None });
    // Nothing writes it back: not a timer, not a tab that is put away.
    for form in [form, other, of_a_tab] {
        world.send(form, Event::PageLeft);
        assert_eq!(world.text(form, Field::Subject), "");
    }
    world.pass(60_000);
    assert!(!world.everything_stored().contains("canary"), "{}", world.everything_stored());
    // What is left says when, and nothing of anybody.
    assert_eq!(world.stored_in(DraftPlace::Local).len(), 1);
}
