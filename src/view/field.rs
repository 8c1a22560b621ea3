//! One field: label, hint, error, control, always in this order, with ids derived from the field's name.

use leptos::prelude::*;
use partner_case_core::Field;
use web_sys::HtmlInputElement;

use super::changing::{changing, sometimes};
use crate::form::CaseForm;
use crate::messages::{self, Message};
use crate::rest;

/// The ids that tie the parts of a field together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids(pub(crate) Field);

impl Ids {
    /// The id of the control.
    pub(crate) fn control(self) -> &'static str {
        self.0.attribute_name()
    }

    fn hint(self) -> String {
        format!("{}-hint", self.control())
    }

    fn error(self) -> String {
        format!("{}-error", self.control())
    }

    pub(crate) fn described_by(self, has_error: bool) -> String {
        if has_error {
            format!("{} {}", self.hint(), self.error())
        } else {
            self.hint()
        }
    }
}

/// What is wrong with a field, in words. Before the rest is there, nothing is.
fn shown_error(form: CaseForm, field: Field) -> Option<String> {
    if !form.has_error(field) {
        return None;
    }
    rest::loaded().and_then(|rest| (rest.error_text)(form, field))
}

/// The parts around a control.
#[component]
pub(crate) fn FieldGroup(form: CaseForm, field: Field, #[prop(optional)] optional: bool, children: Children) -> impl IntoView {
    let ids = Ids(field);
    let error = Memo::new(move |_| shown_error(form, field));
    view! { class="pc",
        <div
            class=changing(move || if error.get().is_some() { "pc field invalid" } else { "pc field" })
            part="field"
            hidden=changing(move || form.is_hidden(field))
        >
            <label class="label" part="label" for=ids.control()>
                {form.texts.get(messages::label(field))}
                {optional.then(|| view! { class="pc", <span class="optional">" "{form.texts.get(Message::Optional)}</span> })}
            </label>
            <div class="hint" part="hint" id=ids.hint()>{form.texts.get(messages::hint(field))}</div>
            {sometimes(move || error.get().map(|text| error_view(form, field, text)))}
            {children()}
        </div>
    }
}

fn error_view(form: CaseForm, field: Field, text: String) -> AnyView {
    view! { class="pc",
        <div class="error" part="error" id=Ids(field).error()>
            <span class="visually-hidden">{form.texts.get(Message::ErrorPrefix)}" "</span>{text}
            {messages::where_found(field).map(|place| view! { class="pc", <span class="where">{form.texts.get(place)}</span> })}
        </div>
    }
    .into_any()
}

/// A field of one line.
#[component]
pub(crate) fn TextField(form: CaseForm, field: Field, locked: Memo<bool>, #[prop(optional)] optional: bool) -> impl IntoView {
    let ids = Ids(field);
    let invalid = move || form.has_error(field);
    let fixed = move || locked.get() || form.is_readonly(field);
    let is_id = matches!(field, Field::UserId | Field::TransferId | Field::ProfileId);
    view! { class="pc",
        <FieldGroup form=form field=field optional=optional>
            <input
                class=if is_id { "pc control id" } else { "pc control" }
                part="control"
                type="text"
                id=ids.control()
                // A reference or id reads from left to right in every language; a subject as its own text does.
                dir=if field == Field::Subject { "auto" } else { "ltr" }
                inputmode=is_id.then_some("numeric")
                autocomplete="off"
                spellcheck=if field == Field::Subject { "true" } else { "false" }
                aria-describedby=changing(move || ids.described_by(invalid()))
                aria-invalid=changing(move || invalid().then_some("true"))
                readonly=changing(fixed)
                prop:value=changing(move || form.value(field).get())
                on:input:target=move |event| form.typed(field, event.target().value())
                on:paste:target=move |event| {
                    if is_id && !untrack(fixed) && is_replaced(&event.target()) {
                        rest::loaded().inspect(|rest| (rest.pasted)(form, field, &event));
                    }
                }
            />
        </FieldGroup>
    }
}

/// Whether what is pasted replaces all that stands in the field.
fn is_replaced(input: &HtmlInputElement) -> bool {
    let length = u32::try_from(input.value().encode_utf16().count()).ok();
    input.selection_start().ok().flatten() == Some(0) && input.selection_end().ok().flatten() == length
}

/// A field with a list of choices, each with its value and its name.
#[component]
pub(crate) fn SelectField(form: CaseForm, field: Field, locked: Memo<bool>, choices: Vec<(String, String)>) -> impl IntoView {
    let ids = Ids(field);
    let invalid = move || form.has_error(field);
    let options: Vec<_> = choices
        .into_iter()
        .map(|(value, name)| {
            let chosen = value.clone();
            view! { class="pc", <option value=value prop:selected=changing(move || form.value(field).with(|text| *text == chosen))>{name}</option> }
        })
        .collect();
    view! { class="pc",
        <FieldGroup form=form field=field>
            <select
                class="control"
                part="control"
                id=ids.control()
                aria-describedby=changing(move || ids.described_by(invalid()))
                aria-invalid=changing(move || invalid().then_some("true"))
                // A select knows no readonly. Disabled, it is passed over by the keyboard, but it never has the focus at a submit.
                disabled=changing(move || locked.get() || form.is_readonly(field))
                on:change:target=move |event| form.typed(field, event.target().value())
            >
                {options}
            </select>
        </FieldGroup>
    }
}
