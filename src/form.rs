//! What the form holds: the text of each field, what is wrong with it, and where the submission stands. No DOM, no transport.

use leptos::prelude::*;
use partner_case_core::{CaseDraft, Field, NewCase, ValidationErrors};

use crate::submission::Submission;

/// The state of one form. It is a bundle of signals, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CaseForm {
    texts: [RwSignal<String>; Field::ALL.len()],
    /// What the host has prefilled, to tell it from what a person typed.
    prefilled: StoredValue<CaseDraft>,
    /// One key for the draft, so that no retry makes a second case.
    key: StoredValue<Option<String>>,
    /// What is wrong with the draft as it was last submitted.
    pub(crate) errors: RwSignal<ValidationErrors>,
    /// Where the submission stands.
    pub(crate) submission: RwSignal<Submission>,
    /// Counts what a person has to be shown: it moves the focus to the summary or the outcome, even if that is the same as before.
    pub(crate) shown: RwSignal<u32>,
}

impl CaseForm {
    pub(crate) fn new(prefill: CaseDraft) -> Self {
        Self {
            texts: Field::ALL.map(|field| RwSignal::new(prefill.get(field).to_owned())),
            prefilled: StoredValue::new(prefill),
            key: StoredValue::new(None),
            errors: RwSignal::default(),
            submission: RwSignal::default(),
            shown: RwSignal::new(0),
        }
    }

    /// The text of a field as the view shows it.
    pub(crate) fn text(self, field: Field) -> RwSignal<String> {
        self.texts[field as usize]
    }

    /// Takes over what a person typed. The view is not told: it is where the text comes from.
    pub(crate) fn typed(self, field: Field, text: String) {
        self.text(field).update_untracked(|current| *current = text);
    }

    /// The draft as it stands.
    pub(crate) fn draft(self) -> CaseDraft {
        let mut draft = CaseDraft::default();
        for field in Field::ALL {
            draft.set(field, self.text(field).get_untracked());
        }
        draft
    }

    /// Takes over what the host prefills now. A field that a person has changed keeps the person's text.
    pub(crate) fn prefill(self, prefill: CaseDraft) {
        if self.submission.with_untracked(Submission::locks_text) {
            return;
        }
        self.prefilled.update_value(|before| {
            for field in Field::ALL {
                let untouched = self.text(field).with_untracked(|text| text == before.get(field));
                if untouched && prefill.get(field) != before.get(field) {
                    self.text(field).set(prefill.get(field).to_owned());
                }
            }
            *before = prefill;
        });
    }

    /// Checks the draft and, if it is well and nothing is on its way, goes over to sending.
    ///
    /// The answer is the case and its idempotency key, which `new_key` makes when the draft has none yet.
    pub(crate) fn begin_submit(self, new_key: impl FnOnce() -> String) -> Option<(NewCase, String)> {
        if self
            .submission
            .with_untracked(|submission| matches!(submission, Submission::Sending | Submission::Created(_)))
        {
            return None;
        }
        match self.draft().validate() {
            Ok(case) => {
                let key = self.key.get_value().unwrap_or_else(new_key);
                self.key.set_value(Some(key.clone()));
                self.errors.set(ValidationErrors::default());
                self.submission.set(Submission::Sending);
                Some((case, key))
            }
            Err(errors) => {
                self.errors.set(errors);
                self.submission.set(Submission::Editing);
                self.show();
                None
            }
        }
    }

    /// Takes over what became of the submission.
    pub(crate) fn settle(self, submission: Submission) {
        if submission.is_settled() {
            self.key.set_value(None);
        }
        if let Submission::Rejected(rejection) = &submission {
            self.errors.set(rejection.errors.clone());
        }
        self.submission.set(submission);
        self.show();
    }

    /// Goes back from an unknown outcome to the text. The key stays: sent again, it is the same submission.
    pub(crate) fn edit(self) {
        self.submission.set(Submission::Editing);
    }

    /// Empties the form for a case of its own, prefilled as the host last asked.
    pub(crate) fn reset(self) {
        let prefill = self.prefilled.get_value();
        for field in Field::ALL {
            self.text(field).set(prefill.get(field).to_owned());
        }
        self.key.set_value(None);
        self.errors.set(ValidationErrors::default());
        self.submission.set(Submission::Editing);
    }

    fn show(self) {
        self.shown.update(|count| *count = count.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::{NotSent, NotSentReason, Reference, Rejection};
    use partner_case_core::FieldError;

    fn with_form(prefill: CaseDraft, test: impl FnOnce(CaseForm)) {
        let owner = Owner::new();
        owner.with(|| test(CaseForm::new(prefill)));
    }

    fn valid() -> CaseDraft {
        CaseDraft {
            user_id: "1234".to_owned(),
            subject: "s".to_owned(),
            description: "d".to_owned(),
            ..CaseDraft::default()
        }
    }

    fn unknown() -> Submission {
        Submission::OutcomeUnknown(Reference::default())
    }

    #[test]
    fn an_invalid_draft_is_not_sent_and_keeps_its_text() {
        with_form(CaseDraft::default(), |form| {
            form.typed(Field::Subject, "late".to_owned());
            assert!(form.begin_submit(|| panic!("no key is needed")).is_none());
            assert_eq!(form.errors.get_untracked().get(Field::UserId), Some(&FieldError::Required));
            assert_eq!(form.draft().subject, "late");
            assert_eq!(form.shown.get_untracked(), 1);
        });
    }

    #[test]
    fn a_second_submit_while_sending_is_ignored() {
        with_form(valid(), |form| {
            assert!(form.begin_submit(|| "k".to_owned()).is_some());
            assert!(form.begin_submit(|| "k2".to_owned()).is_none());
        });
    }

    #[test]
    fn a_created_case_is_not_sent_again() {
        with_form(valid(), |form| {
            form.begin_submit(|| "k".to_owned());
            let case = serde_json::from_str(r#"{"id":1,"status":"OPEN","type":"GENERAL_ENQUIRY"}"#).unwrap();
            form.settle(Submission::Created(case));
            assert!(form.begin_submit(|| "k2".to_owned()).is_none());
        });
    }

    #[test]
    fn the_key_stays_with_the_draft_until_its_outcome_is_certain() {
        with_form(valid(), |form| {
            let submit = |key: &str| form.begin_submit(|| key.to_owned()).map(|(_, key)| key);
            assert_eq!(submit("first").as_deref(), Some("first"));
            form.settle(unknown());
            assert_eq!(submit("second").as_deref(), Some("first"));
            let not_sent = NotSent {
                reason: NotSentReason::SessionExpired,
                retry_after_secs: None,
                reference: Reference::default(),
            };
            form.settle(Submission::NotSent(not_sent));
            assert_eq!(submit("third").as_deref(), Some("first"));
            form.settle(Submission::Rejected(Rejection {
                errors: ValidationErrors::default(),
                reference: Reference::default(),
            }));
            assert_eq!(submit("fourth").as_deref(), Some("fourth"));
        });
    }

    #[test]
    fn what_a_person_typed_wins_over_a_later_prefill() {
        with_form(valid(), |form| {
            form.typed(Field::TransferId, "77".to_owned());
            form.prefill(CaseDraft {
                user_id: "5678".to_owned(),
                transfer_id: "88".to_owned(),
                ..valid()
            });
            assert_eq!(
                (form.draft().user_id.as_str(), form.draft().transfer_id.as_str()),
                ("5678", "77")
            );
        });
    }

    #[test]
    fn a_prefill_does_not_change_what_may_be_at_wise_already() {
        with_form(valid(), |form| {
            form.begin_submit(|| "k".to_owned());
            form.settle(unknown());
            form.prefill(CaseDraft {
                user_id: "5678".to_owned(),
                ..valid()
            });
            assert_eq!(form.draft().user_id, "1234");
        });
    }

    #[test]
    fn a_reset_form_has_the_prefilled_text_and_a_key_of_its_own() {
        with_form(
            CaseDraft {
                user_id: "1234".to_owned(),
                ..CaseDraft::default()
            },
            |form| {
                form.typed(Field::Subject, "s".to_owned());
                form.typed(Field::Description, "d".to_owned());
                form.begin_submit(|| "first".to_owned());
                form.reset();
                assert_eq!((form.draft().user_id.as_str(), form.draft().subject.as_str()), ("1234", ""));
                form.typed(Field::Subject, "s".to_owned());
                form.typed(Field::Description, "d".to_owned());
                assert_eq!(
                    form.begin_submit(|| "second".to_owned()).map(|(_, key)| key).as_deref(),
                    Some("second")
                );
            },
        );
    }
}
