//! Undo of what the agent did not type.

use partner_case_core::Field;
use partner_case_model::{Event, Reason, Shortening};

use crate::world::{World, customer, portal, valid};

const QUOTED: &str = "The money is late.\n\nOn Mon, 2 Mar 2026 at 10:11, the customer wrote:\n> older";

#[test]
fn each_change_comes_back_the_last_one_first() {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Subject, "Write to a@example.com");
    world.type_text(form, Field::Description, QUOTED);
    world.send(form, Event::DescriptionShortened(Shortening::QuotedMail));
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingMoved(finding));
    assert_eq!(world.text(form, Field::Subject), "Write to [Email]");
    assert_eq!(world.model(form).undo.field(), Some(Field::Subject));
    world.send(form, Event::UndoRequested);
    assert_eq!(
        (world.text(form, Field::Subject), world.text(form, Field::Description)),
        ("Write to a@example.com", "The money is late.")
    );
    world.send(form, Event::UndoRequested);
    assert_eq!(world.text(form, Field::Description), QUOTED);
    assert!(!world.model(form).can_undo());
}

#[test]
fn what_was_typed_since_stays() {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Description, QUOTED);
    world.send(form, Event::DescriptionShortened(Shortening::QuotedMail));
    world.type_text(form, Field::Description, "The money is late. Please look.");
    world.send(form, Event::UndoRequested);
    assert!(world.text(form, Field::Description).starts_with("The money is late."));
    assert!(world.text(form, Field::Description).contains("> older"));
    assert!(world.text(form, Field::Description).ends_with(" Please look."));

    world.send(form, Event::DescriptionShortened(Shortening::QuotedMail));
    world.type_text(form, Field::Description, "Something else");
    world.send(form, Event::UndoRequested);
    assert!(world.text(form, Field::Description).starts_with("Something else"));
    assert!(world.text(form, Field::Description).contains("> older"));
}

#[test]
fn undo_and_undo_again_swap_a_part_that_was_changed_again() {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Subject, "Write to a@example.com, please");
    let finding = world.model(form).subject_check.findings[0].clone();
    world.send(form, Event::FindingMoved(finding));
    world.type_text(form, Field::Subject, "Write to [E], please");
    world.send(form, Event::UndoRequested);
    assert_eq!(world.text(form, Field::Subject), "Write to a@example.com, please");
    world.send(form, Event::UndoRequested);
    assert_eq!(world.text(form, Field::Subject), "Write to [E], please");
}

#[test]
fn a_suggested_subject_that_has_followed_the_transfer_goes_as_a_whole() {
    let (mut world, form) = World::with_form(customer("1234", ""));
    world.send(form, Event::ReasonChosen(Some(Reason::ReturnedFunds)));
    world.type_text(form, Field::TransferId, "58114690");
    assert_eq!(world.text(form, Field::Subject), "Transfer 58114690: ReturnedFunds");
    world.send(form, Event::UndoRequested);
    assert_eq!(world.text(form, Field::Subject), "");
    assert_eq!(world.model(form).suggestion.reason, None);
}

#[test]
fn a_case_that_is_sent_and_a_customer_that_changes_end_it() {
    let (mut world, form) = World::with_form(valid());
    world.send(form, Event::ReasonChosen(Some(Reason::ReturnedFunds)));
    world.type_text(form, Field::Description, QUOTED);
    world.send(form, Event::DescriptionShortened(Shortening::QuotedMail));
    world.submit(form);
    assert!(!world.model(form).can_undo());

    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Description, QUOTED);
    world.send(form, Event::DescriptionShortened(Shortening::QuotedMail));
    world.set(form, portal("", customer("5678", "")));
    assert!(!world.model(form).can_undo());
}
