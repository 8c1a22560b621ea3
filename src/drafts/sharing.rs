//! Which of several tabs keeps a draft in the storage that they share.

use std::time::Duration;

use leptos::prelude::*;

use super::lock::{Ask, Lock};
use super::storage::DraftPlace;
use super::{DraftNote, Drafts};
use crate::messages::Message;
use crate::submission::Submission;

/// How long to wait for a draft's lock before saying that another tab has it. A page that is loaded anew gets it when the old one has
/// gone.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

impl Drafts {
    pub(super) fn ask_for_lock(self, ask: Ask, opening: u32) {
        let is_current = move || self.inner.try_with_value(|inner| inner.opening == opening) == Some(true);
        let granted = move || {
            if is_current() {
                self.inner.update_value(|inner| inner.waiting = false);
                self.granted(ask);
            }
        };
        let lost = move || {
            if is_current() {
                self.inner.update_value(|inner| {
                    inner.owned = false;
                    inner.stop_expiry();
                });
                if self.form.has_content() {
                    self.elsewhere();
                }
            }
        };
        let refused = move || {
            if is_current() {
                self.inner.update_value(|inner| inner.waiting = false);
                self.own_and_load();
            }
        };
        let name = self.inner.with_value(|inner| inner.name.clone());
        match Lock::request(&name, ask, granted, lost, refused) {
            Some(lock) => self.inner.update_value(|inner| {
                inner.lock = Some(lock);
                inner.waiting = true;
            }),
            None => return self.own_and_load(),
        }
        set_timeout(
            move || {
                if is_current() && self.inner.with_value(|inner| inner.waiting) && self.stored().is_some() {
                    self.elsewhere();
                }
            },
            LOCK_PATIENCE,
        );
    }

    fn granted(self, ask: Ask) {
        // The other tab was closed while a person was typing here: what it left is not to be written over, nor to replace what they type.
        // Nor is it to replace a receipt: that is for the next case.
        let receipt = self
            .form
            .submission
            .with_untracked(|submission| matches!(submission, Submission::Created(_)));
        let conflict = ask == Ask::Wait && (self.form.has_content() || receipt) && self.stored().is_some();
        if conflict {
            self.elsewhere();
        } else {
            self.own_and_load();
        }
    }

    pub(super) fn elsewhere(self) {
        if self.note.get_untracked() != DraftNote::Elsewhere {
            self.note.set(DraftNote::Elsewhere);
            self.say(Message::DraftElsewhere);
        }
    }

    /// Goes on here with a draft that another tab has.
    pub(crate) fn take_over(self) {
        let opening = self.inner.with_value(|inner| inner.opening);
        self.ask_for_lock(Ask::Take, opening);
    }

    /// Another tab has this customer open. If it has no draft, this one becomes the tab that has.
    pub(super) fn claim(self, place: DraftPlace) {
        if place == DraftPlace::Local && self.form.has_content() {
            if self.stored().is_none() {
                self.take_over();
            } else {
                self.elsewhere();
            }
        }
    }
}
