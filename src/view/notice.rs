//! What is said above the form when a submission did not end in a case.

use leptos::html;
use leptos::prelude::*;

use crate::form::{CaseForm, FocusTarget};
use crate::messages::{self, Message};
use crate::submission::{Reference, Submission};

/// The notice for a submission that was not sent, was rejected as a whole, or has an unknown outcome.
#[component]
pub(crate) fn Notice(form: CaseForm, on_submit: Callback<()>) -> impl IntoView {
    move || match form.submission.get() {
        Submission::Editing | Submission::Sending | Submission::Created(_) => None,
        // Errors in fields are in the summary, which has the focus.
        Submission::Rejected(rejection) if !rejection.errors.is_empty() => {
            Some(view! { class="pc", <References reference=rejection.reference /> }.into_any())
        }
        Submission::Rejected(rejection) => {
            let title = Message::RejectedTitle.text();
            let text = Message::RejectedText.text().to_owned();
            Some(
                view! { class="pc", <Panel form=form kind="bad" title=title text=text reference=rejection.reference /> }
                    .into_any(),
            )
        }
        Submission::NotSent(not_sent) => {
            let title = Message::NotSentTitle.text();
            let text = messages::not_sent(not_sent.reason, not_sent.retry_after_secs);
            Some(
                view! { class="pc", <Panel form=form kind="bad" title=title text=text reference=not_sent.reference /> }
                    .into_any(),
            )
        }
        Submission::OutcomeUnknown(reference) => {
            let title = Message::UnknownTitle.text();
            let text = Message::UnknownText.text().to_owned();
            Some(view! { class="pc",
                <Panel form=form kind="unsure" title=title text=text reference=reference>
                    <p class="text">{Message::UnknownAdvice.text()}</p>
                    <div class="actions">
                        <button class="button" part="button" type="button" on:click=move |_| form.reconsider()>{Message::UnknownEdit.text()}</button>
                        <button class="button" part="button" type="button" on:click=move |_| send_again(form, on_submit)>{Message::UnknownSendAgain.text()}</button>
                    </div>
                </Panel>
            }.into_any())
        }
        // It does not take the focus: the person is at the text.
        Submission::Reconsidering(reference) => Some(
            view! { class="pc",
                <div class="notice unsure" part="notice">
                    <p class="text">{Message::UnknownReconsidering.text()}</p>
                    <References reference=reference />
                </div>
            }
            .into_any(),
        ),
    }
}

/// The button that is clicked here vanishes, so the focus goes to the one that shows the sending.
fn send_again(form: CaseForm, on_submit: Callback<()>) {
    form.reconsider();
    on_submit.run(());
    form.focus.set(Some(FocusTarget::Submit));
}

/// A notice that takes the focus when it appears.
#[component]
fn Panel(
    form: CaseForm,
    kind: &'static str,
    title: &'static str,
    text: String,
    reference: Reference,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let panel: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| {
        form.shown.track();
        if let Some(panel) = panel.get() {
            let _ = panel.focus();
        }
    });
    view! { class="pc",
        <div node_ref=panel class=format!("pc notice {kind}") part="notice" role="group" tabindex="-1" aria-labelledby="notice-title">
            <div role="alert">
                <h2 class="notice-title" id="notice-title">{title}</h2>
                <p class="text">{text}</p>
            </div>
            {children.map(|children| children())}
            <References reference=reference />
        </div>
    }
}

/// The ids that support asks for.
#[component]
fn References(reference: Reference) -> impl IntoView {
    let rows: Vec<_> = [
        (Message::TraceId, reference.trace_id),
        (Message::RequestId, reference.request_id),
    ]
    .into_iter()
    .filter_map(|(name, id)| Some(view! { class="pc", <div><dt>{name.text()}</dt><dd dir="ltr">{id?}</dd></div> }))
    .collect();
    (!rows.is_empty()).then(|| view! { class="pc", <dl class="references" part="references">{rows}</dl> })
}
