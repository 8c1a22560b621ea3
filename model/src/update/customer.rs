//! A draft belongs to a customer: what happens when the portal shows another, or the agent signs out.

use partner_case_core::{CaseInput, Field, parse_id};

use super::step::Step;
use crate::announcement::Announcement;
use crate::command::{Command, Timer};
use crate::draft::{DraftAddress, DraftEvent, DraftPlace, DraftStatus, LockMode, ParkedOf};
use crate::options::FormOptions;

/// What new options mean for the draft that the form holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// The form has just started.
    Start,
    /// The same customer.
    None,
    /// The same customer, of whom the portal says more now: an ID that arrives late, the agent, or where drafts are stored.
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
        if address.prefix != self.prefix() {
            // What the form holds is not to become another agent's.
            self.notices_sign_out();
        }
        match (self.model.options.drafts.is_named(), options.drafts.is_named()) {
            (true, false) => self.model.draft.last_named = Some((self.prefix(), self.model.draft.sign_out_mark)),
            (false, false) => {}
            (_, true) => self.model.draft.last_named = None,
        }
        match self.change_to(options) {
            Change::None => self.prefill(prefill),
            Change::Start => {
                self.prefill(prefill);
                self.take_address(address);
                self.open_draft();
            }
            Change::Completed => {
                self.prefill(prefill);
                let was_writer = self.close_draft();
                // The draft goes on under its customer's whole name, if it is this form's. It is stored there before its lock is had, so that a
                // crash takes nothing.
                let old = self.take_address(address);
                self.take_beside();
                if was_writer {
                    self.move_stored(old);
                }
                self.open_draft();
            }
            Change::Switched => {
                self.prefill(prefill);
                self.close_draft();
                self.leave_draft();
                self.take_address(address);
                self.open_draft();
            }
            Change::Another => {
                let parked_of = changed_id(&self.model.options.prefill, &prefill);
                let parked = self.park();
                self.leave_draft();
                self.take_address(address);
                self.model.draft.changed_at = None;
                self.model.prefilled = prefill;
                self.reset();
                if parked {
                    self.model.draft.event = Some(DraftEvent::Parked(parked_of));
                    self.announce(Announcement::DraftParked(parked_of));
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
        } else if is_completed(before, after) && !self.model.submission.locks_text() {
            Change::Completed
        } else {
            Change::Another
        }
    }

    /// Stores the draft under its new name, if nothing is there, and deletes it under the old one.
    fn move_stored(&mut self, old: DraftAddress) {
        let DraftAddress { place, name, .. } = self.model.draft.address.clone();
        if [place, DraftPlace::Memory]
            .into_iter()
            .all(|place| !self.is_stored(place, &name))
        {
            self.model.draft.is_writer = true;
            self.model.draft.stored_digest = None;
            self.write();
        }
        if old.place != DraftPlace::None && !self.model.draft.is_unreadable {
            self.run(Command::Delete {
                place: old.place,
                name: old.name,
            });
        }
    }

    /// Takes over where the draft is stored from now on. The answer is where it was.
    fn take_address(&mut self, address: DraftAddress) -> DraftAddress {
        let is_other_agent = address.prefix != self.model.draft.address.prefix;
        let old = std::mem::replace(&mut self.model.draft.address, address);
        if is_other_agent {
            self.begin_session();
        }
        old
    }

    fn leave_draft(&mut self) {
        let draft = &mut self.model.draft;
        draft.deleted = None;
        draft.event = None;
        draft.status = DraftStatus::Empty;
    }

    /// Starts to store the draft of the present customer, and restores it if there is one.
    fn open_draft(&mut self) {
        let DraftAddress { place, name, .. } = self.model.draft.address.clone();
        let is_unreadable = self.is_stored(place, &name) && self.stored(place, &name).is_none();
        let draft = &mut self.model.draft;
        draft.is_unreadable = is_unreadable;
        draft.is_writer = false;
        draft.status = DraftStatus::Empty;
        draft.stored_input = None;
        draft.stored_digest = None;
        self.delete_expired();
        self.take_beside();
        self.request_lock(LockMode::Wait);
    }

    /// Stops storing the draft of the present customer; what is stored stays. The answer is whether this form had stored it.
    pub(crate) fn close_draft(&mut self) -> bool {
        self.write();
        let was_writer = self.model.draft.is_writer;
        self.run(Command::StopTimer(Timer::Save));
        self.run(Command::StopTimer(Timer::Expiry));
        self.model.draft.save_timer = None;
        self.model.draft.is_writer = false;
        self.release_lock();
        was_writer
    }

    /// Deletes the draft, in the form and where it is stored. Until the agent types again, the form offers to restore it.
    pub(crate) fn delete_draft(&mut self) {
        if self.notices_sign_out() {
            return;
        }
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
        let deleted = self.model.draft.deleted.take();
        if let Some(deleted) = deleted.filter(|deleted| self.is_valid(&self.model.draft.address.name, deleted)) {
            // What was typed in the meantime is added to it.
            let typed = self.model.has_content().then(|| self.typed());
            self.restore(&deleted);
            if let Some(typed) = typed {
                self.add(&typed);
            }
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
}

/// The ID that the customer before had and the present one has not. The transfer says more than the user.
fn changed_id(before: &CaseInput, after: &CaseInput) -> ParkedOf {
    [Field::TransferId, Field::UserId].into_iter().find_map(|field| {
        let id = parse_id(&before[field]).ok().flatten()?;
        (before[field].trim() != after[field].trim()).then_some((field, id))
    })
}

/// Whether the portal has only added what it had not said yet: IDs of the customer, or whose drafts these are. Where they are stored may change.
fn is_completed(before: &FormOptions, after: &FormOptions) -> bool {
    let is_added = |before: &str, after: &str| before.trim().is_empty() || before.trim() == after.trim();
    before.endpoint == after.endpoint
        && is_added(&before.drafts.scope, &after.drafts.scope)
        && [Field::UserId, Field::TransferId]
            .into_iter()
            .all(|field| is_added(&before.prefill[field], &after.prefill[field]))
}
