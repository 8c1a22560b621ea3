//! The description's text field. What is said below it comes with the rest of the form.

use leptos::prelude::*;
use partner_case_core::Field;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::below_description::LIMIT_ID;
use super::field::FieldView;
use super::painted::{Painted, Place, element};
use super::{Part, Surroundings};
use crate::watched::Derived;

/// The description's field, its counter and what is offered when it is too long.
pub(super) fn field(around: Surroundings) -> Painted {
    let Surroundings { form, locked, .. } = around;
    let field = Field::Description;
    let view = FieldView { form, field, locked };
    let place: Place = StoredValue::new_local(None);
    let over = Derived::new(move || form.description_length.get().excess() > 0);
    // No maxlength: it would cut a pasted text without a word. No dir="auto": in a text field Chromium looks at all lines for each line,
    // 17 s for 68,000 of them. The style `unicode-bidi: plaintext` lets each paragraph have its own direction at no cost.
    let control = view
        .control("textarea", "control")
        .at(place)
        .change("class", move || {
            Some(if over.get() { "control over" } else { "control" }.into())
        })
        .set("rows", "8")
        .change("aria-describedby", move || {
            Some([&view.described_by(), " ", LIMIT_ID].concat().into())
        })
        .when("readonly", move || view.is_fixed())
        .property("value", move || view.value())
        .on("input", move |event| {
            if let Some(area) = event.current_target() {
                form.typed(field, area.unchecked_into::<HtmlTextAreaElement>().value());
            }
        })
        .on("focus", move |_| form.in_description.set(true))
        .on("blur", move |_| form.in_description.set(false));
    element("div")
        .set("class", "subject")
        .child(view.group(control))
        .child(around.part(Part::BelowDescription(place)))
}

/// The text field, if it is on the page.
pub(super) fn area(place: Place) -> Option<HtmlTextAreaElement> {
    place.try_get_value().flatten().map(JsCast::unchecked_into)
}
