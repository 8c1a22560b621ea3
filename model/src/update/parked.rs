//! A draft that the form no longer shows: its submission may still end.

use super::outcome::in_doubt;
use super::step::Step;
use crate::command::Command;
use crate::draft::{DraftAddress, DraftPlace, Stage, beside_name};
use crate::submission::{Submission, digest};

impl Step<'_> {
    /// Takes over what became of a submission whose draft the form no longer shows. The answer is whether there was one.
    pub(crate) fn apply_stored(&mut self, address: &DraftAddress, key: &str, submission: &Submission) -> bool {
        let mut found = false;
        let own = |place| (place, address.name.clone());
        let mut places = vec![own(address.place), own(DraftPlace::Memory)];
        places.dedup();
        let beside = self.stored_names(DraftPlace::Memory, &beside_name(&address.name));
        places.extend(beside.into_iter().map(|name| (DraftPlace::Memory, name)));
        for (place, name) in places {
            let Some(mut snapshot) = self.stored(place, &name) else {
                continue;
            };
            let Some(pending) = snapshot.pending.as_mut().filter(|pending| pending.key == key) else {
                continue;
            };
            found = true;
            let is_over = snapshot.expires_at_millis <= self.env.now_millis();
            let body = snapshot.texts.validate().ok().map(|case| case.to_json());
            let is_what_was_sent = body.is_some_and(|body| digest(&body) == pending.digest());
            match in_doubt(submission.clone(), pending.may_exist) {
                // Its time is over, or it has become a case.
                outcome if is_over || is_what_was_sent && matches!(outcome, Submission::Created(_)) => {
                    self.run(Command::Delete { place, name });
                    continue;
                }
                Submission::OutcomeUnknown(ids) => pending.ids = ids,
                // The agent has changed the text since: it stays, and says that an earlier one was sent.
                Submission::Created(_) => pending.stage = Stage::Reconsidered,
                Submission::NotSent(_) => pending.stage = Stage::NotSent,
                _ => snapshot.pending = None,
            }
            let snapshot = Box::new(snapshot);
            self.run(Command::Store { place, name, snapshot });
        }
        found
    }
}
