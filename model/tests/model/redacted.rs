//! What is printed for developers names things, and shows nothing that was typed and no secret.

use partner_case_core::Field;
use partner_case_model::{Answer, Event, FocusTarget, Prepared};

use crate::world::{World, valid};

#[test]
fn no_debug_output_shows_what_was_typed() {
    let (mut world, form) = World::with_form(valid());
    world.type_text(form, Field::Description, "canary\n\n\nOn Monday somebody wrote:\n> canary");
    world.type_text(form, Field::Subject, "Write to canary@example.com");
    world.send(form, Event::DescriptionShortened(partner_case_model::Shortening::QuotedMail));
    let model = world.model(form);
    let shown = [
        format!("{:?}", model.undo),
        format!("{:?}", model.subject_check),
        format!("{:?}", model.secret_check),
        format!("{model:?}"),
    ];
    assert!(shown[0].starts_with("Undo("), "{}", shown[0]);
    assert!(
        shown[1].starts_with("SubjectCheck { findings: [PersonalDataFinding"),
        "{}",
        shown[1]
    );
    assert!(shown[2].starts_with("SecretCheck { findings: []"), "{}", shown[2]);
    assert!(shown.iter().all(|shown| !shown.contains("canary")), "{shown:#?}");
}

#[test]
fn no_debug_output_shows_a_header_or_a_body() {
    let token = ("Authorization".to_owned(), "canary".to_owned());
    let said = [Prepared::Send(vec![token]), Prepared::Stopped, Prepared::NoHeaders].map(|prepared| format!("{prepared:?}"));
    assert_eq!(said, ["Send", "Stopped", "NoHeaders"]);
    let answer = Answer {
        status: 200,
        body: "canary".to_owned(),
        ..Answer::default()
    };
    assert_eq!(format!("{answer:?}"), "Answer { status: 200, .. }");
}

#[test]
fn what_takes_the_focus_is_found_by_its_id() {
    let ids = [
        FocusTarget::Field(Field::ExternalId),
        FocusTarget::Submit,
        FocusTarget::ErrorSummary,
        FocusTarget::Notice,
        FocusTarget::Heading,
    ];
    assert_eq!(
        ids.map(FocusTarget::element_id),
        ["external-id", "submit", "error-summary", "notice", "heading"]
    );
}
