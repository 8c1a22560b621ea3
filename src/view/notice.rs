//! What is said above the form when a submission did not end in a case.

use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;

use super::Actions;
use super::copy::CopyButton;
use crate::form::{CaseForm, FocusTarget};
use crate::messages::{self, Message};
use crate::submission::{Inquiry, Reference, Submission};

/// The notice for a submission that was not sent, was rejected as a whole, or has an unknown outcome.
#[component]
pub(crate) fn Notice(form: CaseForm, actions: Actions) -> impl IntoView {
    move || {
        match form.submission.get() {
        Submission::Editing | Submission::Reviewing(_) | Submission::Sending | Submission::Created(_) => None,
        // Errors in fields are in the summary, which has the focus.
        Submission::Rejected(rejection) if !rejection.errors.is_empty() => {
            Some(view! { class="pc", <References form=form reference=rejection.reference /> }.into_any())
        }
        Submission::Rejected(rejection) => Some(
            view! { class="pc",
                <Panel form=form kind="bad" title=Message::RejectedTitle text=Message::RejectedText reference=rejection.reference />
            }
            .into_any(),
        ),
        Submission::NotSent(not_sent) => Some(
            view! { class="pc",
                <Panel form=form kind="bad" title=messages::not_sent_title(not_sent.reason) text=messages::not_sent(not_sent.reason) reference=not_sent.reference>
                    {not_sent.retry_after_secs.map(|secs| view! { class="pc", <CountDown form=form secs=secs /> })}
                </Panel>
            }
            .into_any(),
        ),
        Submission::OutcomeUnknown(reference) => Some(view! { class="pc",
            <Panel form=form kind="unsure" title=Message::UnknownTitle text=Message::UnknownText reference=reference>
                <p class="text inquiry" role="status">{move || form.texts.get(inquiry_message(form.inquiry.get()))}</p>
                <div class="actions">
                    <button class="button" part="button" type="button" on:click=move |_| actions.check_outcome.run(())>{form.texts.get(Message::UnknownCheck)}</button>
                    <button class="button" part="button" type="button" on:click=move |_| form.reconsider()>{form.texts.get(Message::UnknownEdit)}</button>
                </div>
                // Closed at first: sending again is the last thing to do.
                <details class="again">
                    <summary class="again-summary">{form.texts.get(Message::UnknownSendAgain)}</summary>
                    <p class="text">{form.texts.get(Message::UnknownAdvice)}</p>
                    <button class="button" part="button" type="button" on:click=move |_| send_again(form, actions)>{form.texts.get(Message::UnknownSendAgainChecked)}</button>
                </details>
            </Panel>
        }.into_any()),
        // It does not take the focus: the person is at the text.
        Submission::Reconsidering(reference) => Some(
            view! { class="pc",
                <div class="notice unsure" part="notice">
                    <p class="text">{form.texts.get(Message::UnknownReconsidering)}</p>
                    <References form=form reference=reference />
                </div>
            }
            .into_any(),
        ),
    }
    }
}

const fn inquiry_message(inquiry: Inquiry) -> Message {
    match inquiry {
        Inquiry::Checking => Message::UnknownChecking,
        Inquiry::Open => Message::UnknownStill,
        Inquiry::NoAnswer => Message::UnknownNoAnswer,
    }
}

/// The button that is clicked here vanishes, so the focus goes to the one that shows the sending.
fn send_again(form: CaseForm, actions: Actions) {
    form.renounce();
    actions.submit.run(());
    form.focus.set(Some(FocusTarget::Submit));
}

/// A notice that takes the focus when it appears.
#[component]
fn Panel(
    form: CaseForm,
    kind: &'static str,
    title: Message,
    text: Message,
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
                <h2 class="notice-title" id="notice-title">{form.texts.get(title)}</h2>
                <p class="text">{form.texts.get(text)}</p>
            </div>
            {children.map(|children| children())}
            <References form=form reference=reference />
        </div>
    }
}

/// Counts down to the time from which sending again makes sense. The seconds are seen; heard is only the end of the wait.
#[component]
fn CountDown(form: CaseForm, secs: u64) -> impl IntoView {
    let left = RwSignal::new(usize::try_from(secs).unwrap_or(usize::MAX));
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    let tick = move || {
        left.update(|left| *left = left.saturating_sub(1));
        if left.get_untracked() == 0 {
            stop();
        }
    };
    timer.set_value(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
    on_cleanup(stop);
    let over = Memo::new(move |_| left.get() == 0);
    view! { class="pc",
        <p class="text wait" aria-hidden=move || over.get().to_string()>
            {move || (!over.get()).then(|| form.texts.count(Message::NotSentWait, left.get(), &[]))}
        </p>
        <p class="text wait" role="status">{move || over.get().then(|| form.texts.get(Message::NotSentNow))}</p>
    }
}

/// The ids that support asks for.
#[component]
fn References(form: CaseForm, reference: Reference) -> impl IntoView {
    let ids: Vec<(String, String)> = [
        (Message::TraceId, reference.trace_id),
        (Message::RequestId, reference.request_id),
    ]
    .into_iter()
    .filter_map(|(name, id)| Some((form.texts.get(name), id?)))
    .collect();
    let text: String = ids.iter().map(|(name, id)| format!("{name}: {id}\n")).collect();
    let text = StoredValue::new(text);
    (!ids.is_empty()).then(|| {
        let rows: Vec<_> = ids
            .into_iter()
            .map(|(name, id)| view! { class="pc", <div><dt>{name}</dt><dd><bdi dir="ltr">{id}</bdi></dd></div> })
            .collect();
        view! { class="pc",
            <div class="references" part="references">
                <dl class="reference-list">{rows}</dl>
                <CopyButton form=form label=Message::ReferenceCopy text=move |()| text.get_value() />
            </div>
        }
    })
}
