//! The reason, from which a subject is proposed. It is no field of the case and is not sent.

use partner_case_core::Field;
use wasm_bindgen::JsValue;

use super::field::{choice, chosen_of, hint, optional};
use super::painted::{Painted, element};
use crate::form::CaseForm;
use crate::messages::Message;
use crate::subject_helper::Reason;
use crate::watched::Derived;

/// The list of reasons.
pub(super) fn field(form: CaseForm, locked: Derived<bool>) -> Painted {
    let none = choice(String::new(), form.texts.get(Message::ReasonNone));
    let reasons = Reason::ALL.into_iter().enumerate();
    let choices = reasons.map(|(at, reason)| choice(at.to_string(), form.texts.get(reason.message())));
    let label = element("label")
        .set("class", "label")
        .set("part", "label")
        .set("for", "reason")
        .child(form.texts.get(Message::ReasonLabel))
        .child(optional(form));
    let list = element("select")
        .set("class", "control")
        .set("part", "control")
        .set("id", "reason")
        .set("aria-describedby", "reason-hint")
        .when("disabled", move || locked.get())
        // A form that is emptied forgets the reason, too.
        .property("value", move || chosen_value(form))
        .on("change", move |event| {
            let chosen = chosen_of(&event).parse::<usize>().ok();
            form.choose_reason(chosen.and_then(|at| Reason::ALL.get(at).copied()));
        })
        .child(none)
        .children(choices);
    // It proposes a subject, so it goes where the subject does.
    element("div")
        .set("class", "field")
        .set("part", "field")
        .when("hidden", move || {
            form.is_hidden(Field::Subject) || form.is_readonly(Field::Subject)
        })
        .child(label)
        .child(hint("reason-hint", form.texts.get(Message::ReasonHint)))
        .child(list)
}

/// The value of the choice in the list; an empty one for none.
fn chosen_value(form: CaseForm) -> JsValue {
    let chosen = form.helper.chosen.get();
    let at = chosen.and_then(|chosen| Reason::ALL.into_iter().position(|reason| reason == chosen));
    at.map(|at| at.to_string()).unwrap_or_default().into()
}
