//! What of a draft is in the memory of the page alone: what the browser does not store, and what was typed beside a draft that another form has.

use super::step::Step;
use crate::command::Command;
use crate::draft::{DraftAddress, DraftPlace, DraftStatus, Snapshot, beside_name};

impl Step<'_> {
    /// Stores all of the draft, for the form is about to be emptied or to leave: in memory what the browser does not store, or not all of. The
    /// answer is whether there was something to store.
    pub(crate) fn park(&mut self) -> bool {
        let was_writer = self.close_draft();
        let address = self.model.draft.address.clone();
        if address.place == DraftPlace::None || !self.model.has_content() {
            return false;
        }
        if !was_writer {
            self.take_beside();
        }
        let Some(snapshot) = self.stamped().map(Box::new) else {
            return false;
        };
        if snapshot.expires_at_millis <= self.env.now_millis() {
            return false;
        }
        let is_whole = matches!(self.model.draft.status, DraftStatus::InMemory | DraftStatus::Stored { .. });
        match was_writer {
            false => self.store_beside(snapshot),
            true if !is_whole => self.store_in_memory(address, snapshot),
            true => {}
        }
        true
    }

    /// Takes into the form what this page holds of it beside the draft, whoever has the draft's lock.
    pub(super) fn take_beside(&mut self) {
        let place = DraftPlace::Memory;
        for name in self.stored_names(place, &beside_name(&self.model.draft.address.name)) {
            // What was sent stays as it is.
            if self.model.pending.is_some() || self.shows_receipt() {
                return;
            }
            let Some(beside) = self.stored(place, &name) else { continue };
            if self.is_valid(&name, &beside) {
                self.merge(&beside);
            }
            self.run(Command::Delete { place, name });
        }
    }

    /// Adds what was typed beside the draft to what the form holds.
    fn merge(&mut self, beside: &Snapshot) {
        let typed = self.model.has_content().then(|| self.typed());
        match typed {
            // What was sent comes first: it is not to be forgotten.
            Some(typed) if beside.pending.is_some() => {
                self.restore(beside);
                self.add(&typed);
            }
            Some(_) => self.add(&(beside.texts.clone(), beside.reason)),
            None => self.restore(beside),
        }
    }

    /// Stores a draft of the present customer in memory, beside what is there. Two forms of a page may both have one.
    pub(super) fn store_beside(&mut self, snapshot: Box<Snapshot>) {
        let (place, mut name) = (DraftPlace::Memory, beside_name(&self.model.draft.address.name));
        while self.is_stored(place, &name) {
            name.push('+');
        }
        self.run(Command::Store { place, name, snapshot });
    }

    /// Stores in memory what the browser has not stored. The copy is later than what is stored, because the later of two is restored.
    pub(super) fn store_in_memory(&mut self, of: DraftAddress, mut snapshot: Box<Snapshot>) {
        let copy = self.stored(DraftPlace::Memory, &of.name);
        // One that is as new has more in it: the browser was not to store all.
        if copy.is_some_and(|copy| copy.changed_at_millis >= snapshot.changed_at_millis) {
            return;
        }
        let stored_at = self
            .stored(of.place, &of.name)
            .map_or(0, |stored| stored.changed_at_millis.saturating_add(1));
        // The clock may have been set back since.
        snapshot.changed_at_millis = snapshot.changed_at_millis.max(stored_at);
        let (place, name) = (DraftPlace::Memory, of.name);
        self.run(Command::Store { place, name, snapshot });
    }
}
