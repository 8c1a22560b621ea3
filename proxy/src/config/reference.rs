//! The reference of the configuration, `docs/configuration.md`: written from the keys, their types, defaults and comments in `file.rs`.
//!
//! `UPDATE_DOCS=1 cargo test -p partner-case-proxy reference` writes the file; without the variable the test compares it.

use std::fmt::Write as _;
use std::path::Path;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::environment::VARIABLES;
use super::file::ConfigFile;
use super::parse::is_secret;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");

const EXAMPLE: &str = include_str!("../../partner-case-proxy.example.toml");

const OPENING: &str = "# Configuration of the proxy

Every key of the TOML file that `partner-case-proxy serve --config FILE` reads, and the environment variable that wins over it, if there is
one: `PARTNER_CASE_PROXY_` and the name in the table. The proxy refuses a key or variable that it does not know, and ignores what Kubernetes
sets for a Service named `partner-case-proxy`.

Start from [`partner-case-proxy.example.toml`](../proxy/partner-case-proxy.example.toml). `partner-case-proxy check --config FILE` says what is
wrong with your file, key by key, and refuses the example's placeholders.

Put secrets into files rather than into the environment, which other programs of the same user can read. A secret is one line of UTF-8 text;
line ends after it and a byte order mark before it do not count. Other users may neither read nor write the file, and its group may at most
read it: mode `0600` or `0640`. In Kubernetes set `defaultMode: 0440`, in Compose `mode: 0440`.

This page is written from the code: `UPDATE_DOCS=1 cargo test -p partner-case-proxy reference`.
";

#[test]
fn the_reference_of_the_configuration_is_what_the_code_says() {
    let written = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &written).unwrap();
    }
    let checked_in = std::fs::read_to_string(Path::new(PAGE)).unwrap();
    assert!(
        checked_in == written,
        "docs/configuration.md is not what the code says: UPDATE_DOCS=1 cargo test -p partner-case-proxy reference"
    );
}

#[test]
fn the_example_has_every_key_with_its_default() {
    for (section, keys) in sections() {
        let start = if section.is_empty() {
            0
        } else {
            EXAMPLE.find(&format!("[{section}]\n")).unwrap()
        };
        let part = EXAMPLE[start..].split("\n[").next().unwrap();
        for Key { name, default, .. } in keys {
            let line = part
                .lines()
                .map(|line| line.trim_start_matches("# "))
                .find(|line| line.split(" =").next() == Some(&name));
            let line = line.unwrap_or_else(|| panic!("{section}.{name} is not in the example"));
            if let Some(default) = default.filter(|_| !is_secret(&name)) {
                let value = line.split_once("= ").map(|(_, value)| value.split("   #").next().unwrap());
                // An empty list would let nobody in, so the example has one to begin with.
                assert!(
                    value == Some(&default) || default == "[]",
                    "{section}.{name}: {line}, and not {default}"
                );
            }
        }
    }
}

struct Key {
    name: String,
    kind: &'static str,
    default: Option<String>,
    is_required: bool,
    meaning: String,
}

fn reference() -> String {
    let mut page = OPENING.to_owned();
    for (section, keys) in sections() {
        let (title, about) = if section.is_empty() {
            ("At the top of the file".to_owned(), String::new())
        } else {
            (
                format!("`[{section}]`"),
                meaning(&schema()["properties"][section.as_str()]) + "\n\n",
            )
        };
        writeln!(
            page,
            "\n## {title}\n\n{about}| key | value | default | variable | meaning |\n|---|---|---|---|---|"
        )
        .unwrap();
        for Key {
            name,
            kind,
            default,
            is_required,
            meaning,
        } in keys
        {
            let default = match default {
                Some(default) => format!("`{default}`"),
                None if is_required => "must be set".to_owned(),
                None => "-".to_owned(),
            };
            let variable = variable(&section, &name).map_or("-".to_owned(), |short| format!("`{short}`"));
            writeln!(page, "| `{name}` | {kind} | {default} | {variable} | {meaning} |").unwrap();
        }
    }
    page
}

fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<ConfigFile>().to_value()
}

/// The keys outside any section first, then those of each section.
fn sections() -> Vec<(String, Vec<Key>)> {
    let schema = schema();
    let mut sections = vec![(String::new(), keys(&schema))];
    for (name, property) in properties(&schema) {
        if property.get("properties").is_some() {
            sections.push((name.clone(), keys(property)));
        }
    }
    sections
}

fn properties(table: &Value) -> &Map<String, Value> {
    table["properties"].as_object().unwrap()
}

fn keys(table: &Value) -> Vec<Key> {
    let required = |name: &str| {
        table["required"]
            .as_array()
            .is_some_and(|names| names.iter().any(|known| known == name))
    };
    let keys = properties(table).iter().filter_map(|(name, property)| {
        Some(Key {
            kind: kind(property)?,
            default: property.get("default").filter(|default| !default.is_null()).map(in_toml),
            is_required: required(name),
            meaning: meaning(property),
            name: name.clone(),
        })
    });
    keys.collect()
}

/// What the value is; nothing for a section.
fn kind(property: &Value) -> Option<&'static str> {
    let types = match &property["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    match types.first()?.as_str() {
        Some("object") => None,
        Some("boolean") => Some("true or false"),
        Some("integer") => Some("number"),
        Some("array") => Some("list"),
        Some("string") => Some("text"),
        // Either one word or another.
        _ => property.get("enum").or(property.get("oneOf")).map(|_| "text"),
    }
}

fn in_toml(value: &Value) -> String {
    // For text, numbers and lists of text the two are the same.
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(in_toml).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn meaning(property: &Value) -> String {
    property["description"].as_str().unwrap_or_default().replace('\n', " ")
}

fn variable(section: &str, name: &str) -> Option<&'static str> {
    let path: Vec<&str> = [section, name].into_iter().filter(|part| !part.is_empty()).collect();
    VARIABLES.iter().find(|(_, known)| *known == path).map(|(short, _)| *short)
}
