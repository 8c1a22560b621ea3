//! The real program, killed at every step of a submission: never two cases for a key, never an outcome told wrong.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

mod nginx;
mod operations;
mod outages;
mod pooler;
mod postgres;
mod site;

use std::process::Command;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use uuid::Uuid;
use wise_simulator::{FaultKind, Target};

use self::site::{Site, create_request};

#[tokio::test]
async fn killed_before_it_has_noted_anything_the_key_is_free() {
    let site = Site::new().await;
    let proxy = site.start().await;
    let key = Uuid::new_v4();
    let request = create_request(key);
    let mut half = TcpStream::connect(site.addr).await.expect("a connection");
    half.write_all(&request.as_bytes()[..request.len() - 10])
        .await
        .expect("most of it");
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(proxy);
    let _proxy = site.start().await;
    assert_eq!(site.create(key).await.expect("an answer").0, 200);
    assert_eq!(site.simulator.cases().len(), 1);
}

#[tokio::test]
async fn killed_between_the_reservation_and_the_sending_the_key_is_free() {
    let site = Site::new().await;
    let proxy = site.start().await;
    let key = Uuid::new_v4();
    site.fault(Target::Token, FaultKind::Slow { millis: 3000 });
    let (_, ()) = tokio::join!(site.create(key), async {
        site.waits_for(|simulator| simulator.counts().token == 1).await;
        drop(proxy);
    });
    let _proxy = site.start().await;
    assert_eq!(site.create(key).await.expect("an answer").0, 200);
    assert_eq!(site.simulator.counts().create, 1);
}

#[tokio::test]
async fn killed_after_the_sending_the_outcome_is_unknown_and_nothing_is_sent_again() {
    for token_at_hand in [false, true] {
        killed_after_the_sending(token_at_hand).await;
    }
}

/// With a token at hand the case is noted as sent from the start.
async fn killed_after_the_sending(token_at_hand: bool) {
    let site = Site::new().await;
    let proxy = site.start().await;
    if token_at_hand {
        assert_eq!(site.ready().await.0, 200);
    }
    let key = Uuid::new_v4();
    site.fault(Target::Create, FaultKind::Slow { millis: 1000 });
    let (_, ()) = tokio::join!(site.create(key), async {
        site.waits_for(|simulator| simulator.counts().create == 1).await;
        drop(proxy);
    });
    let _proxy = site.start().await;
    let (status, problem) = site.create(key).await.expect("an answer");
    assert_eq!((status, &problem["code"]), (504, &"outcome_unknown".into()));
    assert_eq!(site.report(key).await, "unknown");
    assert_eq!(site.simulator.counts().create, 1);
}

/// Killed at a moment that nobody chose, often about the time at which Wise's answer is noted and passed on.
#[tokio::test]
async fn killed_at_any_time_a_key_makes_one_case_and_is_told_truly() {
    let site = Site::new().await;
    let mut told_created = 0;
    for round in 0..25 {
        let proxy = site.start().await;
        if round % 2 == 1 {
            // It fetches a token, so that the case leaves as soon as it is noted.
            assert_eq!(site.ready().await.0, 200);
        }
        let key = Uuid::new_v4();
        let before = site.simulator.cases().len();
        let delay = Duration::from_micros(round * 700);
        let (first, ()) = tokio::join!(site.create(key), async {
            tokio::time::sleep(delay).await;
            drop(proxy);
        });
        let _proxy = site.start().await;
        let (status, again) = site.create(key).await.expect("an answer");
        let made = site.simulator.cases().len() - before;
        assert!(made <= 1, "round {round}: {made} cases");
        match status {
            200 => {
                let last = site.simulator.cases().last().map(|case| case.case_id);
                assert_eq!((made, again["id"].as_i64()), (1, last), "round {round}");
                told_created += 1;
            }
            504 => assert_eq!(again["outcome"], "unknown", "round {round}"),
            other => panic!("round {round}: {other} {again}"),
        }
        if let Some((200, first)) = first {
            assert_eq!(first["id"], again["id"], "round {round}");
        }
    }
    assert!(told_created > 0, "every round was too late or too early to tell anything");
}

#[tokio::test]
async fn a_second_proxy_on_the_same_store_does_not_start() {
    let site = Site::new().await;
    let _first = site.start().await;
    let output = Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"))
        .args(["serve", "--config"])
        .arg(site.folder.join("proxy.toml"))
        .env("PARTNER_CASE_PROXY_STORE_PATH", site.folder.join("submissions.sqlite"))
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("store.path") && said.contains("locked"),
        "{said}"
    );
}

#[test]
fn a_command_without_a_configuration_file_says_that_it_read_none() {
    let output = Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"))
        .arg("check")
        .env_clear()
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("is missing") && said.contains("there was no --config"),
        "{said}"
    );
}

/// A disk without room: nothing leaves, and the probe says why. While the clock is not trusted the probe leaves no time, and writes all the same.
#[tokio::test]
async fn a_store_that_cannot_be_written_to_fails_closed() {
    for is_clock_trusted in [true, false] {
        cannot_be_written_to(is_clock_trusted).await;
    }
}

async fn cannot_be_written_to(is_clock_trusted: bool) {
    let site = Site::new().await;
    if !is_clock_trusted {
        let proxy = site.start().await;
        assert_eq!(site.ready().await.0, 200);
        drop(proxy);
        let store = rusqlite::Connection::open(site.folder.join("submissions.sqlite")).expect("the store");
        let changed = store.execute("UPDATE health SET checked = checked - 8640000000", []);
        assert_eq!(changed.expect("a hundred days ago"), 1);
    }
    // The file may grow to 64 KiB; a larger write fails as on a full disk.
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_partner-case-proxy"),
    ]);
    let _proxy = site.start_as(limited).await;
    let mut refused = None;
    for _ in 0..400 {
        let (status, answer) = site.create(Uuid::new_v4()).await.expect("an answer");
        if status != 200 {
            refused = Some((status, answer));
            break;
        }
    }
    let (status, problem) = refused.expect("the disk is full at last");
    assert_eq!((status, &problem["code"]), (503, &"store_unavailable".into()), "{problem}");
    // Whether the reservation or the step after it was the first that did not fit.
    assert!(
        ["not_sent", "not_created"].contains(&problem["outcome"].as_str().unwrap_or_default()),
        "{problem}"
    );
    let sent = site.simulator.counts().create;
    let mut readiness = site.ready().await;
    // A probe writes less than a case: it may still find room.
    for _ in 0..50 {
        site.create(Uuid::new_v4()).await;
        readiness = site.ready().await;
        if readiness.0 != 200 {
            break;
        }
    }
    assert_eq!(site.simulator.counts().create, sent, "nothing leaves that was not stored");
    let (status, readiness) = readiness;
    assert_eq!((status, &readiness["token"]), (503, &"ok".into()), "{readiness}");
    assert_ne!(readiness["store"], "ok");
}

/// On several threads: the simulator answers while the program is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_the_step_that_fails_and_creates_no_case() {
    let site = Site::new().await;
    let proxy = site.start().await;
    let (content, said) = site.run(&["doctor"], &[]).await;
    assert!(
        !content && said.contains("store.path"),
        "the store belongs to the proxy that runs: {said}"
    );
    drop(proxy);
    let (content, said) = site.run(&["doctor"], &[]).await;
    assert!(
        content && said.contains("given a token") && said.contains("audit trail") && said.contains("No case was created"),
        "{said}"
    );
    let wrong = ("PARTNER_CASE_PROXY_CLIENT_SECRET", "canary-wrong");
    let (content, said) = site.run(&["doctor"], &[wrong]).await;
    assert!(
        !content && said.contains("refused the credentials") && !said.contains("canary"),
        "{said}"
    );
    let nowhere = ("PARTNER_CASE_PROXY_TOKEN_URL", "http://127.0.0.1:1/oauth/token");
    let (content, said) = site.run(&["doctor"], &[nowhere]).await;
    assert!(!content && said.contains("gives no token"), "{said}");
    assert_eq!(site.simulator.counts().create, 0);
}
