//! What is said when Wise has the case.

use leptos::html;
use leptos::prelude::*;
use partner_case_core::{Case, CaseStatus, Field};

use super::copy::CopyButton;
use crate::export;
use crate::form::{CaseForm, FocusTarget};
use crate::messages::{self, Message};
use crate::receipt;
use crate::submission::Submission;

/// The receipt of a created case. Its status is followed; the rest stays.
#[component]
pub(crate) fn CreatedView(form: CaseForm) -> impl IntoView {
    let case = Memo::new(move |_| {
        form.submission.with(|submission| match submission {
            Submission::Created(case) => Some(case.clone()),
            _ => None,
        })
    });
    let failed = Memo::new(move |_| case.get().is_some_and(|case| case.status == CaseStatus::Failed));
    let title: NodeRef<html::H2> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    let text = move |parts| {
        case.get_untracked()
            .map_or_else(String::new, |case| receipt::text(form, &case, parts))
    };
    let title_text = move || {
        form.texts.get(if failed.get() {
            Message::CreatedFailedTitle
        } else {
            Message::CreatedTitle
        })
    };
    view! { class="pc",
        <div class=move || if failed.get() { "pc notice bad" } else { "pc notice good" } part="receipt">
            <h2 node_ref=title class="notice-title" tabindex="-1">{title_text}</h2>
            <dl class="receipt">
                <div class="row number">
                    <dt>{form.texts.get(Message::CreatedNumber)}</dt>
                    <dd><bdi dir="ltr">{move || case.get().map(|case| case.id.to_string())}</bdi></dd>
                </div>
                <div class="row">
                    <dt>{form.texts.get(Message::CreatedStatus)}</dt>
                    // Announced when it changes.
                    <dd><span role="status">{move || case.get().map(|case| messages::status(form.texts, &case.status))}</span></dd>
                </div>
                {move || case.get().map(|case| rows(form, &case))}
            </dl>
            <div class="next">
                {move || if failed.get() {
                    view! { class="pc", <p class="text">{form.texts.get(Message::CreatedFailedText)}</p> }.into_any()
                } else {
                    view! { class="pc",
                        <h3 class="next-title">{form.texts.get(Message::CreatedNextTitle)}</h3>
                        <p class="text">{form.texts.get(Message::CreatedNext)}</p>
                    }.into_any()
                }}
            </div>
            <div class="actions">
                <CopyButton form=form label=Message::CreatedCopy text=move |()| text(receipt::Parts::Case) />
                <button class="button small" part="button" type="button" on:click=move |_| export::print(&text(receipt::Parts::All), &form.texts.catalogue_untracked())>
                    {form.texts.get(Message::CreatedPrint)}
                </button>
                <button class="button small" part="button" type="button" on:click=move |_| {
                    let name = case.get_untracked().map(|case| format!("case-{}.txt", case.id)).unwrap_or_default();
                    export::download(&name, &text(receipt::Parts::All));
                }>
                    {form.texts.get(Message::CreatedDownload)}
                </button>
            </div>
            <div class="actions">
                <Show when=move || failed.get()>
                    <button class="button" part="button" type="button" on:click=move |_| form.edit_failed()>{form.texts.get(Message::UnknownEdit)}</button>
                </Show>
                <button class="button" part="button" type="button" on:click=move |_| another(form)>{form.texts.get(Message::CreatedAnother)}</button>
            </div>
        </div>
    }
}

fn rows(form: CaseForm, case: &Case) -> impl IntoView + use<> {
    receipt::rows(form.texts, case)
        .into_iter()
        .map(|(name, value)| view! { class="pc", <div class="row"><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div> })
        .collect_view()
}

/// The button that is clicked here vanishes, so the focus goes to the first field of the new case.
fn another(form: CaseForm) {
    form.reset();
    form.focus.set(Some(FocusTarget::Field(Field::CaseType)));
}
