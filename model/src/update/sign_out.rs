//! The agent signs out: in this form, in another, or in another tab that is heard of late.
//!
//! The time of the last sign-out is stored for all tabs. It is kept with every draft: one that was stored before the last sign-out, by whichever
//! tab, is not restored, and a form that was filled before it stores nothing any more.

use super::step::Step;
use crate::command::Command;
use crate::draft::{DraftPlace, SignOut, Snapshot, mark_name};

impl Step<'_> {
    /// Empties the form and deletes the drafts of all customers in this scope.
    pub(crate) fn sign_out(&mut self, elsewhere: Option<SignOut>) {
        let prefix = self.prefix();
        match elsewhere {
            // Another agent's, or another proxy's.
            Some(other) if other.prefix != prefix => {}
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
                self.run(Command::BroadcastSignOut(SignOut { prefix, mark }));
            }
        }
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

    /// Whether a stored draft of this agent was stored before the last sign-out.
    pub(super) fn is_of_signed_out(&self, snapshot: &Snapshot) -> bool {
        snapshot.sign_out_mark < self.stored_mark()
    }

    /// Empties the form, and deletes the drafts that were stored before the last sign-out that it knows of.
    fn forget_agent(&mut self, places: &[DraftPlace]) {
        self.clear_draft();
        let prefix = self.prefix();
        for place in places {
            for name in self.env.stored_names(*place, &prefix) {
                let is_newer = self
                    .stored(*place, &name)
                    .is_some_and(|stored| stored.sign_out_mark >= self.model.draft.sign_out_mark);
                if !is_newer {
                    self.run(Command::Delete { place: *place, name });
                }
            }
        }
    }

    fn stored_mark(&self) -> Option<u64> {
        self.env.stored(DraftPlace::Local, &mark_name(&self.prefix()))?.parse().ok()
    }

    /// What the names of the agent's drafts start with.
    pub(super) fn prefix(&self) -> String {
        self.model.draft.address.prefix.clone()
    }
}
