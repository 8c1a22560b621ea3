//! Short names for what the wasm imports from its JavaScript.
//!
//! wasm-bindgen names each function by what it is and by 64 bits of a hash, in the wasm and again in the JavaScript. Nobody but the two reads
//! those names, and hashes cannot be compressed.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use walrus::ModuleConfig;

/// Gives what `wasm` imports from its glue names of one or two letters, in both.
pub(crate) fn shorten(wasm: &Path, glue: &Path) -> anyhow::Result<()> {
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse_file(wasm)?;
    let mut code = fs::read_to_string(glue)?;
    let mut names = short_names();
    for import in module
        .imports
        .iter_mut()
        .filter(|import| import.name.starts_with("__wbg_") || import.name.starts_with("__wbindgen_"))
    {
        let short = names.next().context("a name")?;
        let property = format!("        {}: ", import.name);
        ensure!(
            code.matches(&property).count() == 1,
            "the glue does not have {} once",
            import.name
        );
        code = code.replace(&property, &format!("        {short}: "));
        import.name = short;
    }
    module.emit_wasm_file(wasm)?;
    Ok(fs::write(glue, code)?)
}

/// `a` to `z`, then `aa` to `zz`.
fn short_names() -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').map(String::from);
    letters().chain(letters().flat_map(move |first| letters().map(move |second| first.clone() + &second)))
}
