//! What the test is given by the command that starts it.

use std::path::PathBuf;

/// Where the programs are, and what this machine has.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The root of the checkout, in which the programs run.
    pub root: PathBuf,
    /// The folder that cargo builds into. The programs are in its `debug`; logs and stores go to its `chaos` and `servers`.
    pub target: PathBuf,
    /// The folder with PostgreSQL's server programs; without one, everything is stored in SQLite.
    pub postgres: Option<PathBuf>,
    /// Whether the test runs as root, as whom PostgreSQL's server refuses to run.
    pub is_root: bool,
    /// Prints a line that says how far the test is.
    pub say: fn(&str),
}
