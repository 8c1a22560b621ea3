//! `cargo xtask simulate`: builds the search for orders of events with optimization, and starts it.

use crate::command::{cargo, run, step};

/// Searches for an order of events that breaks a promise.
///
/// # Errors
/// When one was found, or the search cannot be built.
pub(crate) fn search(schedules: u64, seed: u64, seconds: Option<u64>) -> anyhow::Result<()> {
    let package = ["--locked", "--quiet", "--package", "partner-case-simulation", "--profile", "simulation"];
    step("Building the search", || run(cargo().arg("build").args(package)))?;
    step(&format!("{schedules} schedules from seed {seed} on"), || {
        let mut search = cargo();
        search.arg("run").args(package).arg("--");
        search.args(["--schedules", &schedules.to_string(), "--seed", &seed.to_string()]);
        if let Some(seconds) = seconds {
            search.args(["--seconds", &seconds.to_string()]);
        }
        run(&mut search)
    })
}
