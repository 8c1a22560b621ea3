//! The way back from a change of a text that the agent did not type.

use leptos::prelude::*;
use partner_case_core::Field;
use partner_case_model::Event;

use super::buttons::button;
use crate::view::context::FormContext;

/// Offers to take the last change back, if it is about a field that is here.
pub(super) fn offer(ctx: FormContext, is_here: fn(Field) -> bool) -> AnyView {
    ctx.when(
        move |model| model.can_undo() && model.undo.field().is_some_and(is_here),
        move || {
            view! { class="pc",
                <p class="actions" part="undo">{button(ctx, "button small", "undo.button", || Event::UndoRequested)}</p>
            }
            .into_any()
        },
    )
}
