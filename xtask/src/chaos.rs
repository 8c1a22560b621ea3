//! `cargo xtask chaos`: many submissions under faults on every hop. At the end the simulator's ledger decides.

mod audit;
mod campaign;
mod client;
mod complaints;
mod database;
mod doubt;
mod faults;
mod files;
mod gate;
mod history;
mod http;
mod pace;
mod process;
mod replica;
mod scene;
pub(crate) mod servers;
mod verdict;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;

use self::campaign::{Part, Report};
use self::servers::{Servers, Store};
use self::verdict::Verdict;
use crate::command::{find, say, step};
use crate::tools::{apt_install, is_root};
use crate::{demo, postgres};

/// Which part of the submissions goes to two proxies on PostgreSQL; the others go to one on SQLite.
const ON_POSTGRES: u32 = 3;

/// Runs the fault-injection test.
///
/// # Errors
/// When a promise was broken, or nothing was created so that the zeros mean nothing.
pub(crate) fn run(cases: u32, seed: u64) -> anyhow::Result<()> {
    step("Building proxy and simulator", demo::build_servers)?;
    let postgres = provide();
    say(&format!("{cases} submissions under faults, seed {seed}"));
    let on_postgres = if postgres.is_some() { cases / ON_POSTGRES } else { 0 };
    let on_sqlite = cases - on_postgres;
    let part = |store, cases, first_line| Part {
        store,
        cases,
        first_line,
        seed,
    };
    let mut parts = vec![part(Store::Sqlite, on_sqlite, 0)];
    parts.extend(postgres.map(|bin| part(Store::Postgres(bin), on_postgres, on_sqlite)));
    demo::block_on(async {
        let mut reports = Vec::new();
        for part in parts {
            reports.push(part.run().await?);
        }
        judge(&reports)
    })
}

/// Provides what the faults are made with, and says what is left out without it. Returns the folder of PostgreSQL's programs.
fn provide() -> Option<PathBuf> {
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
    let named = std::env::var_os("PARTNER_CASE_TEST_POSTGRES_BIN").map(PathBuf::from);
    let found = named.or_else(|| postgres::ensure().ok());
    if found.is_none() {
        say("The part with two proxies on PostgreSQL is left out: its server is not installed (Debian's package postgresql)");
    }
    found
}

/// Prints what came of all parts.
fn judge(reports: &[Report]) -> anyhow::Result<()> {
    let mut total = Verdict::default();
    let mut faults: BTreeMap<&str, u32> = BTreeMap::new();
    for report in reports {
        total.add(&report.verdict);
        for (name, times) in &report.faults {
            *faults.entry(name).or_default() += times;
        }
    }
    let mut table = String::from("\n| fault | times |\n|---|---|\n");
    for (name, times) in faults {
        let _ = writeln!(table, "| {name} | {times} |");
    }
    eprintln!("{table}\n{}", total.table());
    for report in reports {
        eprintln!("{}", report.summary);
    }
    let mut holds = total.is_clean();
    for report in reports {
        if !report.verdict.tells_something() {
            holds = false;
            say("Hardly anything was created, so the zeros mean nothing");
        }
        for complaint in &report.complaints {
            holds = false;
            say(complaint);
        }
    }
    if holds {
        return Ok(());
    }
    let folders: Vec<_> = reports.iter().map(|report| report.folder.display().to_string()).collect();
    bail!("a promise was broken; the logs are in {}", folders.join(" and "));
}
