//! `cargo xtask fuzz`: each fuzz target for a while.

use std::fs;

use anyhow::Context as _;

use crate::command::{program, run, step};
use crate::tools;

/// Runs each target for so many seconds, from its seeds and what earlier runs have found.
pub(crate) fn run_targets(seconds: u32) -> anyhow::Result<()> {
    let cargo_fuzz = tools::CARGO_FUZZ.ensure()?;
    for target in targets()? {
        let found = crate::target_dir().join("fuzz-corpus").join(&target);
        fs::create_dir_all(&found)?;
        step(&format!("Fuzzing {target} for {seconds} s"), || {
            run(program(&cargo_fuzz)
                .args(["fuzz", "run", "--fuzz-dir", "fuzz", "--release", &target])
                .args([found.as_os_str(), crate::root().join("fuzz/seeds").join(&target).as_os_str()])
                .args([
                    "--",
                    &format!("-max_total_time={seconds}"),
                    "-max_len=4096",
                    "-timeout=10",
                    "-verbosity=0",
                    "-print_final_stats=1",
                ])
                // libFuzzer needs the compiler's sanitizers, which are unstable; this lets the stable one use them.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_DIR", crate::target_dir().join("fuzz")))
        })?;
    }
    Ok(())
}

fn targets() -> anyhow::Result<Vec<String>> {
    let mut targets = Vec::new();
    for entry in fs::read_dir(crate::root().join("fuzz/fuzz_targets"))? {
        let path = entry?.path();
        targets.push(path.file_stem().and_then(|name| name.to_str()).context("a name")?.to_owned());
    }
    targets.sort();
    Ok(targets)
}
