//! From the draft to a submission, and from its end back to the form.

use partner_case_core::{Case, CaseStatus, Field, NewCase, NotSentReason, ValidationErrors};

use super::{CaseForm, FocusTarget};
use crate::submission::{Inquiry, Reference, Submission};

/// A submission that is not certain to have ended.
#[derive(Debug, Clone)]
pub(super) struct Unsettled {
    /// One key for what is sent, so that sending it again makes no second case.
    pub(super) key: String,
    /// What was sent. Another text is another submission and gets a key of its own.
    pub(super) json: String,
    /// Whether it may have made a case.
    pub(super) doubtful: bool,
}

/// A submission that may start now.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) case: NewCase,
    pub(crate) key: String,
}

impl CaseForm {
    /// Sets whether a person sees what is to be sent before it is.
    pub(crate) fn set_review(self, review: bool) {
        self.review.set_value(review);
    }

    /// Checks the draft and, if it is well and nothing speaks against it, goes over to sending, or first to the review.
    ///
    /// The same text as before has the same key. Another one has the draft's next key, or one that `new_key` makes.
    pub(crate) fn begin_submit(self, new_key: impl FnOnce() -> String) -> Option<Outgoing> {
        if !self.submission.with_untracked(Submission::can_be_sent) {
            return None;
        }
        let case = match self.valid_case() {
            Ok(case) => case,
            Err(errors) => {
                self.show_errors(errors);
                return None;
            }
        };
        self.errors.set(ValidationErrors::default());
        if self.review.get_value() && !matches!(self.submission.get_untracked(), Submission::Reviewing(_)) {
            self.submission.update(|submission| {
                *submission = Submission::Reviewing(match submission {
                    Submission::Reconsidering(reference) => Some(reference.clone()),
                    _ => None,
                });
            });
            return None;
        }
        let json = case.to_json();
        let same = self.unsettled.get_value().filter(|unsettled| unsettled.json == json);
        let unsettled = same.unwrap_or_else(|| Unsettled {
            key: self.next_key.try_update_value(Option::take).flatten().unwrap_or_else(new_key),
            json,
            doubtful: false,
        });
        let key = unsettled.key.clone();
        self.unsettled.set_value(Some(unsettled));
        self.submission.set(Submission::Sending);
        Some(Outgoing { case, key })
    }

    /// Checks the draft and shows what is wrong with it, without sending it. While the text is what Wise has, or may have, there is
    /// nothing to check.
    pub(crate) fn validate(self) -> ValidationErrors {
        if !self.submission.with_untracked(Submission::can_be_sent) {
            return ValidationErrors::default();
        }
        match self.valid_case() {
            Ok(_) => self.errors.set(ValidationErrors::default()),
            Err(errors) => self.show_errors(errors),
        }
        self.errors.get_untracked()
    }

    /// Whether the form waits for the outcome of the submission with `key`, of which nothing has left yet.
    pub(crate) fn is_sending(self, key: &str) -> bool {
        let own = self
            .unsettled
            .with_value(|unsettled| unsettled.as_ref().is_some_and(|unsettled| unsettled.key == key));
        own && self.submission.get_untracked() == Submission::Sending
    }

    /// Takes back a submission of which nothing has left, at the host's word. Sent again, it is the same.
    pub(crate) fn hold_back(self, key: &str) {
        let doubtful = self.unsettled.with_value(|unsettled| {
            let unsettled = unsettled.as_ref()?;
            (unsettled.key == key).then_some(unsettled.doubtful)
        });
        if let Some(doubtful) = doubtful
            && self.submission.get_untracked() == Submission::Sending
        {
            // The first try may have made the case, whatever the host says of the second.
            self.submission.set(if doubtful {
                Submission::Reconsidering(Reference::default())
            } else {
                Submission::Editing
            });
            self.edited();
            self.focus.set(Some(FocusTarget::Submit));
        }
    }

    fn show_errors(self, errors: ValidationErrors) {
        self.errors.set(errors);
        self.submission.update(|submission| {
            *submission = match submission {
                Submission::Reconsidering(reference) | Submission::Reviewing(Some(reference)) => {
                    Submission::Reconsidering(reference.clone())
                }
                _ => Submission::Editing,
            };
        });
        self.show();
    }

    /// The key of the submission whose outcome is open, if there is one.
    pub(crate) fn open_key(self) -> Option<String> {
        if !matches!(self.submission.get_untracked(), Submission::OutcomeUnknown(_)) {
            return None;
        }
        self.unsettled
            .with_value(|unsettled| unsettled.as_ref().map(|unsettled| unsettled.key.clone()))
    }

    /// Takes over what became of the submission with `key`. The answer is what is to be told of it.
    ///
    /// # Errors
    /// The submission as it was given, when the form holds another draft by now.
    pub(crate) fn settle(self, key: &str, submission: Submission) -> Result<Submission, Submission> {
        let doubtful = self.unsettled.with_value(|unsettled| {
            unsettled
                .as_ref()
                .filter(|unsettled| unsettled.key == key)
                .map(|unsettled| unsettled.doubtful)
        });
        let waiting = self
            .submission
            .with_untracked(|submission| matches!(submission, Submission::Sending | Submission::OutcomeUnknown(_)));
        let Some(doubtful) = doubtful.filter(|_| waiting) else {
            return Err(submission);
        };
        let submission = match submission {
            // The first try may still have made the case, whatever kept the second from being sent.
            Submission::NotSent(not_sent) if doubtful && not_sent.reason != NotSentReason::KeyReused => {
                Submission::OutcomeUnknown(not_sent.reference)
            }
            Submission::Rejected(rejection) if doubtful && !rejection.final_for_key => {
                Submission::OutcomeUnknown(rejection.reference)
            }
            other => other,
        };
        self.take_over(submission.clone());
        Ok(submission)
    }

    /// Takes over what the proxy's own record says of the submission with `key`: that holds for every try.
    pub(crate) fn settle_by_record(self, key: &str, submission: Submission) -> Option<Submission> {
        if self.open_key().as_deref() != Some(key) {
            return None;
        }
        self.take_over(submission.clone());
        Some(submission)
    }

    fn take_over(self, mut submission: Submission) {
        // The proxy does not keep what a person typed as their reference, so its record has none.
        if let Submission::Created(case) = &mut submission
            && case.external_id.is_none()
        {
            let own = self.draft().validate().ok();
            case.external_id = own.and_then(|case| case.external_id().map(ToOwned::to_owned));
        }
        match &submission {
            Submission::Created(_) => self.unsettled.set_value(None),
            Submission::Rejected(rejection) => {
                self.unsettled.set_value(None);
                self.errors.set(rejection.errors.clone());
            }
            Submission::NotSent(not_sent) => {
                if not_sent.reason == NotSentReason::KeyReused {
                    self.unsettled.set_value(None);
                    self.next_key.set_value(None);
                }
            }
            Submission::OutcomeUnknown(_) => {
                self.inquiry.set(Inquiry::Checking);
                self.unsettled.update_value(|unsettled| {
                    if let Some(unsettled) = unsettled {
                        unsettled.doubtful = true;
                    }
                });
            }
            Submission::Editing | Submission::Reviewing(_) | Submission::Sending | Submission::Reconsidering(_) => {}
        }
        self.submission.set(submission);
        self.show();
        self.edited();
    }

    /// Takes over how a created case stands now. The answer is whether that is news.
    pub(crate) fn follow(self, now: &Case) -> bool {
        let mut changed = false;
        let same_case = self
            .submission
            .with_untracked(|submission| matches!(submission, Submission::Created(case) if case.id == now.id));
        if same_case && !now.status.as_str().is_empty() {
            self.submission.update(|submission| {
                if let Submission::Created(case) = submission {
                    changed = case.status != now.status;
                    case.status = now.status.clone();
                }
            });
        }
        changed
    }

    /// Goes back from an unknown outcome to the text. What was sent is remembered: sent again as it is, it is the same submission.
    pub(crate) fn reconsider(self) {
        self.submission.update(|submission| {
            if let Submission::OutcomeUnknown(reference) = submission {
                *submission = Submission::Reconsidering(reference.clone());
            }
        });
        self.edited();
        self.focus.set(Some(FocusTarget::Field(Field::Description)));
    }

    /// Makes ready to send the text of an unknown outcome as a new case, at the word of a person who has checked: the key of the first
    /// must not make a second.
    pub(crate) fn renounce(self) {
        if matches!(self.submission.get_untracked(), Submission::OutcomeUnknown(_)) {
            self.unsettled.set_value(None);
            self.next_key.set_value(None);
            self.submission.set(Submission::Editing);
            self.edited();
        }
    }

    /// Goes back from the review to the text.
    pub(crate) fn stop_reviewing(self) {
        self.submission.update(|submission| {
            if let Submission::Reviewing(doubted) = submission {
                *submission = match doubted.take() {
                    Some(reference) => Submission::Reconsidering(reference),
                    None => Submission::Editing,
                };
            }
        });
        self.focus.set(Some(FocusTarget::Submit));
    }

    /// Goes back to the text of a case that Wise could not set up. Sent again, it is a case of its own.
    pub(crate) fn edit_failed(self) {
        self.submission.update(|submission| {
            if matches!(submission, Submission::Created(case) if case.status == CaseStatus::Failed) {
                *submission = Submission::Editing;
            }
        });
        self.edited();
        self.focus.set(Some(FocusTarget::Field(Field::Description)));
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
}
