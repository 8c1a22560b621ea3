//! The line below the form that says what becomes of the draft.

use leptos::prelude::*;

use crate::drafts::{DraftEvent, DraftNote, DraftPlace, Drafts};
use crate::form::CaseForm;
use crate::messages::Message;
use crate::watched::Derived;

/// Says where the draft is and when it goes, and offers to delete it, to bring it back, or to take it from another tab.
#[component]
pub(crate) fn DraftLine(form: CaseForm, drafts: Drafts, locked: Derived<bool>) -> impl IntoView {
    let event_text = move || {
        Some(match drafts.event.get()? {
            DraftEvent::Restored { saved_at_millis } => {
                let time = drafts.written(saved_at_millis);
                form.texts.with(Message::DraftRestored, &[("time", &time)])
            }
            DraftEvent::Parked => form.texts.get(Message::DraftParked),
            DraftEvent::Deleted => form.texts.get(Message::DraftDeleted),
        })
    };
    let note_text = move || {
        Some(match drafts.note.get() {
            DraftNote::Nothing => return None,
            DraftNote::InMemory => form.texts.get(Message::DraftMemory),
            DraftNote::Stored { place, until_millis } => {
                let message = match place {
                    DraftPlace::Local => Message::DraftLocal,
                    DraftPlace::None | DraftPlace::Memory | DraftPlace::Session => Message::DraftSession,
                };
                form.texts.with(message, &[("time", &drafts.written(until_millis))])
            }
            DraftNote::NotKept => form.texts.get(Message::DraftNotKept),
            DraftNote::WithoutDescription => form.texts.get(Message::DraftSecret),
            DraftNote::Elsewhere => form.texts.get(Message::DraftElsewhere),
        })
    };
    // One button, so that the focus stays where it is when deleting has turned into bringing back.
    let offer = Memo::new(move |_| match (drafts.event.get(), drafts.note.get()) {
        _ if locked.get() => None,
        (_, DraftNote::Elsewhere) => Some(Offer::TakeOver),
        (Some(DraftEvent::Deleted), _) => Some(Offer::Undo),
        (_, DraftNote::Nothing) => None,
        _ => Some(Offer::Delete),
    });
    let any =
        Memo::new(move |_| offer.get().is_some() || drafts.event.get().is_some() || drafts.note.get() != DraftNote::Nothing);
    view! { class="pc",
        <Show when=move || any.get()>
            <div class="draft" part="draft">
                {move || event_text().map(|text| view! { class="pc", <p class="draft-event">{text}</p> })}
                <p class="hint">{note_text}</p>
                <Show when=move || offer.get().is_some()>
                    <button class="button small" part="button" type="button" on:click=move |_| take_up(drafts, offer.get_untracked())>
                        {move || offer.get().map(|offer| form.texts.get(offer.message()))}
                    </button>
                </Show>
            </div>
        </Show>
    }
}

/// What can be done about the draft now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offer {
    Delete,
    Undo,
    TakeOver,
}

impl Offer {
    const fn message(self) -> Message {
        match self {
            Self::Delete => Message::DraftDelete,
            Self::Undo => Message::DraftUndo,
            Self::TakeOver => Message::DraftTakeOver,
        }
    }
}

fn take_up(drafts: Drafts, offer: Option<Offer>) {
    match offer {
        Some(Offer::Delete) => drafts.delete(),
        Some(Offer::Undo) => drafts.undo_delete(),
        Some(Offer::TakeOver) => drafts.take_over(),
        None => {}
    }
}
