use super::*;
use crate::config::{Database, StoreConfig};
use crate::idempotency_key::IdempotencyKey;
use partner_case_core::{CaseInput, Field};

fn submissions(key: &str, other_key: Option<&str>) -> Submissions {
    let store = Store::open(&StoreConfig {
        database: Database::Sqlite(":memory:".into()),
        key: Some(key.to_owned().into()),
        other_key: other_key.map(|key| key.to_owned().into()),
        ca_file: None,
        retention: Duration::from_secs(60),
    });
    Submissions::new(store.unwrap(), Duration::from_secs(60), Arc::new(Metrics::new()))
}

fn case() -> NewCase {
    let input = CaseInput::from([
        (Field::UserId, "1234"),
        (Field::Subject, "Subject"),
        (Field::Description, "Text"),
        (Field::ExternalId, "T-1"),
    ]);
    input.validate().unwrap()
}

async fn reserve(submissions: &Submissions, key: &SubmissionKey) -> Result<Ticket, Box<NotReserved>> {
    let staff = StaffId("agent-7".to_owned());
    submissions
        .reserve(key, &staff, &mut case(), SendMode::Immediate, Box::new(|| Ok(())))
        .await
}

/// A database that was cut off while it wrote may have stored what it did not confirm.
#[tokio::test(start_paused = true)]
async fn what_was_stored_and_not_sent_is_released_and_its_key_is_free() {
    let submissions = submissions("a-key-of-a-test-0123456789abcdefghij", None);
    let key = SubmissionKey::Header(IdempotencyKey(Uuid::new_v4()));
    let Ok(ticket) = reserve(&submissions, &key).await else {
        panic!("the key is new")
    };
    assert!(reserve(&submissions, &key).await.is_err(), "it is on its way");
    submissions
        .release(vec![ticket], Problem::new(ProblemCode::StoreUnavailable))
        .await;
    assert!(reserve(&submissions, &key).await.is_ok(), "its key is free");
    let report = submissions.report(ticket.uuid, &StaffId("agent-7".to_owned()), None).await;
    assert_eq!(report, Ok(Some(SubmissionReport::InFlight)));
}

/// What the attempt that holds the key did not send, nobody has sent.
#[tokio::test]
async fn an_attempt_that_holds_the_key_and_sends_nothing_made_no_case_for_certain() {
    let submissions = submissions("a-key-of-a-test-0123456789abcdefghij", None);
    let key = SubmissionKey::Header(IdempotencyKey(Uuid::new_v4()));
    let Ok(ticket) = reserve(&submissions, &key).await else {
        panic!("the key is new")
    };
    let problem = certain(Problem::new(ProblemCode::AuditUnavailable));
    submissions.end(ticket, &Err(problem.clone())).await.unwrap();
    let report = submissions.report(ticket.uuid, &StaffId("agent-7".to_owned()), None).await;
    assert_eq!(
        report,
        Ok(Some(SubmissionReport::Rejected {
            problem: Box::new(problem)
        }))
    );
}
