//! The real program and the world around it: its log, its signals, its files, its limits.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use uuid::Uuid;
use wise_simulator::{FaultKind, Target, Webhook};

use crate::site::{Proxy, Site};

fn signal(proxy: &Proxy, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), proxy.0.id().to_string()])
        .status();
    assert!(sent.expect("kill").success(), "{name}");
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}");
}

/// A pipe whose reader has stopped takes 64 KiB and then no more.
#[tokio::test]
async fn a_log_that_nobody_reads_stops_nothing() {
    let site = Site::new().await;
    let program = Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"));
    let mut proxy = site.start_with(program, Stdio::piped()).await;
    let unread = proxy.0.stderr.take();
    // Each of them has a line of some two hundred bytes in the log.
    let many = "GET /partner-cases/context HTTP/1.1\r\nhost: p\r\n\r\n".repeat(8000);
    let (mut answers, mut requests) = TcpStream::connect(site.addr).await.expect("a connection").into_split();
    let reading = tokio::spawn(async move { tokio::io::copy(&mut answers, &mut tokio::io::sink()).await });
    requests.write_all(many.as_bytes()).await.expect("requests");
    requests.shutdown().await.expect("half a close");
    reading.await.expect("it reads").expect("answers");
    for _ in 0..50 {
        assert_eq!(site.create(Uuid::new_v4()).await.expect("an answer").0, 200);
    }
    assert!(site.admin_text("/livez").await.ends_with("ok\n"));
    let numbers = site.admin_text("/metrics").await;
    let dropped = numbers
        .lines()
        .find_map(|line| line.strip_prefix("partner_case_proxy_log_lines_dropped_total "));
    assert!(dropped.is_some_and(|count| count != "0"), "{dropped:?}");
    // Two lines for each case, and the one of the start.
    until("the audit trail is whole", async || site.audit_lines().len() == 101).await;
    drop(unread);
}

/// Nobody could tell who had raised the case that Wise has.
#[tokio::test]
async fn killed_after_wise_has_the_case_the_trail_still_tells_who_raised_it() {
    let site = Site::new().await;
    let proxy = site.start().await;
    site.fault(Target::Create, FaultKind::AcceptThenDrop);
    site.simulator.hold_answers(true);
    let (_, ()) = tokio::join!(site.create(Uuid::new_v4()), async {
        site.waits_for(|simulator| simulator.cases().len() == 1).await;
        drop(proxy);
    });
    site.simulator.hold_answers(false);
    let _proxy = site.start().await;
    let case = site.simulator.cases().remove(0);
    let event = Webhook::case_changed(&case, &partner_case_core::CaseStatus::Open, "2026-11-22T12:00:00Z");
    let request = format!(
        "POST /partner-cases/webhooks/wise HTTP/1.1\r\nhost: p\r\nconnection: close\r\nx-signature-sha256: {}\r\ncontent-length: {}\r\n\r\n{}",
        event.signature,
        event.body.len(),
        event.body
    );
    assert_eq!(site.send(site.addr, request).await.expect("an answer").0, 204);
    until("the settlement is written", async || {
        site.audit_lines().iter().any(|line| line["event"] == "settled")
    })
    .await;
    let lines = site.audit_lines();
    let settled = lines.iter().find(|line| line["event"] == "settled").expect("a line");
    let sending = lines
        .iter()
        .find(|line| line["submission"] == settled["submission"])
        .expect("a line");
    assert_eq!((&sending["event"], &sending["staff"]), (&"sending".into(), &"agent-7".into()));
    assert_eq!(settled["case_id"], case.case_id);
    assert_ne!(sending["process"], settled["process"]);
}

#[tokio::test]
async fn signals_that_are_not_for_stopping_end_no_call() {
    let site = Site::new().await;
    let proxy = site.start().await;
    site.fault(Target::Create, FaultKind::Slow { millis: 600 });
    let (answer, ()) = tokio::join!(site.create(Uuid::new_v4()), async {
        site.waits_for(|simulator| simulator.counts().create == 1).await;
        for name in ["HUP", "QUIT", "USR1", "USR2"] {
            signal(&proxy, name);
        }
    });
    assert_eq!(answer.expect("an answer").0, 200);
    assert!(site.logged().contains("read anew"), "{}", site.logged());
}

#[tokio::test]
async fn a_proxy_that_is_asked_to_stop_is_not_ready_while_its_last_call_ends() {
    let site = Site::new().await;
    let proxy = site.start().await;
    assert_eq!(site.ready().await.0, 200);
    site.fault(Target::Create, FaultKind::Slow { millis: 1500 });
    let (answer, ()) = tokio::join!(site.create(Uuid::new_v4()), async {
        site.waits_for(|simulator| simulator.counts().create == 1).await;
        signal(&proxy, "TERM");
        until("it is not ready", async || site.ready().await.0 == 503).await;
        assert!(site.ready().await.1["stopping"].is_string());
    });
    assert_eq!(answer.expect("an answer").0, 200);
}

#[tokio::test]
async fn a_store_whose_key_is_lost_is_not_started_on_and_gets_no_new_key() {
    let site = Site::new().await;
    let proxy = site.start().await;
    assert_eq!(site.create(Uuid::new_v4()).await.expect("an answer").0, 200);
    drop(proxy);
    let key = site.folder.join("submissions.sqlite.key");
    let text = std::fs::read(&key).expect("the key");
    std::fs::remove_file(&key).expect("it is there");
    let (content, said) = site.run(&["serve"], &[]).await;
    assert!(!content && said.contains("store.key_file"), "{said}");
    assert!(!key.exists(), "no new key");
    std::fs::write(&key, "another-key-0123456789abcdef0123456789").expect("a key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    let (content, said) = site.run(&["serve"], &[]).await;
    assert!(
        !content && said.contains("another key") && !said.contains("another-key"),
        "{said}"
    );
    std::fs::write(&key, [&text[..], b"\n\n"].concat()).expect("the key");
    let _proxy = site.start().await;
}

#[tokio::test]
async fn a_store_that_is_deleted_under_a_running_proxy_sends_nothing_more() {
    let site = Site::new().await;
    let _proxy = site.start().await;
    assert_eq!(site.create(Uuid::new_v4()).await.expect("an answer").0, 200);
    for name in ["submissions.sqlite", "submissions.sqlite-wal"] {
        std::fs::remove_file(site.folder.join(name)).expect("it is there");
    }
    let (status, ready) = site.ready().await;
    assert!(
        status == 503 && ready["store"].as_str().expect("text").contains("deleted or replaced"),
        "{ready}"
    );
    let (status, problem) = site.create(Uuid::new_v4()).await.expect("an answer");
    assert_eq!((status, &problem["code"]), (503, &"store_unavailable".into()));
    assert_eq!(problem["outcome"], "not_sent");
    assert_eq!(site.simulator.counts().create, 1);
}

/// The system's default of 1,024 would be used up by clients that only connect.
#[tokio::test]
async fn descriptors_are_left_for_the_admin_port_and_for_calls() {
    let site = Site::new().await;
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "ulimit -Sn 100; ulimit -Hn 300; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_partner-case-proxy"),
    ]);
    let _proxy = site.start_as(limited).await;
    assert!(site.logged().contains("fewer connections"), "{}", site.logged());
    let mut idle = Vec::new();
    for _ in 0..400 {
        let mut stream = TcpStream::connect(site.addr).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\n").await.expect("half a head");
        idle.push(stream);
    }
    assert!(site.admin_text("/livez").await.ends_with("ok\n"));
    assert_eq!(site.ready().await.0, 200);
    drop(idle);
    until("a case is raised", async || {
        let created = tokio::time::timeout(Duration::from_secs(5), site.create(Uuid::new_v4())).await;
        matches!(created, Ok(Some((200, _))))
    })
    .await;
}

#[tokio::test]
async fn an_unknown_submission_is_forgotten_at_the_operators_word_alone() {
    let site = Site::new().await;
    let proxy = site.start().await;
    site.fault(Target::Create, FaultKind::AcceptThenDrop);
    let key = Uuid::new_v4();
    assert_eq!(site.create(key).await.expect("an answer").0, 504);
    drop(proxy);
    let (content, said) = site.run(&["forget-unknown", "--older-than-days", "1"], &[]).await;
    assert!(content && said.starts_with("0 "), "{said}");
    let (content, said) = site.run(&["forget-unknown", "--older-than-days", "0"], &[]).await;
    assert!(content && said.starts_with("1 "), "{said}");
    let _proxy = site.start().await;
    assert_eq!(site.create(key).await.expect("an answer").0, 200);
}
