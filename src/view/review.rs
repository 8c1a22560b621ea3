//! The last look at a case before it is sent.

use leptos::html;
use leptos::prelude::*;

use super::Actions;
use crate::form::CaseForm;
use crate::messages::Message;
use crate::receipt;

/// Shows exactly what goes to Wise, to be sent or changed.
#[component]
pub(crate) fn ReviewView(form: CaseForm, actions: Actions) -> impl IntoView {
    let title: NodeRef<html::H2> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    let rows: Vec<_> = receipt::sent_fields(form)
        .into_iter()
        .map(|(name, value)| {
            let value = if value.is_empty() {
                view! { class="pc", <dd class="empty">{form.texts.get(Message::ReviewEmpty)}</dd> }.into_any()
            } else {
                sent(&name, value)
            };
            view! { class="pc", <div class="row"><dt>{name}</dt>{value}</div> }
        })
        .collect();
    view! { class="pc",
        <section class="review" part="review" aria-labelledby="review-title">
            <h2 node_ref=title class="notice-title" id="review-title" tabindex="-1">{form.texts.get(Message::ReviewTitle)}</h2>
            <p class="text">{form.texts.get(Message::ReviewText)}</p>
            <dl class="receipt">{rows}</dl>
            <div class="actions">
                <button class="button primary" part="button submit" type="button" on:click=move |_| send(form, actions)>{form.texts.get(Message::ReviewSend)}</button>
                <button class="button" part="button" type="button" on:click=move |_| form.stop_reviewing()>{form.texts.get(Message::ReviewChange)}</button>
            </div>
        </section>
    }
}

/// How much text, in bytes or lines, may be more than its box shows at once.
const SCROLLS_FROM: (usize, usize) = (240, 6);

/// A text as it goes to Wise. A long one scrolls in a box, which the keyboard has to reach.
fn sent(name: &str, value: String) -> AnyView {
    let (bytes, lines) = SCROLLS_FROM;
    if value.len() < bytes && value.lines().count() < lines {
        return view! { class="pc", <dd class="sent" dir="auto">{value}</dd> }.into_any();
    }
    let name = name.to_owned();
    view! { class="pc", <dd><div class="sent" dir="auto" role="region" aria-label=name tabindex="0">{value}</div></dd> }
        .into_any()
}

/// The button that is clicked here vanishes, so the focus goes to the one that shows the sending.
fn send(form: CaseForm, actions: Actions) {
    actions.submit.run(());
    form.focus.set(Some(crate::form::FocusTarget::Submit));
}
