//! The tools that only the tests need: fetched once, at exact versions, into a folder of this user's.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::command::{cargo, check_node, output, program, run, step};

/// A program that cargo installs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    package: &'static str,
    version: &'static str,
    binary: &'static str,
    /// Whether the tool's own lock file is used.
    locked: bool,
}

/// Runs the browser tests.
pub(crate) const WASM_PACK: Tool = Tool {
    package: "wasm-pack",
    version: "0.15.1",
    binary: "wasm-pack",
    locked: true,
};

/// Checks licences and sources of the dependencies.
pub(crate) const CARGO_DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
    binary: "cargo-deny",
    locked: true,
};

/// Lists what a program is made of.
pub(crate) const CARGO_CYCLONEDX: Tool = Tool {
    package: "cargo-cyclonedx",
    version: "0.5.9",
    binary: "cargo-cyclonedx",
    locked: true,
};

/// Makes mutants and runs the tests on them.
pub(crate) const CARGO_MUTANTS: Tool = Tool {
    package: "cargo-mutants",
    version: "27.1.0",
    binary: "cargo-mutants",
    locked: true,
};

/// Drives libFuzzer.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    package: "cargo-fuzz",
    version: "0.13.2",
    binary: "cargo-fuzz",
    locked: true,
};

impl Tool {
    /// Where the tool is. It is installed where it is missing; one on the PATH of the same version is used as it is.
    pub(crate) fn ensure(self) -> anyhow::Result<PathBuf> {
        if output(program(self.binary).arg("--version"))
            .is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
        {
            return Ok(PathBuf::from(self.binary));
        }
        let dir = cache_dir().join("tools").join(format!("{}-{}", self.package, self.version));
        let binary = dir.join("bin").join(self.binary);
        if !binary.exists() {
            step(
                &format!("Installing {} {} (some minutes, once)", self.package, self.version),
                || {
                    let mut install = cargo();
                    install
                        .args(["install", self.package, "--version", self.version, "--root"])
                        .arg(&dir);
                    if self.locked {
                        install.arg("--locked");
                    }
                    // One target folder for all tools: they share most of their dependencies.
                    run(install.env("CARGO_TARGET_DIR", cache_dir().join("tools-target")))
                },
            )?;
        }
        Ok(binary)
    }
}

/// wasm-bindgen's test runner, at the version that Cargo.lock has: another one cannot read the tests.
pub(crate) fn wasm_bindgen_cli() -> anyhow::Result<Tool> {
    let lock = fs::read_to_string(crate::root().join("Cargo.lock"))?;
    let entry = lock
        .split("name = \"wasm-bindgen\"\nversion = \"")
        .nth(1)
        .context("no wasm-bindgen in Cargo.lock")?;
    let version = entry.split('"').next().context("no version of wasm-bindgen in Cargo.lock")?;
    // Not locked: its own lock file names versions that the registry no longer has.
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: version.to_owned().leak(),
        binary: "wasm-bindgen-test-runner",
        locked: false,
    })
}

/// The npm packages of a folder, such as `e2e`, exactly as its package-lock.json has them.
pub(crate) fn node_modules(folder: &str) -> anyhow::Result<()> {
    let folder = crate::root().join(folder);
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&installed).is_ok_and(|text| text == lock) {
        return Ok(());
    }
    check_node()?;
    step("Installing the npm packages", || {
        run(program("npm")
            .current_dir(&folder)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
        Ok(fs::write(&installed, &lock)?)
    })
}

/// A folder that outlives the checkout, so that nothing is installed twice.
pub(crate) fn cache_dir() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let base = base.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    base.map_or_else(|| crate::target_dir().join("cache"), |base| base.join("partner-case-form"))
}

/// Whether packages of the distribution can be installed.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

/// Installs packages of a Debian-like distribution.
pub(crate) fn apt_install(packages: &[&str]) -> anyhow::Result<()> {
    step(&format!("Installing the packages {}", packages.join(", ")), || {
        run(program("apt-get").args(["update", "-qq"]))?;
        let mut install = program("apt-get");
        install
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages);
        run(&mut install)
    })
}
