//! A field: label, hint, error and control, always in this order.

use leptos::prelude::*;
use partner_case_core::{Field, FieldKind};
use partner_case_model::Model;

use super::element::{ElementBuilder, Value, element};
use crate::view::context::{FormContext, Slot};

/// The label of a control, which has `id`. `key` is what the keys of the field's texts start with.
pub(super) fn label(ctx: FormContext, id: &'static str, key: &str, is_optional: bool) -> AnyView {
    let mut label = element("label", "label", "label")
        .attr("for", id)
        .text(ctx, [key, ".label"].concat());
    if is_optional {
        let optional = element("span", "optional", "").dyn_text(move || [" ", &ctx.text("form.optional")].concat());
        label = label.child(optional.build());
    }
    label.build()
}

/// What is said of a control below its label.
pub(super) fn hint(ctx: FormContext, id: &'static str, key: &str) -> AnyView {
    element("div", "hint", "hint")
        .attr("id", [id, "-hint"].concat())
        .text(ctx, [key, ".hint"].concat())
        .build()
}

/// A field around its control.
pub(super) fn group(ctx: FormContext, field: Field, control: ElementBuilder) -> AnyView {
    let (id, key) = (field.attribute_name(), field.text_key());
    let has_error = move |model: &Model| model.has_error(field);
    element("div", "", "field")
        .choice_attr(ctx, "class", has_error, [Some("field invalid"), Some("field")])
        .bool_attr(ctx, "hidden", move |model| model.is_hidden(field))
        .child(label(ctx, id, &key, field.is_optional()))
        .child(hint(ctx, id, &key))
        .child(ctx.slot_when(Slot::FieldError(field), has_error))
        .child(control.build())
        .build()
}

/// What all controls have in common.
pub(super) fn control(ctx: FormContext, field: Field, tag: &'static str) -> ElementBuilder {
    let has_error = move |model: &Model| model.has_error(field);
    let described_by = move || {
        let name = field.attribute_name();
        let error = if ctx.with(|state| state.model.has_error(field)) {
            [" ", name, "-error"]
        } else {
            [""; 3]
        };
        // The limit is in the lazy part, so the ID leads nowhere until it is there, which is no error.
        let limit = if field == Field::Description {
            " description-limit"
        } else {
            ""
        };
        Some(Value::from([name, "-hint", &error.concat(), limit].concat()))
    };
    element(tag, "", "control")
        .attr("id", field.attribute_name())
        .choice_attr(ctx, "aria-invalid", has_error, [Some("true"), None])
        .dyn_attr("aria-describedby", described_by)
}

/// What all controls that are typed in have in common.
fn typed(ctx: FormContext, field: Field, tag: &'static str) -> ElementBuilder {
    control(ctx, field, tag).bool_attr(ctx, "readonly", move |model| model.is_fixed(field))
}

/// The text that a control begins with. From then on the control is where the text is, and the runtime writes what changes otherwise.
/// Not by the property `value`: Leptos sets it a moment later, which would undo what the runtime has written in the meantime.
fn first_text(ctx: FormContext, field: Field) -> String {
    ctx.with_untracked(|state| state.model.input[field].to_owned())
}

/// A field of one line.
pub(super) fn line(ctx: FormContext, field: Field) -> AnyView {
    let is_id = field.kind() == FieldKind::Id;
    // Prose reads in its own direction and is spelled; an ID or the agent's ticket number is not.
    let is_prose = !is_id && field != Field::ExternalId;
    let mut input = typed(ctx, field, "input")
        .attr("class", if is_id { "control id" } else { "control" })
        .attr("type", "text")
        .attr("value", first_text(ctx, field))
        .attr("dir", if is_prose { "auto" } else { "ltr" })
        .attr("autocomplete", "off")
        .attr("spellcheck", if is_prose { "true" } else { "false" });
    if is_id {
        input = input.attr("inputmode", "numeric");
    }
    group(ctx, field, input)
}

/// A field of several lines.
pub(super) fn area(ctx: FormContext, field: Field) -> AnyView {
    // No maxlength: it would cut a pasted text without a word. No dir="auto": in a text field Chromium looks at all lines for each line,
    // 17 s for 68,000 of them. The style `unicode-bidi: plaintext` lets each paragraph have its own direction at no cost.
    let is_over = move |model: &Model| field == Field::Description && model.description.length.excess() > 0;
    let area = typed(ctx, field, "textarea")
        .choice_attr(ctx, "class", is_over, [Some("control over"), Some("control")])
        .attr("rows", "8")
        .child(first_text(ctx, field).into_any());
    group(ctx, field, area)
}

/// One choice of a list.
pub(super) fn choice(ctx: FormContext, value: impl Into<Value>, is_chosen: bool, key: impl Into<Value>) -> AnyView {
    element("option", "", "")
        .attr("value", value)
        .prop("selected", is_chosen.into())
        .text(ctx, key)
        .build()
}
