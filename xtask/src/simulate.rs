//! `cargo xtask simulate`: builds the search for orders of events with optimization, and starts it.

use std::process::Command;

use crate::command::{cargo, run, step};

/// What is built and started.
const PACKAGE: [&str; 6] = [
    "--locked",
    "--quiet",
    "--package",
    "partner-case-simulation",
    "--profile",
    "simulation",
];

/// Searches for an order of events that breaks a promise.
///
/// # Errors
/// When one was found, or the search cannot be built.
pub(crate) fn search(schedules: u64, seed: u64, seconds: Option<u64>) -> anyhow::Result<()> {
    build()?;
    step("Orders of events, by seeds", || {
        let mut search = program(&["--schedules", &schedules.to_string(), "--seed", &seed.to_string()]);
        if let Some(seconds) = seconds {
            search.args(["--seconds", &seconds.to_string()]);
        }
        run(&mut search)
    })
}

/// Tries every schedule of so many steps.
///
/// # Errors
/// When one breaks a promise, or the search cannot be built.
pub(crate) fn exhaust(steps: u32) -> anyhow::Result<()> {
    build()?;
    step("Orders of events, every one of a few steps", || {
        run(&mut program(&["--exhaustive", &steps.to_string()]))
    })
}

fn build() -> anyhow::Result<()> {
    step("Building the search for orders of events", || {
        run(cargo().arg("build").args(PACKAGE))
    })
}

fn program(arguments: &[&str]) -> Command {
    let mut search = cargo();
    search.arg("run").args(PACKAGE).arg("--").args(arguments);
    search
}
