//! What a person sees. The view shows the form's state and reports what a person does; it does not send.
//!
//! `class="pc"` on every `view!` is no decoration: it keeps Leptos from writing static parts through `innerHTML`, which a page that
//! requires Trusted Types blocks.

#![allow(unreachable_pub, reason = "the component macro makes a component's property types `pub`")]

mod created;
mod description;
mod description_stop;
mod error_summary;
mod field;
mod fields;
mod locale;
mod notice;
mod reason;
mod subject_guard;
mod too_long;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use self::created::CreatedView;
use self::error_summary::ErrorSummary;
use self::field::Ids;
use self::fields::Fields;
use self::notice::Notice;
use crate::form::{CaseForm, FocusTarget};
use crate::messages::Message;
use crate::submission::Submission;

/// The id of the submit button.
const SUBMIT_ID: &str = "submit";

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
            <div role="status" class="visually-hidden">{move || form.said.get()}</div>
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
    let element: NodeRef<html::Form> = NodeRef::new();
    Effect::new(move |_| {
        if let (Some(target), Some(element)) = (form.focus.get(), element.get()) {
            form.focus.set(None);
            focus(&element, target);
        }
    });
    view! { class="pc",
        <form
            node_ref=element
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
                <button id=SUBMIT_ID class="pc button primary" part="button" type="submit" aria-disabled=move || sending.get().to_string()>
                    {move || if sending.get() { Message::Sending.text() } else { Message::Submit.text() }}
                </button>
            </Show>
        </form>
    }
}

/// Moves the focus to a place in the form.
fn focus(form: &Element, target: FocusTarget) {
    let id = match target {
        FocusTarget::Field(field) => Ids(field).control(),
        FocusTarget::Submit => SUBMIT_ID,
    };
    if let Some(control) = form.query_selector(&format!("#{id}")).ok().flatten() {
        let _ = control.unchecked_into::<HtmlElement>().focus();
    }
}
