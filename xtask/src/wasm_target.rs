//! The standard library for `wasm32-unknown-unknown`.
//!
//! rustup's own way first. Where rustup cannot download it, on a Debian machine as root, Debian's Rust builds it from its own sources;
//! that is insurance for build machines that reach package registries only.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::command::{cargo, output, program, run, say, step};
use crate::tools::{apt_install, cache_dir, is_root};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// A Rust that can build for the browser.
#[derive(Debug, Clone)]
pub(crate) enum WasmRust {
    /// The one that runs this.
    Default,
    /// Debian's, with this folder ahead on the PATH.
    Debian { bin_dir: PathBuf },
}

impl WasmRust {
    /// Cargo for the browser.
    pub(crate) fn cargo(&self) -> Command {
        match self {
            Self::Default => cargo(),
            Self::Debian { .. } => {
                let mut command = program(DEBIAN_CARGO);
                self.prepare(&mut command);
                command
            }
        }
    }

    /// Makes a program that calls cargo use this Rust.
    pub(crate) fn prepare(&self, command: &mut Command) {
        if let Self::Debian { bin_dir } = self {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let ahead = [bin_dir.clone(), PathBuf::from("/usr/bin")];
            let joined = std::env::join_paths(ahead.into_iter().chain(std::env::split_paths(&path)));
            command
                .env("PATH", joined.unwrap_or(path))
                .env("RUSTC", DEBIAN_RUSTC)
                .env("CARGO", DEBIAN_CARGO);
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
    }
}

/// Sees to it that some Rust on this machine can build for the browser.
pub(crate) fn ensure() -> anyhow::Result<WasmRust> {
    if has_target("rustc") {
        return Ok(WasmRust::Default);
    }
    if built_for().is_some() && built_for() == debian_rustc() {
        return debian_rust();
    }
    say(&format!("Adding the Rust target {TARGET} (rustup target add)"));
    if run(program("rustup").args(["target", "add", TARGET])).is_ok() && has_target("rustc") {
        return Ok(WasmRust::Default);
    }
    debian()
}

fn has_target(rustc: &str) -> bool {
    let printed = output(program(rustc).args(["--print", "target-libdir", "--target", TARGET]));
    printed.is_some_and(|dir| holds_std(Path::new(&dir)))
}

fn holds_std(dir: &Path) -> bool {
    let Ok(entries) = fs::read_dir(dir) else { return false };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn debian() -> anyhow::Result<WasmRust> {
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        bail!("rustup could not add {TARGET}. Install it by hand: rustup target add {TARGET}");
    }
    say(
        "rustup cannot download it. Building it from Debian's Rust sources instead: packages rustc-web, cargo-web, rust-web-src, lld-19",
    );
    apt_install(&["rustc-web", "cargo-web", "rust-web-src", "lld-19"])?;
    step("Building the standard library for the browser", build_std)?;
    // Written last: a build that broke off, or a rustc that has changed since, is built for anew.
    fs::create_dir_all(cache_dir())?;
    fs::write(stamp(), debian_rustc().unwrap_or_default())?;
    debian_rust()
}

fn debian_rust() -> anyhow::Result<WasmRust> {
    let bin_dir = cache_dir().join("debian-rust-bin");
    fs::create_dir_all(&bin_dir)?;
    let linker = bin_dir.join("rust-lld");
    // Debian's rustc looks for the linker under this name.
    if fs::symlink_metadata(&linker).is_err() {
        std::os::unix::fs::symlink("/usr/lib/llvm-19/bin/lld", &linker)?;
    }
    Ok(WasmRust::Debian { bin_dir })
}

/// Which rustc the standard library was last built for.
fn built_for() -> Option<String> {
    fs::read_to_string(stamp()).ok()
}

fn debian_rustc() -> Option<String> {
    output(program(DEBIAN_RUSTC).arg("-vV"))
}

fn stamp() -> PathBuf {
    cache_dir().join("debian-rust-std-built-for")
}

/// Builds the standard library by building an empty crate with it, and puts it where rustc looks.
fn build_std() -> anyhow::Result<()> {
    let crate_dir = crate::target_dir().join("wasm-std");
    fs::create_dir_all(crate_dir.join("src"))?;
    fs::write(
        crate_dir.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(crate_dir.join("src/lib.rs"), "#![no_std]\n")?;
    run(program(DEBIAN_CARGO)
        .current_dir(&crate_dir)
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "-Z",
            "build-std=std,panic_unwind,panic_abort,proc_macro,test",
        ])
        // Debian's compiler is a release; building std needs a feature that only this opens.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", DEBIAN_RUSTC)
        .env("CARGO_TARGET_DIR", crate_dir.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN"))?;
    let built = crate_dir.join("target").join(TARGET).join("release/deps");
    let printed = output(program(DEBIAN_RUSTC).args(["--print", "target-libdir", "--target", TARGET]));
    let libdir = PathBuf::from(printed.context("rustc does not tell where its libraries are")?);
    // Libraries of an earlier rustc would be taken for this one's.
    if libdir.exists() {
        fs::remove_dir_all(&libdir)?;
    }
    fs::create_dir_all(&libdir)?;
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path.file_name().map(OsString::from).unwrap_or_default();
        let is_library = path.extension().is_some_and(|extension| extension == "rlib");
        if is_library && !name.to_string_lossy().starts_with("libempty-") {
            fs::copy(&path, libdir.join(name))?;
        }
    }
    Ok(())
}
