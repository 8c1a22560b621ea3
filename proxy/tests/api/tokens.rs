//! The token over time: renewed beside the callers, and fetched with secrets that change.

use std::time::Duration;

use wise_simulator::{FaultKind, Settings, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, Setup, tempdir, write_secret};

#[tokio::test]
async fn a_token_near_its_end_is_renewed_while_it_serves() {
    // Usable for 9 of its 12 s, and renewed after 8.1 s at the latest.
    let harness = Harness::start_all(&Setup {
        simulator: Settings {
            token_life: Duration::from_secs(12),
            ..Settings::default()
        },
        ..Setup::default()
    })
    .await;
    harness.create(DOCUMENTED_REQUEST).await;
    tokio::time::sleep(Duration::from_millis(8150)).await;
    // A caller who waited for this would run out of their second.
    harness.fault(Target::Token, FaultKind::Slow { millis: 1200 });
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(harness.simulator.counts().token, 2);
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    assert_eq!(harness.simulator.counts().token, 2);
}

#[tokio::test]
async fn while_a_secret_is_replaced_either_will_do() {
    let harness = Harness::start_all(&Setup {
        secret: Some("client_secret = \"the-old-one\"\nnext_client_secret = \"simulated-secret\""),
        ..Setup::default()
    })
    .await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    assert_eq!(harness.simulator.counts().token, 2);
}

#[tokio::test]
async fn a_secret_in_a_file_is_read_when_it_is_needed() {
    let file = tempdir().join("client-secret");
    write_secret(&file, "the-old-one\n");
    let secret = format!("client_secret_file = {:?}", file.display().to_string());
    let harness = Harness::start_all(&Setup {
        secret: Some(&secret),
        ..Setup::default()
    })
    .await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.code(), "upstream_auth");
    std::fs::write(&file, "simulated-secret\n").expect("a secret");
    // The refusal is remembered for two seconds.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
}

/// The first secret's file is gone, the next one's is there: the proxy goes on with the next.
#[tokio::test]
async fn a_client_secret_whose_file_is_missing_is_replaced_by_the_next_one() {
    let folder = tempdir();
    write_secret(&folder.join("next"), "simulated-secret\n");
    let place = |name: &str| folder.join(name).display().to_string();
    let secret = format!(
        "client_secret_file = {:?}\nnext_client_secret_file = {:?}",
        place("missing"),
        place("next")
    );
    let harness = Harness::start_all(&Setup {
        secret: Some(&secret),
        ..Setup::default()
    })
    .await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
    assert_eq!(harness.simulator.counts().token, 1);
}

/// The next secret is prepared ahead of its file: the file is read once Wise refuses the first.
#[tokio::test]
async fn a_next_client_secret_may_be_named_before_its_file_exists() {
    let folder = tempdir();
    let next = folder.join("next");
    let secret = format!(
        "client_secret = \"the-old-one\"\nnext_client_secret_file = {:?}",
        next.display().to_string()
    );
    let harness = Harness::start_all(&Setup {
        secret: Some(&secret),
        ..Setup::default()
    })
    .await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.code(), "upstream_auth");
    write_secret(&next, "simulated-secret");
    // The refusal is remembered for two seconds.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(harness.create(DOCUMENTED_REQUEST).await.status.as_u16(), 200);
}
