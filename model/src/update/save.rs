//! Storing the draft of the present customer, and restoring it.

use partner_case_core::{CaseInput, Field, ValidationErrors};

use super::step::Step;
use crate::announcement::Announcement;
use crate::command::{Command, Timer};
use crate::draft::{
    DraftAddress, DraftEvent, DraftPlace, DraftStatus, PREFIX, PageTime, SaveTimer, Snapshot, Stage, StoredSubmission,
};
use crate::model::Model;
use crate::submission::{PendingSubmission, PollStatus, Submission, SupportIds, digest};

/// The form stores the draft when nothing has changed for so long, in milliseconds, and looks that often: 0.4 to 0.8 s after the last change.
/// Storing a long one takes some milliseconds, which an agent who types would notice.
const PAUSE_MILLIS: u64 = 400;

/// After how many times [`PAUSE_MILLIS`] the form stores the draft while typing goes on. What is typed in two seconds is the most that a
/// browser takes along when it crashes; a tab that is closed or put away stores everything.
const PAUSES_MAX: u8 = 5;

/// How far ahead of now a draft's time may be without being taken for that of a wrong clock, in milliseconds.
const CLOCK_TOLERANCE_MILLIS: u64 = 5 * 60_000;

impl Model {
    /// The draft as it is stored; none when there is nothing worth storing.
    fn snapshot(&self, changed_at_millis: u64) -> Option<Snapshot> {
        self.has_content().then(|| Snapshot {
            changed_at_millis,
            expires_at_millis: changed_at_millis.saturating_add(self.options.drafts.ttl_millis()),
            texts: self.input.clone(),
            reason: self.suggestion.reason,
            suggested_subject: self.suggestion.suggested.clone(),
            dismissed_in_subject: self.subject_check.dismissed.clone(),
            dismissed_in_description: self.secret_check.dismissed.clone(),
            sign_out_mark: self.draft.sign_out_mark,
            next_key: self.next_key.clone(),
            pending: self.stored_submission(),
            ..Snapshot::default()
        })
    }

    fn stored_submission(&self) -> Option<StoredSubmission> {
        let (stage, ids) = match &self.submission {
            Submission::Sending => (Stage::Open, SupportIds::default()),
            Submission::OutcomeUnknown(ids) => (Stage::Open, ids.clone()),
            other => match other.reconsidered() {
                Some(ids) => (Stage::Reconsidered, ids.clone()),
                None => (Stage::NotSent, SupportIds::default()),
            },
        };
        let pending = self.pending.as_ref()?;
        Some(StoredSubmission::new(
            &pending.key,
            pending.digest,
            stage,
            pending.may_exist,
            ids,
        ))
    }
}

impl Step<'_> {
    /// What is stored for the present customer, if its time is not over.
    pub(super) fn stored_snapshot(&mut self) -> Option<Snapshot> {
        let address = self.model.draft.address.clone();
        // In memory too, where the browser refused to store it, or not all of it may be stored.
        let read = |place| self.stored(place, &address.name);
        let (aside, stored) = (read(DraftPlace::Memory), read(address.place));
        let newest = [aside, stored].into_iter().flatten().reduce(|aside, stored| {
            if stored.changed_at_millis > aside.changed_at_millis {
                stored
            } else {
                aside
            }
        });
        newest.filter(|snapshot| self.is_valid(&address.name, snapshot))
    }

    /// Whether a stored draft may be restored: its time is not over, and the agent has not signed out since.
    pub(super) fn is_valid(&self, name: &str, snapshot: &Snapshot) -> bool {
        snapshot.expires_at_millis > self.env.now_millis() && !self.is_of_signed_out(name, snapshot)
    }

    /// Becomes the form that writes the draft, and restores what is stored. What the agent has typed in the meantime is added to it.
    pub(super) fn write_and_restore(&mut self) {
        self.notices_sign_out();
        self.take_beside();
        let model = &mut *self.model;
        let is_new = model.has_content() && model.draft.stored_input.as_ref() != Some(&model.input);
        let typed = is_new.then(|| self.typed());
        let model = &mut *self.model;
        model.draft.is_writer = true;
        model.draft.status = DraftStatus::Empty;
        self.model.draft.stored_digest = self.stored_digest();
        let Some(stored) = self.stored_snapshot() else {
            return self.save();
        };
        if self.model.pending.is_some() {
            return self.keep_submission(stored);
        }
        if self.shows_receipt() {
            // What has become the case is deleted; anything else is for the next.
            self.model.draft.is_writer = stored.texts == self.model.input;
            return self.write();
        }
        self.restore(&stored);
        self.model.draft.stored_input = Some(stored.texts.clone());
        if self.model.draft.address.place != DraftPlace::Memory {
            self.delete(DraftPlace::Memory);
        }
        if let Some(typed) = typed {
            self.add(&typed);
        }
        let changed_at_millis = stored.changed_at_millis;
        self.model.draft.event = Some(DraftEvent::Restored { changed_at_millis });
        self.save();
        self.announce(Announcement::DraftRestored { changed_at_millis });
    }

    /// What this form has sent is not forgotten for a draft that is stored: that is beside it from now on.
    fn keep_submission(&mut self, stored: Snapshot) {
        self.model.draft.stored_input = Some(stored.texts.clone());
        if stored.texts != self.model.input {
            self.store_beside(Box::new(stored));
        }
        self.save();
    }

    /// Puts a stored draft in the place of what the form holds.
    pub(super) fn restore(&mut self, stored: &Snapshot) {
        let model = &mut *self.model;
        model.draft.changed_at = Some(PageTime::of(stored.changed_at_millis, self.env));
        model.suggestion.reason = stored.reason;
        model.suggestion.suggested.clone_from(&stored.suggested_subject);
        model.subject_check.dismissed.clone_from(&stored.dismissed_in_subject);
        model.secret_check.dismissed.clone_from(&stored.dismissed_in_description);
        model.secret_check.findings.clear();
        model.next_key.clone_from(&stored.next_key);
        model.undo.clear();
        model.errors = ValidationErrors::default();
        model.polls.status = PollStatus::Checking;
        model.pending = stored.pending.as_ref().map(|pending| PendingSubmission {
            key: pending.key.clone(),
            digest: pending.digest(),
            may_exist: pending.may_exist || pending.stage != Stage::NotSent,
            before: None,
        });
        let submission = match &stored.pending {
            Some(pending) if pending.stage == Stage::Open => Submission::OutcomeUnknown(pending.ids.clone()),
            Some(pending) if pending.stage == Stage::Reconsidered => Submission::Reconsidering(pending.ids.clone()),
            _ => Submission::Editing,
        };
        self.set_submission(submission);
        self.set_texts(&stored.texts);
        self.look_again();
    }

    /// Stores the draft once nothing changes for a moment, or after a while of changes.
    pub(crate) fn save_soon(&mut self) {
        if !std::mem::take(&mut self.model.is_unsaved) || self.model.is_unmounted {
            return;
        }
        match &mut self.model.draft.save_timer {
            Some(timer) => timer.has_changed_again = true,
            None => self.wait_for_pause(1),
        }
    }

    fn wait_for_pause(&mut self, pauses: u8) {
        self.model.draft.save_timer = Some(SaveTimer {
            pauses,
            has_changed_again: false,
        });
        self.run(Command::StartTimer(Timer::Save, PAUSE_MILLIS));
    }

    pub(crate) fn pause_is_over(&mut self) {
        match self.model.draft.save_timer.take() {
            Some(timer) if timer.has_changed_again && timer.pauses < PAUSES_MAX => self.wait_for_pause(timer.pauses + 1),
            _ => self.save(),
        }
    }

    /// Stores the draft as it stands, or deletes it when there is nothing to store. If another tab has it, the form says so, or takes over.
    pub(crate) fn save(&mut self) {
        if !self.model.draft.is_writer {
            self.claim();
        }
        self.write();
    }

    pub(super) fn write(&mut self) {
        let place = self.model.draft.address.place;
        if !self.model.draft.is_writer || place == DraftPlace::None || self.notices_sign_out() {
            return;
        }
        if self.is_stored_by_another() {
            self.model.draft.is_writer = false;
            self.model.draft.status = DraftStatus::NotStored;
            return self.claim();
        }
        if !self.model.has_content() {
            // What this form has not stored is another's.
            let draft = &mut self.model.draft;
            if draft.stored_input.is_some() || draft.stored_digest.is_some() {
                self.delete_stored();
            } else {
                draft.status = DraftStatus::Empty;
            }
            return;
        }
        let Some(mut snapshot) = self.stamped() else { return };
        self.forget_past_event();
        if snapshot.expires_at_millis <= self.env.now_millis() {
            // What is in the form stays there, as long as the page does.
            self.delete(place);
            self.model.draft.stored_digest = None;
            self.model.draft.status = DraftStatus::InMemory;
            return;
        }
        if self.model.draft.is_unreadable {
            self.model.draft.status = DraftStatus::NotStored;
            return;
        }
        let withholds = place.is_on_disk() && !self.model.find_secrets().is_empty();
        if withholds {
            snapshot.withhold_description();
        }
        // Without a description that is withheld: what the form holds is more than what is stored.
        self.model.draft.stored_input = Some(snapshot.texts.clone());
        self.model.draft.stored_digest = Some(digest_of(&snapshot.texts));
        let until_millis = snapshot.expires_at_millis;
        self.model.draft.status = match place {
            _ if withholds => DraftStatus::WithoutDescription,
            DraftPlace::None | DraftPlace::Memory => DraftStatus::InMemory,
            DraftPlace::Session | DraftPlace::Local => DraftStatus::Stored {
                for_all_tabs: place == DraftPlace::Local,
                until_millis,
            },
        };
        self.store(place, snapshot);
        let left = until_millis.saturating_sub(self.env.now_millis());
        self.run(Command::StartTimer(Timer::Expiry, left));
    }

    /// Whether what is stored is not what this form has stored last: another tab has taken the draft, and this one has not heard of it yet.
    fn is_stored_by_another(&self) -> bool {
        self.model.draft.address.place == DraftPlace::Local && self.stored_digest() != self.model.draft.stored_digest
    }

    /// The digest by which what is stored is known again.
    fn stored_digest(&self) -> Option<u64> {
        let address = &self.model.draft.address;
        self.stored(address.place, &address.name)
            .map(|stored| digest_of(&stored.texts))
    }

    /// The draft as it would be stored now: with its time, and with a key, so that a copy of the tab has the same.
    pub(super) fn stamped(&mut self) -> Option<Snapshot> {
        if self.model.next_key.is_none() {
            self.model.next_key = self.env.new_key();
        }
        let changed_at = *self.model.draft.changed_at.get_or_insert(PageTime::now(self.env));
        self.model.snapshot(changed_at.since_1970(self.env))
    }

    fn delete_stored(&mut self) {
        self.delete(self.model.draft.address.place);
        self.delete(DraftPlace::Memory);
        self.run(Command::StopTimer(Timer::Expiry));
        let draft = &mut self.model.draft;
        draft.stored_input = None;
        draft.stored_digest = None;
        draft.changed_at = None;
        // What was restored is gone again: it was sent.
        if matches!(draft.event, Some(DraftEvent::Restored { .. })) {
            draft.event = None;
        }
        draft.status = DraftStatus::Empty;
    }

    /// What has just happened is past once the agent types on.
    fn forget_past_event(&mut self) {
        let (input, draft) = (&self.model.input, &mut self.model.draft);
        if draft.event.is_some() && draft.stored_input.as_ref() != Some(input) {
            draft.event = None;
            draft.deleted = None;
        }
    }

    pub(super) fn store(&mut self, place: DraftPlace, snapshot: Snapshot) {
        let (name, snapshot) = (self.model.draft.address.name.clone(), Box::new(snapshot));
        self.run(Command::Store { place, name, snapshot });
    }

    pub(super) fn delete(&mut self, place: DraftPlace) {
        let name = self.model.draft.address.name.clone();
        let is_left_alone = self.model.draft.is_unreadable && place == self.model.draft.address.place;
        if place != DraftPlace::None && !is_left_alone {
            self.run(Command::Delete { place, name });
        }
    }

    /// The browser did not store a snapshot.
    pub(crate) fn store_refused(&mut self, place: DraftPlace, name: String, snapshot: Box<Snapshot>) {
        let is_own = name == self.model.draft.address.name && place == self.model.draft.address.place;
        if is_own && !self.model.is_unmounted {
            self.model.draft.status = DraftStatus::NotStored;
            self.model.draft.stored_input = None;
            self.model.draft.stored_digest = self.stored_digest();
        } else if place != DraftPlace::Memory {
            // The customer before, or a form that has left the page: the draft is in memory at least.
            let prefix = String::new();
            self.store_in_memory(DraftAddress { place, name, prefix }, snapshot);
        }
    }

    /// Has the browser ask before the page is closed, only while there is something to lose: a page with such a listener is slower to come
    /// back to.
    pub(crate) fn warn_before_loss(&mut self) {
        let model = &*self.model;
        let has_loss = model.is_sending() || (model.has_content() && !model.draft.survives_the_page());
        let warns = has_loss && model.is_interactive && !model.is_unmounted;
        if warns != model.warns_before_leaving {
            self.model.warns_before_leaving = warns;
            self.run(Command::WarnBeforeLeaving(warns));
        }
    }

    /// Deletes the drafts whose time is over. One from a clock that ran ahead gets its time anew; one that cannot be read is left alone.
    pub(super) fn delete_expired(&mut self) {
        // In every place: the portal may have had drafts stored elsewhere before.
        for place in DraftPlace::STORING {
            self.delete_expired_in(place);
        }
    }

    fn delete_expired_in(&mut self, place: DraftPlace) {
        let now = self.env.now_millis();
        for name in self.stored_names(place, PREFIX) {
            let Some(mut snapshot) = self.stored(place, &name) else {
                if self.is_stored(place, &name) {
                    self.run(Command::ReportUnreadable);
                }
                continue;
            };
            let is_of_signed_out = self.is_of_signed_out(&name, &snapshot);
            if !is_of_signed_out && snapshot.changed_at_millis > now.saturating_add(CLOCK_TOLERANCE_MILLIS) {
                let ttl = snapshot.expires_at_millis.saturating_sub(snapshot.changed_at_millis);
                snapshot.changed_at_millis = now;
                snapshot.expires_at_millis = now.saturating_add(ttl);
                let snapshot = Box::new(snapshot);
                self.run(Command::Store { place, name, snapshot });
            } else if snapshot.expires_at_millis <= now || is_of_signed_out {
                self.run(Command::Delete { place, name });
            }
        }
    }

    /// Whether the form shows a receipt.
    pub(super) fn shows_receipt(&self) -> bool {
        matches!(self.model.submission, Submission::Created(_))
    }
}

/// The digest of the texts of a draft.
fn digest_of(texts: &CaseInput) -> u64 {
    digest(&Field::ALL.map(|field| &texts[field]).join("\0"))
}
