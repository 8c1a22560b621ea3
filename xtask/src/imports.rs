//! No two files import each other, and each folder imports only what it may.

mod arrows;
mod circles;
mod crate_files;
mod item;
mod module;
mod reader;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use self::arrows::{astray, beyond_core, beyond_model};
use self::circles::circles;
use self::crate_files::CrateFiles;

/// The folders whose files are looked at.
const CHECKED: [&str; 6] = ["chaos/src", "core/src", "model/src", "proxy/src", "simulation/src", "src"];

/// The folder of the widget, whose own folders have an order.
const WIDGET: &str = "src";

/// Checks the imports of all files, and what core and model depend on.
///
/// # Errors
/// Everything that is wrong, a line each.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for src in CHECKED.into_iter().filter(|src| root.join(src).is_dir()) {
        let mut files = BTreeMap::new();
        read_folder(&root.join(src), "", &mut files)?;
        wrong.extend(complaints(src, &files)?);
    }
    wrong.extend(beyond_core(&manifest(root, "core")?, &packages(root)?)?);
    if root.join("model/Cargo.toml").is_file() {
        wrong.extend(beyond_model(&manifest(root, "model")?)?);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

/// Returns what is wrong with the files of one crate, given by their paths below its `src`.
fn complaints(src: &str, files: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    let files = files.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    let imports = CrateFiles::read(files).with_context(|| src.to_owned())?.imports();
    let mut wrong = circles(src, &imports);
    if src == WIDGET {
        wrong.extend(astray(src, &imports));
    }
    Ok(wrong)
}

/// Reads the Rust files of a folder and of those in it.
fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), files)?;
        } else if name.ends_with(".rs") {
            files.insert(format!("{prefix}{name}"), fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn manifest(root: &Path, member: &str) -> anyhow::Result<String> {
    let path = root.join(member).join("Cargo.toml");
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// The packages of the workspace.
fn packages(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let workspace: toml::Table = manifest(root, "")?.parse()?;
    let members = workspace["workspace"].get("members").and_then(toml::Value::as_array);
    let members = members.into_iter().flatten().filter_map(toml::Value::as_str);
    let mut packages = BTreeSet::new();
    for member in std::iter::once("").chain(members) {
        let member: toml::Table = manifest(root, member)?.parse()?;
        packages.extend(member["package"]["name"].as_str().map(ToOwned::to_owned));
    }
    Ok(packages)
}
