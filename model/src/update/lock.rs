//! Which of several tabs, or of several forms of a page, stores a draft: the one that holds its lock.

use super::step::Step;
use crate::announcement::Announcement;
use crate::command::{Command, Timer};
use crate::draft::{DraftStatus, LockGrant, LockMode};
use crate::focus::FocusTarget;
use crate::submission::Submission;

/// How long to wait for a draft's lock before saying that another tab has it, in milliseconds. A page that is reloaded gets it when the old
/// one has gone.
const LOCK_PATIENCE_MILLIS: u64 = 1_000;

impl Step<'_> {
    /// Asks for the lock of the present draft, if drafts are stored at all.
    pub(super) fn request_lock(&mut self, mode: LockMode) {
        let draft = &mut self.model.draft;
        let Some(scope) = draft.address.place.lock_scope() else {
            return;
        };
        draft.lock_request = draft.lock_request.wrapping_add(1);
        draft.is_waiting_for_lock = true;
        let (request, name) = (draft.lock_request, draft.address.name.clone());
        self.run(Command::StartTimer(Timer::LockPatience, LOCK_PATIENCE_MILLIS));
        self.run(Command::RequestLock {
            request,
            scope,
            name,
            mode,
        });
    }

    pub(super) fn release_lock(&mut self) {
        self.model.draft.lock_request = self.model.draft.lock_request.wrapping_add(1);
        self.model.draft.is_waiting_for_lock = false;
        self.run(Command::StopTimer(Timer::LockPatience));
        self.run(Command::ReleaseLock);
    }

    pub(crate) fn lock_granted(&mut self, request: u32, grant: LockGrant) {
        if request != self.model.draft.lock_request {
            return;
        }
        self.model.draft.is_waiting_for_lock = false;
        self.run(Command::StopTimer(Timer::LockPatience));
        // The other tab was closed while the agent was typing here: what it left is not to be overwritten, nor to replace what they type. Nor
        // is it to replace a receipt: that is for the next case.
        let is_busy = self.shows_receipt() || (grant == LockGrant::Waited && self.model.has_content());
        let other = self.stored_snapshot().is_some_and(|stored| stored.texts != self.model.input);
        if is_busy && other {
            self.say_elsewhere();
        } else {
            self.write_and_restore();
        }
        // The button that the agent pressed vanishes.
        if grant == LockGrant::Stolen && matches!(self.model.submission, Submission::OutcomeUnknown(_)) {
            self.focus(FocusTarget::Notice);
        }
    }

    pub(crate) fn lock_lost(&mut self, request: u32) {
        if request != self.model.draft.lock_request {
            return;
        }
        self.model.draft.is_writer = false;
        self.run(Command::StopTimer(Timer::Expiry));
        if self.model.has_content() {
            self.say_elsewhere();
        }
    }

    /// Without locks, as on pages without TLS, the form stores its draft as if it were the only one.
    pub(crate) fn lock_refused(&mut self, request: u32) {
        if request == self.model.draft.lock_request {
            self.model.draft.is_waiting_for_lock = false;
            self.write_and_restore();
        }
    }

    pub(crate) fn lock_patience_is_over(&mut self) {
        if self.model.draft.is_waiting_for_lock && self.stored_snapshot().is_some() {
            self.say_elsewhere();
        }
    }

    fn say_elsewhere(&mut self) {
        let Some(scope) = self.model.draft.address.place.lock_scope() else {
            return;
        };
        let status = DraftStatus::Elsewhere(scope);
        if self.model.draft.status != status {
            self.model.draft.status = status;
            self.announce(Announcement::DraftElsewhere(scope));
        }
    }

    /// Goes on here with a draft that another tab, or another form of the page, has.
    pub(crate) fn steal_lock(&mut self) {
        self.request_lock(LockMode::Steal);
    }

    /// Another tab, or another form of the page, has this customer open. If it has no draft, this one becomes the form that has.
    pub(super) fn claim(&mut self) {
        if self.model.has_content() {
            if self.stored_snapshot().is_none() {
                self.steal_lock();
            } else {
                self.say_elsewhere();
            }
        }
    }
}
