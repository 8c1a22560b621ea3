//! The size of what a browser loads first, against a hard ceiling.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::split;

/// What a browser loads before the form can be used. Styles of the first paint and English texts are inside the wasm.
const FIRST_LOAD: [&str; 3] = ["partner-case-form.js", "partner_case_form.js", "partner_case_form_bg.wasm"];

/// What the first load may be, in bytes after brotli 11: below what React, react-dom and a form library take. Not to be raised.
const CEILING_BYTES: usize = 76_000;

/// Writes a brotli and a gzip file beside each file that a browser may load, for the proxy to serve.
pub(crate) fn compress(dir: &Path) -> anyhow::Result<()> {
    for name in FIRST_LOAD.iter().chain(&[split::LAZY, "contrast.js", "diagnosis.js"]) {
        compress_file(&dir.join(name))?;
    }
    for locale in fs::read_dir(dir.join("locales"))? {
        compress_file(&locale?.path())?;
    }
    Ok(())
}

fn compress_file(path: &Path) -> anyhow::Result<()> {
    let plain = fs::read(path).with_context(|| path.display().to_string())?;
    let mut compressed = Vec::new();
    {
        // Quality 11 and a window of 4 MiB.
        let mut writer = brotli::CompressorWriter::new(&mut compressed, 64 * 1024, 11, 22);
        writer.write_all(&plain)?;
    }
    fs::write(beside(path, ".br"), compressed)?;
    // Without a time in it, so that the same file compresses to the same bytes.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&plain)?;
    Ok(fs::write(beside(path, ".gz"), gzip.finish()?)?)
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(extension);
    name.into()
}

/// Prints the size of the first load and fails when it is over the ceiling.
pub(crate) fn check(dir: &Path) -> anyhow::Result<()> {
    let mut total = 0;
    for name in FIRST_LOAD {
        let plain = fs::metadata(dir.join(name))?.len();
        let compressed = usize::try_from(fs::metadata(dir.join(format!("{name}.br")))?.len())?;
        total += compressed;
        eprintln!("  {name}: {plain} bytes, {compressed} in brotli 11");
    }
    let lazy = fs::metadata(dir.join(format!("{}.br", split::LAZY)))?.len();
    eprintln!("  {}: {lazy} in brotli 11, fetched after the first paint", split::LAZY);
    eprintln!("  first load: {total} bytes in brotli 11, of at most {CEILING_BYTES}");
    if total > CEILING_BYTES {
        bail!("the widget is {} bytes over its ceiling", total - CEILING_BYTES);
    }
    Ok(())
}
