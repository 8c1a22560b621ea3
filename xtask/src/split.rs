//! Cutting the widget's wasm in two: what the first paint needs, and the lazy part (src/element/lazy.rs).

pub(crate) mod names;
mod unused;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// The file of the lazy part.
pub(crate) const LAZY: &str = "partner_case_form_lazy.wasm";

/// The name under which the first wasm imports what fetches the second. No file has it: the glue holds that code itself, so that the two
/// are always of one build, however long a browser keeps a file.
const LINK: &str = "./split-link.js";

const LINK_CODE: &str = include_str!("split/link.js");

/// Cuts `compiled` in two and writes both to `dir`, with the JavaScript of the first.
pub(crate) fn bind(compiled: &Path, dir: &Path) -> anyhow::Result<()> {
    let work = crate::target_dir().join("split");
    fs::create_dir_all(&work)?;
    let first = work.join("partner_case_form.wasm");
    let wasm = unused::left_out(&fs::read(compiled)?)?;
    let mut options = Options::new(&wasm);
    options.output_dir = &work;
    options.main_out_path = &first;
    options.link_name = LINK;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("the wasm cannot be split: {error:#}"))?;
    let [lazy] = &split.split_modules[..] else {
        return Err(anyhow!("one part was to be split off, not {}", split.split_modules.len()));
    };
    Bindgen::new()
        .input_path(&first)
        .web(true)?
        .typescript(true)
        // The loader hands the wasm's URL in, so the glue needs none of its own.
        .omit_default_module_path(true)
        // The lazy part finds what it shares with the first by the linker's names.
        .keep_lld_exports(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dir)
        .context("wasm-bindgen")?;
    fs::copy(lazy, dir.join(LAZY))?;
    let glue = dir.join("partner_case_form.js");
    fs::write(&glue, with_link(&fs::read_to_string(&glue)?)?)?;
    let types = dir.join("partner_case_form.d.ts");
    let told = "\n/** Names another place for the second wasm, which is beside this file otherwise. */\nexport function locateLazy(url: URL): void;\n/** Ends this copy after a crash: whatever still calls into it calls nothing. */\nexport function terminate(): void;\n";
    Ok(fs::write(&types, fs::read_to_string(&types)? + told)?)
}

/// Puts the link's code where the glue imports it.
fn with_link(glue: &str) -> anyhow::Result<String> {
    let import = glue
        .lines()
        .find(|line| line.starts_with("import * as ") && line.contains(LINK))
        .context("the glue does not import the link")?;
    let name = import
        .trim_start_matches("import * as ")
        .split(' ')
        .next()
        .unwrap_or_default();
    let used = format!("\"{LINK}\": {name},");
    ensure!(glue.contains(&used), "the glue does not hand the link on");
    Ok(glue
        .replace(import, LINK_CODE)
        .replace(&used, &format!("\"{LINK}\": splitLink,")))
}
