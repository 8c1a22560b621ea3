//! Short names for what the wasm imports from its JavaScript, and one name that says of which build all three files are.
//!
//! wasm-bindgen names each function by what it is and by 64 bits of a hash, in the wasm and again in the JavaScript. Hashes cannot be
//! compressed, so each function gets a letter or two. What the hashes were good for, that files of two builds are not linked, is done by the
//! name of the module that both parts import from: a digest of the wasm that all was made from.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};
use walrus::{Module, ModuleConfig};

/// The module that wasm-bindgen has the first part import from, and the one that the cut has the second part import from.
const GLUE_MODULE: &str = "./partner_case_form_bg.js";
const SHARED_MODULE: &str = "__wasm_split";

/// Renames what `first` and `lazy` import, and has `glue` give it under those names. `compiled` is the wasm that all was made from.
pub(crate) fn shorten(compiled: &Path, first: &Path, lazy: &Path, glue: &Path) -> anyhow::Result<()> {
    let digest = Sha256::digest(fs::read(compiled)?);
    let build: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut code = fs::read_to_string(glue)?;

    let mut module = parse(first)?;
    let mut names = short_names();
    for import in module.imports.iter_mut().filter(|import| import.module == GLUE_MODULE) {
        let short = names.next().context("a name")?;
        code = replaced(&code, &format!("        {}: ", import.name), &format!("        {short}: "))?;
        import.name = short;
        import.module = build.clone();
    }
    module.emit_wasm_file(first)?;

    let mut module = parse(lazy)?;
    for import in module.imports.iter_mut().filter(|import| import.module == SHARED_MODULE) {
        import.module = build.clone();
    }
    module.emit_wasm_file(lazy)?;

    code = replaced(&code, &format!("\"{GLUE_MODULE}\": "), &format!("\"{build}\": "))?;
    code = replaced(
        &code,
        &format!("{{ {SHARED_MODULE}: wasm }}"),
        &format!("{{ \"{build}\": wasm }}"),
    )?;
    Ok(fs::write(glue, code)?)
}

fn parse(wasm: &Path) -> anyhow::Result<Module> {
    ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse_file(wasm)
}

/// Replaces what has to be there once.
fn replaced(code: &str, old: &str, new: &str) -> anyhow::Result<String> {
    ensure!(code.matches(old).count() == 1, "the glue does not have {old} once");
    Ok(code.replace(old, new))
}

/// `a` to `z`, then `aa` to `zz`.
fn short_names() -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').map(String::from);
    letters().chain(letters().flat_map(move |first| letters().map(move |second| first.clone() + &second)))
}
