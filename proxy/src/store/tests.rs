//! The store's key: lost, replaced, and rotated. The store is a real file.

use std::path::PathBuf;

use partner_case_core::Problem;

use super::*;
use crate::config::Database;

const OLD: &str = "the-old-key-0123456789abcdef0123456789";
const NEW: &str = "the-new-key-0123456789abcdef0123456789";

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("partner-case-keys-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn key_file(&self) -> PathBuf {
        self.0.join("submissions.sqlite.key")
    }

    fn open(&self, key: Option<&str>, other: Option<&str>) -> Result<Store, ConfigError> {
        Store::open(&StoreConfig {
            database: Database::Sqlite(self.0.join("submissions.sqlite")),
            key: key.map(|key| key.to_owned().into()),
            other_key: other.map(|key| key.to_owned().into()),
            ca_file: None,
            retention: Duration::from_secs(60),
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn candidates(store: &Store, attempt: i64) -> Vec<Candidate> {
    let of = |digests: &Digests| Candidate {
        key: digests.of(DigestKind::Key, b"key"),
        reservation: Reservation {
            payload: digests.of(DigestKind::Payload, b"text"),
            staff: digests.of(DigestKind::Staff, b"agent-7"),
            external_id: digests.of(DigestKind::ExternalId, b"T-1"),
            transfer: None,
            attempt,
            lease: Duration::from_secs(60),
            mode: SendMode::Immediate,
            key_id: digests.id(),
        },
    };
    store.all_digests().iter().map(of).collect()
}

async fn reserve(store: &Store, attempt: i64) -> Verdict {
    let (_, verdict) = store
        .reserve(candidates(store, attempt), Box::new(|| Ok::<(), Problem>(())))
        .await
        .unwrap();
    verdict
}

fn refused(opened: Result<Store, ConfigError>) -> String {
    opened.err().map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn a_store_is_not_opened_without_the_key_it_was_written_with() {
    let folder = Folder::new();
    let store = folder.open(None, None).unwrap();
    assert_eq!(reserve(&store, 1).await, Verdict::Done);
    drop(store);
    let key = std::fs::read(folder.key_file()).unwrap();
    std::fs::remove_file(folder.key_file()).unwrap();
    assert!(refused(folder.open(None, None)).contains("is not there"));
    assert!(
        !folder.key_file().exists(),
        "no new key is made beside a store that has submissions"
    );
    assert!(refused(folder.open(Some(NEW), None)).contains("another key"));
    for text in [
        key.clone(),
        key.strip_suffix(b"\n").unwrap().to_vec(),
        [&key[..], b"\r\n"].concat(),
    ] {
        std::fs::write(folder.key_file(), text).unwrap();
        let store = folder.open(None, None).unwrap();
        assert_eq!(
            reserve(&store, 2).await,
            Verdict::Ended(None),
            "it is known, and not sent again"
        );
    }
    std::fs::write(folder.key_file(), NEW).unwrap();
    assert!(refused(folder.open(None, None)).contains("another key"));
}

#[tokio::test]
async fn a_store_without_submissions_takes_any_key() {
    let folder = Folder::new();
    drop(folder.open(Some(OLD), None).unwrap());
    drop(folder.open(Some(NEW), None).unwrap());
}

#[tokio::test]
async fn while_a_key_is_rotated_what_was_sent_under_either_is_known() {
    let folder = Folder::new();
    let store = folder.open(Some(OLD), None).unwrap();
    assert_eq!(reserve(&store, 1).await, Verdict::Done);
    drop(store);
    for (key, other) in [(OLD, NEW), (NEW, OLD)] {
        let store = folder.open(Some(key), Some(other)).unwrap();
        assert_eq!(reserve(&store, 2).await, Verdict::Ended(None), "{key}");
        let external_ids = store.all_digests().iter();
        let event = Event {
            external_ids: external_ids
                .map(|digests| digests.of(DigestKind::ExternalId, b"T-1"))
                .collect(),
            case: serde_json::from_str(r#"{"id":7}"#).unwrap(),
            created: None,
        };
        // Without a time of creation it is not certain to be this one's; but it is found.
        assert_eq!(store.settle(event).await.unwrap(), None);
    }
    assert!(
        refused(folder.open(Some(NEW), None)).contains("1 submissions"),
        "the old key is still needed"
    );
    let store = folder.open(Some(NEW), Some(OLD)).unwrap();
    assert_eq!(
        store.forget_unknown(Duration::from_hours(1), false).await.unwrap(),
        0,
        "it is not old"
    );
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(store.forget_unknown(Duration::ZERO, false).await.unwrap(), 1);
    drop(store);
    drop(folder.open(Some(NEW), None).unwrap());
}

/// A key must not be sent again only because it is old.
#[tokio::test]
async fn what_is_unknown_is_never_purged_by_its_age() {
    let folder = Folder::new();
    let store = folder.open(Some(OLD), None).unwrap();
    assert_eq!(reserve(&store, 1).await, Verdict::Done);
    drop(store);
    let store = folder.open(Some(OLD), None).unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let purged = store.purge(Duration::ZERO).await.unwrap();
    assert_eq!((purged.removed, purged.unknown), (Some(0), 1));
    assert_eq!(reserve(&store, 2).await, Verdict::Ended(None));
}

/// A file of the first version has neither case numbers nor fingerprints.
#[tokio::test]
async fn a_store_of_the_first_version_is_read_and_brought_up_to_date() {
    let folder = Folder::new();
    let digests = Digests::new(OLD.as_bytes());
    let connection = rusqlite::Connection::open(folder.0.join("submissions.sqlite")).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE submission (key BLOB PRIMARY KEY, payload BLOB NOT NULL, staff BLOB NOT NULL, external_id BLOB NOT NULL,
                transfer BLOB, state INTEGER NOT NULL, attempt INTEGER NOT NULL, lease_until INTEGER NOT NULL, answer TEXT, sent INTEGER,
                changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
             CREATE TABLE health (id INTEGER PRIMARY KEY CHECK (id = 1), checked INTEGER NOT NULL) STRICT;
             PRAGMA user_version = 1;",
        )
        .unwrap();
    let of = |kind, data: &[u8]| digests.of(kind, data);
    connection
        .execute(
            "INSERT INTO submission VALUES (?1, ?2, ?3, ?4, NULL, 2, 1, 1, '{\"case\":{\"id\":7,\"status\":\"OPEN\"}}', 1, 1)",
            rusqlite::params![
                of(DigestKind::Key, b"key"),
                of(DigestKind::Payload, b"text"),
                of(DigestKind::Staff, b"agent-7"),
                of(DigestKind::ExternalId, b"T-1")
            ],
        )
        .unwrap();
    drop(connection);
    assert!(
        refused(folder.open(None, None)).contains("is not there"),
        "its key file is gone"
    );
    let store = folder.open(Some(OLD), None).unwrap();
    assert!(matches!(reserve(&store, 2).await, Verdict::Ended(Some(Answer::Case(case))) if case.id.0 == 7));
    assert!(
        store
            .has_case(7, Some(vec![of(DigestKind::Staff, b"agent-7")]))
            .await
            .unwrap()
    );
    assert!(
        !store
            .has_case(7, Some(vec![of(DigestKind::Staff, b"agent-8")]))
            .await
            .unwrap()
    );
    drop(store);
    assert!(refused(folder.open(Some(NEW), None)).contains("another key"));
}

/// A clock that is wrong at one start is wrong at the next, too: what the first leaves in the store must not make it right.
#[tokio::test]
async fn a_clock_that_is_far_ahead_is_not_trusted_at_the_second_start_either() {
    let folder = Folder::new();
    let store = folder.open(Some(OLD), None).unwrap();
    store.check().await.unwrap();
    drop(store);
    // The last trusted time was a hundred days ago.
    let path = folder.0.join("submissions.sqlite");
    let back = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
    back("UPDATE health SET checked = checked - 8640000000");
    for start in 1..=3 {
        let store = folder.open(Some(OLD), None).unwrap();
        store.check().await.unwrap();
        assert_eq!(store.purge(Duration::ZERO).await.unwrap().removed, None, "start {start}");
        assert!(store.forget_unknown(Duration::ZERO, false).await.is_err());
        assert!(store.forget_unknown(Duration::ZERO, true).await.is_ok());
    }
}

/// Rows of an earlier version do not say which key they have.
#[tokio::test]
async fn an_update_and_a_rotation_do_not_come_at_once() {
    let folder = Folder::new();
    let store = folder.open(Some(OLD), None).unwrap();
    assert_eq!(reserve(&store, 1).await, Verdict::Done);
    drop(store);
    let path = folder.0.join("submissions.sqlite");
    let forget = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
    forget("UPDATE submission SET key_id = NULL");
    forget("DELETE FROM store_key");
    assert!(refused(folder.open(Some(NEW), Some(OLD))).contains("with the old key alone"));
    drop(folder.open(Some(OLD), None).unwrap());
    let store = folder.open(Some(NEW), Some(OLD)).unwrap();
    assert_eq!(reserve(&store, 2).await, Verdict::Ended(None));
}
