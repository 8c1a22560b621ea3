//! Buttons that dispatch an event.

use leptos::prelude::*;
use partner_case_model::{CopyTarget, Event};

use crate::messages::FormState;
use crate::view::context::FormContext;

/// A button with a text of the catalogue.
pub(super) fn button(
    ctx: FormContext,
    class: &'static str,
    key: &'static str,
    event: impl Fn() -> Event + Send + 'static,
) -> AnyView {
    let event: Box<dyn Fn() -> Event + Send> = Box::new(event);
    view! { class="pc",
        <button class=class part="button" type="button" on:click=move |_| ctx.dispatch(event())>{move || ctx.text(key)}</button>
    }
    .into_any()
}

/// A button that copies what `text` makes of the state, and says whether it worked.
pub(super) fn copy_button(ctx: FormContext, target: CopyTarget, key: &'static str, text: fn(&FormState) -> String) -> AnyView {
    let outcome = move || {
        ctx.with(|state| match state.model.copied {
            Some((copied, worked)) if copied == target => state.text(if worked { "copy.done" } else { "copy.failed" }).to_owned(),
            _ => String::new(),
        })
    };
    view! { class="pc",
        <span class="copy">
            {button(ctx, "button small", key, move || Event::CopyRequested(target, ctx.with_untracked(text)))}
            <span class="hint" role="status">{outcome}</span>
        </span>
    }
    .into_any()
}
