//! Building the widget: wasm, its JavaScript, and the files of `www/` beside them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::command::{program, run, step};
use crate::{split, tools, wasm_target};

/// What ships of `www/` beside the wasm and the locales. A page loads the first; the rest follows from it.
const FILES: [&str; 5] = [
    LOADER,
    "contrast.js",
    "diagnosis.js",
    "partner-case-form.d.ts",
    "custom-elements.json",
];

/// The loader, and the folder of its modules beside it. What ships has them in the one file.
const LOADER: &str = "partner-case-form.js";
const MODULES: &str = "loader";

/// What the loader imports when it is needed, under the names that it gives them: they stay files of their own.
const IMPORTED_LATER: &str = "./partner_case_form.js,./contrast.js,./diagnosis.js";

/// How far the wasm is made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimize {
    /// By the compiler alone: nothing needs installing.
    Compiler,
    /// By wasm-opt too, and compressed for the proxy to serve. This is what ships.
    Fully,
}

/// The folder that the demo and the journeys serve the widget from.
pub(crate) fn dir() -> PathBuf {
    crate::target_dir().join("widget")
}

/// Builds the widget into a folder.
pub(crate) fn build(dir: &Path, optimize: Optimize) -> anyhow::Result<()> {
    let rust = wasm_target::ensure()?;
    step("Building the widget (the first time takes some minutes)", || {
        let mut build = rust.cargo();
        build.args(["build", "--locked", "--package", "partner-case-form", "--lib"]);
        build.args([
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "wasm-release",
            "--features",
            "split",
        ]);
        // One type for all of Leptos' views instead of one for each: 19 KB less to load (docs/decisions/size.md).
        build.env(
            "RUSTFLAGS",
            format!("--cfg erase_components -C link-arg=--emit-relocs {}", without_paths()),
        );
        run(&mut build)
    })?;
    let compiled = crate::target_dir().join("wasm32-unknown-unknown/wasm-release/partner_case_form.wasm");
    let stamp = dir.join(".built-from");
    let fingerprint = fingerprint(&compiled, optimize)?;
    if fs::read_to_string(&stamp).is_ok_and(|text| text == fingerprint) {
        return Ok(());
    }
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    split::bind(&compiled, dir)?;
    for name in FILES {
        fs::copy(crate::root().join("www").join(name), dir.join(name)).with_context(|| name.to_owned())?;
    }
    copy_folder("locales", dir)?;
    match optimize {
        // The browser puts the modules together.
        Optimize::Compiler => copy_folder(MODULES, dir)?,
        Optimize::Fully => {
            let [first, lazy, glue] =
                ["partner_case_form_bg.wasm", split::LAZY, "partner_case_form.js"].map(|name| dir.join(name));
            split::names::shorten(&compiled, &first, &lazy, &glue)?;
            step("Making the wasm small (wasm-opt)", || wasm_opt(dir))?;
            step("Making the JavaScript small (rollup, terser)", || {
                bundle(dir)?;
                minify(dir)
            })?;
            step("Compressing", || crate::size::compress(dir))?;
        }
    }
    Ok(fs::write(stamp, fingerprint)?)
}

/// The files of a folder of `www/`, in the order of their names.
fn files_in(folder: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(crate::root().join("www").join(folder))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn copy_folder(folder: &str, dir: &Path) -> anyhow::Result<()> {
    let copies = dir.join(folder);
    fs::create_dir_all(&copies)?;
    for path in files_in(folder)? {
        fs::copy(&path, copies.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// Compiler flags that keep the paths of this machine out of the wasm, where panic messages would carry them to every browser.
pub(crate) fn without_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    // Where the sources of the standard library are installed, their place is in the panics of its generic code.
    let sysroot = program("rustc").args(["--print", "sysroot"]).output().ok();
    let sysroot = sysroot.and_then(|output| Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim())));
    let prefixes = [(Some(crate::root()), "partner-case-form"), (home, "cargo"), (sysroot, "rust")];
    let flags = prefixes
        .into_iter()
        .filter_map(|(path, name)| Some(format!("--remap-path-prefix={}={name}", path?.to_str()?)));
    flags.filter(|flag| !flag.contains(' ')).collect::<Vec<_>>().join(" ")
}

fn wasm_opt(dir: &Path) -> anyhow::Result<()> {
    tools::node_modules("e2e")?;
    for name in ["partner_case_form_bg.wasm", split::LAZY] {
        let wasm = dir.join(name);
        run(program(crate::root().join("e2e/node_modules/.bin/wasm-opt"))
            .args(["-O1", "--strip-debug", "--strip-producers", "-o"])
            .arg(&wasm)
            .arg(&wasm))?;
    }
    Ok(())
}

/// Makes one file of the loader and its modules. A browser that has to find them by each other's imports asks for the form that much later.
fn bundle(dir: &Path) -> anyhow::Result<()> {
    run(program(crate::root().join("e2e/node_modules/.bin/rollup"))
        .arg(crate::root().join("www").join(LOADER))
        .args(["--format", "es", "--external", IMPORTED_LATER])
        .args(["--failAfterWarnings", "--file"])
        .arg(dir.join(LOADER)))
}

/// Takes comments and long names out of the JavaScript. `www/` has it as it was written.
fn minify(dir: &Path) -> anyhow::Result<()> {
    for name in FILES
        .into_iter()
        .chain(["partner_case_form.js"])
        .filter(|name| name.ends_with(".js"))
    {
        let file = dir.join(name);
        run(program(crate::root().join("e2e/node_modules/.bin/terser"))
            .args(["--module", "--compress", "passes=2", "--mangle"])
            // What bundlers are told about an import must stay.
            .args(["--comments", "/@vite-ignore|webpackIgnore/", "--output"])
            .arg(&file)
            .arg(&file))?;
    }
    Ok(())
}

/// What the folder was built from: the compiled wasm, the files beside it, and how.
fn fingerprint(compiled: &Path, optimize: Optimize) -> anyhow::Result<String> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    // What this program does with the files changes them, too.
    fs::read(std::env::current_exe()?)?.hash(&mut hasher);
    let mut paths = files_in("locales")?;
    paths.extend(files_in(MODULES)?);
    paths.push(compiled.to_owned());
    paths.extend(FILES.map(|name| crate::root().join("www").join(name)));
    for path in paths {
        fs::read(&path).with_context(|| path.display().to_string())?.hash(&mut hasher);
    }
    Ok(format!("{optimize:?} {:016x}", hasher.finish()))
}
