//! What is kept of a draft, and how it comes back.

use partner_case_core::{CaseDraft, Field, ValidationErrors};

use super::CaseForm;
use super::submit::Unsettled;
use crate::drafts::{SavedDraft, SentDraft, SentStage};
use crate::messages::label;
use crate::submission::{Inquiry, Reference, Submission};

impl CaseForm {
    /// Whether the form holds something that a person would miss: text of their own, or a case on its way.
    pub(crate) fn has_content(self) -> bool {
        match self.submission.get_untracked() {
            Submission::Created(_) => false,
            Submission::Sending | Submission::OutcomeUnknown(_) | Submission::Reconsidering(_) => true,
            Submission::Editing | Submission::Reviewing(_) | Submission::Rejected(_) | Submission::NotSent(_) => {
                self.prefilled.with_value(|prefilled| {
                    Field::ALL
                        .into_iter()
                        .any(|field| self.value(field).with_untracked(|text| text != prefilled.get(field)))
                })
            }
        }
    }

    /// Makes the key of the draft, if it has none yet.
    pub(crate) fn ensure_key(self, new_key: impl FnOnce() -> Option<String>) {
        if self.next_key.with_value(Option::is_none) {
            self.next_key.set_value(new_key());
        }
    }

    /// What is to be kept of the draft; none when there is nothing worth keeping.
    pub(crate) fn snapshot(self) -> Option<SavedDraft> {
        self.has_content().then(|| {
            let texts = self.draft();
            let sent = self.sent(&texts);
            SavedDraft {
                texts,
                reason: self.helper.chosen.get_untracked(),
                proposed_subject: self.helper.proposed(),
                kept_in_subject: self.guard.kept(),
                kept_in_description: self.stop.kept(),
                next_key: self.next_key.get_value(),
                sent,
                ..SavedDraft::default()
            }
        })
    }

    fn sent(self, texts: &CaseDraft) -> Option<SentDraft> {
        let (stage, reference) = match self.submission.get_untracked() {
            Submission::Sending => (SentStage::Open, Reference::default()),
            Submission::OutcomeUnknown(reference) => (SentStage::Open, reference),
            Submission::Reconsidering(reference) | Submission::Reviewing(Some(reference)) => (SentStage::Reconsidered, reference),
            _ => (SentStage::NotSent, Reference::default()),
        };
        self.unsettled.with_value(|unsettled| {
            let unsettled = unsettled.as_ref()?;
            let is_current = stage == SentStage::Open || texts.validate().is_ok_and(|case| case.to_json() == unsettled.json);
            Some(SentDraft {
                key: unsettled.key.clone(),
                stage,
                doubtful: unsettled.doubtful,
                is_current,
                reference,
            })
        })
    }

    /// Puts a kept draft in the place of what the form holds.
    pub(crate) fn restore(self, saved: &SavedDraft) {
        for field in Field::ALL {
            self.value(field).set(saved.texts.get(field).to_owned());
        }
        self.helper.restore(saved.reason, saved.proposed_subject.clone());
        self.guard.restore(saved.kept_in_subject.clone());
        self.stop.restore(saved.kept_in_description.clone());
        self.next_key.set_value(saved.next_key.clone());
        self.errors.set(ValidationErrors::default());
        self.inquiry.set(Inquiry::Checking);
        let (unsettled, submission) = match &saved.sent {
            None => (None, Submission::Editing),
            Some(sent) => (self.unsettled_from(sent), submission_from(sent)),
        };
        self.unsettled.set_value(unsettled);
        self.submission.set(submission);
        self.look_again();
    }

    /// What was sent is not kept twice: it is made anew from the text, if that is still the same.
    fn unsettled_from(self, sent: &SentDraft) -> Option<Unsettled> {
        let json = self.draft().validate().ok().filter(|_| sent.is_current)?.to_json();
        Some(Unsettled {
            key: sent.key.clone(),
            json,
            doubtful: sent.stage != SentStage::NotSent,
        })
    }

    /// Adds what was typed into another draft to this one, so that neither is lost: to a field that is as the host prefilled it, or else to
    /// the description. While the text is what Wise may have, it stays as it is; a person goes back to it first.
    pub(crate) fn append(self, other: &CaseDraft) {
        if self.submission.with_untracked(Submission::locks_text) {
            self.reconsider();
        }
        let prefilled = self.prefilled.get_value();
        // The description comes last, when all that belongs into it is known.
        let mut added = Vec::new();
        for field in Field::ALL {
            let text = other.get(field).trim();
            let own = self.value(field).get_untracked();
            if text.is_empty() || text == own.trim() || text == prefilled.get(field).trim() {
                continue;
            }
            match field {
                _ if own.trim().is_empty() || own == prefilled.get(field) => self.value(field).set(text.to_owned()),
                Field::Subject | Field::Description if own.contains(text) => {}
                Field::Subject | Field::Description => added.push(text.to_owned()),
                _ => added.push(format!("{}: {text}", self.texts.get(label(field)))),
            }
        }
        let mut description = self.value(Field::Description).get_untracked();
        for text in added {
            if !description.contains(&text) {
                if !description.is_empty() {
                    description.push_str("\n\n");
                }
                description.push_str(&text);
            }
        }
        self.replace(Field::Description, description);
    }
}

fn submission_from(sent: &SentDraft) -> Submission {
    match sent.stage {
        SentStage::NotSent => Submission::Editing,
        SentStage::Open => Submission::OutcomeUnknown(sent.reference.clone()),
        SentStage::Reconsidered => Submission::Reconsidering(sent.reference.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::with_form;

    /// As when a second tab takes over the draft of the first.
    #[test]
    fn what_was_typed_into_a_second_draft_is_in_the_first_afterwards() {
        with_form(
            CaseDraft {
                user_id: "1234".to_owned(),
                ..CaseDraft::default()
            },
            |form| {
                let stored = CaseDraft {
                    profile_id: "77".to_owned(),
                    subject: "Late".to_owned(),
                    ..form.draft()
                };
                form.typed(Field::ExternalId, "T-99".to_owned());
                form.typed(Field::ProfileId, "7".to_owned());
                form.typed(Field::Subject, "Where is it".to_owned());
                let typed = form.draft();
                form.restore(&SavedDraft {
                    texts: stored,
                    ..Default::default()
                });
                form.append(&typed);
                let now = form.draft();
                assert_eq!(
                    (now.user_id.as_str(), now.profile_id.as_str(), now.external_id.as_str()),
                    ("1234", "77", "T-99")
                );
                assert_eq!(
                    (now.subject.as_str(), now.description.as_str()),
                    ("Late", "Profile ID: 7\n\nWhere is it")
                );
                form.append(&typed);
                assert_eq!(form.draft(), now);
            },
        );
    }
}
