//! PostgreSQL that goes away, comes back, or belongs to a proxy with another key.

use std::time::Duration;

use uuid::Uuid;
use wise_simulator::{FaultKind, Target};

use crate::postgres::{Server, two_sites};

/// The client hears of its case, and the store, too, once it is back.
#[tokio::test]
async fn an_outcome_is_stored_although_the_database_restarts_during_the_call() {
    let Some(server) = Server::start().await else { return };
    let (site, _) = two_sites(&server).await;
    let _proxy = site.start().await;
    assert_eq!(site.ready().await.0, 200);
    site.fault(Target::Create, FaultKind::Slow { millis: 1000 });
    let key = Uuid::new_v4();
    let (answer, ()) = tokio::join!(site.create(key), async {
        site.waits_for(|simulator| simulator.counts().create == 1).await;
        server.stop();
    });
    assert_eq!(answer.expect("an answer").0, 200);
    server.resume();
    for _ in 0..300 {
        if site.report(key).await == "created" {
            let numbers = site.admin_text("/metrics").await;
            assert!(!numbers.contains("store_writes_failed_total 0"), "{numbers}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the store never hears of it");
}

/// Wise has the case. That nothing was sent now does not mean that there is none.
#[tokio::test]
async fn a_second_try_while_the_database_is_away_does_not_deny_the_case_of_the_first() {
    let Some(server) = Server::start().await else { return };
    let (site, _) = two_sites(&server).await;
    let _proxy = site.start().await;
    site.fault(Target::Create, FaultKind::AcceptThenDrop);
    let key = Uuid::new_v4();
    assert_eq!(site.create(key).await.expect("an answer").0, 504);
    server.stop();
    let (status, problem) = site.create(key).await.expect("an answer");
    assert_eq!((status, &problem["code"]), (503, &"store_unavailable".into()));
    assert_eq!(problem["outcome"], "not_sent");
    server.resume();
    assert_eq!(site.create(key).await.expect("an answer").0, 504);
    assert_eq!(site.simulator.counts().create, 1);
}

#[tokio::test]
async fn a_proxy_with_another_key_does_not_start_on_a_store_with_submissions() {
    let Some(server) = Server::start().await else { return };
    let (first, second) = two_sites(&server).await;
    let _proxy = first.start().await;
    assert_eq!(first.create(Uuid::new_v4()).await.expect("an answer").0, 200);
    std::fs::copy(first.folder.join("proxy.toml"), second.folder.join("proxy.toml")).expect("a configuration");
    let other = ("PARTNER_CASE_PROXY_STORE_KEY", "another-store-key-0123456789abcdef-02");
    let (content, said) = second.run(&["serve"], &[other]).await;
    assert!(!content && said.contains("store.key"), "{said}");
    let (content, said) = second.run(&["doctor"], &[other]).await;
    assert!(!content && said.contains("another"), "{said}");
    assert_eq!(first.create(Uuid::new_v4()).await.expect("an answer").0, 200);
}

/// A backup reads the tables for as long as it takes.
#[tokio::test]
async fn a_proxy_that_starts_during_a_backup_keeps_nobody_waiting() {
    let Some(server) = Server::start().await else { return };
    let (first, second) = two_sites(&server).await;
    let _proxy = first.start().await;
    assert_eq!(first.create(Uuid::new_v4()).await.expect("an answer").0, 200);
    let _backup = server.hold("BEGIN; LOCK partner_case_submission IN ACCESS SHARE MODE; SELECT pg_sleep(30)");
    let _other = second.start().await;
    assert_eq!(second.ready().await.0, 200);
    for site in [&first, &second] {
        let begun = std::time::Instant::now();
        assert_eq!(site.create(Uuid::new_v4()).await.expect("an answer").0, 200);
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
}

/// A replica that was forgotten when the keys were changed: what it has sent is recorded all the same.
#[tokio::test]
async fn a_proxy_that_was_left_out_of_a_rotation_records_what_it_has_sent_and_sends_no_more() {
    let Some(server) = Server::start().await else { return };
    let (first, mut second) = two_sites(&server).await;
    let _proxy = first.start().await;
    assert_eq!(first.ready().await.0, 200);
    first.fault(Target::Create, FaultKind::Slow { millis: 1500 });
    let key = Uuid::new_v4();
    let old = second
        .environment
        .iter()
        .find(|(name, _)| name == "PARTNER_CASE_PROXY_STORE_KEY");
    let old = old.expect("the key").1.clone();
    second.environment.retain(|(name, _)| name != "PARTNER_CASE_PROXY_STORE_KEY");
    let new = "the-next-store-key-0123456789abcdef-03";
    second
        .environment
        .push(("PARTNER_CASE_PROXY_STORE_KEY".to_owned(), new.to_owned()));
    second.more_config = format!("[store]\nother_key = {old:?}\n");
    let (answer, other) = tokio::join!(first.create(key), async {
        first.waits_for(|simulator| simulator.counts().create == 1).await;
        second.start().await
    });
    assert_eq!(answer.expect("an answer").0, 200);
    assert_eq!(
        first.create(Uuid::new_v4()).await.expect("an answer").1["code"],
        "store_unavailable"
    );
    assert_eq!(first.ready().await.0, 503);
    let (status, again) = second.create(key).await.expect("an answer");
    assert_eq!(
        (status, again["id"].as_i64()),
        (200, Some(first.simulator.cases()[0].case_id))
    );
    assert_eq!(first.simulator.counts().create, 1);
    drop(other);
}

#[tokio::test]
async fn whatever_isolation_the_database_prefers_one_key_makes_one_case() {
    let Some(server) = Server::start().await else { return };
    server.sql("ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'");
    let (first, second) = two_sites(&server).await;
    let _proxies = (first.start().await, second.start().await);
    for _ in 0..10 {
        let key = Uuid::new_v4();
        let (one, two, three) = tokio::join!(first.create(key), second.create(key), second.create(Uuid::new_v4()));
        for (status, answer) in [one, two, three].into_iter().flatten() {
            assert!([200, 409].contains(&status), "{status} {answer}");
        }
    }
    assert_eq!(first.simulator.cases().len(), 20);
}

#[tokio::test]
async fn what_the_database_refuses_is_said_in_its_words_with_what_to_change() {
    let Some(server) = Server::start().await else { return };
    let (site, _) = two_sites(&server).await;
    drop(site.start().await);
    server.sql("CREATE ROLE reader LOGIN");
    let url = |user: &str, database: &str| format!("postgres://{user}@127.0.0.1:{}/{database}", server.port);
    for (url, told, advice) in [
        (
            url("proxy", "nowhere"),
            "database \"nowhere\" does not exist",
            "create the database",
        ),
        (
            url("nobody", "postgres"),
            "role \"nobody\" does not exist",
            "check user and password",
        ),
        (url("reader", "postgres"), "permission denied", "right to create"),
        (
            format!("{}?sslmode=require", url("proxy", "postgres")),
            "TLS",
            "switch TLS on",
        ),
    ] {
        let (content, said) = site
            .run(&["doctor"], &[("PARTNER_CASE_PROXY_STORE_POSTGRES_URL", &url)])
            .await;
        assert!(!content && said.contains(told) && said.contains(advice), "{url}: {said}");
    }
}
