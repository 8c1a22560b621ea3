//! The fields of the form, in their order.

use leptos::prelude::*;
use partner_case_core::{CaseType, Field, FieldKind};
use partner_case_model::{Control, Model, Reason};

use super::element::element;
use super::field::{area, choice, control, group, hint, label, line};
use crate::view::context::{FormContext, Slot};

/// All fields of the table, with the IDs in a group of their own and the reason before the subject.
pub(super) fn fields(ctx: FormContext) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut ids = Vec::new();
    for field in Field::ALL {
        if field.kind() == FieldKind::Id {
            ids.push(field);
            continue;
        }
        if !ids.is_empty() {
            views.push(about(ctx, std::mem::take(&mut ids)));
        }
        match field {
            Field::CaseType => views.push(case_type(ctx, field)),
            // The reason suggests a subject.
            Field::Subject => {
                views.push(reason(ctx));
                views.push(with_slot(ctx, line(ctx, field), Slot::SubjectCheck));
            }
            Field::Description => views.push(with_slot(ctx, area(ctx, field), Slot::BelowDescription)),
            _ if field.kind() == FieldKind::Text => views.push(area(ctx, field)),
            _ => views.push(line(ctx, field)),
        }
    }
    views
}

/// A field, and what is said below it.
fn with_slot(ctx: FormContext, field: AnyView, slot: Slot) -> AnyView {
    element("div", "subject", "").child(field).child(ctx.slot(slot)).build()
}

fn about(ctx: FormContext, ids: Vec<Field>) -> AnyView {
    let mut rows = element("div", "ids", "");
    for field in &ids {
        rows = rows.child(line(ctx, *field));
    }
    element("fieldset", "about", "fieldset")
        .bool_attr(ctx, "hidden", move |model| ids.iter().all(|field| model.is_hidden(*field)))
        .child(element("legend", "legend", "").text(ctx, "form.about").build())
        .child(rows.build())
        .child(ctx.slot(Slot::BelowIds))
        .build()
}

fn case_type(ctx: FormContext, field: Field) -> AnyView {
    let chosen = ctx.with_untracked(|state| state.model.input[field].to_owned());
    // A select knows no readonly. Disabled, the keyboard passes over it, but it never has the focus at a submit.
    let mut list = control(ctx, field, "select")
        .attr("class", "control")
        .bool_attr(ctx, "disabled", move |model| model.is_fixed(field));
    for case_type in CaseType::CREATABLE {
        let name = case_type.as_str();
        let key = ["type.", &name.to_ascii_lowercase()].concat();
        list = list.child(choice(ctx, name, name == chosen, key));
    }
    group(ctx, field, list)
}

fn reason(ctx: FormContext) -> AnyView {
    let id = Control::Reason.element_id();
    let chosen = ctx.with_untracked(|state| state.model.suggestion.reason);
    let mut list = element("select", "control", "control")
        .attr("id", id)
        .attr("aria-describedby", "reason-hint")
        .bool_attr(ctx, "disabled", Model::is_locked)
        .child(choice(ctx, "", chosen.is_none(), "reason.none"));
    for reason in Reason::ALL {
        let value = Reason::list_value(Some(reason));
        list = list.child(choice(ctx, value, chosen == Some(reason), reason.text_key()));
    }
    // It suggests a subject, so it is where the subject is.
    let is_hidden = |model: &Model| model.is_hidden(Field::Subject) || model.is_readonly(Field::Subject);
    element("div", "field", "field")
        .bool_attr(ctx, "hidden", is_hidden)
        .child(label(ctx, id, "reason", true))
        .child(hint(ctx, id, "reason"))
        .child(list.build())
        .build()
}
