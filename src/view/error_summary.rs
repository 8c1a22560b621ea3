//! The error summary, as GOV.UK's design system does it: focused, and linked to the fields.

use leptos::html;
use leptos::prelude::*;
use partner_case_core::Field;
use web_sys::wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, Node, ShadowRoot};

use super::field::Ids;
use crate::form::CaseForm;
use crate::messages::{self, Message};
use crate::submission::Submission;

/// What is wrong with a field, in words.
pub(crate) fn error_text(form: CaseForm, field: Field) -> Option<String> {
    form.errors
        .with(|errors| Some(messages::field_error(form.texts, field, errors.get(field)?)))
}

/// Lists what is wrong, in the same words as in the fields. It takes the focus after every submit that found something.
#[component]
pub(crate) fn ErrorSummary(form: CaseForm) -> impl IntoView {
    let has_errors = Memo::new(move |_| form.errors.with(|errors| !errors.is_empty()));
    view! { class="pc",
        <Show when=move || has_errors.get()>
            <Summary form=form />
        </Show>
    }
}

#[component]
fn Summary(form: CaseForm) -> impl IntoView {
    let summary: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| {
        form.shown.track();
        if let Some(summary) = summary.get() {
            let _ = summary.focus();
        }
    });
    let errors = move || {
        let fields: Vec<Field> = form.errors.with(|errors| errors.iter().map(|(field, _)| field).collect());
        fields
            .into_iter()
            .filter_map(|field| Some((field, error_text(form, field)?)))
            .collect::<Vec<_>>()
    };
    // The same list, but a rejection also has to say that no case was created.
    let rejected = Memo::new(move |_| matches!(form.submission.get(), Submission::Rejected(_)));
    view! { class="pc",
        <div node_ref=summary class="summary" part="error-summary" role="group" tabindex="-1" aria-labelledby="summary-title">
            // The alert is a child, so that it is not announced twice when its parent takes the focus.
            <div role="alert">
                <h2 class="summary-title" id="summary-title">
                    {move || if rejected.get() { form.texts.get(Message::RejectedTitle) } else { form.texts.get(Message::SummaryTitle) }}
                </h2>
                {move || rejected.get().then(|| view! { class="pc", <p class="text">{form.texts.get(Message::RejectedFields)}</p> })}
                <ul class="summary-list">
                    {move || errors().into_iter().map(|(field, text)| view! { class="pc",
                        <li>
                            <a
                                href=format!("#{}", Ids(field).control())
                                on:click=move |event| {
                                    // A fragment does not reach into a shadow root, so the focus is moved by hand.
                                    event.prevent_default();
                                    if let Some(link) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                                        focus_field(&link, field);
                                    }
                                }
                            >{text}</a>
                        </li>
                    }).collect_view()}
                </ul>
            </div>
        </div>
    }
}

/// Shows the label first, so that it is not left above the edge of the screen, and then focuses the control.
fn focus_field(link: &Element, field: Field) {
    let root: Node = link.get_root_node();
    let Some(control) = root
        .dyn_ref::<ShadowRoot>()
        .and_then(|root| root.get_element_by_id(Ids(field).control()))
    else {
        return;
    };
    if let Some(group) = control.closest(".field").ok().flatten() {
        group.scroll_into_view();
    }
    if let Some(control) = control.dyn_ref::<HtmlElement>() {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = control.focus_with_options(&options);
    }
}
