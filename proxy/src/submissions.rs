//! What became of each submission, stored before and after every step, so that one key makes one case at most.

mod key;
mod sight;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use partner_case_core::{Case, Field, NewCase, Outcome, Problem, ProblemCode, SubmissionReport};
use uuid::Uuid;

pub(crate) use self::key::SubmissionKey;
use self::sight::MINTED_PREFIX;
pub(crate) use self::sight::{Sight, for_the_staff, without_external_id};
use crate::config::Visible;
use crate::instant::millis;
use crate::metrics::Metrics;
use crate::staff::StaffId;
use crate::store::{
    Answer, Candidate, Digest, DigestKind, Event, RateCheck, Reservation, SendMode, State, Step, Store, StoreError, Verdict,
};

/// How long to wait before each further try to store something, in seconds: about a minute in all, as long as a database may take to restart. The
/// pauses stay short, so that a proxy that is asked to stop tries to the end of its drain.
const RETRY_SECS: [u64; 14] = [1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5];

/// The submissions of this proxy, or of all that share its store.
#[derive(Debug)]
pub(crate) struct Submissions {
    store: Store,
    /// How long an attempt may take before another may follow: longer than a call to Wise.
    lease: Duration,
    metrics: Arc<Metrics>,
}

/// The right to send a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    /// The digest that the submission is stored under.
    key: Digest,
    attempt: i64,
    /// The key itself, which goes to Wise as correlation id.
    pub(crate) uuid: Uuid,
}

impl Ticket {
    /// The submission's name in the audit trail.
    pub(crate) fn submission(&self) -> String {
        name_of(&self.key)
    }
}

/// What there is instead of the right to send a case.
#[derive(Debug)]
pub(crate) enum NotReserved {
    /// The answer: of the first request with this key, or why there is none.
    Answer(Result<Case, Problem>),
    /// It could not be stored for certain, so nothing is sent. The reservation may be there all the same: [`Submissions::release`].
    NotStored { tickets: Vec<Ticket>, problem: Problem },
}

impl Submissions {
    pub(crate) fn new(store: Store, lease: Duration, metrics: Arc<Metrics>) -> Self {
        Self { store, lease, metrics }
    }

    /// Reserves a key for a case, and gives the case an external id of the proxy's if it has none: by that Wise's events are matched.
    ///
    /// `rate_check` is asked if the case is a new one. With [`SendMode::Immediate`] the case may leave as soon as this has ended well; otherwise
    /// [`Self::sending`] comes before.
    ///
    /// # Errors
    /// What there is instead: what became of the first request with this key, or that it has not ended, or that it was about another case,
    /// or that there are too many cases, or that nothing can be stored now. A key whose submission made no case for certain is free again.
    pub(crate) async fn reserve(
        &self,
        key: &SubmissionKey,
        staff: &StaffId,
        case: &mut NewCase,
        mode: SendMode,
        rate_check: RateCheck,
    ) -> Result<Ticket, Box<NotReserved>> {
        let typed = case.text(Field::ExternalId).map(Cow::into_owned);
        let attempt = new_attempt();
        let payloads: Vec<_> = self
            .store
            .all_digests()
            .iter()
            .map(|digests| (digests, digests.of_case(case), key.uuid(digests, staff, case)))
            .collect();
        if typed.is_none() {
            case.set_external_id(format!("{MINTED_PREFIX}{}", Uuid::new_v4().simple()));
        }
        let mut tickets = Vec::with_capacity(payloads.len());
        let mut candidates = Vec::with_capacity(payloads.len());
        for (digests, payload, uuid) in payloads {
            let key = digests.of(DigestKind::Key, uuid.as_bytes());
            tickets.push(Ticket { key, attempt, uuid });
            let reservation = Reservation {
                payload,
                staff: digests.of(DigestKind::Staff, staff.0.as_bytes()),
                external_id: digests.of(
                    DigestKind::ExternalId,
                    case.text(Field::ExternalId).unwrap_or_default().as_bytes(),
                ),
                transfer: case
                    .id(Field::TransferId)
                    .map(|id| digests.of(DigestKind::Transfer, &id.to_be_bytes())),
                attempt,
                lease: self.lease,
                mode,
                key_id: digests.id(),
            };
            candidates.push(Candidate { key, reservation });
        }
        let (key, verdict) = match self.store.reserve(candidates, rate_check).await {
            Ok(reserved) => reserved,
            Err(error) => {
                let problem = self.not_stored(&error);
                return Err(Box::new(NotReserved::NotStored { tickets, problem }));
            }
        };
        let instead = match verdict {
            Verdict::Done => {
                let ticket = tickets.into_iter().find(|ticket| ticket.key == key);
                return ticket.ok_or_else(|| Box::new(NotReserved::Answer(Err(Problem::new(ProblemCode::Internal)))));
            }
            Verdict::Reused => Err(Problem::new(ProblemCode::IdempotencyKeyReused)),
            Verdict::InFlight | Verdict::Overtaken => Err(Problem::new(ProblemCode::SubmissionInFlight)),
            Verdict::Ended(Some(Answer::Case(case))) => Ok(Case {
                external_id: typed,
                ..case
            }),
            Verdict::Ended(Some(Answer::Problem(problem))) => Err(*problem),
            Verdict::Ended(None) => Err(Problem::new(ProblemCode::OutcomeUnknown)),
            Verdict::NotAdmitted(problem) => Err(*problem),
        };
        Err(Box::new(NotReserved::Answer(instead)))
    }

    /// Releases the key of a case that was not sent because it could not be stored for certain: a database that was cut off while it wrote may
    /// have stored it, and then its outcome would be unknown for ever.
    pub(crate) async fn release(&self, tickets: Vec<Ticket>, problem: Problem) {
        for ticket in tickets {
            self.store_end(ticket, Some(Answer::Problem(Box::new(certain(problem.clone())))), true)
                .await;
        }
    }

    /// Stores that a case leaves for Wise now. It must not leave before this has ended well.
    ///
    /// # Errors
    /// When it cannot be stored, or another attempt has taken this one's place. Nothing was sent.
    pub(crate) async fn sending(&self, ticket: Ticket) -> Result<(), Problem> {
        let attempt = ticket.attempt;
        match self.store.step(ticket.key, Step::Send { attempt }).await {
            Ok(Verdict::Done) => Ok(()),
            Ok(_) => {
                // Its time was over before it was sent. If no other attempt has followed, the key is free; else this changes nothing.
                let free = certain(Problem::new(ProblemCode::UpstreamUnreachable));
                let answer = Some(Answer::Problem(Box::new(free)));
                let _ = self.store.step(ticket.key, Step::End { attempt, answer }).await;
                Err(Problem::new(ProblemCode::SubmissionInFlight))
            }
            Err(error) => Err(self.not_stored(&error)),
        }
    }

    /// Stores what became of a submission. The answer is whether that has worked; if not, [`Self::store_end`] is to try again.
    pub(crate) async fn end(&self, ticket: Ticket, outcome: &Result<Case, Problem>) -> Result<(), Option<Answer>> {
        let answer = match outcome {
            Ok(case) => Some(Answer::Case(without_external_id(case.clone()))),
            Err(problem) if problem.outcome == Outcome::NotCreated => Some(Answer::Problem(Box::new(problem.clone()))),
            Err(_) => None,
        };
        let attempt = ticket.attempt;
        let step = Step::End {
            attempt,
            answer: answer.clone(),
        };
        match self.store.step(ticket.key, step).await {
            Ok(Verdict::Overtaken) => {
                self.metrics.outcome_not_recorded();
                tracing::error!(
                    submission = ticket.submission(),
                    "a submission is gone from the store, so its outcome is not stored: its key can be sent again"
                );
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(error) => {
                self.metrics.store_write_failed();
                tracing::error!(%error, "an outcome could not be stored; the proxy tries again");
                Err(answer)
            }
        }
    }

    /// Stores the end of an attempt, again and again for about a minute.
    pub(crate) async fn store_end(&self, ticket: Ticket, answer: Option<Answer>, is_release: bool) {
        let attempt = ticket.attempt;
        for secs in RETRY_SECS {
            tokio::time::sleep(Duration::from_secs(secs)).await;
            let step = Step::End {
                attempt,
                answer: answer.clone(),
            };
            match self.store.step(ticket.key, step).await {
                Ok(_) => return,
                Err(_) => self.metrics.store_write_failed(),
            }
        }
        self.metrics.outcome_not_recorded();
        let submission = ticket.submission();
        if is_release {
            tracing::error!(
                submission,
                "a reservation could not be released; its key may be reported as unknown"
            );
        } else {
            tracing::error!(
                submission,
                "an outcome could not be stored; the store has it as unknown until Wise's webhook settles it"
            );
        }
    }

    /// What became of a submission, for the agent who sent it; of one case under its key, if that is known.
    ///
    /// # Errors
    /// When the store cannot be read, or another case was sent under the key.
    pub(crate) async fn report(
        &self,
        key: Uuid,
        staff: &StaffId,
        case: Option<&NewCase>,
    ) -> Result<Option<SubmissionReport>, Problem> {
        let found = self.store.find(self.digests(DigestKind::Key, key.as_bytes())).await;
        let staff = self.digests(DigestKind::Staff, staff.0.as_bytes());
        let known = found
            .map_err(|error| self.not_stored(&error))?
            .filter(|(record, now)| staff.contains(&record.staff) && !record.has_lapsed(*now));
        let Some((record, now)) = known else { return Ok(None) };
        let is_other = |case: &NewCase| {
            self.store
                .all_digests()
                .iter()
                .all(|digests| digests.of_case(case) != record.payload)
        };
        if case.is_some_and(is_other) {
            return Err(Problem::new(ProblemCode::IdempotencyKeyReused));
        }
        Ok(Some(match (record.state_at(now), record.answer) {
            (State::Reserved | State::Sent, _) => SubmissionReport::InFlight,
            (State::Created, Some(Answer::Case(case))) => SubmissionReport::Created { case },
            (State::Rejected, Some(Answer::Problem(problem))) => SubmissionReport::Rejected { problem },
            _ => SubmissionReport::Unknown,
        }))
    }

    /// Stores what Wise says of a case. The answer is the submission that it settled, by its name in the audit trail.
    ///
    /// # Errors
    /// When it cannot be stored; Wise then says it again.
    pub(crate) async fn settle(&self, external_id: &str, case: Case) -> Result<Option<String>, StoreError> {
        let event = Event {
            external_ids: self.digests(DigestKind::ExternalId, external_id.as_bytes()),
            created: case.created_at.as_ref().and_then(millis),
            case: without_external_id(case),
        };
        Ok(self.store.settle(event).await?.map(|settled| name_of(&settled.key)))
    }

    /// The cases raised about a transfer that an agent may see, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn about_transfer(&self, transfer: i64, staff: &StaffId, visible: Visible) -> Result<Vec<Case>, Problem> {
        let mut cases = Vec::new();
        for digests in self.store.all_digests() {
            let transfer = digests.of(DigestKind::Transfer, &transfer.to_be_bytes());
            let owner = (visible == Visible::Own).then(|| digests.of(DigestKind::Staff, staff.0.as_bytes()));
            let found = self.store.by_transfer(transfer, owner).await;
            cases.extend(found.map_err(|error| self.not_stored(&error))?);
        }
        cases.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
        Ok(cases.into_iter().map(|(case, _)| case).collect())
    }

    /// Whether an agent may see a case, and whether the agent has raised it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn sees(&self, case: i64, staff: &StaffId, visible: Visible) -> Result<Sight, Problem> {
        let owner = self.digests(DigestKind::Staff, staff.0.as_bytes());
        let stored = |found: Result<bool, StoreError>| found.map_err(|error| self.not_stored(&error));
        if stored(self.store.has_case(case, Some(owner)).await)? {
            return Ok(Sight::Own);
        }
        let shown = match visible {
            Visible::Own => false,
            Visible::RaisedHere => stored(self.store.has_case(case, None).await)?,
            Visible::All => true,
        };
        Ok(if shown { Sight::OfAnother } else { Sight::Hidden })
    }

    /// Forgets the submissions that have ended and have not changed for so long.
    pub(crate) async fn purge(&self, retention: Duration) {
        match self.store.purge(retention).await {
            Ok(purged) => {
                self.metrics.purged(purged.removed.is_none(), purged.unknown);
                match purged.removed {
                    None => tracing::warn!(
                        "old submissions are kept: the clock has jumped or is far from the newest time in the store. Check the clock; the purge goes \
                         on after a week without a jump"
                    ),
                    Some(0) => {}
                    Some(forgotten) => tracing::info!(forgotten, "old submissions were purged"),
                }
            }
            Err(error) => tracing::error!(%error, "old submissions could not be purged"),
        }
    }

    /// Forgets the unknown submissions that have not changed for so long, at the operator's word.
    pub(crate) async fn forget_unknown(&self, age: Duration, trusts_clock: bool) -> Result<u64, StoreError> {
        self.store.forget_unknown(age, trusts_clock).await
    }

    /// Whether anything can be stored now.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        self.store.check().await
    }

    /// The digests of something by each of the store's keys.
    fn digests(&self, kind: DigestKind, data: &[u8]) -> Vec<Digest> {
        self.store
            .all_digests()
            .iter()
            .map(|digests| digests.of(kind, data))
            .collect()
    }

    /// Nothing was sent, because it could not be stored first.
    fn not_stored(&self, error: &StoreError) -> Problem {
        self.metrics.store_write_failed();
        tracing::error!(%error, "the store cannot be used");
        Problem::new(ProblemCode::StoreUnavailable)
    }
}

/// A problem of an attempt that holds the key and has sent nothing: what holds of the request holds of the key.
pub(crate) fn certain(problem: Problem) -> Problem {
    match problem.outcome {
        Outcome::NotSent => Problem {
            outcome: Outcome::NotCreated,
            ..problem
        },
        Outcome::NotCreated | Outcome::Unknown => problem,
    }
}

/// A submission's name in the audit trail: half of its key's digest, enough to join lines and too little to find the key.
fn name_of(key: &Digest) -> String {
    key[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number that no other attempt has. It keeps attempts apart and no secret.
fn new_attempt() -> i64 {
    let (number, _) = Uuid::new_v4().as_u64_pair();
    number.cast_signed()
}

#[cfg(test)]
mod tests;
