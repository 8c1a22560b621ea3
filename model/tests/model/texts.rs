//! What happens to the text of the fields.

use partner_case_core::{CaseInput, Field};
use partner_case_model::{Event, Reason, Shortening};

use crate::world::{World, answer, created, customer, portal, valid};

#[test]
fn what_the_agent_typed_wins_over_a_later_prefill() {
    let mut world = World::new();
    let form = world.open(0, portal("none", valid()));
    world.type_text(form, Field::TransferId, "77");
    let prefill = valid().with([(Field::UserId, "5678"), (Field::TransferId, "88")]);
    world.set(form, portal("none", prefill));
    assert_eq!(
        (world.text(form, Field::UserId), world.text(form, Field::TransferId)),
        ("5678", "77")
    );
}

/// The portal goes on to another customer while the case is on its way: that is for the next case.
#[test]
fn a_prefill_while_sending_or_beside_a_receipt_is_for_the_next_case() {
    let mut world = World::new();
    let form = world.open(0, portal("none", valid()));
    world.submit(form);
    world.set(form, portal("none", valid().with([(Field::UserId, "5678")])));
    assert_eq!(world.text(form, Field::UserId), "1234");
    world.answer(form, created());
    world.set(form, portal("none", valid().with([(Field::UserId, "91")])));
    assert_eq!(world.text(form, Field::UserId), "1234");
    world.send(form, Event::AnotherCaseRequested);
    assert_eq!(world.text(form, Field::UserId), "91");
}

#[test]
fn a_reset_form_has_the_prefilled_text_and_a_key_of_its_own() {
    let (mut world, form) = World::with_form(customer("1234", ""));
    let mut keys = Vec::new();
    for _ in 0..2 {
        world.type_text(form, Field::Subject, "s");
        world.type_text(form, Field::Description, "d");
        keys.push(world.submit(form).unwrap());
        world.send(form, Event::ResetRequested);
        assert_eq!(
            (world.text(form, Field::UserId), world.text(form, Field::Subject)),
            ("1234", "")
        );
    }
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn a_reason_and_the_transfer_make_a_subject_that_follows_both() {
    let (mut world, form) = World::with_form(customer("1234", "58 114 690"));
    world.send(form, Event::ReasonChosen(Some(Reason::PaymentNotArrived)));
    assert_eq!(world.text(form, Field::Subject), "Transfer 58114690: PaymentNotArrived");
    world.send(form, Event::ReasonChosen(Some(Reason::AccountProblem)));
    assert_eq!(world.text(form, Field::Subject), "Transfer 58114690: AccountProblem");
    world.type_text(form, Field::TransferId, "77");
    assert_eq!(world.text(form, Field::Subject), "Transfer 77: AccountProblem");
    world.type_text(form, Field::TransferId, "");
    assert_eq!(world.text(form, Field::Subject), "AccountProblem");
}

#[test]
fn the_suggested_subject_names_the_transfer_that_was_pasted_or_that_the_portal_sets() {
    let mut world = World::new();
    let form = world.open(0, portal("none", customer("1234", "")));
    world.send(form, Event::ReasonChosen(Some(Reason::ProofOfPayout)));
    world.send(form, Event::IdsPasted(vec![(Field::TransferId, 77)]));
    assert_eq!(world.text(form, Field::Subject), "Transfer 77: ProofOfPayout");
    world.type_text(form, Field::TransferId, "");
    world.set(form, portal("none", customer("1234", "88")));
    assert_eq!(world.text(form, Field::Subject), "Transfer 88: ProofOfPayout");
}

#[test]
fn the_agents_own_words_are_never_replaced_by_a_suggestion() {
    let (mut world, form) = World::with_form(customer("1234", "58114690"));
    world.type_text(form, Field::Subject, "My own words");
    world.send(form, Event::ReasonChosen(Some(Reason::ReturnedFunds)));
    assert_eq!(world.text(form, Field::Subject), "My own words");
    world.type_text(form, Field::Subject, "");
    world.send(form, Event::ReasonChosen(Some(Reason::ReturnedFunds)));
    assert_eq!(world.text(form, Field::Subject), "Transfer 58114690: ReturnedFunds");
}

#[test]
fn a_description_is_shortened_only_at_the_agents_word() {
    let (mut world, form) = World::with_form(valid());
    let text = format!("First line\n\n\n{}", "x".repeat(65_535));
    world.type_text(form, Field::Description, &text);
    assert!(world.model(form).description.length.excess() > 0);
    assert_eq!(world.text(form, Field::Description), text);
    world.send(form, Event::DescriptionShortened(Shortening::BlankLines));
    assert!(world.text(form, Field::Description).len() < text.len());
}

#[test]
fn the_length_is_announced_after_a_pause_while_the_agent_is_there() {
    let (mut world, form) = World::with_form(valid());
    world.send(form, Event::DescriptionEntered);
    world.type_text(form, Field::Description, "late");
    world.pass(400);
    assert_eq!(world.model(form).description.announced, None);
    world.pass(700);
    let length = world.model(form).description.length;
    assert_eq!(world.model(form).description.announced, Some(length));
    world.send(form, Event::DescriptionLeft);
    world.type_text(form, Field::Description, "later");
    world.pass(5_000);
    assert_eq!(world.model(form).description.announced, Some(length));
}

/// As when a second tab takes over the draft of the first.
#[test]
fn what_was_typed_into_a_second_draft_is_in_the_first_afterwards() {
    let mut world = World::new();
    let first = world.open(0, portal("local", customer("1234", "")));
    world.type_text(first, Field::ProfileId, "77");
    world.type_text(first, Field::Subject, "Late");
    world.send(first, Event::PageLeft);
    let second = world.open(1, portal("local", customer("1234", "")));
    world.type_text(second, Field::ExternalId, "T-99");
    world.type_text(second, Field::ProfileId, "7");
    world.type_text(second, Field::Subject, "Where is it");
    world.send(second, Event::LockStealRequested);
    let fields = [
        Field::UserId,
        Field::ProfileId,
        Field::Subject,
        Field::Description,
        Field::ExternalId,
    ];
    let now = fields.map(|field| world.text(second, field));
    assert_eq!(now, ["1234", "77", "Late", "ProfileId: 7\n\nWhere is it", "T-99"]);
}

#[test]
fn the_text_of_a_locked_form_is_what_was_sent() {
    let (mut world, form) = World::with_form(CaseInput::default());
    world.fill(form);
    world.send(form, Event::ReasonChosen(None));
    world.submit(form);
    world.answer(form, answer(504, ""));
    world.set(form, portal("", customer("", "")));
    assert_eq!(world.text(form, Field::Subject), "s");
    assert!(world.model(form).is_fixed(Field::Subject));
}
