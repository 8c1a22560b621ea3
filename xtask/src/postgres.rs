//! The database server of the tests: the one that is installed, else the distribution's.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::command::find;
use crate::tools::{apt_install, is_root};

/// What the tests call.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "psql"];

/// The folder with [`PROGRAMS`]; installed if it is not there.
pub(crate) fn ensure() -> anyhow::Result<PathBuf> {
    // The tests behind a pooler of connections are left out where it is not there.
    if !Path::new("/usr/sbin/pgbouncer").is_file() && is_root() && find("apt-get").is_some() {
        let _ = apt_install(&["pgbouncer"]);
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    if is_root() && find("apt-get").is_some() {
        // What counts is whether it is there afterwards.
        let _ = apt_install(&["postgresql"]);
        if let Some(found) = installed() {
            return Ok(found);
        }
    }
    bail!("PostgreSQL's server programs are needed for the tests: install the package postgresql");
}

fn installed() -> Option<PathBuf> {
    // A link in the PATH may stand alone: the others are where it leads to.
    let linked = find("initdb").and_then(|initdb| Some(initdb.canonicalize().ok()?.parent()?.to_owned()));
    if let Some(bin) = linked.filter(|bin| is_whole(bin)) {
        return Some(bin);
    }
    // Debian keeps them out of the PATH, a folder for each version.
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| is_whole(bin))
        .collect();
    found.sort();
    found.pop()
}

fn is_whole(bin: &Path) -> bool {
    PROGRAMS.iter().all(|program| bin.join(program).is_file())
}
