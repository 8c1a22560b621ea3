//! Asking the proxy again and again: for the outcome of a submission until it is known, for a new case until it is set up.

use partner_case_core::{CaseId, CasePhase};

use super::step::Step;
use crate::command::{Command, Poll, Timer};
use crate::interpret::{CaseLookup, FetchOutcome, interpret_case, interpret_report};
use crate::submission::PollStatus;

/// When the form asks for an unknown outcome, in seconds after the time before. A gateway that hiccupped is back within seconds; Wise's
/// webhook, which settles what the proxy does not know, may take minutes.
const OUTCOME_DELAYS_SECS: &[u64] = &[1, 2, 4, 8, 15, 30, 30, 60, 60, 90];

/// When the form looks at the status of a case that Wise is setting up, in seconds after the time before.
const STATUS_DELAYS_SECS: &[u64] = &[2, 3, 5, 8, 13, 21, 34, 55, 60, 60, 120, 120];

impl Step<'_> {
    /// Starts and stops the polls by what the submission has come to.
    pub(crate) fn follow_submission(&mut self) {
        let key = self
            .model
            .unknown_key()
            .filter(|_| !self.model.is_unmounted)
            .map(ToOwned::to_owned);
        if key != self.model.polls.outcome_of {
            self.model.polls.outcome_of = key;
            self.model.polls.outcome_tries = 0;
            self.wait(Poll::Outcome);
        }
        let is_setting_up = self.model.submission.phase() == Some(CasePhase::SettingUp) && !self.model.is_unmounted;
        let id = self.model.submission.case().filter(|_| is_setting_up).map(|case| case.id);
        if id != self.model.polls.status_of {
            self.model.polls.status_of = id;
            self.model.polls.status_tries = 0;
            self.wait(Poll::Status);
        }
    }

    /// Waits for the next time to ask, if there is one.
    fn wait(&mut self, poll: Poll) {
        let polls = &mut self.model.polls;
        let (is_open, tries, delays) = match poll {
            Poll::Outcome => (polls.outcome_of.is_some(), &mut polls.outcome_tries, OUTCOME_DELAYS_SECS),
            Poll::Status => (polls.status_of.is_some(), &mut polls.status_tries, STATUS_DELAYS_SECS),
        };
        let delay = delays.get(*tries).filter(|_| is_open);
        *tries += 1;
        self.run(match delay {
            Some(secs) => Command::StartTimer(Timer::Poll(poll), secs * 1_000),
            None => Command::StopTimer(Timer::Poll(poll)),
        });
    }

    pub(crate) fn ask(&mut self, poll: Poll) {
        match (poll, &self.model.polls.outcome_of, self.model.polls.status_of) {
            (Poll::Outcome, Some(key), _) => self.run(Command::FetchOutcome {
                key: key.clone(),
                url: self.model.options.submission_url(key),
                body: self.model.input.validate().ok().map(|case| case.to_json()),
            }),
            (Poll::Status, _, Some(id)) => self.run(Command::FetchCase {
                id,
                url: self.model.options.case_url(id),
            }),
            _ => {}
        }
    }

    /// Asks for the outcome now, at the agent's word, and from the beginning.
    pub(crate) fn check_outcome(&mut self) {
        if self.model.polls.outcome_of.is_some() {
            self.model.polls.status = PollStatus::Checking;
            self.model.polls.outcome_tries = 0;
            self.run(Command::StopTimer(Timer::Poll(Poll::Outcome)));
            self.ask(Poll::Outcome);
        }
    }

    pub(crate) fn outcome_fetched(&mut self, key: &str, outcome: FetchOutcome) {
        if self.model.polls.outcome_of.as_deref() != Some(key) {
            return;
        }
        match interpret_report(outcome) {
            Ok(submission) => self.settle_by_record(key, submission),
            Err(status) => {
                self.model.polls.status = status;
                if status != PollStatus::NoAnswer {
                    self.wait(Poll::Outcome);
                }
            }
        }
    }

    pub(crate) fn case_fetched(&mut self, id: CaseId, outcome: FetchOutcome) {
        if self.model.polls.status_of != Some(id) {
            return;
        }
        match interpret_case(outcome) {
            CaseLookup::Case(case) => {
                if !self.follow(&case) {
                    self.wait(Poll::Status);
                }
            }
            CaseLookup::Later => self.wait(Poll::Status),
            // A simple proxy: the case stays as its creation was answered.
            CaseLookup::Never => {}
        }
    }

    /// Counts down to the time from which sending again makes sense.
    pub(crate) fn count_down(&mut self, secs: Option<u64>) {
        self.model.retry_in_secs = secs;
        if secs.is_some_and(|secs| secs > 0) {
            self.run(Command::StartTimer(Timer::RetryCountdown, 1_000));
        }
    }

    pub(crate) fn second_passed(&mut self) {
        let left = self.model.retry_in_secs.map(|secs| secs.saturating_sub(1));
        self.count_down(left);
    }
}
