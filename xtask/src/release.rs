//! `cargo xtask release`: everything that a release consists of, in `dist/`, built twice and the same both times.

mod bill;
mod sign;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::command::{cargo, output, program, run, say, step};
use crate::{package, size, split, widget};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The list of all artefacts with their hashes, as `sha256sum --check` reads it.
const CHECKSUMS: &str = "SHA256SUMS";

/// What goes into the proxy's archive beside the program.
const PROXY_FILES: [&str; 6] = [
    "proxy/partner-case-proxy.example.toml",
    "proxy/README.md",
    "docs/configuration.md",
    "deploy/partner-case-proxy.service",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// Builds the artefacts into `dist`, and once more somewhere else unless only `once` is asked for. Signs the list of hashes if there is a key
/// to sign with.
///
/// # Errors
/// When the versions of the parts differ, something cannot be built or signed, a program names the path of this checkout, or the second build
/// comes to other bytes.
pub(crate) fn build(dist: &Path, once: bool, sign_with: Option<&Path>) -> anyhow::Result<()> {
    check_changelog()?;
    if let Some(key) = sign_with {
        sign::check(key)?;
    }
    fs::create_dir_all(dist)?;
    let folder = dist.join("partner-case-form");
    package::build(&folder)?;
    size::check(&folder)?;
    step("Building the proxy", || proxy(dist))?;
    step("Packaging the crates", || crates(dist))?;
    step("Listing what is in them (CycloneDX)", || bill::write(dist, VERSION, &host()?))?;
    let sums = checksums(dist)?;
    fs::write(dist.join(CHECKSUMS), &sums)?;
    // One of an earlier build would not fit.
    sign::discard(&dist.join(CHECKSUMS))?;
    if once {
        return sign_sums(dist, sign_with);
    }
    step("Looking at what npm would publish", || {
        let archive = dist.join(format!("partner-case-form-{VERSION}.tgz"));
        run(program("npm")
            .args(["publish", "--dry-run", "--loglevel=notice"])
            .arg(archive))
    })?;
    step("Building everything a second time", || again(&sums))?;
    sign_sums(dist, sign_with)?;
    say(&format!(
        "The release {VERSION} is in {}, and was the same when built twice:",
        dist.display()
    ));
    eprint!("{sums}");
    if sign_with.is_none() {
        say("SHA256SUMS is not signed: give a key with --sign-with");
    }
    Ok(())
}

/// Signs the list of hashes, which stands for all artefacts.
fn sign_sums(dist: &Path, key: Option<&Path>) -> anyhow::Result<()> {
    if let Some(key) = key {
        let signature = sign::sign(&dist.join(CHECKSUMS), key)?;
        say(&format!("Signed: {}", signature.display()));
    }
    Ok(())
}

/// The version has a part of the changelog, with a date.
fn check_changelog() -> anyhow::Result<()> {
    let changelog = fs::read_to_string(crate::root().join("CHANGELOG.md"))?;
    let heading = format!("## [{VERSION}] - ");
    if changelog.lines().any(|line| line.starts_with(&heading)) {
        return Ok(());
    }
    bail!("CHANGELOG.md has no heading `{heading}<date>`");
}

/// The proxy's program for this machine's kind, with what belongs to it.
fn proxy(dist: &Path) -> anyhow::Result<()> {
    run(cargo()
        .args(["build", "--release", "--locked", "--package", "partner-case-proxy"])
        .env("RUSTFLAGS", widget::without_paths()))?;
    let name = proxy_name()?;
    let path = dist.join(format!("{name}.tar.gz"));
    let mut archive = tar::Builder::new(GzEncoder::new(fs::File::create(path)?, Compression::best()));
    let program = crate::target_dir().join("release/partner-case-proxy");
    append(&mut archive, &program, &format!("{name}/partner-case-proxy"), 0o755)?;
    for file in PROXY_FILES {
        let path = crate::root().join(file);
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        append(&mut archive, &path, &format!("{name}/{file}"), 0o644)?;
    }
    Ok(archive.into_inner()?.finish()?.flush()?)
}

/// The name of the proxy's archive and of the folder in it.
fn proxy_name() -> anyhow::Result<String> {
    Ok(format!("partner-case-proxy-{VERSION}-{}", host()?))
}

/// Adds a file with a mode, and without the times and users of this machine.
fn append(archive: &mut tar::Builder<impl std::io::Write>, path: &Path, name: &str, mode: u32) -> anyhow::Result<()> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len().try_into()?);
    header.set_mode(mode);
    header.set_cksum();
    Ok(archive.append_data(&mut header, name, bytes.as_slice())?)
}

/// The kind of this machine, such as `x86_64-unknown-linux-gnu`.
fn host() -> anyhow::Result<String> {
    let version = output(program("rustc").arg("-vV")).context("rustc")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

/// The crates that others can build on, as a registry would have them. Cargo builds each from its own package.
fn crates(dist: &Path) -> anyhow::Result<()> {
    let names = ["partner-case-core", "partner-case-proxy"];
    run(cargo()
        .args(["package", "--locked", "--quiet"])
        .args(names.iter().flat_map(|name| ["--package", name])))?;
    for name in names {
        let file = format!("{name}-{VERSION}.crate");
        fs::copy(crate::target_dir().join("package").join(&file), dist.join(&file)).with_context(|| file)?;
    }
    Ok(())
}

/// The artefacts, by their names. What else lies in the folder is of another version, or somebody else's.
fn artefacts() -> anyhow::Result<[String; 7]> {
    Ok([
        format!("partner-case-core-{VERSION}.crate"),
        format!("partner-case-form-{VERSION}.cdx.json"),
        format!("partner-case-form-{VERSION}.tgz"),
        format!("partner-case-form-{VERSION}.zip"),
        format!("{}.tar.gz", proxy_name()?),
        format!("partner-case-proxy-{VERSION}.cdx.json"),
        format!("partner-case-proxy-{VERSION}.crate"),
    ])
}

/// The hash of every artefact. What is compiled may not hold the path of this checkout.
fn checksums(dist: &Path) -> anyhow::Result<String> {
    let root = crate::root();
    let root = root.to_str().context("the path of the checkout is not Unicode")?;
    let mut sums = String::new();
    for name in artefacts()? {
        let bytes = fs::read(dist.join(&name)).with_context(|| name.clone())?;
        sums.push_str(&format!("{}  {name}\n", hex(&Sha256::digest(&bytes))));
    }
    let program = crate::target_dir().join("release/partner-case-proxy");
    let folder = dist.join("partner-case-form");
    for path in [program, folder.join("partner_case_form_bg.wasm"), folder.join(split::LAZY)] {
        if fs::read(&path)?.windows(root.len()).any(|bytes| bytes == root.as_bytes()) {
            bail!("{} holds the path of this checkout", path.display());
        }
    }
    Ok(sums)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Builds everything in a target folder of its own, and compares.
fn again(sums: &str) -> anyhow::Result<()> {
    let target = crate::target_dir().join("release-again");
    let dist = target.join("dist");
    run(program(std::env::current_exe()?)
        .args(["release", "--once", "--out"])
        .arg(&dist)
        .env("CARGO_TARGET_DIR", &target))?;
    let second = fs::read_to_string(dist.join(CHECKSUMS))?;
    let differing: Vec<&str> = sums
        .lines()
        .filter(|line| !second.lines().any(|other| other == *line))
        .filter_map(|line| line.split("  ").nth(1))
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    bail!(
        "built twice, these are not the same: {} (the second are in {})",
        differing.join(", "),
        dist.display()
    );
}
