//! The fault-injection test: many submissions under faults on every hop. At the end the simulator's ledger decides (docs/faults.md).

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
mod servers;
mod setup;
mod verdict;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::bail;

use self::campaign::{Part, Report};
pub use self::files::PORTAL_SECRET;
pub use self::process::has_clock;
pub use self::servers::Servers;
use self::servers::Store;
pub use self::setup::Setup;
use self::verdict::Verdict;

/// Which part of the submissions goes to two proxies on PostgreSQL; the others go to one on SQLite.
const ON_POSTGRES: u32 = 3;

/// Runs the fault-injection test with the programs that are built already.
///
/// # Errors
/// When a promise was broken, or nothing was created so that the zeros mean nothing.
pub async fn run(setup: &Setup, cases: u32, seed: u64) -> anyhow::Result<()> {
    (setup.say)(&format!("{cases} submissions under faults, seed {seed}"));
    let on_postgres = if setup.postgres.is_some() { cases / ON_POSTGRES } else { 0 };
    let on_sqlite = cases - on_postgres;
    let part = |store, cases, first_line| Part {
        store,
        cases,
        first_line,
        seed,
    };
    let mut parts = vec![part(Store::Sqlite, on_sqlite, 0)];
    let postgres = setup.postgres.clone();
    parts.extend(postgres.map(|bin| part(Store::Postgres(bin), on_postgres, on_sqlite)));
    let mut reports = Vec::new();
    for part in parts {
        reports.push(part.run(setup).await?);
    }
    judge(&reports, setup.say)
}

/// Prints what came of all parts.
fn judge(reports: &[Report], say: fn(&str)) -> anyhow::Result<()> {
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
