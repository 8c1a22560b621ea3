//! The list of all faults.

use std::pin::Pin;

use serde_json::{Value, json};

use super::happening::Happened;
use super::{clock, credentials, database, log, proxies, store_key};
use crate::scene::Scene;
use crate::servers::Store;

/// A fault, and how often it happens.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) name: &'static str,
    /// How often it comes by chance, beside the others of its store.
    pub(super) share: u32,
    pub(super) on: On,
    pub(super) happen: Happen,
}

/// The stores that a fault is made for, and whether it happens at least once in every run, however short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Both { surely: bool },
    Sqlite { surely: bool },
    Postgres { surely: bool },
}

impl On {
    /// Says whether the fault is for the test with this store, and whether it has to happen there.
    pub(super) fn with(self, store: &Store) -> Option<bool> {
        match (self, store) {
            (Self::Both { surely }, _)
            | (Self::Sqlite { surely }, Store::Sqlite)
            | (Self::Postgres { surely }, Store::Postgres(_)) => Some(surely),
            (Self::Sqlite { .. }, Store::Postgres(_)) | (Self::Postgres { .. }, Store::Sqlite) => None,
        }
    }
}

/// How a fault is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Happen {
    /// The simulator is told, at this path.
    AtWise(&'static str, fn(&mut fastrand::Rng) -> Value),
    /// The test does it to the programs. These come one at a time.
    Here(Function),
}

/// A function that makes a fault, as a pointer.
pub(super) type Function = for<'a> fn(&'a Scene, &'a mut fastrand::Rng) -> Pin<Box<dyn Future<Output = Happened> + Send + 'a>>;

const BOTH: On = On::Both { surely: false };

/// Returns the list. The faults that have to happen come in its order; that of the certificate is the last, because no proxy is started
/// for a while after it.
pub(super) fn all() -> Vec<Fault> {
    let mut faults = at_wise();
    faults.extend([
        here(
            "the proxy is killed and started again",
            15,
            On::Both { surely: true },
            |s, r| Box::pin(proxies::killed(s, r)),
        ),
        here(
            "the proxy is stopped and started again",
            5,
            On::Both { surely: true },
            |s, r| Box::pin(proxies::restarted(s, r)),
        ),
        here("the proxy stands still for a while", 3, BOTH, |s, r| {
            Box::pin(proxies::frozen(s, r))
        }),
        here(
            "nothing can be written to the disk for a while",
            4,
            On::Sqlite { surely: true },
            |s, r| Box::pin(proxies::on_a_full_disk(s, r)),
        ),
        here(
            "the database server is stopped and started in the middle of calls",
            8,
            On::Postgres { surely: true },
            |s, r| Box::pin(database::restarted(s, r)),
        ),
        here("the store key file is lost", 1, On::Both { surely: true }, |s, r| {
            Box::pin(store_key::lost(s, r))
        }),
        here("another store key is in its place", 1, On::Both { surely: true }, |s, r| {
            Box::pin(store_key::replaced(s, r))
        }),
        here(
            "the store key file has another line end",
            1,
            On::Both { surely: true },
            |s, r| Box::pin(store_key::with_another_line_end(s, r)),
        ),
        here("nobody reads the log for a while", 2, On::Both { surely: true }, |s, r| {
            Box::pin(log::stalls(s, r))
        }),
        here("the proxy's clock jumps", 7, BOTH, |s, r| Box::pin(clock::jumps(s, r))),
        here(
            "one replica's clock is two minutes ahead",
            3,
            On::Postgres { surely: true },
            |s, r| Box::pin(clock::two_minutes_ahead(s, r)),
        ),
        here(
            "the clock jumps by 100 days, over a restart",
            1,
            On::Both { surely: true },
            |s, r| Box::pin(clock::far_ahead(s, r)),
        ),
        here("the client secret is replaced", 10, BOTH, |s, r| {
            Box::pin(credentials::secret_replaced(s, r))
        }),
        here("the client certificate is replaced", 2, On::Both { surely: true }, |s, r| {
            Box::pin(credentials::certificate_replaced(s, r))
        }),
    ]);
    faults
}

const fn here(name: &'static str, share: u32, on: On, function: Function) -> Fault {
    Fault {
        name,
        share,
        on,
        happen: Happen::Here(function),
    }
}

const fn told(name: &'static str, share: u32, path: &'static str, what: fn(&mut fastrand::Rng) -> Value) -> Fault {
    Fault {
        name,
        share,
        on: BOTH,
        happen: Happen::AtWise(path, what),
    }
}

/// Faults of the simulator.
fn at_wise() -> Vec<Fault> {
    vec![
        told(
            "dropped before Wise reads it",
            30,
            "faults",
            |_| json!({ "on": "create", "kind": "drop" }),
        ),
        told(
            "dropped after Wise took it",
            30,
            "faults",
            |_| json!({ "on": "create", "kind": "accept_then_drop" }),
        ),
        told(
            "reset in the middle of the answer",
            20,
            "faults",
            |_| json!({ "on": "create", "kind": "half_answer" }),
        ),
        told(
            "slower than the proxy waits",
            15,
            "faults",
            |_| json!({ "on": "create", "kind": "slow", "millis": 2500 }),
        ),
        told(
            "slow",
            30,
            "faults",
            |_| json!({ "on": "create", "kind": "slow", "millis": 150 }),
        ),
        told(
            "401, three times",
            40,
            "faults",
            |_| json!({ "on": "create", "kind": "unauthorized", "times": 3 }),
        ),
        told(
            "429",
            30,
            "faults",
            |_| json!({ "on": "create", "kind": "rate_limited", "retry_after_secs": 1 }),
        ),
        told(
            "500",
            20,
            "faults",
            |_| json!({ "on": "create", "kind": "server_error", "status": 500 }),
        ),
        told(
            "503",
            20,
            "faults",
            |_| json!({ "on": "create", "kind": "server_error", "status": 503 }),
        ),
        told(
            "HTML instead of JSON",
            20,
            "faults",
            |_| json!({ "on": "create", "kind": "html_instead_of_json" }),
        ),
        told(
            "200 with nothing in it",
            20,
            "faults",
            |_| json!({ "on": "create", "kind": "empty_answer" }),
        ),
        told(
            "200 with two megabytes",
            10,
            "faults",
            |_| json!({ "on": "create", "kind": "oversized_answer" }),
        ),
        told("400", 10, "faults", |_| json!({ "on": "create", "kind": "rejected" })),
        told(
            "no token: 500",
            10,
            "faults",
            |_| json!({ "on": "token", "kind": "server_error", "status": 500 }),
        ),
        told(
            "no token: the connection is dropped",
            10,
            "faults",
            |_| json!({ "on": "token", "kind": "drop" }),
        ),
        told("webhooks late, in another order, several times", 20, "webhooks", |random| {
            let order = if random.bool() { "reversed" } else { "as_happened" };
            json!({ "delayMillis": random.u32(..3000), "order": order, "copies": random.u8(1..4) })
        }),
    ]
}
