//! A draft by its place and name, for what happens to it while the form holds another.

use super::saved::SentStage;
use super::storage::DraftPlace;
use crate::submission::Submission;

/// Where a draft is kept.
#[derive(Debug, Clone)]
pub(crate) struct DraftAddress {
    pub(super) place: DraftPlace,
    pub(super) name: String,
}

impl DraftAddress {
    /// Takes over what became of a submission whose draft was put aside. The answer is whether there was one.
    pub(crate) fn settle(&self, key: &str, submission: &Submission) -> bool {
        let mut found = false;
        for place in [self.place, DraftPlace::Memory] {
            let Some(mut draft) = place.read(&self.name) else { continue };
            let Some(sent) = draft.sent.as_mut().filter(|sent| sent.key == key) else {
                continue;
            };
            found = true;
            match submission {
                Submission::Created(_) => {
                    place.remove(&self.name);
                    continue;
                }
                Submission::OutcomeUnknown(reference) => sent.reference = reference.clone(),
                // The first try may still have made the case, whatever kept the second from being sent.
                Submission::NotSent(not_sent) if sent.doubtful => sent.reference = not_sent.reference.clone(),
                Submission::Rejected(rejection) if sent.doubtful && !rejection.final_for_key => {
                    sent.reference = rejection.reference.clone();
                }
                Submission::NotSent(_) => sent.stage = SentStage::NotSent,
                _ => draft.sent = None,
            }
            place.write(&self.name, &draft);
        }
        found
    }
}
