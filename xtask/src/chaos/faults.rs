//! What goes wrong, and how often it did.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gate::OVERLAP;
use super::servers::Servers;

/// How many in a thousand submissions have a fault before them.
const PER_THOUSAND: u32 = 350;

/// For how long the proxy lives on after its certificate was replaced: until the one before is no longer taken, and somewhat longer.
const UNTIL_TAKEN_UP: Duration = OVERLAP.saturating_add(Duration::from_secs(3));

/// Faults of the simulator, each with its share.
fn simulated() -> [(u32, &'static str, Value); 15] {
    let create = |kind: Value| {
        let mut fault = json!({ "on": "create" });
        if let (Some(fault), Some(kind)) = (fault.as_object_mut(), kind.as_object()) {
            fault.extend(kind.clone());
        }
        fault
    };
    [
        (30, "dropped before Wise reads it", create(json!({ "kind": "drop" }))),
        (
            30,
            "dropped after Wise took it",
            create(json!({ "kind": "accept_then_drop" })),
        ),
        (
            20,
            "reset in the middle of the answer",
            create(json!({ "kind": "half_answer" })),
        ),
        (
            15,
            "slower than the proxy waits",
            create(json!({ "kind": "slow", "millis": 2500 })),
        ),
        (30, "slow", create(json!({ "kind": "slow", "millis": 150 }))),
        (
            40,
            "401, three times",
            json!({ "on": "create", "kind": "unauthorized", "times": 3 }),
        ),
        (30, "429", create(json!({ "kind": "rate_limited", "retry_after_secs": 1 }))),
        (20, "500", create(json!({ "kind": "server_error", "status": 500 }))),
        (20, "503", create(json!({ "kind": "server_error", "status": 503 }))),
        (20, "HTML instead of JSON", create(json!({ "kind": "html_instead_of_json" }))),
        (20, "200 with nothing in it", create(json!({ "kind": "empty_answer" }))),
        (10, "200 with two megabytes", create(json!({ "kind": "oversized_answer" }))),
        (10, "400", create(json!({ "kind": "rejected" }))),
        (
            10,
            "no token: 500",
            json!({ "on": "token", "kind": "server_error", "status": 500 }),
        ),
        (
            10,
            "no token: the connection is dropped",
            json!({ "on": "token", "kind": "drop" }),
        ),
    ]
}

/// Lets things go wrong. It is a handle, so it is cloned freely.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    servers: Arc<Servers>,
    happened: Arc<Mutex<BTreeMap<&'static str, u32>>>,
    alone: Arc<tokio::sync::Mutex<()>>,
    /// Until when a replaced certificate is being taken up.
    taking_up: Arc<Mutex<Option<Instant>>>,
}

impl Faults {
    pub(super) fn new(servers: Arc<Servers>) -> Self {
        Self {
            servers,
            happened: Arc::default(),
            alone: Arc::default(),
            taking_up: Arc::default(),
        }
    }

    /// Perhaps lets something go wrong for one of the next calls.
    pub(super) async fn happen(&self, random: &mut fastrand::Rng) {
        if random.u32(..1000) >= PER_THOUSAND {
            return;
        }
        let simulated = simulated();
        let shares: u32 = simulated.iter().map(|(share, ..)| share).sum();
        // The rest: the proxy is killed, or its store, its secret, its certificate or its clock changes, or webhooks come otherwise.
        let mut at = random.u32(..shares + 66);
        for (share, name, fault) in simulated {
            if at < share {
                self.servers.tell("faults", &fault).await;
                return self.count(name);
            }
            at -= share;
        }
        if at < 39 {
            self.befall_proxy(at, random).await;
        } else if at < 46 && Servers::has_clock() {
            let steps = [0, 3600, -3600, 86_400, -600, 45];
            self.servers.set_clock(steps[random.usize(..steps.len())]);
            self.count("the proxy's clock jumps");
        } else {
            let order = if random.bool() { "reversed" } else { "as_happened" };
            let delivery = json!({ "delayMillis": random.u32(..3000), "order": order, "copies": random.u8(1..4) });
            self.servers.tell("webhooks", &delivery).await;
            self.count("webhooks late, in another order, several times");
        }
    }

    /// Lets something happen to the proxy itself, or to what it is made of: one at a time.
    async fn befall_proxy(&self, at: u32, random: &mut fastrand::Rng) {
        let alone = self.alone.lock().await;
        if at < 20 {
            if self.is_taking_up() {
                return;
            }
            if random.u8(..) < 64 {
                self.servers.stop_proxy().await;
                self.count("the proxy is stopped and started again");
            } else {
                self.servers.kill_proxy().await;
                self.count("the proxy is killed and started again");
            }
        } else if at < 23 {
            self.servers.suspend_proxy(random.u64(200..6500)).await;
            self.count("the proxy stands still for a while");
        } else if at < 27 {
            drop(alone);
            self.close_disk(random).await;
        } else if at < 29 {
            drop(alone);
            self.replace_certificate().await;
        } else {
            self.servers.rotate_secret(&format!("canary-secret-{}", random.u64(..))).await;
            self.count("the client secret is replaced");
        }
    }

    /// Lets the proxy write nothing for a while.
    pub(super) async fn close_disk(&self, random: &mut fastrand::Rng) {
        let _alone = self.alone.lock().await;
        if self.servers.forbid_writing(random.u64(100..2500)).await {
            self.count("nothing can be written to the disk for a while");
        }
    }

    /// Replaces the proxy's certificate. A proxy that is started anew reads it anyway: this one has to take it up by itself, so it lives on
    /// for a while.
    pub(super) async fn replace_certificate(&self) {
        let _alone = self.alone.lock().await;
        if self.is_taking_up() {
            return;
        }
        self.servers.replace_certificate().await;
        let until = Some(Instant::now() + UNTIL_TAKEN_UP);
        *self.taking_up.lock().unwrap_or_else(PoisonError::into_inner) = until;
        self.count("the client certificate is replaced");
    }

    fn is_taking_up(&self) -> bool {
        let until = *self.taking_up.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// From now on nothing new goes wrong.
    pub(super) async fn end(&self) {
        self.servers.tell("webhooks", &json!({})).await;
    }

    fn count(&self, name: &'static str) {
        *self
            .happened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(name)
            .or_default() += 1;
    }

    pub(super) fn table(&self) -> String {
        let mut table = String::from("\n| fault | times |\n|---|---|\n");
        for (name, times) in &*self.happened.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(table, "| {name} | {times} |");
        }
        table
    }
}
