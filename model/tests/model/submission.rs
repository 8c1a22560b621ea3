//! From a draft to a submission: checks, keys, the review, the portal's word.

use partner_case_core::{Field, FieldError};
use partner_case_model::{Event, FocusTarget, PortalEvent, RawOptions, Submission};

use crate::world::{World, answer, created, customer, portal, valid};

#[test]
fn an_invalid_draft_is_not_sent_and_keeps_its_text() {
    let (mut world, form) = World::with_form(customer("", ""));
    world.type_text(form, Field::Subject, "late");
    assert_eq!(world.submit(form), None);
    assert_eq!(world.model(form).errors.get(Field::UserId), Some(&FieldError::Required));
    assert_eq!(world.text(form, Field::Subject), "late");
    assert_eq!(world.forms[form].focus, [FocusTarget::ErrorSummary]);
    assert!(matches!(world.forms[form].heard.last(), Some(PortalEvent::Invalid(errors)) if errors.len() == 2));
}

#[test]
fn a_second_submit_while_sending_is_ignored() {
    let (mut world, form) = World::with_form(valid());
    assert!(world.submit(form).is_some());
    assert_eq!(world.submit(form), None);
}

#[test]
fn a_created_case_is_not_sent_again() {
    let (mut world, form) = World::with_form(valid());
    world.submit(form);
    world.answer(form, created());
    assert!(matches!(world.submission(form), Submission::Created(_)));
    assert_eq!(world.submit(form), None);
    assert_eq!(world.forms[form].focus, [FocusTarget::Heading]);
}

#[test]
fn the_key_stays_with_the_text_until_its_outcome_is_certain() {
    let (mut world, form) = World::with_form(valid());
    let first = world.submit(form).unwrap();
    world.answer(form, answer(401, ""));
    assert_eq!(world.submit(form).unwrap(), first);
    world.answer(form, answer(422, r#"{"code":"upstream_rejected","outcome":"not_created"}"#));
    assert_ne!(world.submit(form).unwrap(), first);
}

/// A proxy that remembers keys would answer another text under the same key with the first text's case.
#[test]
fn another_text_is_another_submission_with_a_key_of_its_own() {
    let (mut world, form) = World::with_form(valid());
    let first = world.submit(form).unwrap();
    world.answer(form, answer(504, ""));
    world.send(form, Event::EditRequested);
    world.type_text(form, Field::Subject, "another");
    assert_ne!(world.submit(form).unwrap(), first);
}

#[test]
fn a_key_that_belongs_to_another_text_is_not_used_again() {
    let (mut world, form) = World::with_form(valid());
    let first = world.submit(form).unwrap();
    world.answer(form, answer(422, r#"{"code":"idempotency_key_reused","outcome":"not_sent"}"#));
    assert!(matches!(world.submission(form), Submission::NotSent(_)));
    assert_ne!(world.submit(form).unwrap(), first);
}

fn with_review() -> RawOptions {
    RawOptions {
        review: true,
        ..portal("", valid())
    }
}

#[test]
fn the_review_comes_before_the_sending_and_leads_back_to_the_text() {
    let mut world = World::new();
    let form = world.open(0, with_review());
    assert_eq!(world.submit(form), None);
    assert_eq!(*world.submission(form), Submission::Reviewing(None));
    assert!(world.model(form).is_fixed(Field::Subject));
    world.send(form, Event::ReviewLeft);
    assert_eq!(*world.submission(form), Submission::Editing);
    world.submit(form);
    assert!(world.submit(form).is_some());
    assert_eq!(world.forms[form].focus.last(), Some(&FocusTarget::Submit));
}

/// The doubt about an earlier text must not be forgotten by looking at the new one.
#[test]
fn the_review_does_not_forget_an_earlier_doubt() {
    let mut world = World::new();
    let form = world.open(0, with_review());
    world.submit(form);
    world.submit(form);
    world.answer(form, answer(504, ""));
    world.send(form, Event::EditRequested);
    world.type_text(form, Field::Subject, "another");
    world.submit(form);
    assert!(matches!(world.submission(form), Submission::Reviewing(Some(_))));
    world.send(form, Event::ReviewLeft);
    assert!(matches!(world.submission(form), Submission::Reconsidering(_)));
}

#[test]
fn what_the_portal_stops_can_be_sent_again_with_the_same_key() {
    let (mut world, form) = World::with_form(valid());
    world.portal_stops = true;
    assert_eq!(world.submit(form), None);
    assert_eq!(*world.submission(form), Submission::Editing);
    let stored = world.everything_stored();
    world.portal_stops = false;
    let key = world.submit(form).unwrap();
    assert!(stored.is_empty() || stored.contains(&key), "the key is the draft's: {stored}");
}

#[test]
fn the_portals_stop_does_not_forget_the_doubt_about_an_earlier_try() {
    let (mut world, form) = World::with_form(valid());
    world.submit(form);
    world.answer(form, answer(504, ""));
    world.send(form, Event::EditRequested);
    world.portal_stops = true;
    world.submit(form);
    assert!(matches!(world.submission(form), Submission::Reconsidering(_)));
    world.portal_stops = false;
    world.submit(form);
    world.answer(form, answer(401, ""));
    assert!(matches!(world.submission(form), Submission::OutcomeUnknown(_)));
}

/// The portal may take its time: nothing leaves for a customer whom the form no longer shows.
#[test]
fn what_the_portal_allows_too_late_is_not_sent() {
    let (mut world, form) = World::with_form(valid());
    world.portal_waits = true;
    world.submit(form);
    world.set(form, portal("", customer("77", "")));
    let ticket = world.forms[form].waiting_for_portal.pop().unwrap();
    world.send(
        form,
        Event::SendPrepared(ticket, partner_case_model::Prepared::Send(Vec::new())),
    );
    assert!(world.forms[form].posted.is_empty());
    // The first customer's text is back, and was not sent for certain.
    world.set(form, portal("", valid()));
    assert_eq!(*world.submission(form), Submission::Editing);
}

#[test]
fn a_field_with_an_error_is_neither_fixed_nor_hidden() {
    let mut world = World::new();
    let options = RawOptions {
        readonly_fields: "user-id".to_owned(),
        hidden_fields: "user-id external-id".to_owned(),
        ..portal("", customer("", ""))
    };
    let form = world.open(0, options);
    let fixed = |world: &World, field| (world.model(form).is_readonly(field), world.model(form).is_hidden(field));
    assert_eq!(fixed(&world, Field::UserId), (true, true));
    world.send(form, Event::ValidateRequested);
    assert_eq!(world.model(form).errors.get(Field::UserId), Some(&FieldError::Required));
    assert_eq!(fixed(&world, Field::UserId), (false, false));
    assert_eq!(fixed(&world, Field::ExternalId), (false, true));
}

#[test]
fn the_portal_hears_what_changed_by_names_alone() {
    let (mut world, form) = World::with_form(customer("1234", ""));
    assert_eq!(world.forms[form].heard, [PortalEvent::Ready]);
    world.type_text(form, Field::Subject, "canary");
    let fields = vec![Field::CaseType, Field::UserId, Field::Subject];
    assert_eq!(world.forms[form].heard.last(), Some(&PortalEvent::Changed(fields)));
}
