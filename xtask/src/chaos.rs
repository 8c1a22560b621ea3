//! `cargo xtask chaos`: builds and installs what the fault-injection test needs, and runs it.

use std::path::PathBuf;

use partner_case_chaos::{Setup, has_clock};

use crate::command::{find, say, step};
use crate::tools::{apt_install, is_root};
use crate::{demo, postgres};

/// Runs the fault-injection test.
///
/// # Errors
/// When a promise was broken, or nothing was created so that the zeros mean nothing.
pub(crate) fn run(cases: u32, seed: u64) -> anyhow::Result<()> {
    step("Building proxy and simulator", demo::build_servers)?;
    let setup = Setup {
        postgres: provide(),
        ..setup()
    };
    demo::block_on(async { partner_case_chaos::run(&setup, cases, seed).await })
}

/// Returns the paths of this checkout, without PostgreSQL.
pub(crate) fn setup() -> Setup {
    Setup {
        root: crate::root(),
        target: crate::target_dir(),
        postgres: None,
        is_root: is_root(),
        say,
    }
}

/// Provides what the faults are made with, and says what is left out without it. Returns the folder of PostgreSQL's programs.
fn provide() -> Option<PathBuf> {
    if !has_clock() && is_root() && find("apt-get").is_some() {
        // What counts is whether it is there afterwards.
        let _ = apt_install(&["faketime"]);
    }
    if !has_clock() {
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
