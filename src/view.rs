//! What a person sees. The view shows the form's state and reports what a person does; it does not send.
//!
//! `class="pc"` on every `view!` is no decoration: it keeps Leptos from writing static parts through `innerHTML`, which a page that
//! requires Trusted Types blocks.

#![allow(unreachable_pub, reason = "the component macro makes a component's property types `pub`")]

mod created;
mod error_summary;
mod field;
mod fields;
mod locale;
mod notice;

use leptos::prelude::*;

use self::created::CreatedView;
use self::error_summary::ErrorSummary;
use self::fields::Fields;
use self::notice::Notice;
use crate::form::CaseForm;
use crate::messages::Message;
use crate::submission::Submission;

/// The whole form, in whichever state it is.
#[component]
pub(crate) fn CaseFormView(form: CaseForm, #[prop(into)] on_submit: Callback<()>) -> impl IntoView {
    let created = move || match form.submission.get() {
        Submission::Created(case) => Some(case),
        _ => None,
    };
    let is_created = Memo::new(move |_| created().is_some());
    let sending = Memo::new(move |_| form.submission.get() == Submission::Sending);
    view! { class="pc",
        <div class="root" part="root" lang="en" dir="ltr">
            // There before it is needed: screen readers announce changes to a live region, not its arrival.
            <div role="status" class="visually-hidden">{move || sending.get().then_some(Message::Sending.text())}</div>
            <Show when=move || is_created.get() fallback=move || view! { class="pc", <FormBody form=form sending=sending on_submit=on_submit /> }>
                {move || created().map(|case| view! { class="pc", <CreatedView case=case form=form /> })}
            </Show>
        </div>
    }
}

#[component]
fn FormBody(form: CaseForm, sending: Memo<bool>, on_submit: Callback<()>) -> impl IntoView {
    let locked = Memo::new(move |_| form.submission.with(Submission::locks_text));
    let unknown = Memo::new(move |_| matches!(form.submission.get(), Submission::OutcomeUnknown(_)));
    view! { class="pc",
        <form
            class="form"
            novalidate
            aria-label=Message::FormName.text()
            aria-busy=move || sending.get().to_string()
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
        >
            <ErrorSummary form=form />
            <Notice form=form on_submit=on_submit />
            <Fields form=form locked=locked />
            <Show when=move || !unknown.get()>
                // aria-disabled, not disabled: a disabled button loses the focus, and a second submit is ignored anyway.
                <button class="pc button primary" part="button" type="submit" aria-disabled=move || sending.get().to_string()>
                    {move || if sending.get() { Message::Sending.text() } else { Message::Submit.text() }}
                </button>
            </Show>
        </form>
    }
}
