//! What goes wrong, and how often it did.

mod clock;
mod credentials;
mod database;
mod happening;
mod log;
mod proxies;
mod store_key;
mod table;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use self::happening::Happened;
use self::table::{Fault, Happen};
use crate::pace::Pace;
use crate::scene::Scene;
use crate::servers::Store;

/// How many in a thousand submissions have a fault before them.
const PER_THOUSAND: u32 = 350;

/// How often a fault that has to happen is tried, and the pause between: longer than a certificate takes to be taken up.
const TRIES_MAX: u32 = 60;
const TRY_PAUSE: Duration = Duration::from_millis(500);

/// Lets things go wrong.
#[derive(Debug)]
pub(crate) struct Faults {
    scene: Arc<Scene>,
    store: Store,
    /// The faults of this store, each with whether it has to happen.
    faults: Vec<(Fault, bool)>,
    happened: Mutex<BTreeMap<String, u32>>,
    /// What befalls the programs comes one at a time.
    alone: tokio::sync::Mutex<()>,
}

impl Faults {
    pub(crate) fn new(scene: Arc<Scene>, store: Store) -> Self {
        let with_store = |fault: Fault| fault.on.with(&store).map(|surely| (fault, surely));
        Self {
            faults: table::all().into_iter().filter_map(with_store).collect(),
            scene,
            store,
            happened: Mutex::default(),
            alone: tokio::sync::Mutex::default(),
        }
    }

    /// Returns how many faults have to happen.
    pub(crate) fn certain(&self) -> u32 {
        u32::try_from(self.faults.iter().filter(|(_, surely)| *surely).count()).unwrap_or(u32::MAX)
    }

    /// Perhaps lets something go wrong for one of the next calls.
    pub(crate) async fn happen_by_chance(&self, random: &mut fastrand::Rng) {
        if random.u32(..1000) >= PER_THOUSAND {
            return;
        }
        let shares: u32 = self.faults.iter().map(|(fault, _)| fault.share).sum();
        let mut at = random.u32(..shares);
        for (fault, _) in &self.faults {
            if at < fault.share {
                self.try_now(fault, random).await;
                return;
            }
            at -= fault.share;
        }
    }

    /// Lets a fault happen unless another is under way, for which nobody waits: calls must go on meanwhile.
    async fn try_now(&self, fault: &Fault, random: &mut fastrand::Rng) {
        match fault.happen {
            Happen::AtWise(path, what) => {
                self.scene.servers.tell(path, &what(random)).await;
                self.count(fault.name.to_owned());
            }
            Happen::Here(function) => {
                let Ok(_alone) = self.alone.try_lock() else { return };
                if function(&self.scene, random).await == Happened::Yes {
                    self.count(format!("{}: {}", self.store.name(), fault.name));
                }
            }
        }
    }

    /// Lets each fault that has to happen do so, at its place among the submissions.
    pub(crate) async fn happen_surely(&self, pace: &Pace, random: &mut fastrand::Rng) {
        let certain = self.faults.iter().filter(|(_, surely)| *surely);
        for ((fault, _), place) in certain.zip(0..) {
            pace.reaches(place).await;
            self.happen_once(fault, random).await;
            pace.passed(place);
        }
    }

    async fn happen_once(&self, fault: &Fault, random: &mut fastrand::Rng) {
        let Happen::Here(function) = fault.happen else { return };
        for _ in 0..TRIES_MAX {
            let alone = self.alone.lock().await;
            let happened = function(&self.scene, random).await;
            drop(alone);
            match happened {
                Happened::Yes => return self.count(format!("{}: {}", self.store.name(), fault.name)),
                Happened::NotHere => return,
                Happened::NotNow => tokio::time::sleep(TRY_PAUSE).await,
            }
        }
        let complaints = &self.scene.servers.complaints;
        complaints.add(format!("a fault could not be made to happen: {}", fault.name));
    }

    /// From now on nothing new goes wrong.
    pub(crate) async fn end(&self) {
        let _alone = self.alone.lock().await;
        self.scene.servers.tell("webhooks", &json!({})).await;
        for replica in self.scene.servers.replicas() {
            replica.set_clock(0);
        }
    }

    fn count(&self, name: String) {
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        *happened.entry(name).or_default() += 1;
    }

    /// Returns how often each fault happened.
    pub(crate) fn happened(&self) -> BTreeMap<String, u32> {
        self.happened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
