//! `cargo xtask mutants`: changes the code in one place after another, and looks whether a test of the same package notices.
//!
//! It takes hours, so it runs on demand and weekly (`.github/workflows/mutants.yml`), and not on every change. A change
//! that need not be noticed is listed with its reason in `.cargo/mutants.toml`.

use std::fs;

use anyhow::bail;

use crate::command::{program, run, step};
use crate::tools;

/// The packages, and the files of each whose tests are to notice every change.
const PACKAGES: [(&str, &[&str]); 3] = [
    ("partner-case-core", &["core/src/**/*.rs"]),
    ("partner-case-model", &["model/src/**/*.rs"]),
    (
        "partner-case-proxy",
        &[
            "proxy/src/store.rs",
            "proxy/src/store/**/*.rs",
            "proxy/src/submissions.rs",
            "proxy/src/submissions/**/*.rs",
            "proxy/src/token.rs",
            "proxy/src/token/**/*.rs",
            "proxy/src/upstream.rs",
            "proxy/src/staff.rs",
            "proxy/src/staff/**/*.rs",
            "proxy/src/cross_site.rs",
        ],
    ),
];

/// Runs the mutants of all packages, or of one; with `shard`, such as `0/8`, a part of them.
///
/// # Errors
/// When a mutant is missed or times out, or the tests fail without one.
pub(crate) fn run_mutants(package: Option<&str>, shard: Option<&str>, file: Option<&str>) -> anyhow::Result<()> {
    let mutants = tools::CARGO_MUTANTS.ensure()?;
    let chosen: Vec<_> = PACKAGES
        .iter()
        .filter(|(name, _)| package.is_none_or(|package| name.ends_with(package)))
        .collect();
    if chosen.is_empty() {
        bail!("no package is called so: core, model or proxy");
    }
    let output = crate::target_dir().join("mutants");
    fs::create_dir_all(&output)?;
    for (name, files) in chosen {
        let mut command = program(&mutants);
        command
            .current_dir(crate::root())
            .args([
                "mutants",
                "--package",
                name,
                "--test-package",
                name,
                "--profile",
                "mutants",
                "--all-features",
            ])
            .args(["--jobs", "2", "--no-shuffle", "--colors", "never", "--output"])
            .arg(output.join(name));
        for file in file.as_ref().map_or(*files, std::slice::from_ref) {
            command.args(["--file", file]);
        }
        if let Some(shard) = shard {
            command.args(["--shard", shard]);
        }
        // Its copies of the repository have target folders of their own.
        command.env_remove("CARGO_TARGET_DIR");
        step(&format!("Mutants of {name}"), || run(&mut command))?;
    }
    Ok(())
}
