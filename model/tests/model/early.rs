//! What the agent does before the lazy part is there.

use partner_case_core::Field;
use partner_case_model::{Event, PortalEvent, Submission};

use crate::world::{World, customer, portal, valid};

#[test]
fn what_is_typed_early_is_looked_at_when_the_form_starts() {
    let (mut world, form) = World::with_form(valid().with([(Field::Subject, "a@example.com")]));
    assert_eq!(world.model(form).subject_check.findings.len(), 1);
    assert_eq!(world.forms[form].heard, [PortalEvent::Ready]);
    world.send(form, Event::SubmitRequested);
    assert_eq!(*world.submission(form), Submission::Editing);
}

/// The loader hands the events over in their order: each belongs to the customer of its time.
#[test]
fn text_typed_early_for_one_customer_is_not_in_the_form_of_the_next() {
    let mut world = World::new();
    let form = world.open(0, portal("session", customer("1", "2")));
    world.type_text(form, Field::Subject, "for the first");
    world.set(form, portal("session", customer("3", "4")));
    world.type_text(form, Field::Subject, "for the second");
    world.set(form, portal("session", customer("1", "2")));
    assert_eq!(world.text(form, Field::Subject), "for the first");
}
