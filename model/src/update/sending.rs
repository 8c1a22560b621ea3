//! From the draft to a submission.

use partner_case_core::{Field, NewCase, NotSentReason, ValidationErrors};

use super::step::Step;
use crate::announcement::PortalEvent;
use crate::command::Command;
use crate::event::Prepared;
use crate::focus::FocusTarget;
use crate::interpret::{FetchOutcome, interpret};
use crate::submission::{PendingSubmission, SendTicket, Submission, SupportIds, digest};

impl Step<'_> {
    /// Checks the draft and, if nothing is wrong with it, sends it, or shows it first.
    pub(crate) fn submit(&mut self) {
        if !self.model.submission.can_be_sent() || self.model.options.layout.disabled || self.notices_sign_out() {
            return;
        }
        let case = match self.valid_case() {
            Ok(case) => case,
            Err(errors) => return self.show_errors(errors),
        };
        self.model.errors = ValidationErrors::default();
        if self.model.options.review && !matches!(self.model.submission, Submission::Reviewing(_)) {
            let earlier = self.model.submission.reconsidered().cloned();
            self.set_submission(Submission::Reviewing(earlier));
            return self.focus(FocusTarget::Heading);
        }
        self.send(&case);
    }

    fn send(&mut self, case: &NewCase) {
        let body = case.to_json();
        let digest = digest(&body);
        // The same text as before has the same key. Another one has the draft's next key, or a new one.
        let same = self.model.pending.take().filter(|pending| pending.digest == digest);
        let pending = match same {
            Some(pending) => pending,
            None => match self.model.next_key.take().or_else(|| self.env.new_key()) {
                Some(key) => PendingSubmission {
                    key,
                    digest,
                    may_exist: false,
                    before: None,
                },
                // Without random numbers there is no key and so no safe way to send; browsers without them are not supported.
                None => return,
            },
        };
        let key = pending.key.clone();
        self.model.pending = Some(pending);
        // The review's button vanishes, so the focus goes to the one that shows the sending.
        if matches!(self.model.submission, Submission::Reviewing(_)) {
            self.focus(FocusTarget::Submit);
        }
        self.model.undo.clear();
        self.set_submission(Submission::Sending);
        // The key is stored before the first byte leaves: a page that is closed now asks with it later.
        self.save();
        let ticket = SendTicket {
            key,
            url: self.model.options.cases_url(),
            body,
            draft: self.model.draft.address.clone(),
            may_exist: self.model.pending.as_ref().is_some_and(|pending| pending.may_exist),
        };
        self.run(Command::PrepareSend(ticket));
    }

    /// Checks the draft and shows what is wrong with it, without sending it. While the text is what Wise has, or may have, there is nothing
    /// to check.
    pub(crate) fn validate(&mut self) {
        if !self.model.submission.can_be_sent() {
            return;
        }
        match self.valid_case() {
            Ok(_) => self.model.errors = ValidationErrors::default(),
            Err(errors) => self.show_errors(errors),
        }
    }

    fn show_errors(&mut self, errors: ValidationErrors) {
        self.notify(PortalEvent::Invalid(errors.clone()));
        self.model.errors = errors;
        let earlier = self.model.submission.reconsidered().cloned();
        self.set_submission(earlier.map_or(Submission::Editing, Submission::Reconsidering));
        self.focus(FocusTarget::ErrorSummary);
    }

    /// The case, if the rules allow it and nothing is left to decide about its subject and description.
    fn valid_case(&mut self) -> Result<NewCase, ValidationErrors> {
        self.check_subject();
        self.check_secrets();
        let case = self.model.input.validate();
        let undecided = [
            (Field::Subject, self.model.subject_check.error()),
            (Field::Description, self.model.secret_check.error()),
        ];
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

    /// Goes on once the portal has decided. It may have taken its time: what the form holds by now, or whether it is there, is another matter.
    pub(crate) fn send_prepared(&mut self, ticket: SendTicket, prepared: Prepared) {
        let is_own = self.model.pending.as_ref().is_some_and(|pending| pending.key == ticket.key);
        if self.model.is_unmounted || !is_own || !self.model.is_sending() {
            let is_in_doubt =
                is_own && !self.model.is_unmounted && matches!(self.model.submission, Submission::OutcomeUnknown(_));
            if is_in_doubt && !ticket.may_exist {
                // The form came back to the draft meanwhile, and took it for sent. Nothing has left.
                if let Some(pending) = &mut self.model.pending {
                    pending.may_exist = false;
                }
                self.cancel_unsent();
            } else {
                self.apply_stored(&ticket.draft, &ticket.key, &Submission::cancelled());
            }
            return;
        }
        match prepared {
            Prepared::Send(headers) => self.run(Command::Post(ticket, headers)),
            Prepared::Stopped => self.cancel_unsent(),
            Prepared::NoHeaders => self.posted(&ticket, FetchOutcome::Unsendable),
        }
    }

    /// Cancels a submission of which nothing has left, at the portal's word. Sent again, it is the same.
    fn cancel_unsent(&mut self) {
        // A first text that was sent again is in doubt as before.
        if let Some(before) = self.model.pending.as_mut().and_then(|pending| pending.before.take()) {
            self.model.pending = Some(*before);
            self.set_submission(Submission::OutcomeUnknown(SupportIds::default()));
            self.edited();
            self.save();
            return self.focus(FocusTarget::Notice);
        }
        // The first try may have made the case, whatever the portal says of the second.
        let may_exist = self.model.pending.as_ref().is_some_and(|pending| pending.may_exist);
        self.set_submission(if may_exist {
            Submission::Reconsidering(SupportIds::default())
        } else {
            Submission::Editing
        });
        self.edited();
        self.save();
        self.focus(FocusTarget::Submit);
    }

    /// Takes over how the call that creates the case has ended.
    pub(crate) fn posted(&mut self, ticket: &SendTicket, outcome: FetchOutcome) {
        let submission = interpret(outcome);
        if self.model.is_unmounted {
            // A case that nobody has seen stays an open question: on return the form asks, and shows it.
            if !matches!(submission, Submission::Created(_)) {
                self.apply_stored(&ticket.draft, &ticket.key, &submission);
            }
            return self.notify(PortalEvent::Settled(submission));
        }
        let settled = match self.settle(&ticket.key, submission) {
            Ok(settled) => {
                self.save();
                settled
            }
            // The form holds another customer's draft by now.
            Err(submission) => {
                if self.apply_stored(&ticket.draft, &ticket.key, &submission) {
                    self.announce_parked_case(&submission);
                }
                submission
            }
        };
        self.notify(PortalEvent::Settled(settled));
    }

    /// Goes back from an unknown outcome to the text. What was sent is remembered: sent again as it is, it is the same submission.
    pub(crate) fn reconsider(&mut self) {
        if let Submission::OutcomeUnknown(ids) = &self.model.submission {
            self.set_submission(Submission::Reconsidering(ids.clone()));
        }
        self.edited();
    }

    /// Goes back to a text whose outcome is unknown, or to that of a case that Wise could not set up. The latter, sent again, is a case of
    /// its own.
    pub(crate) fn edit(&mut self) {
        match &self.model.submission {
            Submission::OutcomeUnknown(_) => self.reconsider(),
            Submission::Created(_) if self.model.submission.phase() == Some(partner_case_core::CasePhase::Failed) => {
                self.set_submission(Submission::Editing);
                self.edited();
            }
            _ => return,
        }
        self.focus(FocusTarget::Field(Field::Description));
    }

    /// Sends the text of an unknown outcome as a new case, at the word of an agent who has checked: the key of the first must not make a
    /// second.
    pub(crate) fn send_again(&mut self) {
        if matches!(self.model.submission, Submission::OutcomeUnknown(_)) && !self.model.options.layout.disabled {
            let ids = self.model.submission.reconsidered().cloned().unwrap_or_default();
            let before = self.model.pending.take();
            self.discard_pending();
            // The agent has confirmed it, and has seen the text: no review comes before it.
            self.set_submission(Submission::Reviewing(None));
            self.edited();
            self.submit();
            if let Some(pending) = &mut self.model.pending {
                pending.before = before.map(Box::new);
            } else if before.is_some() && self.model.has_content() {
                // It cannot be sent as it stands: the first is in doubt as before.
                self.model.pending = before;
                self.set_submission(Submission::Reconsidering(ids));
            }
        }
    }

    /// Forgets what was sent, and the key that was meant for what comes next.
    pub(crate) fn discard_pending(&mut self) {
        self.model.pending = None;
        self.model.next_key = None;
    }

    /// Goes back from the review to the text.
    pub(crate) fn leave_review(&mut self) {
        if let Submission::Reviewing(earlier) = &self.model.submission {
            let back = earlier.clone().map_or(Submission::Editing, Submission::Reconsidering);
            self.set_submission(back);
        }
        self.focus(FocusTarget::Submit);
    }
}

/// Whether a reason for not sending means that another text was sent under the key: then there may be a case, and the key is spent.
pub(crate) fn spends_key(reason: NotSentReason) -> bool {
    reason == NotSentReason::KeyReused
}
