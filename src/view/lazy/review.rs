//! The last look at a case before it is sent.

use leptos::prelude::*;
use partner_case_core::Field;
use partner_case_model::{Event, FocusTarget};

use super::buttons::button;
use crate::view::context::FormContext;

/// Shows exactly what goes to Wise, to be sent or changed.
pub(super) fn review(ctx: FormContext) -> AnyView {
    let fields = Memo::new(move |_| ctx.with(|state| state.sent_fields()));
    let row = move |(field, (name, value)): (Field, (String, String))| {
        let value = if value.is_empty() {
            view! { class="pc", <dd class="empty">{ctx.text("review.empty")}</dd> }.into_any()
        } else {
            sent(field, value)
        };
        view! { class="pc", <div class="row"><dt>{name}</dt>{value}</div> }
    };
    view! { class="pc",
        <section class="review" part="review" aria-labelledby=FocusTarget::Heading.element_id()>
            <h2 class="notice-title" id=FocusTarget::Heading.element_id() tabindex="-1">{move || ctx.text("review.title")}</h2>
            <p class="text">{move || ctx.text("review.text")}</p>
            <dl class="receipt">{move || Field::ALL.into_iter().zip(fields.get()).map(row).collect_view()}</dl>
            <div class="actions">
                <button class="button primary" part="button submit" type="button" on:click=move |_| ctx.dispatch(Event::SubmitRequested)>{move || ctx.text("review.send")}</button>
                {button(ctx, "button", "review.change", || Event::ReviewLeft)}
            </div>
        </section>
    }
    .into_any()
}

/// A text as it goes to Wise, the whole of it. It has the ID of the field's control, by which the loader finds the texts of a form that has
/// crashed.
fn sent(field: Field, value: String) -> AnyView {
    view! { class="pc", <dd id=field.attribute_name() class="sent" dir="auto">{value}</dd> }.into_any()
}
