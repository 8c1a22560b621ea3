//! Orders of events in which the search (`simulation/`) has found a broken promise, each in a few words.

use partner_case_core::{Field, NotSentReason};
use partner_case_model::{DraftPlace, DraftStatus, Event, FetchOutcome, LockScope, Prepared, RawOptions, Reason, Submission};

use crate::world::{World, answer, created, customer, portal, valid};

const OTHER_CASE: &str = r#"{"code":"idempotency_key_reused","outcome":"not_sent"}"#;

#[test]
fn a_case_on_its_way_is_not_replaced_by_a_draft_when_drafts_are_switched_on() {
    let mut world = World::new();
    let before = world.open(0, portal("session", customer("1234", "")));
    world.type_text(before, Field::Description, "an older draft");
    world.pass(1_000);
    world.crash_keeping_session(before);
    let form = world.open(0, portal("none", customer("1234", "")));
    world.fill(form);
    let key = world.submit(form);
    world.set(form, portal("session", customer("1234", "")));
    assert!(matches!(world.submission(form), Submission::Sending));
    assert_eq!(world.text(form, Field::Description), "d");
    world.answer(form, created());
    assert!(matches!(world.submission(form), Submission::Created(_)), "{key:?}");
}

#[test]
fn a_text_that_was_sent_again_and_made_no_case_leaves_the_first_in_doubt() {
    for second in [FetchOutcome::Offline, answer(422, "{}")] {
        let (mut world, form) = World::with_form(valid());
        world.submit(form);
        world.answer(form, FetchOutcome::NoAnswer);
        world.send(form, Event::SendAgainConfirmed);
        world.answer(form, second);
        assert!(
            matches!(world.submission(form), Submission::OutcomeUnknown(_)),
            "{:?}",
            world.submission(form)
        );
    }
}

#[test]
fn a_record_of_another_text_under_the_key_is_no_receipt() {
    let (mut world, form) = World::with_form(valid());
    let key = world.submit(form).unwrap();
    world.answer(form, FetchOutcome::NoAnswer);
    let outcome = answer(422, OTHER_CASE);
    world.send(form, Event::OutcomeFetched { key, outcome });
    assert!(matches!(world.submission(form), Submission::NotSent(not_sent) if not_sent.reason == NotSentReason::KeyReused));
}

#[test]
fn the_second_form_of_a_page_says_that_it_is_not_kept_and_can_go_on_instead() {
    for place in ["memory", "session"] {
        let mut world = World::new();
        let first = world.open(0, portal(place, customer("1234", "")));
        let second = world.open(0, portal(place, customer("1234", "")));
        world.type_text(first, Field::Subject, "of the first");
        world.pass(1_000);
        world.type_text(second, Field::Description, "of the second");
        world.pass(1_000);
        assert_eq!(
            world.model(second).draft.status,
            DraftStatus::Elsewhere(LockScope::Page),
            "{place}"
        );
        assert!(world.forms[second].warns, "{place}");
        world.send(second, Event::LockStealRequested);
        assert_eq!(
            (world.text(second, Field::Subject), world.text(second, Field::Description)),
            ("of the first", "of the second"),
            "{place}"
        );
        assert_eq!(
            world.model(first).draft.status,
            DraftStatus::Elsewhere(LockScope::Page),
            "{place}"
        );
    }
}

#[test]
fn what_was_typed_beside_a_draft_is_back_on_return_and_is_not_overwritten() {
    let mut world = World::new();
    let writer = world.open(0, portal("local", customer("1234", "")));
    world.type_text(writer, Field::Subject, "of the writer");
    world.pass(1_000);
    let second = world.open(1, portal("local", customer("1234", "")));
    for word in ["first visit", "second visit"] {
        world.type_text(second, Field::Description, word);
        world.set(second, portal("local", customer("5678", "")));
        assert_eq!(world.text(second, Field::Description), "");
        world.set(second, portal("local", customer("1234", "")));
        assert!(world.text(second, Field::Description).contains(word), "{word}");
    }
}

#[test]
fn a_tab_that_has_not_heard_of_a_sign_out_stores_nothing_any_more() {
    for place in ["session", "local"] {
        let mut world = World::new();
        let form = world.open(0, portal(place, customer("1234", "")));
        world.type_text(form, Field::Description, "canary");
        world.pass(1_000);
        let name = "partner-case-form:signed-out:/partner-cases|agent-1|";
        world.store(DraftPlace::Local, 0, name, "1700000009999");
        world.type_text(form, Field::Description, "canary and more");
        world.send(form, Event::PageLeft);
        assert_eq!(world.text(form, Field::Description), "", "{place}");
        assert!(
            !world.everything_stored().contains("canary"),
            "{place}: {}",
            world.everything_stored()
        );
        // What is typed afterwards is of whoever has signed in since.
        world.type_text(form, Field::Description, "new");
        world.send(form, Event::PageLeft);
        assert!(world.everything_stored().contains("new"), "{place}");
    }
}

#[test]
fn a_draft_that_was_stored_before_a_sign_out_is_not_restored() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Description, "canary");
    world.pass(1_000);
    world.crash_keeping_session(form);
    world.store(
        DraftPlace::Local,
        0,
        "partner-case-form:signed-out:/partner-cases|agent-1|",
        "1700000009999",
    );
    let next = world.open(0, portal("session", customer("1234", "")));
    assert_eq!(world.text(next, Field::Description), "");
    assert!(!world.everything_stored().contains("canary"));
}

#[test]
fn a_restored_deletion_keeps_what_was_typed_in_the_meantime() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Subject, "deleted");
    world.pass(1_000);
    world.send(form, Event::DraftDeleted);
    world.type_text(form, Field::Description, "typed since");
    world.send(form, Event::DraftRestoreRequested);
    assert_eq!(
        (world.text(form, Field::Subject), world.text(form, Field::Description)),
        ("deleted", "typed since")
    );
}

#[test]
fn fields_that_were_dictated_together_are_read_together() {
    let (mut world, form) = World::with_form(customer("1234", ""));
    world.send(form, Event::ReasonChosen(Some(Reason::ProofOfPayout)));
    let texts = vec![
        (Field::TransferId, "58114690".to_owned()),
        (Field::Subject, "my own words".to_owned()),
    ];
    world.send(form, Event::ControlsRead(texts));
    assert_eq!(world.text(form, Field::Subject), "my own words");
}

#[test]
fn a_press_on_the_button_does_not_prolong_a_drafts_time() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.type_text(form, Field::Description, "d");
    world.pass(1_000);
    let until = |world: &World| match world.model(form).draft.status {
        DraftStatus::Stored { until_millis, .. } => until_millis,
        ref other => panic!("{other:?}"),
    };
    let before = until(&world);
    world.pass(60_000);
    world.send(form, Event::SubmitRequested);
    world.pass(1_000);
    assert_eq!(until(&world), before);
}

#[test]
fn a_draft_that_moves_to_its_customers_whole_name_is_stored_there_at_once() {
    let mut world = World::new();
    let form = world.open(0, portal("local", customer("1234", "")));
    world.type_text(form, Field::Description, "typed");
    world.pass(1_000);
    world.set(form, portal("local", customer("1234", "58114690")));
    let stored = world.stored_in(DraftPlace::Local);
    assert_eq!(stored.len(), 1, "{stored:?}");
    assert!(
        stored[0].0.ends_with("1234|58114690") && stored[0].1.contains("typed"),
        "{stored:?}"
    );
}

#[test]
fn a_text_that_is_sent_again_is_not_reviewed_again_and_its_first_try_is_never_forgotten() {
    let mut world = World::new();
    let review = |review| RawOptions {
        review,
        ..portal("", valid())
    };
    for with_review in [false, true] {
        let form = world.open(usize::from(with_review), review(with_review));
        world.submit(form);
        if with_review {
            world.submit(form);
        }
        world.answer(form, FetchOutcome::NoAnswer);
        let sent = world.forms[form].posted.len();
        world.portal_stops = true;
        world.send(form, Event::SendAgainConfirmed);
        // The portal says no: the first is in doubt as before.
        assert!(
            matches!(world.submission(form), Submission::OutcomeUnknown(_)),
            "{:?}",
            world.submission(form)
        );
        world.portal_stops = false;
        world.send(form, Event::SendAgainConfirmed);
        assert_eq!(world.forms[form].posted.len(), sent + 1);
        world.send(form, Event::Unmounted);
    }
}

#[test]
fn a_description_with_a_secret_is_not_lost_when_two_tabs_take_the_draft_in_turn() {
    let mut world = World::new();
    let first = world.open(0, portal("local", customer("1234", "")));
    world.type_text(first, Field::Description, "password: Tr0ub4dor");
    world.pass(1_000);
    let second = world.open(1, portal("local", customer("1234", "")));
    world.pass(2_000);
    world.send(second, Event::LockStealRequested);
    world.send(first, Event::LockStealRequested);
    assert!(world.text(first, Field::Description).contains("Tr0ub4dor"));
}

#[test]
fn a_draft_that_the_browser_no_longer_took_is_deleted_when_its_case_is_made() {
    let mut world = World::new();
    let form = world.open(0, portal("session", valid()));
    world.type_text(form, Field::Description, "first");
    world.pass(1_000);
    world.is_full = true;
    world.type_text(form, Field::Description, "first and second");
    world.pass(1_000);
    world.submit(form);
    world.answer(form, created());
    assert_eq!(world.stored_in(DraftPlace::Session), []);
}

#[test]
fn a_receipt_stays_when_an_id_arrives_late() {
    let mut world = World::new();
    let other = world.open(0, portal("session", customer("1234", "58114690")));
    world.type_text(other, Field::Description, "another draft");
    world.pass(1_000);
    world.send(other, Event::Unmounted);
    let form = world.open(0, portal("session", customer("1234", "")));
    world.fill(form);
    world.submit(form);
    world.answer(form, created());
    world.set(form, portal("session", customer("1234", "58114690")));
    assert!(matches!(world.submission(form), Submission::Created(_)));
    world.send(form, Event::AnotherCaseRequested);
    assert_eq!(world.text(form, Field::Description), "another draft");
}

#[test]
fn a_case_that_the_portal_held_back_is_not_in_doubt_when_its_customer_is_back() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "")));
    world.fill(form);
    world.portal_waits = true;
    world.submit(form);
    world.set(form, portal("session", customer("5678", "")));
    world.set(form, portal("session", customer("1234", "")));
    let ticket = world.forms[form].waiting_for_portal[0].clone();
    world.send(form, Event::SendPrepared(ticket, Prepared::Send(Vec::new())));
    assert!(
        matches!(world.submission(form), Submission::Editing),
        "{:?}",
        world.submission(form)
    );
    assert!(world.forms[form].posted.is_empty());
}

/// As a portal that forgets the agent first and signs out then, or one whose other tab still shows the agent before.
#[test]
fn a_sign_out_reaches_what_the_agent_has_left_behind() {
    let nameless = || RawOptions {
        draft_scope: String::new(),
        ..portal("local", customer("1234", ""))
    };
    let mut world = World::new();
    let form = world.open(0, portal("local", customer("1234", "")));
    world.type_text(form, Field::Subject, "canary");
    world.pass(3_000);
    world.set(form, nameless());
    assert!(world.everything_stored().contains("canary"));
    world.send(form, Event::SignedOut { elsewhere: None });
    assert!(
        !world.everything_stored().contains("canary"),
        "the portal takes the name away first"
    );

    let form = world.open(0, portal("memory", customer("1234", "")));
    world.type_text(form, Field::Subject, "canary");
    world.pass(3_000);
    world.set(form, nameless());
    let other = world.open(1, portal("memory", customer("1234", "")));
    world.send(other, Event::SignedOut { elsewhere: None });
    assert!(
        !world.everything_stored().contains("canary"),
        "the agent signs out in another tab"
    );
}

/// Its lock comes when the case is there: what was stored is that case's text, and no draft for another.
#[test]
fn a_draft_that_has_become_a_case_before_its_lock_came_is_not_restored() {
    let mut world = World::new();
    let other = world.open(1, portal("local", customer("1234", "")));
    let form = world.open(0, portal("memory", customer("1234", "")));
    world.fill(form);
    // The other tab has the lock, and no draft.
    world.set(form, portal("local", customer("1234", "")));
    world.submit(form);
    world.answer(form, created());
    world.close(other);
    world.pass(3_000);
    assert!(matches!(world.submission(form), Submission::Created(_)));
    assert_eq!(world.everything_stored(), "");
}

/// Where drafts are not stored, the text stays when the portal takes the agent's name away, and goes with that agent's sign-out.
#[test]
fn a_text_that_is_stored_nowhere_goes_with_the_sign_out_of_its_agent() {
    let none = |scope: &str| RawOptions {
        draft_scope: scope.to_owned(),
        ..portal("none", customer("1234", ""))
    };
    let mut world = World::new();
    let form = world.open(0, none("agent-1"));
    world.type_text(form, Field::Subject, "canary");
    world.set(form, none(""));
    assert_eq!(world.text(form, Field::Subject), "canary");
    let other = world.open(1, none("agent-1"));
    world.send(other, Event::SignedOut { elsewhere: None });
    assert_eq!(world.text(form, Field::Subject), "");
}

/// Without a reason there is no suggestion, so none is left that names a transfer.
#[test]
fn a_reason_that_is_taken_back_takes_its_subject_along() {
    let mut world = World::new();
    let form = world.open(0, portal("memory", customer("1234", "58114690")));
    world.send(form, Event::ReasonChosen(Some(Reason::ALL[0])));
    assert!(world.text(form, Field::Subject).contains("58114690"));
    world.send(form, Event::ReasonChosen(None));
    assert_eq!(world.text(form, Field::Subject), "");
    world.type_text(form, Field::Subject, "in my own words");
    world.send(form, Event::ReasonChosen(Some(Reason::ALL[0])));
    world.send(form, Event::ReasonChosen(None));
    assert_eq!(world.text(form, Field::Subject), "in my own words");
}

/// The draft of the customer's whole name was sent, and more was typed before that name arrived: the case takes along what was sent alone.
#[test]
fn what_was_typed_since_the_case_was_sent_stays_when_it_is_created_in_the_meantime() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1234", "58114690")));
    world.fill(form);
    world.submit(form);
    world.set(form, portal("session", customer("", "58114690")));
    world.type_text(form, Field::ExternalId, "typed since");
    world.set(form, portal("session", customer("1234", "58114690")));
    world.set(form, portal("session", customer("5678", "")));
    world.answer(form, created());
    world.set(form, portal("session", customer("1234", "58114690")));
    assert!(
        matches!(world.submission(form), Submission::Reconsidering(_)),
        "{:?}",
        world.submission(form)
    );
    let texts = Field::ALL.map(|field| world.text(form, field).to_owned()).join(" ");
    assert!(texts.contains("typed since"), "{texts}");
}
