//! Personal data in the subject and secrets in the description: what is found, and what the agent decides.

use partner_case_core::{Field, FieldError, KnownPersonalData, PersonalDataKind};
use partner_case_model::{Event, RawOptions, Reason};

use crate::world::{FormId, World, customer, portal, valid};

fn with_subject(subject: &str) -> (World, FormId) {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Subject, subject);
    (world, form)
}

#[test]
fn a_moved_value_is_in_the_description_and_no_longer_in_the_subject() {
    let (mut world, form) = with_subject("Refund to a@example.com is late");
    assert_eq!(world.submit(form), None);
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingMoved(finding));
    assert_eq!(world.text(form, Field::Subject), "Refund to [Email] is late");
    assert_eq!(world.text(form, Field::Description), "d\nEmail: a@example.com");
    assert!(world.model(form).errors.is_empty());
    assert!(world.submit(form).is_some());
}

#[test]
fn a_probable_finding_waits_for_a_decision_that_is_remembered() {
    let (mut world, form) = with_subject("Refund for Anna Schmidt");
    assert_eq!(world.submit(form), None);
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingDismissed(finding));
    world.type_text(form, Field::Subject, "Refund for Anna Schmidt is late");
    assert!(world.model(form).subject_check.findings.is_empty());
    assert!(world.submit(form).is_some());
}

#[test]
fn a_certain_finding_cannot_be_dismissed() {
    let (mut world, form) = with_subject("Refund to a@example.com");
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingDismissed(finding));
    assert_eq!(world.model(form).subject_check.findings.len(), 1);
}

/// A button of a panel that shows an earlier text must not cut the text that is there now.
#[test]
fn a_finding_that_is_no_longer_there_changes_nothing() {
    let (mut world, form) = with_subject("Refund to a@example.com");
    let finding = world.model(form).subject_check.findings[0].clone();
    world.type_text(form, Field::Subject, "Refund is late and more");
    world.send(form, Event::FindingMoved(finding));
    assert_eq!(world.text(form, Field::Subject), "Refund is late and more");
}

#[test]
fn what_the_portal_knows_of_the_customer_is_found() {
    let mut world = World::new();
    let known_personal_data = KnownPersonalData {
        names: vec!["Anna Schmidt".to_owned()],
        ..KnownPersonalData::default()
    };
    let options = RawOptions {
        known_personal_data,
        ..portal("", valid())
    };
    let form = world.open(0, options);
    world.type_text(form, Field::Subject, "schmidt anna waits");
    assert_eq!(
        world.model(form).subject_pieces()[0],
        ("schmidt anna", Some(PersonalDataKind::Name))
    );
}

#[test]
fn an_id_typed_later_makes_its_number_harmless() {
    let (mut world, form) = with_subject("Phone call about 58114690");
    assert_eq!(world.model(form).subject_check.findings.len(), 1);
    world.type_text(form, Field::TransferId, "58 114 690");
    assert!(world.model(form).subject_check.findings.is_empty());
}

#[test]
fn a_new_case_starts_without_the_decisions_of_the_last() {
    let (mut world, form) = with_subject("Refund for Anna Schmidt");
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingDismissed(finding));
    world.send(form, Event::AnotherCaseRequested);
    world.type_text(form, Field::Subject, "Refund for Anna Schmidt");
    assert_eq!(world.model(form).subject_check.findings.len(), 1);
}

#[test]
fn no_suggestion_holds_personal_data() {
    let (mut world, form) = World::with_form(customer("1234", "58114690"));
    for reason in Reason::ALL {
        world.send(form, Event::ReasonChosen(Some(reason)));
        assert!(world.model(form).subject_check.findings.is_empty(), "{reason:?}");
    }
}

fn with_description(description: &str) -> (World, FormId) {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Description, description);
    (world, form)
}

#[test]
fn a_full_card_number_is_not_sent_until_it_is_masked() {
    let (mut world, form) = with_description("Card 4111 1111 1111 1111 was charged twice");
    assert_eq!(world.submit(form), None);
    assert!(matches!(
        world.model(form).errors.get(Field::Description),
        Some(FieldError::Secret { .. })
    ));
    let finding = world.model(form).secret_check.findings[0].clone();
    world.send(form, Event::SecretMasked(finding));
    assert_eq!(world.text(form, Field::Description), "Card •••• 1111 was charged twice");
    assert!(world.submit(form).is_some());
}

#[test]
fn the_agent_can_say_that_it_is_no_secret_and_is_not_asked_again() {
    let (mut world, form) = with_description("Number 4111111111111111");
    world.send(form, Event::DescriptionLeft);
    let finding = world.model(form).secret_check.findings[0].clone();
    world.send(form, Event::SecretDismissed(finding));
    assert!(world.submit(form).is_some());
}

#[test]
fn nothing_is_said_about_secrets_while_the_agent_types() {
    let (mut world, form) = with_description("password: hunter2");
    assert!(world.model(form).secret_check.findings.is_empty());
    world.send(form, Event::DescriptionLeft);
    let model = world.model(form);
    assert_eq!(model.secret_value(&model.secret_check.findings[0]), "hunter2");
}
