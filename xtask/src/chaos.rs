//! `cargo xtask chaos`: many submissions under faults on every hop. At the end the simulator's ledger decides.

mod client;
mod faults;
mod gate;
mod process;
pub(crate) mod servers;
mod verdict;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;

use self::client::{Client, Outcome, Submission};
use self::faults::Faults;
use self::servers::Servers;
use self::verdict::Verdict;
use crate::command::{find, say, step};
use crate::demo;
use crate::tools::{apt_install, is_root};

/// How many submissions are under way at a time.
const CLIENTS: u32 = 24;

/// How long the last webhooks may take: the simulator delivers late on demand, and tries again for 15 s.
const LAST_WEBHOOKS: Duration = Duration::from_secs(25);

/// Runs the campaign and fails when a promise was broken.
pub(crate) fn run(cases: u32, seed: u64) -> anyhow::Result<()> {
    step("Building proxy and simulator", demo::build_servers)?;
    if !Servers::has_clock() && is_root() && find("apt-get").is_some() {
        // What counts is whether it is there afterwards.
        let _ = apt_install(&["faketime"]);
    }
    if !Servers::has_clock() {
        say("The proxy's clock does not jump: libfaketime is not installed (Debian's package faketime)");
    }
    if find("prlimit").is_none() {
        say("The proxy's disk is never full: prlimit is not installed (Debian's package util-linux)");
    }
    say(&format!("{cases} submissions under faults, seed {seed}"));
    demo::block_on(campaign(cases, seed))
}

async fn campaign(cases: u32, seed: u64) -> anyhow::Result<()> {
    let started = Instant::now();
    let servers = Arc::new(Servers::start().await?);
    let client = Client::new(servers.clone());
    let faults = Faults::new(servers.clone());
    let next = Arc::new(AtomicU32::new(0));
    let clients = (0..CLIENTS).map(|number| {
        let (client, faults, next) = (client.clone(), faults.clone(), next.clone());
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed ^ (u64::from(number) << 32));
            let mut done = Vec::new();
            loop {
                let line = next.fetch_add(1, Ordering::Relaxed);
                if line >= cases {
                    return done;
                }
                if line.is_multiple_of(1000) {
                    say(&format!("{line} of {cases} after {} s", started.elapsed().as_secs()));
                }
                // These two in every campaign, however short; the others come by chance.
                if line == cases / 6 {
                    faults.replace_certificate().await;
                }
                if line == cases / 3 {
                    faults.close_disk(&mut random).await;
                }
                faults.happen(&mut random).await;
                let submission = Submission::new(line, &mut random);
                let outcome = client.submit(&submission, &mut random).await;
                done.push((submission, outcome));
            }
        })
    });
    let mut submissions = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        submissions.extend(client.await?);
    }
    faults.end().await;
    say("Waiting for the last webhooks");
    tokio::time::sleep(LAST_WEBHOOKS).await;
    for (submission, outcome) in &mut submissions {
        if *outcome == Outcome::Unknown {
            *outcome = client.look(submission).await.unwrap_or(Outcome::Unknown);
        }
    }
    let ledger = servers.ledger().await?;
    servers.stop().await;
    let verdict = Verdict::of(&submissions, &ledger, &servers)?;
    let (shown, laid) = servers.certificates_shown();
    eprintln!("{}", faults.table());
    eprintln!("{}", verdict.table());
    eprintln!(
        "took {} s, {} proxies were killed; of {laid} certificates that were laid down {shown} were shown",
        started.elapsed().as_secs(),
        servers.kills()
    );
    if verdict.holds() && servers.complaints().is_empty() {
        return Ok(());
    }
    if !verdict.tells_something() {
        say("Hardly anything was created, so the zeros say nothing");
    }
    for complaint in servers.complaints() {
        say(&complaint);
    }
    bail!("a promise was broken; the logs are in {}", servers.folder().display());
}
