//! Writing the draft of the present customer, and bringing it back.

use std::time::Duration;

use leptos::prelude::*;
use partner_case_core::CaseDraft;

use super::saved::SavedDraft;
use super::storage::{DraftPlace, PREFIX};
use super::{DraftEvent, DraftNote, Drafts};
use crate::messages::Message;
use crate::{clock, idempotency_key};

/// The draft is kept when nothing has changed for so long, looked at that often: so 0.4 to 0.8 s after the last change. Writing a long one
/// takes some milliseconds, which a person who types would notice.
const PAUSE: Duration = Duration::from_millis(400);

/// After how many times [`PAUSE`] it is kept all the same. What is typed in two seconds is the most that a browser takes along when it
/// crashes; a tab that is closed or put away keeps everything (`save_when_left` in `src/controller.rs`).
const PAUSES_MAX: u8 = 5;

/// How far ahead of now a draft's time may be without being taken for that of a wrong clock.
const CLOCK_TOLERANCE_MILLIS: u64 = 5 * 60_000;

/// How much of a draft was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Whole,
    Partly,
    Not,
}

impl Drafts {
    pub(super) fn stored(self) -> Option<SavedDraft> {
        self.inner.with_value(|inner| {
            let kept = inner.place().read(&inner.name);
            // Put aside in memory when the browser refused to keep it, or when not all of it may be stored.
            let aside = DraftPlace::Memory.read(&inner.name);
            let newest = [aside, kept].into_iter().flatten().reduce(|aside, kept| {
                if kept.saved_at_millis > aside.saved_at_millis {
                    kept
                } else {
                    aside
                }
            });
            newest.filter(|draft| draft.expires_at_millis > clock::now_millis())
        })
    }

    /// Brings the kept draft back. What a person has typed in the meantime is added to it.
    pub(super) fn own_and_load(self) {
        let typed = self.inner.with_value(|inner| {
            let draft = self.form.draft();
            (self.form.has_content() && inner.kept.as_ref() != Some(&draft)).then_some(draft)
        });
        self.inner.update_value(|inner| inner.owned = true);
        self.note.set(DraftNote::Nothing);
        let Some(stored) = self.stored() else {
            self.save();
            return;
        };
        self.form.restore(&stored);
        self.inner.update_value(|inner| {
            inner.kept = Some(stored.texts.clone());
            if inner.place() != DraftPlace::Memory {
                DraftPlace::Memory.remove(&inner.name);
            }
        });
        if let Some(typed) = typed {
            self.form.append(&typed);
        }
        self.event.set(Some(DraftEvent::Restored {
            saved_at_millis: stored.saved_at_millis,
        }));
        self.save();
        let time = self.written(stored.saved_at_millis);
        self.form
            .said
            .set(Some(self.form.texts.with(Message::DraftRestored, &[("time", &time)])));
    }

    /// Keeps the draft once nothing changes for a moment, or after a while of changes.
    pub(super) fn save_soon(self) {
        let waiting = self.inner.try_update_value(|inner| {
            inner.changed_again = true;
            inner.save_timer.is_some()
        });
        if waiting == Some(false) {
            self.wait_for_pause(1);
        }
    }

    fn wait_for_pause(self, nth: u8) {
        let timer = set_timeout_with_handle(
            move || {
                let changed = self.inner.try_update_value(|inner| {
                    inner.save_timer = None;
                    inner.changed_again
                });
                match changed {
                    Some(true) if nth < PAUSES_MAX => self.wait_for_pause(nth + 1),
                    Some(_) => drop(self.save()),
                    // The form may have been taken off the page since.
                    None => {}
                }
            },
            PAUSE,
        );
        self.inner.update_value(|inner| {
            inner.changed_again = false;
            inner.save_timer = timer.ok();
        });
    }

    /// Keeps the draft as it stands, or forgets it when there is nothing to keep. If another tab has it, that is told, or ended.
    pub(crate) fn save(self) -> Kept {
        let (place, owned) = self.inner.with_value(|inner| (inner.place(), inner.owned));
        if !owned {
            self.claim(place);
        }
        self.write()
    }

    pub(super) fn write(self) -> Kept {
        let (place, name, owned) = self
            .inner
            .with_value(|inner| (inner.place(), inner.name.clone(), inner.owned));
        if !owned || place == DraftPlace::None {
            return Kept::Not;
        }
        let Some(mut draft) = self.stamped() else {
            place.remove(&name);
            DraftPlace::Memory.remove(&name);
            self.inner.update_value(|inner| {
                inner.kept = None;
                inner.stop_expiry();
            });
            // What was back is gone again: it was sent.
            if matches!(self.event.get_untracked(), Some(DraftEvent::Restored { .. })) {
                self.event.set(None);
            }
            self.note.set(DraftNote::Nothing);
            return Kept::Whole;
        };
        self.typed_since(&draft.texts);
        let texts = draft.texts.clone();
        let withheld = place.is_shared() && self.form.has_secret_in_description();
        if withheld {
            draft.texts.description.clear();
            draft.sent = None;
        }
        let written = place.write(&name, &draft);
        self.inner.update_value(|inner| inner.kept = Some(texts));
        let (note, kept) = match (written, withheld) {
            (false, _) => (DraftNote::NotKept, Kept::Not),
            (true, true) => (DraftNote::WithoutDescription, Kept::Partly),
            (true, false) if place == DraftPlace::Memory => (DraftNote::InMemory, Kept::Whole),
            (true, false) => {
                let until_millis = draft.expires_at_millis;
                (DraftNote::Stored { place, until_millis }, Kept::Whole)
            }
        };
        self.note.set(note);
        self.forget_in_time();
        kept
    }

    /// What has just happened is past once a person types on.
    fn typed_since(self, texts: &CaseDraft) {
        let changed = self.inner.with_value(|inner| inner.kept.as_ref() != Some(texts));
        if changed && self.event.get_untracked().is_some() {
            self.event.set(None);
            self.inner.update_value(|inner| inner.deleted = None);
        }
    }

    /// The draft with its times.
    pub(super) fn stamped(self) -> Option<SavedDraft> {
        if self.form.has_content() {
            // Made with the draft: a copy of it in another tab has the same.
            self.form.ensure_key(|| idempotency_key::new_key().ok());
        }
        let now = clock::now_millis();
        let ttl = self.inner.with_value(|inner| inner.settings.ttl_millis());
        self.form.snapshot().map(|draft| SavedDraft {
            saved_at_millis: now,
            expires_at_millis: now.saturating_add(ttl),
            ..draft
        })
    }

    /// Forgets the draft when its time is over, if nothing changes until then.
    fn forget_in_time(self) {
        let ttl = self.inner.with_value(|inner| inner.settings.ttl_millis());
        let timer = set_timeout_with_handle(
            move || {
                let expired = self.inner.try_update_value(|inner| {
                    inner.place().remove(&inner.name);
                    inner.expiry_timer = None;
                });
                if expired.is_some() {
                    // What is in the form stays there, as long as the page does.
                    self.note.set(DraftNote::InMemory);
                }
            },
            Duration::from_millis(ttl),
        );
        self.inner.update_value(|inner| {
            inner.stop_expiry();
            inner.expiry_timer = timer.ok();
        });
    }
}

/// Removes the drafts whose time is over. One from a clock that ran ahead gets its time anew.
pub(super) fn forget_expired(place: DraftPlace) {
    let now = clock::now_millis();
    for name in place.names(PREFIX) {
        match place.read(&name) {
            Some(draft) if draft.saved_at_millis > now.saturating_add(CLOCK_TOLERANCE_MILLIS) => {
                let ttl = draft.expires_at_millis.saturating_sub(draft.saved_at_millis);
                place.write(
                    &name,
                    &SavedDraft {
                        saved_at_millis: now,
                        expires_at_millis: now.saturating_add(ttl),
                        ..draft
                    },
                );
            }
            Some(draft) if draft.expires_at_millis > now => {}
            _ => place.remove(&name),
        }
    }
}
