//! The whole form, in whichever state it is.

use leptos::prelude::*;
use partner_case_model::{Event, Face, FocusTarget, Model, Submission};

use super::element::{ElementBuilder, element};
use super::fields::fields;
use crate::view::context::{FormContext, Slot};

/// Yes or no, as the ARIA attributes have it.
const TRUE_OR_FALSE: [Option<&str>; 2] = [Some("true"), Some("false")];

/// The form, the review or the receipt.
pub(crate) fn form(ctx: FormContext) -> AnyView {
    // A translator that wraps the texts of a page would leave the form with texts that no longer change. It speaks many languages itself.
    element("div", "root", "root")
        .attr("translate", "no")
        .dyn_attr("lang", move || {
            Some(ctx.with(|state| state.catalogue.language().to_owned().into()))
        })
        .dyn_attr("dir", move || Some(ctx.text("language.direction").into()))
        .child(status().dyn_text(move || sending(ctx)).build())
        .child(status().child(ctx.slot(Slot::Announcement)).build())
        .child(ctx.when(|model| model.face() == Face::Form, move || body(ctx)))
        .child(ctx.slot_when(Slot::Review, |model| model.face() == Face::Review))
        .child(ctx.slot_when(Slot::Receipt, |model| model.face() == Face::Receipt))
        .build()
}

/// A live region. It is there before it is needed: screen readers announce changes to it, not its arrival.
fn status() -> ElementBuilder {
    element("div", "visually-hidden", "").attr("role", "status")
}

fn sending(ctx: FormContext) -> String {
    let is_sending = ctx.with(|state| state.model.is_sending());
    if is_sending { ctx.text("form.sending") } else { String::new() }
}

fn body(ctx: FormContext) -> AnyView {
    let has_notice = |model: &Model| !matches!(model.submission, Submission::Editing | Submission::Sending);
    let mut form = element("form", "form", "")
        .attr("novalidate", "")
        .dyn_attr("aria-label", move || Some(ctx.text("form.name").into()))
        .choice_attr(ctx, "aria-busy", Model::is_sending, TRUE_OR_FALSE)
        .listen("submit", move |event| {
            event.prevent_default();
            ctx.dispatch(Event::SubmitRequested);
        })
        .child(ctx.slot_when(Slot::ErrorSummary, |model| !model.errors.is_empty()))
        .child(ctx.slot_when(Slot::Notice, has_notice));
    for field in fields(ctx) {
        form = form.child(field);
    }
    form.child(ctx.when(Model::offers_to_send, move || submit_button(ctx)))
        .child(ctx.slot(Slot::Draft))
        .build()
}

fn submit_button(ctx: FormContext) -> AnyView {
    element("button", "button primary", "button submit")
        .attr("id", FocusTarget::Submit.element_id())
        .attr("type", "submit")
        // aria-disabled, not disabled: a disabled button loses the focus, and a second submit is ignored anyway.
        .choice_attr(ctx, "aria-disabled", Model::ignores_submit, TRUE_OR_FALSE)
        .dyn_text(move || {
            let is_sending = ctx.with(|state| state.model.is_sending());
            ctx.text(if is_sending { "form.sending" } else { "form.submit" })
        })
        .build()
}
