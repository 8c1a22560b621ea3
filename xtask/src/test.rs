//! `cargo xtask test`: everything that CI runs, the quick checks first.

use crate::command::{cargo, check_node, program, run, say, step};
use crate::widget::{self, Optimize};
use crate::{
    chaos, chromium, contract, demo, documents, engines, generate, imports, package, postgres, simulate, size, tools, wasm_target,
};

/// The campaign of every run: short, and each time with the same faults.
const CHAOS_CASES: u32 = 300;
const CHAOS_SEED: u64 = 1;

/// The search of every run: new schedules would fail for whoever comes by, so it is the same ones, or as many of them as fit into two minutes.
const SIMULATE_SCHEDULES: u64 = 40_000;
const SIMULATE_SEED: u64 = 1;
const SIMULATE_SECONDS: u64 = 120;
const SIMULATE_STEPS: u32 = 3;

/// Runs every check, and stops at the first that fails.
pub(crate) fn run_checks() -> anyhow::Result<()> {
    // What has to be installed by hand is told before anything takes minutes.
    check_node()?;
    let browser = chromium::ensure()?;
    let rust = wasm_target::ensure()?;
    let postgres = postgres::ensure()?;
    // Without it, the tests behind nginx say that they are left out.
    let _ = engines::nginx();
    tools::node_modules("e2e")?;

    step(
        "Documents: links, commands, examples",
        || documents::check(&crate::commands()),
    )?;
    step("Generated files: as the tables say", generate::check)?;
    step("Imports: no circles", || imports::check(&crate::root()))?;
    step("Formatting", || run(cargo().args(["fmt", "--all", "--check"])))?;
    step("Lints", || {
        run(cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--quiet",
            "--",
            "--deny",
            "warnings",
        ]))
    })?;
    if matches!(rust, wasm_target::WasmRust::Default) {
        step("Lints for the browser", || {
            let arguments = [
                "clippy",
                "--locked",
                "--package",
                "partner-case-form",
                "--all-targets",
                "--quiet",
            ];
            run(cargo()
                .args(arguments)
                .args(["--target", "wasm32-unknown-unknown", "--", "--deny", "warnings"]))
        })?;
    }
    if matches!(rust, wasm_target::WasmRust::Debian { .. }) {
        say("The lints for the browser are left out: Debian's Rust comes without clippy");
    }
    step("Documentation", || {
        run(cargo()
            .args(["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings"))
    })?;
    let deny = tools::CARGO_DENY.ensure()?;
    step("Licences and sources of the dependencies", || {
        // cargo-deny reads the packages of every platform, more than were needed to build for this one.
        run(cargo().args(["fetch", "--locked", "--quiet"]))?;
        run(program(deny).args(["--offline", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
    })?;
    step("Native tests", || {
        run(cargo()
            .args(["test", "--locked", "--workspace", "--all-features", "--quiet"])
            .env("PARTNER_CASE_TEST_POSTGRES_BIN", &postgres))
    })?;

    simulate::search(SIMULATE_SCHEDULES, SIMULATE_SEED, Some(SIMULATE_SECONDS))?;
    simulate::exhaust(SIMULATE_STEPS)?;
    step("Faults on every hop (chaos)", || chaos::run(CHAOS_CASES, CHAOS_SEED))?;
    contract::check()?;

    widget::build(&widget::dir(), Optimize::Fully)?;
    step("Size of the first load", || size::check(&widget::dir()))?;

    let wasm_pack = tools::WASM_PACK.ensure()?;
    let runner = tools::wasm_bindgen_cli()?.ensure()?;
    step("Browser tests (wasm-pack)", || {
        let mut test = program(&wasm_pack);
        test.args(["test", "--headless", "--chrome", "--chromedriver"])
            .arg(&browser.driver);
        rust.prepare(&mut test);
        if let Some(dir) = runner.parent().filter(|dir| dir.is_absolute()) {
            // wasm-pack takes the runner that it finds on the PATH, and downloads one only where there is none.
            let path = test
                .get_envs()
                .find(|(name, _)| *name == "PATH")
                .and_then(|(_, value)| value.map(ToOwned::to_owned));
            let path = path.or_else(|| std::env::var_os("PATH")).unwrap_or_default();
            let dirs = std::iter::once(dir.to_owned()).chain(std::env::split_paths(&path));
            test.env("PATH", std::env::join_paths(dirs)?);
        }
        run(&mut test)
    })?;

    let packed = package::build(&crate::target_dir().join("package/partner-case-form"))?;
    tools::node_modules("examples")?;
    step("Examples (Vite, TypeScript)", || {
        let examples = crate::root().join("examples");
        let npm = |arguments: &[&str]| {
            let mut npm = program("npm");
            npm.current_dir(&examples).args(arguments);
            npm
        };
        run(npm(&[
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--silent",
        ])
        .arg(&packed))?;
        run(&mut npm(&["run", "build", "--silent"]))
    })?;

    step("Journeys (Playwright)", || {
        demo::build_servers()?;
        run(program("npm")
            .current_dir(crate::root().join("e2e"))
            .args(["test"])
            .env("CHROMIUM", &browser.browser)
            .env("HEADLESS_CHROMIUM", &browser.headless)
            .env("TARGET_DIR", crate::target_dir())
            .envs(engines::nginx().map(|path| ("NGINX_PROGRAM", path)))
            .envs(engines::envoy().map(|path| ("ENVOY_PROGRAM", path))))
    })
}
