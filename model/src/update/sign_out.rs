//! The agent signs out: in this form, in another, or in another tab that is heard of late.
//!
//! The time of the last sign-out is stored for all tabs. It is kept with every draft: one that was stored before the last sign-out, by whichever
//! tab, is not restored, and a form that was filled before it stores nothing any more.

use super::step::Step;
use crate::command::Command;
use crate::draft::{DraftPlace, SignOut, Snapshot, mark_name, prefix_of};

impl Step<'_> {
    /// Empties the form and deletes the drafts of all customers in this scope.
    pub(crate) fn sign_out(&mut self, elsewhere: Option<SignOut>) {
        match elsewhere {
            // Another agent's, who may have used this page before, or another proxy's.
            Some(other) if other.prefix != self.prefix() => {
                self.delete_drafts(&other.prefix, Some(other.mark), &[DraftPlace::Memory, DraftPlace::Session]);
                // Where drafts are not stored, the text has stayed when the portal took the agent's name away.
                let is_left = |(prefix, known): &(String, _)| *prefix == other.prefix && *known < Some(other.mark);
                let draft = &mut self.model.draft;
                if draft.address.place == DraftPlace::None && draft.last_named.take_if(|left| is_left(left)).is_some() {
                    self.clear_draft();
                }
            }
            // What is known is past: the agent may have signed in again.
            Some(other) if Some(other.mark) <= self.model.draft.sign_out_mark => {}
            Some(other) => {
                self.model.draft.sign_out_mark = self.stored_mark().max(Some(other.mark));
                self.forget_agent(&[DraftPlace::Memory, DraftPlace::Session]);
            }
            None => {
                let before = self.stored_mark().max(self.model.draft.sign_out_mark);
                let mark = before.map_or(0, |before| before + 1).max(self.env.now_millis());
                self.model.draft.sign_out_mark = Some(mark);
                self.forget_agent(&DraftPlace::STORING);
                self.tell_sign_out(self.prefix(), mark);
                // The portal may have taken away the agent's name first.
                if let Some((prefix, _)) = self.model.draft.last_named.take() {
                    let mark = self.stored_mark_of(&prefix).map_or(0, |before| before + 1).max(mark);
                    self.delete_drafts(&prefix, Some(mark), &DraftPlace::STORING);
                    self.tell_sign_out(prefix, mark);
                }
            }
        }
    }

    fn tell_sign_out(&mut self, prefix: String, mark: u64) {
        self.run(Command::BroadcastSignOut(SignOut { prefix, mark }));
    }

    /// Whether the agent has signed out elsewhere since this form was filled. Then the form is empty now, before it stores anything.
    pub(super) fn notices_sign_out(&mut self) -> bool {
        let mark = self.stored_mark();
        let has_signed_out = mark > self.model.draft.sign_out_mark;
        if has_signed_out {
            self.model.draft.sign_out_mark = mark;
            self.forget_agent(&[DraftPlace::Memory, DraftPlace::Session]);
        }
        has_signed_out
    }

    /// Takes it that whatever the form holds from now on was typed after the last sign-out of this agent.
    pub(super) fn begin_session(&mut self) {
        self.model.draft.sign_out_mark = self.stored_mark();
    }

    /// Whether a stored draft was stored before its agent's last sign-out.
    pub(super) fn is_of_signed_out(&self, name: &str, snapshot: &Snapshot) -> bool {
        prefix_of(name).is_some_and(|prefix| snapshot.sign_out_mark < self.stored_mark_of(prefix))
    }

    /// Empties the form, and deletes the drafts that were stored before the last sign-out that it knows of.
    fn forget_agent(&mut self, places: &[DraftPlace]) {
        self.clear_draft();
        self.delete_drafts(&self.prefix(), self.model.draft.sign_out_mark, places);
    }

    /// Deletes an agent's drafts that were stored before a sign-out.
    fn delete_drafts(&mut self, prefix: &str, mark: Option<u64>, places: &[DraftPlace]) {
        for place in places {
            for name in self.stored_names(*place, prefix) {
                let stored = self.stored(*place, &name);
                if stored.is_none_or(|stored| stored.sign_out_mark < mark) {
                    self.run(Command::Delete { place: *place, name });
                }
            }
        }
    }

    fn stored_mark(&self) -> Option<u64> {
        self.stored_mark_of(&self.prefix())
    }

    fn stored_mark_of(&self, prefix: &str) -> Option<u64> {
        self.env.stored(DraftPlace::Local, &mark_name(prefix))?.parse().ok()
    }

    /// What the names of the agent's drafts start with.
    pub(super) fn prefix(&self) -> String {
        self.model.draft.address.prefix.clone()
    }
}
