//! One part of the test: many submissions on one store, while things go wrong.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::audit;
use crate::client::{Outcome, Submission};
use crate::faults::Faults;
use crate::history::Ended;
use crate::pace::Pace;
use crate::scene::Scene;
use crate::servers::{Servers, Store};
use crate::setup::Setup;
use crate::verdict::Verdict;

/// How many submissions are under way at a time.
const CLIENTS: u32 = 24;

/// How long the last webhooks may take: the simulator delivers late on demand, and tries again for 15 s.
const LAST_WEBHOOKS: Duration = Duration::from_secs(25);

/// How often the store is asked about one submission at the end.
const LAST_LOOKS: u32 = 3;

/// What is to be done.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) store: Store,
    pub(crate) cases: u32,
    /// The number of the first submission: no two of the whole test have the same.
    pub(crate) first_line: u32,
    pub(crate) seed: u64,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) verdict: Verdict,
    pub(crate) faults: BTreeMap<String, u32>,
    pub(crate) complaints: Vec<String>,
    /// A line about what is no promise.
    pub(crate) summary: String,
    /// The logs.
    pub(crate) folder: PathBuf,
}

impl Part {
    /// Runs the part.
    ///
    /// # Errors
    /// When the programs cannot be run. Broken promises stand in the report.
    pub(crate) async fn run(self, setup: &Setup) -> anyhow::Result<Report> {
        let started = Instant::now();
        let name = self.store.name();
        (setup.say)(&format!("{} submissions under faults on {name}", self.cases));
        let folder = setup.target.join("chaos").join(name.to_lowercase());
        let servers = Arc::new(Servers::start_on(setup, &self.store, &folder).await?);
        let scene = Arc::new(Scene::new(servers.clone()));
        let faults = Arc::new(Faults::new(scene.clone(), self.store.clone()));
        self.submit_all(&scene, &faults, started, setup.say).await?;
        faults.end().await;
        (setup.say)("Waiting for the last webhooks");
        tokio::time::sleep(LAST_WEBHOOKS).await;

        let mut submissions = scene.history.take();
        let forgotten = ask_last(&scene, &mut submissions).await;
        let ledger = servers.ledger().await?;
        servers.stop().await;
        let files = servers.written_files().await?;
        let mut complaints = servers.complaints();
        if let Some(file) = servers.audit_file() {
            let trail = std::fs::read_to_string(file)?;
            let runs = scene.runs_with_full_disk.lock().unwrap_or_else(PoisonError::into_inner);
            complaints.extend(audit::complaints(&trail, &ledger, &runs)?);
        }
        let (shown, laid) = servers.certificates_shown();
        Ok(Report {
            verdict: Verdict::of(&submissions, &ledger, &files)?,
            faults: faults.happened(),
            complaints: complaints.into_iter().map(|what| format!("{name}: {what}")).collect(),
            summary: format!(
                "{name}: took {} s; proxies were killed {} times; {shown} of {laid} certificates were shown; \
                 {forgotten} created submissions are unknown to the store",
                started.elapsed().as_secs(),
                servers.kills()
            ),
            folder,
        })
    }

    async fn submit_all(&self, scene: &Arc<Scene>, faults: &Arc<Faults>, started: Instant, say: fn(&str)) -> anyhow::Result<()> {
        let pace = Arc::new(Pace::new(self.cases, faults.certain()));
        let (cases, first_line, seed) = (self.cases, self.first_line, self.seed);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (scene, faults, pace) = (scene.clone(), faults.clone(), pace.clone());
                tokio::spawn(async move {
                    let mut random = fastrand::Rng::with_seed(seed ^ (u64::from(number) << 32));
                    while let Some(line) = pace.take().await {
                        if line.is_multiple_of(1000) {
                            say(&format!("{line} of {cases} after {} s", started.elapsed().as_secs()));
                        }
                        faults.happen_by_chance(&mut random).await;
                        let submission = Submission::new(first_line + line, &mut random);
                        let outcome = scene.client.submit(&submission, &mut random).await;
                        scene.history.add(submission, outcome);
                    }
                })
            })
            .collect();
        let mut random = fastrand::Rng::with_seed(!seed);
        faults.happen_surely(&pace, &mut random).await;
        for client in clients {
            client.await?;
        }
        Ok(())
    }
}

/// Asks the store about every submission that may exist: the unknown may be known by now, and the created must be created still. Returns how
/// many of the created are unknown to the store.
async fn ask_last(scene: &Scene, submissions: &mut [Ended]) -> u32 {
    let mut forgotten = 0;
    for (submission, outcome) in submissions {
        if *outcome == Outcome::NotCreated {
            continue;
        }
        let mut found = None;
        for _ in 0..LAST_LOOKS {
            found = scene.client.look(submission).await;
            if found.is_some() {
                break;
            }
        }
        match (*outcome, found) {
            (Outcome::Unknown, Some(found)) => *outcome = found,
            (Outcome::Created(_), Some(Outcome::Unknown) | None) => forgotten += 1,
            (Outcome::Created(id), Some(found)) if found != Outcome::Created(id) => {
                let complaints = &scene.servers.complaints;
                complaints.add("the store had another outcome of a created case at the end");
            }
            _ => {}
        }
    }
    forgotten
}
