//! The documents are true where that can be told: links lead somewhere, commands exist, examples can be read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::command::{output, program};

/// Checks every Markdown file of the repository.
///
/// # Errors
/// Everything that is wrong, a line each.
pub(crate) fn check(commands: &BTreeSet<String>) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for path in documents()? {
        let text = fs::read_to_string(crate::root().join(&path))?;
        let mut note = |line: usize, what: String| wrong.push(format!("{}:{line}: {what}", path.display()));
        for (line, target) in links(&text) {
            if let Err(what) = follow(&path, target) {
                note(line, what);
            }
        }
        for (line, name) in mentioned(&text, "cargo xtask ") {
            if !commands.contains(name) {
                note(line, format!("there is no cargo xtask {name}"));
            }
        }
        for (line, name) in mentioned(&text, "npm run ") {
            if !npm_scripts()?.contains(name) {
                note(line, format!("there is no npm run {name}"));
            }
        }
        for (line, language, block) in blocks(&text) {
            if let Err(what) = readable(language, &block) {
                note(line, format!("the {language} cannot be read: {what}"));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

fn documents() -> anyhow::Result<Vec<PathBuf>> {
    let listed = output(program("git").args(["ls-files", "*.md"])).context("git ls-files")?;
    Ok(listed.lines().map(PathBuf::from).collect())
}

/// The targets of the links outside of code, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut in_block = false;
    for (at, line) in text.lines().enumerate() {
        in_block ^= line.trim_start().starts_with("```");
        if in_block {
            continue;
        }
        for (before, rest) in line
            .match_indices("](")
            .map(|(at, found)| (&line[..at], &line[at + found.len()..]))
        {
            let in_code = before.matches('`').count() % 2 == 1;
            if let Some((target, _)) = rest.split_once(')').filter(|_| !in_code) {
                links.push((at + 1, target));
            }
        }
    }
    links
}

fn follow(from: &Path, target: &str) -> Result<(), String> {
    if target.starts_with("http://") || target.starts_with("https://") || target.starts_with("mailto:") {
        return Ok(());
    }
    let (file, anchor) = target
        .split_once('#')
        .map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() {
        crate::root().join(from)
    } else {
        crate::root()
            .join(from)
            .parent()
            .map(|folder| folder.join(file))
            .unwrap_or_default()
    };
    if !path.exists() {
        return Err(format!("{target} leads nowhere"));
    }
    let Some(anchor) = anchor.filter(|_| path.extension().is_some_and(|extension| extension == "md")) else {
        return Ok(());
    };
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    if headings(&text).contains(anchor) {
        Ok(())
    } else {
        Err(format!("{target}: there is no such heading"))
    }
}

/// The anchors of the headings, as GitHub makes them.
fn headings(text: &str) -> BTreeSet<String> {
    let titles = text.lines().filter(|line| line.starts_with('#'));
    titles
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// The words after a phrase, with their lines.
fn mentioned<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.lines().enumerate().flat_map(move |(at, line)| {
        line.match_indices(phrase).filter_map(move |(start, _)| {
            let rest = &line[start + phrase.len()..];
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
            (end > 0).then(|| (at + 1, &rest[..end]))
        })
    })
}

fn npm_scripts() -> anyhow::Result<BTreeSet<String>> {
    let mut scripts = BTreeSet::from(["build".to_owned()]);
    for folder in ["e2e", "examples", "bench"] {
        let manifest: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(crate::root().join(folder).join("package.json"))?)?;
        scripts.extend(
            manifest["scripts"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone()),
        );
    }
    Ok(scripts)
}

/// The fenced blocks that name a language, with the line on which they start.
fn blocks(text: &str) -> Vec<(usize, &str, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, &str, String)> = None;
    for (at, line) in text.lines().enumerate() {
        match (line.trim().strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(language), None) => open = Some((at + 1, language.trim(), String::new())),
            (None, Some((start, language, block))) => open = Some((start, language, block + line + "\n")),
            (None, None) => {}
        }
    }
    blocks
}

/// Whether an example in a language that can be checked here is one.
fn readable(language: &str, block: &str) -> Result<(), String> {
    match language {
        "json" => serde_json::from_str::<serde_json::Value>(block)
            .map(drop)
            .map_err(|error| error.to_string()),
        "toml" => block
            .parse::<toml::Table>()
            .map(drop)
            .map_err(|error| error.message().to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_found() {
        let text = "# One & two\n[a](b.md#c) `[no](x)`\n```json\n{\n```\n`cargo xtask demo --open`, cargo xtask nonsense.";
        assert_eq!(links(text), [(2, "b.md#c")]);
        assert!(headings(text).contains("one--two"));
        let blocks = blocks(text);
        assert_eq!((blocks[0].0, blocks[0].1), (3, "json"));
        assert!(readable("json", &blocks[0].2).is_err());
        assert!(readable("toml", "a = 1\na = 2").is_err());
        let names: Vec<_> = mentioned(text, "cargo xtask ").collect();
        assert_eq!(names, [(6, "demo"), (6, "nonsense")]);
    }
}
