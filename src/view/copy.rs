//! A button that copies a text and says whether it worked.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::export;
use crate::form::CaseForm;
use crate::messages::Message;

/// Copies what `text` gives when the button is clicked.
#[component]
pub(crate) fn CopyButton(form: CaseForm, label: Message, #[prop(into)] text: Callback<(), String>) -> impl IntoView {
    let outcome = RwSignal::new(None::<Message>);
    let copy = move |_| {
        spawn_local(async move {
            let message = if export::copy(&text.run(())).await {
                Message::CopyDone
            } else {
                Message::CopyFailed
            };
            // The button may have gone while the browser asked for leave.
            let _ = outcome.try_set(Some(message));
        });
    };
    view! { class="pc",
        <span class="copy">
            <button class="button small" part="button" type="button" on:click=copy>{form.texts.get(label)}</button>
            <span class="hint" role="status">{move || outcome.get().map(|message| form.texts.get(message))}</span>
        </span>
    }
}
