//! What is said above the form when a submission did not end in a case.

use leptos::prelude::*;
use partner_case_model::{CopyTarget, Event, FocusTarget, PollStatus, Submission, SupportIds};

use super::buttons::{button, copy_button};
use crate::messages::FormState;
use crate::view::context::FormContext;

/// Which notice there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    /// Errors in fields are in the summary, which has the focus.
    OnlyIds,
    Rejected,
    NotSent,
    Unknown,
    Reconsidering,
}

fn kind(submission: &Submission) -> Kind {
    match submission {
        Submission::Editing | Submission::Reviewing(_) | Submission::Sending | Submission::Created(_) => Kind::None,
        Submission::Rejected(rejection) if !rejection.errors.is_empty() => Kind::OnlyIds,
        Submission::Rejected(_) => Kind::Rejected,
        Submission::NotSent(_) => Kind::NotSent,
        Submission::OutcomeUnknown(_) => Kind::Unknown,
        Submission::Reconsidering(_) => Kind::Reconsidering,
    }
}

fn ids(submission: &Submission) -> Option<&SupportIds> {
    match submission {
        Submission::Rejected(rejection) => Some(&rejection.ids),
        Submission::NotSent(not_sent) => Some(&not_sent.ids),
        Submission::OutcomeUnknown(ids) | Submission::Reconsidering(ids) => Some(ids),
        _ => None,
    }
}

/// The notice for a submission that was not sent, was rejected as a whole, or may exist.
pub(super) fn notice(ctx: FormContext) -> AnyView {
    let kind = Memo::new(move |_| ctx.with(|state| kind(&state.model.submission)));
    let view = move || match kind.get() {
        Kind::None => ().into_any(),
        Kind::OnlyIds => support_ids(ctx),
        Kind::Rejected => panel(ctx, "pc notice bad", ().into_any()),
        Kind::NotSent => panel(ctx, "pc notice bad", countdown(ctx)),
        Kind::Unknown => panel(ctx, "pc notice unsure", unknown(ctx)),
        // It does not take the focus: the agent is at the text.
        Kind::Reconsidering => view! { class="pc",
            <div class="notice unsure" part="notice">
                <p class="text">{move || ctx.text("unknown.reconsidering")}</p>
                {support_ids(ctx)}
            </div>
        }
        .into_any(),
    };
    view.into_any()
}

/// The title of the notice, and what it says.
fn texts(state: &FormState) -> (&str, &str) {
    match &state.model.submission {
        Submission::NotSent(not_sent) => state.catalogue.not_sent(not_sent.reason),
        Submission::OutcomeUnknown(_) => (state.text("unknown.title"), state.text("unknown.text")),
        _ => (state.text("rejected.title"), state.text("rejected.text")),
    }
}

/// A notice that takes the focus.
fn panel(ctx: FormContext, class: &'static str, more: AnyView) -> AnyView {
    view! { class="pc",
        <div id=FocusTarget::Notice.element_id() class=class part="notice" role="group" tabindex="-1" aria-labelledby="notice-title">
            <div role="alert">
                <h2 class="notice-title" id="notice-title">{move || ctx.with(|state| texts(state).0.to_owned())}</h2>
                <p class="text">{move || ctx.with(|state| texts(state).1.to_owned())}</p>
            </div>
            {more}
            {support_ids(ctx)}
        </div>
    }
    .into_any()
}

fn unknown(ctx: FormContext) -> AnyView {
    let status = move || {
        ctx.with(|state| {
            let key = match state.model.polls.status {
                PollStatus::Checking => "unknown.checking",
                PollStatus::Open => "unknown.still",
                PollStatus::NoAnswer => "unknown.no_answer",
            };
            state.text(key).to_owned()
        })
    };
    view! { class="pc",
        <p class="text inquiry" role="status">{status}</p>
        <div class="actions">
            {button(ctx, "button", "unknown.check", || Event::OutcomeCheckRequested)}
            {button(ctx, "button", "unknown.edit", || Event::EditRequested)}
        </div>
        // Closed at first: sending again is the last thing to do.
        <details class="again">
            <summary class="again-summary">{move || ctx.text("unknown.send_again")}</summary>
            <p class="text">{move || ctx.text("unknown.advice")}</p>
            {button(ctx, "button", "unknown.send_again_checked", || Event::SendAgainConfirmed)}
        </details>
    }
    .into_any()
}

/// Counts down to the time from which sending again makes sense. The seconds are seen; heard is only the end of the wait.
fn countdown(ctx: FormContext) -> AnyView {
    let wait = move || {
        ctx.with(|state| match state.model.retry_in_secs {
            Some(secs) if secs > 0 => state
                .catalogue
                .count("not_sent.wait", usize::try_from(secs).unwrap_or(usize::MAX), &[]),
            _ => String::new(),
        })
    };
    let is_over = move || ctx.with(|state| state.model.retry_in_secs == Some(0));
    let over = move || if is_over() { ctx.text("not_sent.now") } else { String::new() };
    view! { class="pc",
        <p class="text wait" aria-hidden=move || is_over().to_string()>{wait}</p>
        <p class="text wait" role="status">{over}</p>
    }
    .into_any()
}

/// The IDs by which support finds the request, each with its name.
fn named_ids(state: &FormState) -> Vec<(String, String)> {
    let ids = ids(&state.model.submission).cloned().unwrap_or_default();
    [("reference.trace_id", ids.trace_id), ("reference.request_id", ids.request_id)]
        .into_iter()
        .filter_map(|(key, id)| Some((state.text(key).to_owned(), id?)))
        .collect()
}

fn ids_text(state: &FormState) -> String {
    named_ids(state)
        .into_iter()
        .map(|(name, id)| format!("{name}: {id}\n"))
        .collect()
}

fn support_ids(ctx: FormContext) -> AnyView {
    let ids = Memo::new(move |_| ctx.with(named_ids));
    let view = move || {
        let ids = ids.get();
        (!ids.is_empty()).then(|| {
            let row = |(name, id)| view! { class="pc", <div><dt>{name}</dt><dd><bdi dir="ltr">{id}</bdi></dd></div> };
            view! { class="pc",
                <div class="references" part="references">
                    <dl class="reference-list">{ids.into_iter().map(row).collect_view()}</dl>
                    {copy_button(ctx, CopyTarget::SupportIds, "reference.copy", ids_text)}
                </div>
            }
        })
    };
    view.into_any()
}
