//! What the form holds: the text of each field, what is wrong with it, and where the submission stands. No DOM, no transport.

use leptos::prelude::*;
use partner_case_core::{CaseDraft, DescriptionLength, Field, NewCase, ValidationErrors};

use crate::description_stop::DescriptionStop;
use crate::subject_guard::SubjectGuard;
use crate::subject_helper::SubjectHelper;
use crate::submission::Submission;

/// The state of one form. It is a bundle of signals, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CaseForm {
    texts: [RwSignal<String>; Field::ALL.len()],
    /// What the host has prefilled, to tell it from what a person typed.
    prefilled: StoredValue<CaseDraft>,
    /// What was sent last, until it is certain what became of it.
    unsettled: StoredValue<Option<Unsettled>>,
    /// Counts the submissions, so that a late answer is not taken for that of a later one.
    attempt: StoredValue<u32>,
    /// What is wrong with the draft as it was last submitted.
    pub(crate) errors: RwSignal<ValidationErrors>,
    /// Where the submission stands.
    pub(crate) submission: RwSignal<Submission>,
    /// Counts what a person has to be shown: it moves the focus to the summary or the outcome, even if that is the same as before.
    pub(crate) shown: RwSignal<u32>,
    /// What is known of the customer and what a person has decided, to find personal data in the subject.
    pub(crate) guard: SubjectGuard,
    /// What was found in the description that must stand nowhere.
    pub(crate) stop: DescriptionStop,
    /// What subject was proposed.
    pub(crate) helper: SubjectHelper,
    /// How long the description is.
    pub(crate) description_length: RwSignal<DescriptionLength>,
    /// What was done without being asked for, to be announced.
    pub(crate) said: RwSignal<Option<String>>,
    /// Where the focus goes when a button that had it is about to vanish.
    pub(crate) focus: RwSignal<Option<FocusTarget>>,
}

/// A submission that is not certain to have ended.
#[derive(Debug, Clone)]
struct Unsettled {
    /// One key for what is sent, so that sending it again makes no second case.
    key: String,
    /// What was sent. Another text is another submission and gets a key of its own.
    json: String,
    /// Whether it may have made a case.
    doubtful: bool,
}

/// A submission that may start now.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) case: NewCase,
    pub(crate) key: String,
    attempt: u32,
}

/// A place that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FocusTarget {
    /// The control of a field.
    Field(Field),
    /// The submit button.
    Submit,
}

impl CaseForm {
    pub(crate) fn new(prefill: CaseDraft) -> Self {
        let form = Self {
            texts: Field::ALL.map(|field| RwSignal::new(prefill.get(field).to_owned())),
            prefilled: StoredValue::new(prefill),
            unsettled: StoredValue::new(None),
            attempt: StoredValue::new(0),
            errors: RwSignal::default(),
            submission: RwSignal::default(),
            shown: RwSignal::new(0),
            guard: SubjectGuard::new(),
            stop: DescriptionStop::new(),
            helper: SubjectHelper::new(),
            description_length: RwSignal::default(),
            said: RwSignal::new(None),
            focus: RwSignal::new(None),
        };
        form.look_again();
        form
    }

    /// The text of a field as the view shows it.
    pub(crate) fn text(self, field: Field) -> RwSignal<String> {
        self.texts[field as usize]
    }

    /// Takes over what a person typed. The view is not told: it is where the text comes from.
    pub(crate) fn typed(self, field: Field, text: String) {
        self.text(field).update_untracked(|current| *current = text);
        match field {
            Field::Description => {
                self.measure_description();
                // Once something was found, it is looked for until it is gone.
                if self.stop.error().is_some() {
                    self.check_description();
                }
            }
            Field::TransferId => {
                self.propose_subject();
                self.check_subject();
            }
            _ => self.check_subject(),
        }
    }

    /// Measures the description. Its length is told only when it has changed.
    pub(crate) fn measure_description(self) {
        let length = self
            .text(Field::Description)
            .with_untracked(|text| DescriptionLength::of(text));
        if self.description_length.get_untracked() != length {
            self.description_length.set(length);
        }
    }

    /// Looks at everything that depends on the text, after it was changed otherwise than by typing.
    fn look_again(self) {
        self.check_subject();
        self.measure_description();
    }

    /// The draft as it stands.
    pub(crate) fn draft(self) -> CaseDraft {
        let mut draft = CaseDraft::default();
        for field in Field::ALL {
            draft.set(field, self.text(field).get_untracked());
        }
        draft
    }

    /// The draft without its longest text, for what looks at the other fields at every keystroke.
    pub(crate) fn draft_without_description(self) -> CaseDraft {
        let mut draft = CaseDraft::default();
        for field in Field::ALL.into_iter().filter(|field| *field != Field::Description) {
            draft.set(field, self.text(field).get_untracked());
        }
        draft
    }

    /// Takes over what the host prefills now. A field that a person has changed keeps the person's text, and so does every field
    /// while the text is what Wise has, or may have; then it is for the next case.
    pub(crate) fn prefill(self, prefill: CaseDraft) {
        let locked = self.submission.with_untracked(Submission::locks_text);
        self.prefilled.update_value(|before| {
            for field in Field::ALL {
                let untouched = self.text(field).with_untracked(|text| text == before.get(field));
                if !locked && untouched && prefill.get(field) != before.get(field) {
                    self.text(field).set(prefill.get(field).to_owned());
                }
            }
            *before = prefill;
        });
        self.look_again();
    }

    /// Checks the draft and, if it is well and nothing speaks against it, goes over to sending.
    ///
    /// The same text as before has the same key; otherwise `new_key` makes one.
    pub(crate) fn begin_submit(self, new_key: impl FnOnce() -> String) -> Option<Outgoing> {
        if !self.submission.with_untracked(Submission::can_be_sent) {
            return None;
        }
        match self.valid_case() {
            Ok(case) => {
                let json = case.to_json();
                let same = self.unsettled.get_value().filter(|unsettled| unsettled.json == json);
                let unsettled = same.unwrap_or_else(|| Unsettled {
                    key: new_key(),
                    json,
                    doubtful: false,
                });
                let key = unsettled.key.clone();
                self.unsettled.set_value(Some(unsettled));
                self.attempt.update_value(|attempt| *attempt = attempt.wrapping_add(1));
                self.errors.set(ValidationErrors::default());
                self.submission.set(Submission::Sending);
                Some(Outgoing {
                    case,
                    key,
                    attempt: self.attempt.get_value(),
                })
            }
            Err(errors) => {
                self.errors.set(errors);
                self.submission.update(|submission| {
                    if !matches!(submission, Submission::Reconsidering(_)) {
                        *submission = Submission::Editing;
                    }
                });
                self.show();
                None
            }
        }
    }

    /// Takes over what became of a submission, unless the form has been emptied since. The answer is what is to be told of it.
    pub(crate) fn settle(self, outgoing: &Outgoing, submission: Submission) -> Submission {
        if self.attempt.get_value() != outgoing.attempt {
            return submission;
        }
        let doubtful = self
            .unsettled
            .with_value(|unsettled| unsettled.as_ref().is_some_and(|unsettled| unsettled.doubtful));
        let submission = match submission {
            // The first try may still have made the case, whatever kept the second from being sent.
            Submission::NotSent(not_sent) if doubtful => Submission::OutcomeUnknown(not_sent.reference),
            other => other,
        };
        match &submission {
            Submission::Created(_) => self.unsettled.set_value(None),
            Submission::Rejected(rejection) => {
                self.unsettled.set_value(None);
                self.errors.set(rejection.errors.clone());
            }
            Submission::OutcomeUnknown(_) => self.unsettled.update_value(|unsettled| {
                if let Some(unsettled) = unsettled {
                    unsettled.doubtful = true;
                }
            }),
            Submission::Editing | Submission::Sending | Submission::NotSent(_) | Submission::Reconsidering(_) => {}
        }
        self.submission.set(submission.clone());
        self.show();
        submission
    }

    /// Goes back from an unknown outcome to the text. What was sent is remembered: sent again as it is, it is the same submission.
    pub(crate) fn reconsider(self) {
        self.submission.update(|submission| {
            if let Submission::OutcomeUnknown(reference) = submission {
                *submission = Submission::Reconsidering(reference.clone());
            }
        });
        self.focus.set(Some(FocusTarget::Field(Field::Description)));
    }

    /// Empties the form for a case of its own, prefilled as the host last asked.
    pub(crate) fn reset(self) {
        let prefill = self.prefilled.get_value();
        for field in Field::ALL {
            self.text(field).set(prefill.get(field).to_owned());
        }
        self.unsettled.set_value(None);
        self.attempt.update_value(|attempt| *attempt = attempt.wrapping_add(1));
        self.errors.set(ValidationErrors::default());
        self.submission.set(Submission::Editing);
        self.guard.forget_decisions();
        self.helper.forget();
        self.stop.forget();
        self.look_again();
    }

    /// The case, if the rules allow it and nothing is left to decide about its subject and description.
    fn valid_case(self) -> Result<NewCase, ValidationErrors> {
        self.check_subject();
        self.check_description();
        let case = self.draft().validate();
        let undecided = [(Field::Subject, self.guard.error()), (Field::Description, self.stop.error())];
        let mut undecided = undecided
            .into_iter()
            .filter_map(|(field, error)| Some((field, error?)))
            .peekable();
        if undecided.peek().is_none() {
            return case;
        }
        let mut errors = case.err().unwrap_or_default();
        undecided.for_each(|(field, error)| errors.insert(field, error));
        Err(errors)
    }

    fn show(self) {
        self.shown.update(|count| *count = count.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests;
