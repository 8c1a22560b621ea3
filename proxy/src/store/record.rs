//! What is remembered of a submission, and what may follow what: the one place with these rules, whatever database keeps the record.

use std::time::Duration;

use partner_case_core::{Case, Problem};
use serde::{Deserialize, Serialize};

use crate::instant::instant;

/// A keyed digest: what stands in the place of a key, a person's id, a text.
pub(crate) type Digest = [u8; 32];

/// Tells one key of the store from another: the first eight bytes of its fingerprint. It gives nothing of the key away.
pub(crate) type KeyId = i64;

/// A time in milliseconds since 1970. Several processes share the records, so it is the time of the day and not of a process.
pub(crate) type Millis = i64;

/// How far a submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing has left for Wise yet. Whoever reserved it may still be about to.
    Reserved,
    /// It has left for Wise, or is about to.
    Sent,
    /// Wise has the case.
    Created,
    /// No case was created, for certain.
    Rejected,
    /// It was sent and no answer tells what became of it.
    Unknown,
}

impl State {
    const ALL: [Self; 5] = [Self::Reserved, Self::Sent, Self::Created, Self::Rejected, Self::Unknown];

    /// The number that stands for the state in the database.
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }

    /// The state that a number in the database stands for. A number of a later version is a state that must not be sent again.
    pub(crate) fn from_number(number: i16) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.number() == number)
            .unwrap_or(Self::Unknown)
    }
}

/// What is remembered of a submission. None of it can be read back as what a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Of what was to be sent.
    pub(crate) payload: Digest,
    /// Of who sent it.
    pub(crate) staff: Digest,
    /// Of the external id it was sent with.
    pub(crate) external_id: Digest,
    /// Of the transfer it is about.
    pub(crate) transfer: Option<Digest>,
    pub(crate) state: State,
    /// Which attempt holds it, so that one whose time was over cannot go on beside the next.
    pub(crate) attempt: i64,
    /// Until when the attempt may take.
    pub(crate) lease_until: Millis,
    /// The small answer: Wise's case without the external id, or the problem.
    pub(crate) answer: Option<Answer>,
    /// When it left for Wise.
    pub(crate) sent: Option<Millis>,
    pub(crate) changed: Millis,
    /// Which of the store's keys made the digests.
    pub(crate) key_id: KeyId,
}

/// The answer that is given again to the same submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The case, without its external id, which a person may have typed.
    Case(Case),
    /// Why there is none.
    Problem(Box<Problem>),
}

/// An attempt to send a case.
#[derive(Debug, Clone)]
pub(crate) struct Reservation {
    pub(crate) payload: Digest,
    pub(crate) staff: Digest,
    pub(crate) external_id: Digest,
    pub(crate) transfer: Option<Digest>,
    pub(crate) attempt: i64,
    pub(crate) lease: Duration,
    pub(crate) mode: SendMode,
    /// Which of the store's keys made the digests.
    pub(crate) key_id: KeyId,
}

/// When a reserved case leaves for Wise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendMode {
    /// Right after the reservation is stored, so that nothing has to be stored a second time.
    Immediate,
    /// When there is a token; [`Step::Send`] is stored before.
    AfterToken,
}

/// What is to be noted of a submission.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// It is about to be sent, or leaves now.
    Reserve(Reservation),
    /// It leaves now.
    Send { attempt: i64 },
    /// It has ended. No answer stands for an unknown outcome.
    End { attempt: i64, answer: Option<Answer> },
    /// Wise has told of a case with this submission's external id.
    Settle(Case),
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is noted; go on.
    Done,
    /// The key belongs to another text or another person.
    Reused,
    /// The attempt before has not ended.
    InFlight,
    /// It has ended before, with this answer.
    Ended(Option<Answer>),
    /// Another attempt has taken its place, so this one must not go on.
    Overtaken,
    /// It would be a new case, and there are too many; nothing is noted.
    NotAdmitted(Box<Problem>),
}

impl Record {
    /// The case that the submission made, with the time of its last change here.
    pub(crate) fn into_case(self) -> Option<(Case, Millis)> {
        match self.answer? {
            Answer::Case(case) => Some((case, self.changed)),
            Answer::Problem(_) => None,
        }
    }

    /// The state as it stands now: an attempt whose time is over has ended.
    pub(crate) fn state_at(&self, now: Millis) -> State {
        match self.state {
            State::Sent if self.lease_until <= now => State::Unknown,
            state => state,
        }
    }

    /// Whether nothing of it has left for Wise, and nothing will.
    pub(crate) fn has_lapsed(&self, now: Millis) -> bool {
        self.state == State::Reserved && self.lease_until <= now
    }

    /// The number of the case that the submission made.
    pub(crate) fn case_id(&self) -> Option<i64> {
        match &self.answer {
            Some(Answer::Case(case)) => Some(case.id.0),
            Some(Answer::Problem(_)) | None => None,
        }
    }

    fn is_free(&self, now: Millis) -> bool {
        match self.state_at(now) {
            State::Reserved => self.has_lapsed(now),
            State::Rejected => true,
            State::Sent | State::Created | State::Unknown => false,
        }
    }
}

/// The record that an event about `case` belongs to, among those with its external id; none when that is not certain.
///
/// A person may have used an external id twice, or outside this proxy. So the case must be the record's own, or must have been created
/// about the time at which the only open submission was sent.
pub(crate) fn settled_by<'a, K>(records: &'a [(K, Record)], case: &Case, created: Option<Millis>) -> Option<&'a K> {
    let own = records
        .iter()
        .find(|(_, record)| matches!(&record.answer, Some(Answer::Case(known)) if known.id == case.id));
    if let Some((key, _)) = own {
        return Some(key);
    }
    let mut open = records
        .iter()
        .filter(|(_, record)| matches!(record.state, State::Sent | State::Unknown));
    let (key, record) = open.next().filter(|_| open.next().is_none())?;
    let apart = created?.abs_diff(record.sent?);
    (apart <= CREATED_NEAR_MILLIS).then_some(key)
}

/// How far apart the sending and Wise's time of creation may be: the longest call, and clocks that differ by some minutes.
const CREATED_NEAR_MILLIS: u64 = 5 * 60_000;

/// Takes a step. The answer is the record to be written, if it changes, and what the step came to.
pub(crate) fn take(record: Option<&Record>, step: Step, now: Millis) -> (Option<Record>, Verdict) {
    match (record, step) {
        (None, Step::Reserve(reservation)) => (Some(reserved(&reservation, now)), Verdict::Done),
        (Some(record), Step::Reserve(reservation)) => {
            if record.payload != reservation.payload || record.staff != reservation.staff {
                (None, Verdict::Reused)
            } else if record.is_free(now) {
                (Some(reserved(&reservation, now)), Verdict::Done)
            } else {
                let verdict = match record.state_at(now) {
                    State::Reserved | State::Sent => Verdict::InFlight,
                    State::Created | State::Rejected | State::Unknown => Verdict::Ended(record.answer.clone()),
                };
                (None, verdict)
            }
        }
        // Too late, another may be about to follow.
        (Some(record), Step::Send { attempt })
            if record.attempt == attempt && record.state == State::Reserved && now < record.lease_until =>
        {
            let sent = Record {
                sent: Some(now),
                ..changed(record, State::Sent, None, now)
            };
            (Some(sent), Verdict::Done)
        }
        (Some(record), Step::End { attempt, answer }) => end(record, attempt, answer, now),
        (Some(record), Step::Settle(case)) => settle(record, case, now),
        (None | Some(_), Step::Send { .. }) | (None, Step::End { .. } | Step::Settle(_)) => (None, Verdict::Overtaken),
    }
}

/// Asks whether there may be a new case, if the step taken is the beginning of one.
pub(crate) fn rate_checked(
    (written, verdict): (Option<Record>, Verdict),
    rate_check: impl FnOnce() -> Result<(), Problem>,
) -> (Option<Record>, Verdict) {
    if verdict != Verdict::Done {
        return (written, verdict);
    }
    match rate_check() {
        Ok(()) => (written, verdict),
        Err(problem) => (None, Verdict::NotAdmitted(Box::new(problem))),
    }
}

fn reserved(reservation: &Reservation, now: Millis) -> Record {
    let lease = Millis::try_from(reservation.lease.as_millis()).unwrap_or(Millis::MAX);
    let (state, sent) = match reservation.mode {
        SendMode::Immediate => (State::Sent, Some(now)),
        SendMode::AfterToken => (State::Reserved, None),
    };
    Record {
        payload: reservation.payload,
        staff: reservation.staff,
        external_id: reservation.external_id,
        transfer: reservation.transfer,
        state,
        attempt: reservation.attempt,
        lease_until: now.saturating_add(lease),
        answer: None,
        sent,
        changed: now,
        key_id: reservation.key_id,
    }
}

fn changed(record: &Record, state: State, answer: Option<Answer>, now: Millis) -> Record {
    Record {
        state,
        answer,
        changed: now,
        ..record.clone()
    }
}

/// A case is news whoever brings it. Everything else is taken from the attempt that holds the record, while its outcome is open.
fn end(record: &Record, attempt: i64, answer: Option<Answer>, now: Millis) -> (Option<Record>, Verdict) {
    let open = !matches!(record.state, State::Created | State::Rejected);
    let state = match &answer {
        Some(Answer::Case(_)) if record.state != State::Created => State::Created,
        Some(Answer::Problem(_)) if record.attempt == attempt && open => State::Rejected,
        None if record.attempt == attempt && open => State::Unknown,
        _ => return (None, Verdict::Ended(record.answer.clone())),
    };
    (Some(changed(record, state, answer, now)), Verdict::Done)
}

/// Events come twice and out of order: the newest instant wins, and a time is better than none. Times are compared as instants: Wise writes
/// them with and without a fraction and a zone.
fn settle(record: &Record, case: Case, now: Millis) -> (Option<Record>, Verdict) {
    let newer = match &record.answer {
        Some(Answer::Case(known)) => {
            let time = |case: &Case| case.updated_at.as_ref().and_then(instant);
            known.id == case.id && time(&case) > time(known)
        }
        Some(Answer::Problem(_)) | None => true,
    };
    if !newer {
        return (None, Verdict::Ended(record.answer.clone()));
    }
    (
        Some(changed(record, State::Created, Some(Answer::Case(case)), now)),
        Verdict::Done,
    )
}

#[cfg(test)]
mod tests;
