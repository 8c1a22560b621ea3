//! One field: label, hint, error, control, always in this order, with ids derived from the field's name.

use leptos::prelude::*;
use partner_case_core::Field;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};

use super::changing::sometimes;
use super::painted::{Painted, element};
use crate::form::CaseForm;
use crate::messages::{self, Message};
use crate::rest;
use crate::watched::Derived;

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

/// A field of one line, or one with a list of choices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldView {
    pub(crate) form: CaseForm,
    pub(crate) field: Field,
    /// Whether the text must stay as it is.
    pub(crate) locked: Derived<bool>,
}

impl FieldView {
    /// The parts around a control.
    pub(super) fn group(self, control: Painted) -> Painted {
        let Self { form, field, .. } = self;
        let ids = Ids(field);
        let error = Derived::new(move || shown_error(form, field));
        let mut label = element("label")
            .set("class", "label")
            .set("part", "label")
            .set("for", ids.control())
            .child(form.texts.get(messages::label(field)));
        if field.is_optional() {
            label = label.child(optional(form));
        }
        element("div")
            .change("class", move || {
                Some(if error.get().is_some() { "field invalid" } else { "field" }.into())
            })
            .set("part", "field")
            .when("hidden", move || form.is_hidden(field))
            .child(label)
            .child(hint(ids.hint(), form.texts.get(messages::hint(field))))
            .child(sometimes(move || {
                error.get().map(|text| error_view(form, field, text).into_any())
            }))
            .child(control)
    }

    /// What all controls have in common.
    pub(super) fn control(self, tag: &'static str, class: &'static str) -> Painted {
        let Self { form, field, .. } = self;
        let invalid = move || form.has_error(field);
        element(tag)
            .set("class", class)
            .set("part", "control")
            .set("id", Ids(field).control())
            .change("aria-invalid", move || invalid().then(|| "true".into()))
    }

    /// The ids of what describes the control.
    pub(super) fn described_by(self) -> String {
        Ids(self.field).described_by(self.form.has_error(self.field))
    }

    /// Whether a person cannot change the text now.
    pub(super) fn is_fixed(self) -> bool {
        self.locked.get() || self.form.is_readonly(self.field)
    }

    pub(super) fn value(self) -> JsValue {
        self.form.value(self.field).with(|text| JsValue::from_str(text))
    }

    /// A field of one line.
    pub(super) fn text(self) -> Painted {
        let Self { form, field, .. } = self;
        let is_id = matches!(field, Field::UserId | Field::TransferId | Field::ProfileId);
        let is_subject = field == Field::Subject;
        let mut input = self
            .control("input", if is_id { "control id" } else { "control" })
            .set("type", "text")
            // A reference or id reads from left to right in every language; a subject as its own text does.
            .set("dir", if is_subject { "auto" } else { "ltr" })
            .set("autocomplete", "off")
            .set("spellcheck", if is_subject { "true" } else { "false" })
            .change("aria-describedby", move || Some(self.described_by().into()))
            .when("readonly", move || self.is_fixed())
            .property("value", move || self.value())
            .on("input", move |event| {
                if let Some(input) = input_of(&event) {
                    form.typed(field, input.value());
                }
            });
        if is_id {
            input = input.set("inputmode", "numeric").on("paste", move |event| {
                let replaced = input_of(&event).is_some_and(|input| is_replaced(&input));
                if replaced && !untrack(|| self.is_fixed()) {
                    rest::loaded().inspect(|rest| (rest.pasted)(form, field, event.unchecked_ref()));
                }
            });
        }
        self.group(input)
    }

    /// A field with a list of choices, each with its value and its name.
    pub(super) fn select(self, choices: impl IntoIterator<Item = (String, String)>) -> Painted {
        let Self { form, field, .. } = self;
        let options = choices.into_iter().map(|(value, name)| {
            let chosen = value.clone();
            choice(value, name).property("selected", move || form.value(field).with(|text| *text == chosen).into())
        });
        let list = self
            .control("select", "control")
            .change("aria-describedby", move || Some(self.described_by().into()))
            // A select knows no readonly. Disabled, it is passed over by the keyboard, but it never has the focus at a submit.
            .when("disabled", move || self.is_fixed())
            .on("change", move |event| form.typed(field, chosen_of(&event)))
            .children(options);
        self.group(list)
    }
}

fn error_view(form: CaseForm, field: Field, text: String) -> Painted {
    let prefix = element("span")
        .set("class", "visually-hidden")
        .child([&form.texts.get(Message::ErrorPrefix), " "].concat());
    let place = messages::where_found(field).map(|place| element("span").set("class", "where").child(form.texts.get(place)));
    element("div")
        .set("class", "error")
        .set("part", "error")
        .set("id", Ids(field).error())
        .child(prefix)
        .child(text)
        .children(place)
}

/// What a label says of a field that may stay empty.
pub(super) fn optional(form: CaseForm) -> Painted {
    element("span")
        .set("class", "optional")
        .child([" ", &form.texts.get(Message::Optional)].concat())
}

/// What is said of a field below its label.
pub(super) fn hint(id: impl Into<std::borrow::Cow<'static, str>>, text: String) -> Painted {
    element("div")
        .set("class", "hint")
        .set("part", "hint")
        .set("id", id)
        .child(text)
}

/// One choice of a list.
pub(super) fn choice(value: String, name: String) -> Painted {
    element("option").set("value", value).child(name)
}

/// The text field that an event is about.
fn input_of(event: &Event) -> Option<HtmlInputElement> {
    event.current_target().map(JsCast::unchecked_into)
}

/// What was chosen in the list that an event is about.
pub(super) fn chosen_of(event: &Event) -> String {
    let list = event.current_target().map(JsCast::unchecked_into::<HtmlSelectElement>);
    list.map(|list| list.value()).unwrap_or_default()
}

/// Whether what is pasted replaces all that stands in the field.
fn is_replaced(input: &HtmlInputElement) -> bool {
    let length = u32::try_from(input.value().encode_utf16().count()).ok();
    input.selection_start().ok().flatten() == Some(0) && input.selection_end().ok().flatten() == length
}
