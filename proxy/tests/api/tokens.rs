//! The token over time: renewed beside the callers, and fetched with secrets that change.

use std::time::Duration;

use wise_simulator::{FaultKind, Settings, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, Setup, tempdir};

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
    std::fs::write(&file, "the-old-one\n").expect("a secret");
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
