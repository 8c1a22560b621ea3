//! What happens to what a tab stores.

use partner_case_model::DraftPlace;

use super::{FormId, World};

impl World {
    /// The page has crashed, and is loaded again by the browser: the session's storage is still there.
    pub(crate) fn crash_keeping_session(&mut self, form: FormId) {
        let session = self.stored_in(DraftPlace::Session);
        let tab = self.forms[form].tab;
        self.crash(form);
        for (name, text) in session {
            self.store(DraftPlace::Session, tab, &name, &text);
        }
    }

    /// The browser copies a tab, and with it the session's storage.
    pub(crate) fn duplicate_session(&self, from: usize, to: usize) {
        let stored = self.stored.borrow().clone();
        for (place, owner, name, text) in stored {
            if place == DraftPlace::Session && owner == Some(from) {
                self.store(place, to, &name, &text);
            }
        }
    }
}
