//! What becomes of each submission, noted before and after every step, so that one key makes one case at the most.

use std::time::Duration;

use partner_case_core::{Case, NewCase, Outcome, Problem, ProblemCode, SubmissionReport};
use uuid::Uuid;

use crate::idempotency_key::IdempotencyKey;
use crate::staff::StaffId;
use crate::store::{
    Admission, Answer, Departure, Digest, DigestKind, Event, Millis, Reservation, State, Step, Store, StoreError, Verdict,
};

/// What an external id that the proxy has made starts with.
const MINTED_PREFIX: &str = "pcf-";

/// The submissions of this proxy, or of all that share its store.
#[derive(Debug)]
pub(crate) struct Submissions {
    store: Store,
    /// How long an attempt may take before another may follow: longer than a call to Wise.
    lease: Duration,
}

/// The right to send a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    key: Digest,
    attempt: i64,
}

/// What there is instead of the right to send a case.
pub(crate) enum Instead {
    /// The answer: of the first request with this key, or why there is none.
    Answer(Result<Case, Problem>),
    /// It could not be noted for certain, so nothing is sent. Perhaps it is noted all the same: [`Submissions::take_back`].
    NotNoted { ticket: Ticket, problem: Problem },
}

/// How long to wait before each try to take something back, in seconds: about a minute in all, as long as an attempt may take.
const TAKE_BACK_SECS: [u64; 6] = [1, 2, 4, 8, 16, 32];

impl Submissions {
    pub(crate) fn new(store: Store, lease: Duration) -> Self {
        Self { store, lease }
    }

    /// Reserves a key for a case, and gives the case an external id of the proxy's if it has none: by that Wise's events are matched.
    ///
    /// `admission` is asked if the case is a new one. With [`Departure::Now`] the case may leave as soon as this has ended well; otherwise
    /// [`Self::sending`] comes before.
    ///
    /// # Errors
    /// What there is instead: what became of the first request with this key, or that it has not ended, or that it was about another case,
    /// or that there are too many cases, or that nothing can be noted now. A key whose submission made no case for certain is free again.
    pub(crate) async fn reserve(
        &self,
        key: IdempotencyKey,
        staff: &StaffId,
        case: &mut NewCase,
        departure: Departure,
        admission: Admission,
    ) -> Result<Ticket, Box<Instead>> {
        let digests = self.store.digests();
        let payload = digests.of(DigestKind::Payload, case.to_json().as_bytes());
        let typed = case.external_id().map(ToOwned::to_owned);
        if typed.is_none() {
            case.set_external_id(format!("{MINTED_PREFIX}{}", Uuid::new_v4().simple()));
        }
        let ticket = Ticket {
            key: digests.of(DigestKind::Key, key.0.as_bytes()),
            attempt: new_attempt(),
        };
        let reservation = Reservation {
            payload,
            staff: digests.of(DigestKind::Staff, staff.0.as_bytes()),
            external_id: digests.of(DigestKind::ExternalId, case.external_id().unwrap_or_default().as_bytes()),
            transfer: case
                .transfer_id()
                .map(|id| digests.of(DigestKind::Transfer, &id.to_be_bytes())),
            attempt: ticket.attempt,
            lease: self.lease,
            departure,
        };
        let verdict = self.store.reserve(ticket.key, reservation, admission).await;
        let verdict = verdict.map_err(|error| {
            let problem = not_noted(&error);
            Box::new(Instead::NotNoted { ticket, problem })
        });
        let instead = match verdict? {
            Verdict::Done => return Ok(ticket),
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
        Err(Box::new(Instead::Answer(instead)))
    }

    /// Frees the key of a case that was not sent because it could not be noted for certain: a database that was cut off while it wrote may
    /// have noted it, and then it would be said to be on its way, and later unknown, for ever.
    pub(crate) async fn take_back(&self, ticket: Ticket) {
        let problem = Box::new(Problem::new(ProblemCode::StoreUnavailable));
        for secs in TAKE_BACK_SECS {
            tokio::time::sleep(Duration::from_secs(secs)).await;
            let answer = Some(Answer::Problem(problem.clone()));
            let attempt = ticket.attempt;
            if self.store.step(ticket.key, Step::End { attempt, answer }).await.is_ok() {
                return;
            }
        }
        tracing::error!("a submission that was not sent could not be taken back; its key may be told as unknown");
    }

    /// The key of a text that comes without one, as from a plain HTML form: the same text of the same person is the same submission, unless
    /// `nonce` tells it from another.
    pub(crate) fn key_of_text(&self, staff: &StaffId, case: &NewCase, nonce: &str) -> IdempotencyKey {
        let digests = self.store.digests();
        let staff = digests.of(DigestKind::Staff, staff.0.as_bytes());
        let nonce = digests.of(DigestKind::PlainForm, nonce.as_bytes());
        let text = [&staff[..], &nonce[..], case.to_json().as_bytes()].concat();
        let digest = digests.of(DigestKind::PlainForm, &text);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        IdempotencyKey(Uuid::from_bytes(bytes))
    }

    /// Notes that a case leaves for Wise now. It must not leave before this has ended well.
    ///
    /// # Errors
    /// When it cannot be noted, or another attempt has taken this one's place. Nothing was sent.
    pub(crate) async fn sending(&self, ticket: Ticket) -> Result<(), Problem> {
        let attempt = ticket.attempt;
        match self.store.step(ticket.key, Step::Send { attempt }).await {
            Ok(Verdict::Done) => Ok(()),
            Ok(_) => Err(Problem::new(ProblemCode::SubmissionInFlight)),
            Err(error) => Err(not_noted(&error)),
        }
    }

    /// Notes what became of a submission. What cannot be noted is told all the same; the store then has it as unknown.
    pub(crate) async fn end(&self, ticket: Ticket, outcome: &Result<Case, Problem>) {
        let answer = match outcome {
            Ok(case) => Some(Answer::Case(without_external_id(case.clone()))),
            Err(problem) if problem.outcome == Outcome::NotCreated => Some(Answer::Problem(Box::new(problem.clone()))),
            Err(_) => None,
        };
        let attempt = ticket.attempt;
        if let Err(error) = self.store.step(ticket.key, Step::End { attempt, answer }).await {
            tracing::error!(%error, "an outcome could not be noted");
        }
    }

    /// What became of a submission, for the member of staff who sent it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn report(&self, key: Uuid, staff: &StaffId) -> Result<Option<SubmissionReport>, Problem> {
        let digests = self.store.digests();
        let found = self.store.find(digests.of(DigestKind::Key, key.as_bytes())).await;
        let staff = digests.of(DigestKind::Staff, staff.0.as_bytes());
        let now = crate::store::now();
        let known = found
            .map_err(|error| not_noted(&error))?
            .filter(|record| record.staff == staff && !record.has_lapsed(now));
        let Some(record) = known else { return Ok(None) };
        Ok(Some(match (record.state_at(now), record.answer) {
            (State::Reserved | State::Sent, _) => SubmissionReport::InFlight,
            (State::Created, Some(Answer::Case(case))) => SubmissionReport::Created { case },
            (State::Rejected, Some(Answer::Problem(problem))) => SubmissionReport::Rejected { problem },
            _ => SubmissionReport::Unknown,
        }))
    }

    /// Takes over what Wise tells of a case. The answer is whether that was news about a submission.
    ///
    /// # Errors
    /// When it cannot be noted; Wise then tells it again.
    pub(crate) async fn settle(&self, external_id: &str, case: Case, created: Option<Millis>) -> Result<bool, StoreError> {
        let event = Event {
            external_id: self.store.digests().of(DigestKind::ExternalId, external_id.as_bytes()),
            case: without_external_id(case),
            created,
        };
        self.store.settle(event).await
    }

    /// The cases raised about a transfer, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn about_transfer(&self, transfer: i64) -> Result<Vec<Case>, Problem> {
        let transfer = self.store.digests().of(DigestKind::Transfer, &transfer.to_be_bytes());
        self.store.by_transfer(transfer).await.map_err(|error| not_noted(&error))
    }

    /// Forgets the submissions that have not changed for so long.
    pub(crate) async fn purge(&self, retention: Duration) {
        let retention = Millis::try_from(retention.as_millis()).unwrap_or(Millis::MAX);
        match self.store.purge(crate::store::now().saturating_sub(retention)).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old submissions were forgotten"),
            Err(error) => tracing::error!(%error, "old submissions could not be forgotten"),
        }
    }

    /// Whether anything can be noted now.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        self.store.check().await
    }
}

/// The case as the staff see it: without an external id of the proxy's, which would look like a reference of theirs.
pub(crate) fn for_the_staff(case: Case) -> Case {
    Case {
        external_id: case.external_id.filter(|id| !id.starts_with(MINTED_PREFIX)),
        ..case
    }
}

/// The external id may be what a person typed, so it is not kept.
fn without_external_id(case: Case) -> Case {
    Case {
        external_id: None,
        ..case
    }
}

/// Nothing was sent, because it could not be noted first.
fn not_noted(error: &StoreError) -> Problem {
    tracing::error!(%error, "the store cannot be used");
    Problem::new(ProblemCode::StoreUnavailable)
}

/// A number that no other attempt has. It keeps attempts apart and no secret.
fn new_attempt() -> i64 {
    let (number, _) = Uuid::new_v4().as_u64_pair();
    number.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Database, StoreConfig};
    use partner_case_core::CaseDraft;

    /// A database that was cut off while it wrote may have noted what it did not confirm.
    #[tokio::test]
    async fn what_was_noted_and_not_sent_is_taken_back_and_its_key_is_free() {
        let store = Store::open(&StoreConfig {
            database: Database::Sqlite(":memory:".into()),
            key: Some("a-key-of-a-test-0123456789abcdefghij".to_owned().into()),
            other_key: None,
            ca_file: None,
            retention: Duration::from_secs(60),
        });
        let submissions = Submissions::new(store.unwrap(), Duration::from_secs(60));
        let draft = CaseDraft {
            user_id: "1234".to_owned(),
            subject: "Subject".to_owned(),
            description: "Text".to_owned(),
            external_id: "T-1".to_owned(),
            ..CaseDraft::default()
        };
        let case = draft.validate().unwrap();
        let key = IdempotencyKey(Uuid::new_v4());
        let reserve = async || {
            let staff = StaffId("agent-7".to_owned());
            let admission = Box::new(|| Ok(()));
            submissions
                .reserve(key, &staff, &mut case.clone(), Departure::Now, admission)
                .await
        };
        let Ok(ticket) = reserve().await else {
            panic!("the key is new")
        };
        assert!(reserve().await.is_err(), "it is on its way");
        submissions.take_back(ticket).await;
        assert!(reserve().await.is_ok(), "its key is free");
    }
}
