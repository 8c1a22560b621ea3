//! What became of a submission.

use partner_case_core::{Case, Field};

use super::sending::spends_key;
use super::step::Step;
use crate::announcement::{Announcement, PortalEvent};
use crate::focus::FocusTarget;

use crate::submission::{PollStatus, Submission};

impl Step<'_> {
    /// Takes over what became of the submission with `key`, and returns what the portal is told.
    ///
    /// # Errors
    /// The submission as it was given, when the form holds another draft by now.
    pub(crate) fn settle(&mut self, key: &str, submission: Submission) -> Result<Submission, Submission> {
        let waiting = matches!(self.model.submission, Submission::Sending | Submission::OutcomeUnknown(_));
        let pending = self.model.pending.as_ref().filter(|pending| waiting && pending.key == key);
        let Some(may_exist) = pending.map(|pending| pending.may_exist) else {
            return Err(submission);
        };
        let submission = in_doubt(submission, may_exist);
        let submission = self.in_doubt_of_before(submission);
        self.apply_outcome(submission.clone());
        Ok(submission)
    }

    /// A text that was sent again and made no case leaves the question what became of it the first time.
    fn in_doubt_of_before(&mut self, submission: Submission) -> Submission {
        let ids = match &submission {
            Submission::NotSent(not_sent) => not_sent.ids.clone(),
            Submission::Rejected(rejection) => rejection.ids.clone(),
            _ => return submission,
        };
        match self.model.pending.as_mut().and_then(|pending| pending.before.take()) {
            Some(before) => {
                self.model.pending = Some(*before);
                Submission::OutcomeUnknown(ids)
            }
            None => submission,
        }
    }

    /// Takes over what the proxy's own record says of the submission with `key`: that holds for every try.
    pub(crate) fn settle_by_record(&mut self, key: &str, submission: Submission) {
        if self.model.unknown_key() == Some(key) {
            let submission = self.in_doubt_of_before(submission);
            self.apply_outcome(submission.clone());
            self.save();
            self.notify(PortalEvent::Settled(submission));
        }
    }

    fn apply_outcome(&mut self, mut submission: Submission) {
        let target = match &mut submission {
            Submission::Created(case) => {
                self.with_own_external_id(case);
                self.model.pending = None;
                FocusTarget::Heading
            }
            Submission::Rejected(rejection) => {
                self.model.pending = None;
                self.model.errors = rejection.errors.clone();
                if rejection.errors.is_empty() {
                    FocusTarget::Notice
                } else {
                    FocusTarget::ErrorSummary
                }
            }
            Submission::NotSent(not_sent) => {
                if spends_key(not_sent.reason) {
                    self.discard_pending();
                }
                self.count_down(not_sent.retry_after_secs);
                FocusTarget::Notice
            }
            _ => {
                self.model.polls.status = PollStatus::Checking;
                if let Some(pending) = &mut self.model.pending {
                    pending.may_exist = true;
                }
                FocusTarget::Notice
            }
        };
        self.set_submission(submission);
        self.edited();
        self.focus(target);
    }

    /// The proxy does not keep the agent's own ticket number, so its record has none.
    fn with_own_external_id(&self, case: &mut Case) {
        if case.external_id.is_none() {
            let own = self.model.input.validate().ok();
            case.external_id = own.and_then(|own| own.text(Field::ExternalId).map(std::borrow::Cow::into_owned));
        }
    }

    /// Takes over how a created case stands now. The answer is whether that is news.
    pub(crate) fn follow(&mut self, now: &Case) -> bool {
        match &mut self.model.submission {
            Submission::Created(case) if case.id == now.id && !now.status.as_str().is_empty() && case.status != now.status => {
                case.status = now.status.clone();
                true
            }
            _ => false,
        }
    }

    /// The form shows another customer by now, and the case was created.
    pub(crate) fn announce_parked_case(&mut self, submission: &Submission) {
        if let Submission::Created(case) = submission {
            self.announce(Announcement::ParkedCaseCreated(case.id));
        }
    }
}

/// What a try says of its submission when an earlier try may have made a case: whatever kept the second from being sent, the first may still
/// have made it.
pub(crate) fn in_doubt(submission: Submission, may_exist: bool) -> Submission {
    match submission {
        Submission::NotSent(not_sent) if may_exist && !spends_key(not_sent.reason) => Submission::OutcomeUnknown(not_sent.ids),
        Submission::Rejected(rejection) if may_exist && !rejection.final_for_key => Submission::OutcomeUnknown(rejection.ids),
        other => other,
    }
}
