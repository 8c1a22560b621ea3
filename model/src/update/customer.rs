//! A draft belongs to a customer: what happens when the portal shows another, or the agent signs out.

use partner_case_core::{CaseInput, Field};

use super::step::Step;
use crate::announcement::Announcement;
use crate::command::{Command, LockMode, LockScope, Timer};
use crate::draft::{DraftAddress, DraftEvent, DraftPlace, DraftSettings, DraftStatus, Snapshot};
use crate::options::FormOptions;

/// What new options mean for the draft that the form holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// The form has just started.
    Start,
    /// The same customer.
    None,
    /// The same customer, of whom the portal knows more now: an ID that arrives late.
    Completed,
    /// Drafts are switched on or off, or are off: the text stays where it is.
    Switched,
    /// Another customer.
    Another,
}

impl Step<'_> {
    /// Takes over whom the portal shows: the first time, or anew. For another customer the form starts over, and what was typed is stored.
    pub(crate) fn show_customer(&mut self, options: &FormOptions) {
        let address = options.drafts.address(&options.endpoint, &options.prefill);
        let prefill = options.prefill.clone();
        match self.change_to(options) {
            Change::None => self.prefill(prefill),
            Change::Start => {
                self.prefill(prefill);
                self.model.draft.address = address;
                self.open_draft();
            }
            Change::Completed => {
                self.prefill(prefill);
                self.close_draft();
                // The draft goes on under its customer's whole name.
                self.delete(self.model.draft.address.place);
                self.model.draft.address = address;
                self.open_draft();
            }
            Change::Switched => {
                self.prefill(prefill);
                self.close_draft();
                self.leave_draft();
                self.model.draft.address = address;
                self.open_draft();
            }
            Change::Another => {
                let parked = self.model.has_content();
                let was_writer = self.model.draft.is_writer;
                self.close_draft();
                let is_whole =
                    was_writer && matches!(self.model.draft.status, DraftStatus::InMemory | DraftStatus::Stored { .. });
                if parked && !is_whole {
                    self.keep_in_memory();
                }
                self.leave_draft();
                self.model.draft.address = address;
                self.model.draft.changed_at = None;
                self.model.prefilled = prefill;
                self.reset();
                if parked {
                    self.model.draft.event = Some(DraftEvent::Parked);
                    self.announce(Announcement::DraftParked);
                }
                self.open_draft();
            }
        }
    }

    fn change_to(&self, options: &FormOptions) -> Change {
        let (before, after) = (&self.model.options, options);
        let address = after.drafts.address(&after.endpoint, &after.prefill);
        let own = &self.model.draft.address;
        if own.name.is_empty() {
            Change::Start
        } else if *own == address {
            Change::None
        } else if own.place == DraftPlace::None || address.place == DraftPlace::None {
            Change::Switched
        } else if is_completed(before, after) && !self.model.is_locked() {
            Change::Completed
        } else {
            Change::Another
        }
    }

    /// The form is about to be emptied for another customer, and the browser stores not all of the draft, or nothing.
    fn keep_in_memory(&mut self) {
        let address = self.model.draft.address.clone();
        if let Some(snapshot) = self.stamped() {
            self.store_in_memory(address, Box::new(snapshot));
        }
    }

    fn leave_draft(&mut self) {
        let draft = &mut self.model.draft;
        draft.deleted = None;
        draft.event = None;
        draft.status = DraftStatus::Empty;
    }

    /// Starts to store the draft of the present customer, and restores it if there is one.
    fn open_draft(&mut self) {
        let DraftAddress { place, name } = self.model.draft.address.clone();
        let stored = self.env.stored(place, &name);
        let draft = &mut self.model.draft;
        draft.is_unreadable = stored.is_some_and(|json| Snapshot::read(&json).is_none());
        draft.is_writer = false;
        draft.stored_input = None;
        self.delete_expired();
        match place {
            DraftPlace::None => {}
            // Each tab has a storage of its own. A copy of a tab has a copy of the draft, with the same key.
            DraftPlace::Memory | DraftPlace::Session => self.request_lock(LockScope::Page, LockMode::Wait),
            DraftPlace::Local => self.request_lock(LockScope::Browser, LockMode::Wait),
        }
    }

    /// Stops storing the draft of the present customer; what is stored stays.
    pub(crate) fn close_draft(&mut self) {
        self.write();
        self.run(Command::StopTimer(Timer::Save));
        self.run(Command::StopTimer(Timer::Expiry));
        self.model.draft.save_timer = None;
        self.model.draft.is_writer = false;
        self.release_lock();
    }

    /// Deletes the draft, in the form and where it is stored. Until the agent types again, the form offers to restore it.
    pub(crate) fn delete_draft(&mut self) {
        let deleted = self.stamped();
        self.clear_draft();
        if let Some(deleted) = deleted {
            self.model.draft.deleted = Some(Box::new(deleted));
            self.model.draft.event = Some(DraftEvent::Deleted);
            self.announce(Announcement::DraftDeleted);
        }
    }

    /// Restores what was deleted last.
    pub(crate) fn restore_deleted(&mut self) {
        if let Some(deleted) = self.model.draft.deleted.take() {
            self.restore(&deleted);
            self.model.draft.event = None;
            self.save();
        }
    }

    /// Empties the form and deletes the draft of the present customer.
    pub(crate) fn clear_draft(&mut self) {
        self.reset();
        self.model.draft.event = None;
        self.model.draft.deleted = None;
        self.save();
    }

    /// Empties the form and deletes the drafts of all customers in this scope: the agent has signed out, here or elsewhere.
    pub(crate) fn sign_out(&mut self, elsewhere: Option<&str>) {
        let prefix = self.model.options.drafts.prefix(&self.model.options.endpoint);
        // Another agent's, or another proxy's.
        if elsewhere.is_some_and(|other| other != prefix) {
            return;
        }
        self.clear_draft();
        for place in DraftPlace::STORING {
            for name in self.env.stored_names(place, &prefix) {
                self.run(Command::Delete { place, name });
            }
        }
        if elsewhere.is_none() {
            self.run(Command::BroadcastSignOut { prefix });
        }
    }
}

/// Whether the portal has only added IDs of the customer: one that was there before is the same now.
fn is_completed(before: &FormOptions, after: &FormOptions) -> bool {
    let without_ids = |settings: &DraftSettings, endpoint: &str| settings.address(endpoint, &CaseInput::default());
    let same_place = without_ids(&before.drafts, &before.endpoint) == without_ids(&after.drafts, &after.endpoint);
    same_place
        && [Field::UserId, Field::TransferId].into_iter().all(|field| {
            let (before, after) = (before.prefill[field].trim(), after.prefill[field].trim());
            before.is_empty() || before == after
        })
}
