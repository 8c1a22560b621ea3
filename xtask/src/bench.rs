//! `cargo xtask bench` and `soak`: builds what is measured, as it ships, and runs the measuring programs in `bench/`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::ensure;

use crate::command::{cargo, check_node, program, run, step};
use crate::widget::{self, Optimize};
use crate::{chromium, engines, wasm_target};

/// Measures everything beside its peers. `quick` is for trying out.
pub(crate) fn run_all(quick: bool) -> anyhow::Result<()> {
    check_node()?;
    let browser = chromium::ensure()?;
    widget::build(&widget::dir(), Optimize::Fully)?;
    build_servers()?;
    guard()?;
    let quick = quick.then_some("--quick");
    step("In the browser", || {
        run(node("browser.mjs", "browser").args(quick).env("CHROMIUM", &browser.browser))
    })?;
    step("At the proxy", || {
        run(node("proxy.mjs", "proxy")
            .args(quick)
            .envs(engines::nginx().map(|path| ("NGINX_PROGRAM", path)))
            .envs(engines::envoy().map(|path| ("ENVOY_PROGRAM", path))))
    })
}

/// Sends cases at a steady rate for so many minutes, and fails when the proxy has grown.
pub(crate) fn soak(minutes: u32) -> anyhow::Result<()> {
    check_node()?;
    build_servers()?;
    step(&format!("A steady load for {minutes} minutes"), || {
        run(node("soak.mjs", "soak").args(["--minutes", &minutes.to_string()]))
    })
}

/// The personal-data guard, natively and as wasm.
fn guard() -> anyhow::Result<()> {
    let rust = wasm_target::ensure()?;
    step("Building the guard, natively and as wasm", || {
        run(cargo().args(["build", "--locked", "--release", "--quiet", "--package", "guard-bench"]))?;
        run(rust
            .cargo()
            .args(["build", "--locked", "--quiet", "--package", "guard-bench", "--lib"])
            .args(["--target", "wasm32-unknown-unknown", "--profile", "wasm-release"]))
    })?;
    let native = crate::target_dir().join("release/guard-bench");
    let wasm = crate::target_dir().join("wasm32-unknown-unknown/wasm-release/guard_bench.wasm");
    ensure!(wasm.is_file(), "{} is missing", wasm.display());
    step("The personal-data guard", || {
        run(program("node")
            .arg("bench/guard/guard.mjs")
            .args([native, wasm])
            .arg("--out")
            .arg(result("guard")))
    })
}

fn build_servers() -> anyhow::Result<()> {
    step("Building proxy and simulator, as they ship", || {
        run(cargo().args([
            "build",
            "--locked",
            "--release",
            "--package",
            "partner-case-proxy",
            "--package",
            "wise-simulator",
        ]))
    })
}

fn node(script: &str, name: &str) -> Command {
    let mut node = program("node");
    node.arg(format!("bench/{script}"))
        .arg("--out")
        .arg(result(name))
        .env("TARGET_DIR", crate::target_dir());
    node
}

fn result(name: &str) -> PathBuf {
    crate::target_dir().join("bench").join(format!("{name}.json"))
}
