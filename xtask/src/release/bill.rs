//! Bills of materials (CycloneDX): what is compiled into form and proxy, and the tools that rewrite the form's files after that.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::command::{cargo, output, program, run};
use crate::tools::CARGO_CYCLONEDX;

/// The npm packages that rewrite files of the form: rollup and terser its JavaScript, binaryen (wasm-opt) its wasm. `xtask/src/widget.rs`
/// calls them.
const NPM_TOOLS: [&str; 3] = ["@rollup/wasm-node", "binaryen", "terser"];

/// The crates that do the same: they write the wasm's JavaScript, cut the wasm in two and shorten it. `xtask/src/split.rs` calls them.
const CRATE_TOOLS: [&str; 4] = ["walrus", "wasm-bindgen-cli-support", "wasm-encoder", "wasm_split_cli_support"];

/// Writes a bill for what runs in the browser and one for what runs on the server.
///
/// # Errors
/// When `cargo-cyclonedx` fails, or a tool is not in its lock file.
pub(super) fn write(dist: &Path, version: &str, host: &str) -> anyhow::Result<()> {
    let tool = CARGO_CYCLONEDX.ensure()?;
    let timestamp = timestamp()?;
    let rewriting = rewriting_tools()?;
    for (package, manifest, target, tools) in [
        (
            "partner-case-form",
            "Cargo.toml",
            "wasm32-unknown-unknown",
            rewriting.as_slice(),
        ),
        ("partner-case-proxy", "proxy/Cargo.toml", host, &[]),
    ] {
        let name = format!("{package}-{version}.cdx");
        run(program(&tool)
            .args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5"])
            .args(["--no-build-deps", "--target", target])
            .args(["--manifest-path", manifest, "--override-filename", &name]))?;
        // The tool writes beside every manifest of the workspace.
        let written = beside_manifests(&format!("{name}.json"))?;
        let wanted = crate::root().join(manifest).with_file_name(format!("{name}.json"));
        let bill = fs::read_to_string(&wanted).with_context(|| wanted.display().to_string());
        for path in written {
            fs::remove_file(path)?;
        }
        fs::write(dist.join(format!("{name}.json")), reproducible(&bill?, &timestamp, tools)?)?;
    }
    Ok(())
}

fn beside_manifests(name: &str) -> anyhow::Result<Vec<PathBuf>> {
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"])).context("cargo metadata")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifests = packages.filter_map(|package| package["manifest_path"].as_str());
    Ok(manifests
        .map(|path| Path::new(path).with_file_name(name))
        .filter(|path| path.exists())
        .collect())
}

/// The time in the bills: `SOURCE_DATE_EPOCH`, or the time of the commit. It is the same in both builds, and in a build next year.
fn timestamp() -> anyhow::Result<String> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds,
        Err(_) => output(program("git").args(["log", "-1", "--format=%ct"]))
            .context("the commit has no time: set SOURCE_DATE_EPOCH where there is no git")?,
    };
    rfc3339(&seconds)
}

fn rfc3339(seconds: &str) -> anyhow::Result<String> {
    let seconds: i64 = seconds
        .trim()
        .parse()
        .context("SOURCE_DATE_EPOCH is not a number of seconds")?;
    Ok(OffsetDateTime::from_unix_timestamp(seconds)?.format(&Rfc3339)?)
}

/// A bill with a fixed time and with the tools that rewrite files, without its random serial number and the paths of this machine.
fn reproducible(bill: &str, timestamp: &str, tools: &[Value]) -> anyhow::Result<String> {
    let root = crate::root();
    let root = root.to_str().context("the path of the checkout is not Unicode")?;
    let mut bill: Value = serde_json::from_str(&bill.replace(root, ""))?;
    let object = bill.as_object_mut().context("the bill is no object")?;
    object.remove("serialNumber");
    object
        .entry("metadata")
        .or_insert_with(|| json!({}))
        .as_object_mut()
        .context("the bill's metadata is no object")?
        .insert("timestamp".to_owned(), timestamp.into());
    object
        .entry("components")
        .or_insert_with(|| json!([]))
        .as_array_mut()
        .context("the bill's components are no list")?
        .extend_from_slice(tools);
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

/// The tools as components that are not part of what is delivered.
fn rewriting_tools() -> anyhow::Result<Vec<Value>> {
    let read = |path: &str| fs::read_to_string(crate::root().join(path)).with_context(|| path.to_owned());
    let mut tools = npm_tools(&serde_json::from_str(&read("e2e/package-lock.json")?)?)?;
    tools.extend(crate_tools(&read("Cargo.lock")?.parse()?)?);
    Ok(tools)
}

/// The npm tools and the packages that they load, as a `package-lock.json` has them.
fn npm_tools(lock: &Value) -> anyhow::Result<Vec<Value>> {
    let packages = lock["packages"].as_object().context("package-lock.json has no packages")?;
    // A package is found in the nearest `node_modules` above the one that loads it.
    let resolve = |from: &str, name: &str| {
        let mut folder = Some(from);
        while let Some(at) = folder {
            let path = format!("{at}{}node_modules/{name}", if at.is_empty() { "" } else { "/" });
            if packages.contains_key(&path) {
                return Some(path);
            }
            folder = (!at.is_empty()).then(|| at.rfind("/node_modules/").map_or("", |end| &at[..end]));
        }
        None
    };
    let mut found = BTreeMap::new();
    let mut open: Vec<(String, String)> = NPM_TOOLS.map(|name| (String::new(), name.to_owned())).to_vec();
    while let Some((from, name)) = open.pop() {
        let Some(path) = resolve(&from, &name) else {
            bail!("package-lock.json has no {name}");
        };
        let package = &packages[&path];
        let Entry::Vacant(place) = found.entry(path.clone()) else {
            continue;
        };
        place.insert(npm_component(&name, package)?);
        let dependencies = package["dependencies"].as_object().into_iter().flatten();
        open.extend(dependencies.map(|(dependency, _)| (path.clone(), dependency.clone())));
    }
    Ok(found.into_values().collect())
}

fn npm_component(name: &str, package: &Value) -> anyhow::Result<Value> {
    let version = package["version"]
        .as_str()
        .with_context(|| format!("{name} has no version"))?;
    let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
    let mut component = component(name, version, &purl);
    let hash = package["integrity"].as_str().and_then(|text| text.strip_prefix("sha512-"));
    if let Some(hash) = hash.map(|text| STANDARD.decode(text)).transpose()? {
        component["hashes"] = json!([{ "alg": "SHA-512", "content": super::hex(&hash) }]);
    }
    if let Some(licence) = package["license"].as_str() {
        component["licenses"] = json!([{ "expression": licence }]);
    }
    Ok(component)
}

/// The crates of a `Cargo.lock` that are tools.
fn crate_tools(lock: &toml::Table) -> anyhow::Result<Vec<Value>> {
    let packages = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .context("no package in Cargo.lock")?;
    let text = |package: &toml::Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let mut tools = Vec::new();
    for name in CRATE_TOOLS {
        let versions = packages
            .iter()
            .filter(|package| text(package, "name").as_deref() == Some(name));
        let before = tools.len();
        for package in versions {
            let version = text(package, "version").with_context(|| format!("{name} has no version"))?;
            let mut component = component(name, &version, &format!("pkg:cargo/{name}@{version}"));
            if let Some(hash) = text(package, "checksum") {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
            }
            tools.push(component);
        }
        if tools.len() == before {
            bail!("Cargo.lock has no {name}");
        }
    }
    Ok(tools)
}

fn component(name: &str, version: &str, purl: &str) -> Value {
    json!({
        "type": "application",
        "bom-ref": format!("tool:{purl}"),
        "name": name,
        "version": version,
        "purl": purl,
        // Not delivered; it has rewritten what is.
        "scope": "excluded",
        "description": "Rewrites files of the form at build time.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_has_the_time_of_the_commit_and_the_tools_that_rewrite_what_ships() {
        let tools = rewriting_tools().expect("the lock files name the tools");
        let purls: Vec<_> = tools.iter().filter_map(|tool| tool["purl"].as_str()).collect();
        for start in [
            "pkg:npm/terser@",
            "pkg:npm/%40rollup/wasm-node@",
            "pkg:npm/binaryen@",
            "pkg:cargo/wasm-bindgen-cli-support@",
        ] {
            assert!(purls.iter().any(|purl| purl.starts_with(start)), "{start} in {purls:?}");
        }
        // What terser loads runs, too.
        assert!(purls.iter().any(|purl| purl.starts_with("pkg:npm/acorn@")), "{purls:?}");
        let bill =
            json!({ "serialNumber": "urn:uuid:random", "metadata": { "timestamp": "now" }, "components": [{ "name": "a" }] });
        let time = rfc3339("1764201600\n").expect("a time");
        let written = reproducible(&bill.to_string(), &time, &tools).expect("a bill");
        let written: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(written["metadata"]["timestamp"], "2025-11-27T00:00:00Z");
        assert_eq!(written["serialNumber"], Value::Null);
        assert_eq!(written["components"].as_array().map(Vec::len), Some(tools.len() + 1));
        assert!(rfc3339("yesterday").is_err());
    }

    #[test]
    fn a_package_is_taken_from_the_nearest_node_modules() {
        let mut packages = json!({
            "node_modules/terser": { "version": "5.0.0", "dependencies": { "acorn": "1" } },
            "node_modules/terser/node_modules/acorn": { "version": "1.0.0", "dependencies": { "deep": "1" } },
            "node_modules/acorn": { "version": "2.0.0" },
            "node_modules/deep": { "version": "3.0.0" },
        });
        for name in ["@rollup/wasm-node", "binaryen"] {
            packages[format!("node_modules/{name}")] = json!({ "version": "1.0.0", "integrity": "sha512-AAE=" });
        }
        let tools = npm_tools(&json!({ "packages": packages })).expect("all there");
        let purls: Vec<_> = tools.iter().filter_map(|tool| tool["purl"].as_str()).collect();
        assert!(
            purls.contains(&"pkg:npm/acorn@1.0.0") && purls.contains(&"pkg:npm/deep@3.0.0"),
            "{purls:?}"
        );
        assert!(!purls.contains(&"pkg:npm/acorn@2.0.0"), "{purls:?}");
        assert_eq!(tools.iter().filter(|tool| tool["hashes"][0]["content"] == "0001").count(), 2);
        packages["node_modules/terser"] = Value::Null;
        assert!(npm_tools(&json!({ "packages": { "node_modules/binaryen": {} } })).is_err());
    }
}
