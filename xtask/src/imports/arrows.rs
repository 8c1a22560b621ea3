//! Which folder of the widget may import which, and which crates the crates without a browser may depend on.

use std::collections::BTreeSet;

use super::crate_files::Imports;

/// The folders of the widget, each with those that it may import. Files in none of them may import all of them.
const ARROWS: [(&str, &[&str]); 4] = [
    ("element", &["runtime", "view", "messages"]),
    ("runtime", &["messages"]),
    ("view", &["messages"]),
    ("messages", &[]),
];

/// Folders that stay apart although they are in the same one: the first is loaded without the second.
const APART: [(&str, &str); 1] = [("view/first", "view/lazy")];

/// What the model may depend on: it has no browser, no clock and no randomness of its own.
const OF_MODEL: [&str; 3] = ["partner-case-core", "serde", "serde_json"];

/// Returns a line for each import of the widget's that is not among the arrows.
pub(super) fn astray(src: &str, imports: &Imports) -> Vec<String> {
    let mut lines = Vec::new();
    for (from, targets) in imports {
        for (to, items) in targets {
            if let Some(why) = objection(from, to) {
                let items: Vec<&str> = items.iter().map(String::as_str).collect();
                lines.push(format!("{src}/{from} imports {} of {src}/{to}: {why}", items.join(" and ")));
            }
        }
    }
    lines
}

fn objection(from: &str, to: &str) -> Option<String> {
    if let Some((first, second)) = APART.iter().find(|(first, second)| is_in(from, first) && is_in(to, second)) {
        return Some(format!("{first} does without {second}"));
    }
    let (folder, allowed) = ARROWS.iter().find(|(folder, _)| is_in(from, folder))?;
    if is_in(to, folder) || allowed.iter().any(|allowed| is_in(to, allowed)) {
        return None;
    }
    Some(match allowed {
        [] => format!("{folder} imports nothing else of the widget"),
        allowed => format!("of the widget, {folder} imports {} alone", allowed.join(" and ")),
    })
}

/// Says whether a file is in a folder, or is the file of the folder's own module.
fn is_in(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// Returns a line for each dependency of the model's manifest that it may not have.
///
/// # Errors
/// When the manifest cannot be read.
pub(super) fn beyond_model(manifest: &str) -> anyhow::Result<Vec<String>> {
    let wrong = dependencies(manifest)?;
    let wrong = wrong.iter().filter(|name| !OF_MODEL.contains(&name.as_str()));
    Ok(wrong
        .map(|name| format!("model depends on {name}: it may depend on {} alone", OF_MODEL.join(", ")))
        .collect())
}

/// Returns a line for each package of the workspace that core's manifest names.
///
/// # Errors
/// When the manifest cannot be read.
pub(super) fn beyond_core(manifest: &str, workspace: &BTreeSet<String>) -> anyhow::Result<Vec<String>> {
    let named = dependencies(manifest)?;
    let wrong = named.intersection(workspace);
    Ok(wrong
        .map(|name| format!("core depends on {name}: it depends on nothing of the workspace"))
        .collect())
}

/// The packages that a manifest depends on, on any platform, without those for tests.
fn dependencies(manifest: &str) -> anyhow::Result<BTreeSet<String>> {
    let manifest: toml::Table = manifest.parse()?;
    let platforms = manifest.get("target").and_then(toml::Value::as_table);
    let platforms = platforms
        .into_iter()
        .flat_map(|table| table.values())
        .filter_map(toml::Value::as_table);
    let sections = std::iter::once(&manifest).chain(platforms);
    let tables = sections.flat_map(|section| [section.get("dependencies"), section.get("build-dependencies")]);
    let entries = tables.flatten().filter_map(toml::Value::as_table).flatten();
    Ok(entries
        // A dependency may stand under another name than its package's.
        .map(|(name, value)| value.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned())
        .collect())
}
