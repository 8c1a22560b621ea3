//! One customer in several tabs, or in several forms of a page.

use partner_case_core::Field;
use partner_case_model::{DraftStatus, Event, LockScope};

use crate::world::{FormId, World, customer, portal};

fn two_tabs() -> (World, FormId, FormId) {
    let mut world = World::new();
    let first = world.open(0, portal("local", customer("1", "")));
    world.type_text(first, Field::Subject, "in the first");
    world.pass(3_000);
    let second = world.open(1, portal("local", customer("1", "")));
    (world, first, second)
}

#[test]
fn a_draft_that_another_tab_has_open_is_not_overwritten() {
    let (mut world, first, second) = two_tabs();
    world.pass(1_000);
    assert_eq!(world.model(second).draft.status, DraftStatus::Elsewhere(LockScope::Browser));
    world.type_text(second, Field::Subject, "in the second");
    world.pass(3_000);
    let stored = world.everything_stored();
    assert!(
        stored.contains("in the first") && !stored.contains("in the second"),
        "{stored}"
    );
    assert!(!world.forms[first].warns);
    assert!(world.forms[second].warns);
}

#[test]
fn the_agent_goes_on_in_the_tab_of_their_choice() {
    let (mut world, first, second) = two_tabs();
    world.send(second, Event::LockStealRequested);
    assert_eq!(world.text(second, Field::Subject), "in the first");
    assert_eq!(world.model(first).draft.status, DraftStatus::Elsewhere(LockScope::Browser));
    world.type_text(second, Field::Subject, "changed");
    world.pass(3_000);
    world.type_text(first, Field::Subject, "too late");
    world.send(first, Event::PageLeft);
    let stored = world.everything_stored();
    assert!(stored.contains("changed") && !stored.contains("too late"), "{stored}");
}

/// A second press comes before the first is answered: the lock that is lost then is the form's own earlier one.
#[test]
fn a_double_continue_here_leaves_the_form_with_its_lock() {
    let (mut world, first, second) = two_tabs();
    world.send(second, Event::LockStealRequested);
    world.send(second, Event::LockStealRequested);
    // The browser says late that the form's earlier requests have lost their lock: to its own last one.
    for request in 0..3 {
        world.send(second, Event::LockLost { request });
    }
    world.type_text(second, Field::Subject, "changed");
    world.pass(3_000);
    assert!(world.everything_stored().contains("changed"));
    world.send(first, Event::LockStealRequested);
    assert_eq!(world.text(first, Field::Subject), "changed");
}

#[test]
fn the_draft_of_a_closed_tab_is_restored_in_the_next() {
    let (mut world, first, second) = two_tabs();
    world.close(first);
    assert_eq!(world.text(second, Field::Subject), "in the first");
}

/// What the agent types while another tab is closed is not replaced by what that tab had.
#[test]
fn a_closed_tab_does_not_replace_what_the_agent_types() {
    let (mut world, first, second) = two_tabs();
    world.type_text(second, Field::Subject, "mine");
    world.close(first);
    assert_eq!(world.text(second, Field::Subject), "mine");
    assert_eq!(world.model(second).draft.status, DraftStatus::Elsewhere(LockScope::Browser));
    world.send(second, Event::LockStealRequested);
    assert_eq!(world.text(second, Field::Subject), "in the first");
    assert!(world.text(second, Field::Description).contains("mine"));
}

#[test]
fn a_tab_takes_over_when_the_other_has_nothing_to_store() {
    let mut world = World::new();
    let first = world.open(0, portal("local", customer("1", "")));
    let second = world.open(1, portal("local", customer("1", "")));
    world.type_text(second, Field::Subject, "mine");
    world.pass(3_000);
    assert!(world.everything_stored().contains("mine"));
    world.type_text(first, Field::Subject, "late");
    world.pass(3_000);
    assert_eq!(world.model(first).draft.status, DraftStatus::Elsewhere(LockScope::Browser));
}

#[test]
fn two_forms_of_a_page_do_not_overwrite_each_other() {
    let mut world = World::new();
    let first = world.open(0, portal("session", customer("1", "")));
    let second = world.open(0, portal("session", customer("1", "")));
    world.type_text(first, Field::Subject, "one");
    world.type_text(second, Field::Subject, "two");
    world.pass(3_000);
    let stored = world.everything_stored();
    assert!(stored.contains("one") && !stored.contains("two"), "{stored}");
    assert!(world.forms[second].warns);
}

/// A copy of a tab has a copy of the draft, and with it the key: sent from both, it makes one case.
#[test]
fn a_duplicated_tab_sends_with_the_same_key() {
    let mut world = World::new();
    let first = world.open(0, portal("session", customer("1234", "")));
    world.fill(first);
    world.pass(3_000);
    world.duplicate_session(0, 1);
    let second = world.open(1, portal("session", customer("1234", "")));
    let keys = [world.submit(first), world.submit(second)];
    assert!(keys[0].is_some());
    assert_eq!(keys[0], keys[1]);
}
