//! What one module says of others: the names that it imports and the paths in its code.

use std::collections::{BTreeMap, BTreeSet};

/// A path, or the place of a module in its crate: a name for each part.
pub(super) type Names = Vec<String>;

/// A name that a module imports.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) path: Names,
    /// Whether other modules can take the name from here.
    pub(super) is_reexport: bool,
}

/// A module, in a file of its own or inside another's.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) file: String,
    /// The items that are defined here.
    pub(super) items: BTreeSet<String>,
    pub(super) imports: BTreeMap<String, Import>,
    /// The paths that stand before `::*`.
    pub(super) globs: BTreeSet<Names>,
    /// The paths in the code.
    pub(super) paths: BTreeSet<Names>,
}

/// The modules of a file by their places, and the places of those that are for tests alone.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) modules: BTreeMap<Names, Module>,
    pub(super) tests: BTreeSet<Names>,
}
