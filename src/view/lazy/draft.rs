//! The line below the form that says what becomes of the draft.

use leptos::prelude::*;
use partner_case_model::{DraftEvent, DraftStatus, Event, Model};

use crate::messages::Catalogue;
use crate::view::context::FormContext;

fn event_text(event: &Option<DraftEvent>, catalogue: &Catalogue) -> Option<String> {
    Some(match (*event)? {
        DraftEvent::Restored { changed_at_millis } => {
            let time = catalogue.moment(changed_at_millis);
            catalogue.with("draft.restored", &[("time", &time)])
        }
        DraftEvent::Parked(of) => catalogue.parked(of),
        DraftEvent::Deleted => catalogue.text("draft.deleted").to_owned(),
    })
}

fn status_text(status: &DraftStatus, catalogue: &Catalogue) -> String {
    let key = match *status {
        DraftStatus::Empty => return String::new(),
        DraftStatus::InMemory => "draft.memory",
        DraftStatus::Stored {
            for_all_tabs,
            until_millis,
        } => {
            let key = if for_all_tabs { "draft.local" } else { "draft.session" };
            return catalogue.with(key, &[("time", &catalogue.moment(until_millis))]);
        }
        DraftStatus::NotStored => "draft.not_kept",
        DraftStatus::WithoutDescription => "draft.secret",
        DraftStatus::Elsewhere(scope) => return catalogue.elsewhere(scope).to_owned(),
    };
    catalogue.text(key).to_owned()
}

/// What the agent can do about the draft now.
fn offer(model: &Model) -> Option<(&'static str, Event)> {
    match (model.draft.event, model.draft.status) {
        _ if model.is_locked() => None,
        (_, DraftStatus::Elsewhere(_)) => Some(("draft.take_over", Event::LockStealRequested)),
        (Some(DraftEvent::Deleted), _) => Some(("draft.undo", Event::DraftRestoreRequested)),
        (_, DraftStatus::Empty | DraftStatus::NotStored) => None,
        _ => Some(("draft.delete", Event::DraftDeleted)),
    }
}

fn has_offer(model: &Model) -> bool {
    offer(model).is_some()
}

/// Says where the draft is and when it goes, and offers to delete it, to restore it, or to take it from another tab.
pub(super) fn line(ctx: FormContext) -> AnyView {
    let is_shown = |model: &Model| has_offer(model) || model.draft.event.is_some() || model.draft.status != DraftStatus::Empty;
    ctx.when(is_shown, move || {
        let event = ctx.worked_out(|model| model.draft.event, event_text);
        let event = move || event().map(|text| view! { class="pc", <p class="draft-event">{text}</p> });
        // One button, so that the focus stays where it is when deleting has turned into restoring.
        let button = ctx.when(has_offer, move || {
            let take_up = move |_| {
                if let Some((_, event)) = ctx.with_untracked(|state| offer(&state.model)) {
                    ctx.dispatch(event);
                }
            };
            let name = move || ctx.with(|state| offer(&state.model).map(|(key, _)| state.text(key).to_owned()));
            view! { class="pc", <button class="button small" part="button" type="button" on:click=take_up>{name}</button> }
                .into_any()
        });
        view! { class="pc",
            <div class="draft" part="draft">
                {event}
                <p class="hint">{ctx.worked_out(|model| model.draft.status, status_text)}</p>
                {button}
            </div>
        }
        .into_any()
    })
}
