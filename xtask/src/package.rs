//! What ships: the widget's files as an npm package and as an archive to host, with licences and checksums.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};

use crate::command::{cargo, program, run, step};
use crate::widget::{self, Optimize};

const NAME: &str = "partner-case-form";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The files of the package beside the locales.
const FILES: [&str; 11] = [
    "partner-case-form.js",
    "partner-case-form.d.ts",
    "partner_case_form.js",
    "partner_case_form_bg.wasm",
    "partner_case_form_lazy.wasm",
    "contrast.js",
    "diagnosis.js",
    "custom-elements.json",
    "integrity.json",
    "THIRD-PARTY-LICENSES.txt",
    "README.md",
];

/// Builds the widget into a folder and makes it a package. The answer is the packed one, `partner-case-form-<version>.tgz`, beside it.
pub(crate) fn build(dir: &Path) -> anyhow::Result<PathBuf> {
    widget::build(dir, Optimize::Fully)?;
    step("Packing", || pack(dir))?;
    Ok(archive_path(dir, "tgz"))
}

fn pack(dir: &Path) -> anyhow::Result<()> {
    let loader = fs::read_to_string(crate::root().join("www/partner-case-form.js"))?;
    if !loader.contains(&format!("export const version = \"{VERSION}\";")) {
        bail!("www/partner-case-form.js has another version than Cargo.toml ({VERSION})");
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(crate::root().join(name), dir.join(name))?;
    }
    fs::copy(crate::root().join("www/README.md"), dir.join("README.md"))?;
    fs::write(dir.join("THIRD-PARTY-LICENSES.txt"), third_party_licences()?)?;
    fs::write(dir.join("integrity.json"), pretty(&integrity(dir)?)?)?;
    fs::write(dir.join("package.json"), pretty(&manifest())?)?;
    let beside = dir.parent().context("a folder above")?;
    run(program("npm")
        .args(["pack", "--silent", "--pack-destination"])
        .arg(beside)
        .current_dir(dir))?;
    zip(dir, &archive_path(dir, "zip"))
}

fn archive_path(dir: &Path, extension: &str) -> PathBuf {
    dir.with_file_name(format!("{NAME}-{VERSION}.{extension}"))
}

fn pretty(json: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(json)? + "\n")
}

fn manifest() -> Value {
    let mut files: Vec<&str> = FILES.to_vec();
    files.extend(["locales/*.json", "LICENSE-MIT", "LICENSE-APACHE"]);
    json!({
        "name": NAME,
        "version": VERSION,
        "description": "The form in which a partner's staff raise a case with Wise, as a custom element.",
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "types": "./partner-case-form.d.ts",
        "exports": {
            ".": { "types": "./partner-case-form.d.ts", "default": "./partner-case-form.js" },
            "./locales/*.json": "./locales/*.json",
            "./custom-elements.json": "./custom-elements.json",
            "./partner_case_form_bg.wasm": "./partner_case_form_bg.wasm",
            "./partner_case_form_lazy.wasm": "./partner_case_form_lazy.wasm",
            "./package.json": "./package.json",
        },
        "customElements": "custom-elements.json",
        // It defines the element: importing it for that alone is no mistake.
        "sideEffects": ["./partner-case-form.js"],
        "files": files,
    })
}

/// What a browser may load, with the hash for Subresource Integrity.
fn integrity(dir: &Path) -> anyhow::Result<Value> {
    let mut hashes = BTreeMap::new();
    for path in loaded(dir)? {
        let name = path.strip_prefix(dir)?.to_string_lossy().into_owned();
        hashes.insert(name, format!("sha384-{}", STANDARD.encode(Sha384::digest(fs::read(&path)?))));
    }
    Ok(json!(hashes))
}

fn loaded(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for folder in [dir.to_owned(), dir.join("locales")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let is_loaded = match extension {
                "js" | "wasm" => true,
                "json" => path.parent() != Some(dir),
                _ => false,
            };
            if is_loaded {
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Everything in the folder, compressed files and all, for those who host it themselves. The same files make the same archive.
fn zip(dir: &Path, path: &Path) -> anyhow::Result<()> {
    let mut archive = zip::ZipWriter::new(fs::File::create(path)?);
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut paths = Vec::new();
    for folder in [dir.to_owned(), dir.join("locales")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() && path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    for path in paths {
        let name = Path::new(NAME).join(path.strip_prefix(dir)?);
        archive.start_file(name.to_string_lossy(), options)?;
        archive.write_all(&fs::read(&path)?)?;
    }
    archive.finish()?;
    Ok(())
}

/// The licences of all crates that are compiled into the wasm.
fn third_party_licences() -> anyhow::Result<String> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "wasm32-unknown-unknown"])
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let packages = by_id(&metadata["packages"]);
    let nodes = by_id(&metadata["resolve"]["nodes"]);
    let root = packages
        .iter()
        .find(|(_, package)| package["name"] == NAME)
        .map(|(id, _)| *id)
        .context("the widget's package")?;
    let mut shipped = BTreeSet::new();
    let mut left = vec![root];
    while let Some(id) = left.pop() {
        let Some(package) = packages.get(id).filter(|package| !is_proc_macro(package)) else {
            continue;
        };
        let name = (
            package["name"].as_str().unwrap_or_default(),
            package["version"].as_str().unwrap_or_default(),
            id,
        );
        if shipped.insert(name) {
            left.extend(
                list(&nodes[id]["deps"])
                    .filter(|dep| is_normal(dep))
                    .filter_map(|dep| dep["pkg"].as_str()),
            );
        }
    }
    let mut text = String::from("The widget contains these crates, under the licences that follow.\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version, id) in shipped {
        let package = &packages[id];
        // Our own packages come from no registry.
        if package["source"].is_null() {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or("see its text");
        text.push_str(&format!("\n- {name} {version}: {licence}"));
        let folder = Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent();
        for file in folder.map(licence_files).transpose()?.unwrap_or_default() {
            texts.entry(file).or_default().push(format!("{name} {version}"));
        }
    }
    for (licence, names) in texts {
        text.push_str(&format!("\n\n{}\n{}\n\n{}", "=".repeat(80), names.join(", "), licence.trim()));
    }
    text.push('\n');
    Ok(text)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn by_id(values: &Value) -> BTreeMap<&str, &Value> {
    list(values)
        .filter_map(|value| Some((value["id"].as_str()?, value)))
        .collect()
}

fn is_proc_macro(package: &Value) -> bool {
    list(&package["targets"]).any(|target| list(&target["kind"]).any(|kind| kind == "proc-macro"))
}

fn is_normal(dependency: &Value) -> bool {
    list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
}

fn licence_files(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let is_licence = ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE"]
            .iter()
            .any(|start| name.starts_with(start));
        if is_licence && entry.path().is_file() {
            texts.push(fs::read_to_string(entry.path())?);
        }
    }
    Ok(texts)
}
