//! What is wrong with the fields: in each field, and in a summary as GOV.UK's design system has it, focused and linked to the fields.

use leptos::prelude::*;
use partner_case_core::Field;
use partner_case_model::{Event, FocusTarget, Submission};

use crate::view::context::FormContext;

/// What is wrong with a field, and where a right value is found.
pub(super) fn field_error(ctx: FormContext, field: Field) -> AnyView {
    let text = move || {
        ctx.with(|state| {
            state
                .model
                .errors
                .get(field)
                .map(|error| state.catalogue.field_error(field, error))
        })
    };
    let place = move || {
        let place = ctx.with(|state| state.catalogue.where_found(field).map(ToOwned::to_owned));
        place.map(|place| view! { class="pc", <span class="where">{place}</span> })
    };
    view! { class="pc",
        <div class="error" part="error" id=format!("{}-error", field.attribute_name())>
            <span class="visually-hidden">{move || ctx.text("error.prefix")}" "</span>{text}{place}
        </div>
    }
    .into_any()
}

/// Lists what is wrong, in the same words as in the fields.
pub(super) fn error_summary(ctx: FormContext) -> AnyView {
    // The same list, but a rejection also has to say that no case was created.
    let is_rejected = move || ctx.with(|state| matches!(state.model.submission, Submission::Rejected(_)));
    let title = move || ctx.text(if is_rejected() { "rejected.title" } else { "summary.title" });
    let rejected = move || is_rejected().then(|| view! { class="pc", <p class="text">{ctx.text("rejected.fields")}</p> });
    let link = move |(field, text): (Field, String)| {
        let follow = move |event: leptos::ev::MouseEvent| {
            // A fragment does not reach into a shadow root, so the form moves the focus.
            event.prevent_default();
            ctx.dispatch(Event::ErrorFollowed(field));
        };
        view! { class="pc", <li><a href=format!("#{}", field.attribute_name()) on:click=follow>{text}</a></li> }
    };
    let errors = Memo::new(move |_| {
        ctx.with(|state| {
            let errors = state.model.errors.iter();
            errors
                .map(|(field, error)| (field, state.catalogue.field_error(field, error)))
                .collect::<Vec<_>>()
        })
    });
    view! { class="pc",
        <div id=FocusTarget::ErrorSummary.element_id() class="summary" part="error-summary" role="group" tabindex="-1" aria-labelledby="summary-title">
            // The alert is a child, so that it is not announced twice when its parent takes the focus.
            <div role="alert">
                <h2 class="summary-title" id="summary-title">{title}</h2>
                {rejected}
                <ul class="summary-list">{move || errors.get().into_iter().map(link).collect_view()}</ul>
            </div>
        </div>
    }
    .into_any()
}
