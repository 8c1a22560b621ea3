//! The files of one crate, and which takes what from which.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use super::module::{Module, Names};
use super::reader::read;

/// How many re-exports may lead from one to the next.
const REEXPORTS_MAX: usize = 16;

/// The items that each file takes from each other file.
pub(super) type Imports = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The modules of a crate by their places.
#[derive(Debug, Default)]
pub(super) struct CrateFiles {
    modules: BTreeMap<Names, Module>,
}

impl CrateFiles {
    /// Reads the files of a crate, each given by its path below the crate's `src` and its text.
    ///
    /// # Errors
    /// When a file is not Rust.
    pub(super) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> anyhow::Result<Self> {
        let mut modules = BTreeMap::new();
        let mut tests = BTreeSet::new();
        for (file, text) in files {
            let Some(place) = place_of(file) else { continue };
            let read = read(file, text, place).with_context(|| file.to_owned())?;
            modules.extend(read.modules);
            tests.extend(read.tests);
        }
        modules.retain(|place: &Names, _| !tests.iter().any(|test: &Names| place.starts_with(test)));
        Ok(Self { modules })
    }

    /// Returns what each file takes from each other file.
    pub(super) fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        let mut add = |from: &Module, target: Option<(&Module, String)>| {
            if let Some((to, item)) = target.filter(|(to, _)| to.file != from.file) {
                let of_file = imports.entry(from.file.clone()).or_default();
                of_file.entry(to.file.clone()).or_default().insert(item);
            }
        };
        for (place, module) in &self.modules {
            for import in module.imports.values() {
                let target = self.resolve(place, &import.path, 0);
                // A parent that passes on what a child has takes nothing of it, unless its own code names it.
                let is_passed_on = import.is_reexport && target.as_ref().is_some_and(|(to, _)| to.starts_with(place));
                if !is_passed_on {
                    add(module, self.item(target));
                }
            }
            for path in &module.paths {
                add(module, self.item(self.resolve(place, path, 0)));
            }
            for path in &module.globs {
                let target = self.resolve(place, path, 0).and_then(|(to, _)| self.modules.get(&to));
                add(module, target.map(|to| (to, "*".to_owned())));
            }
        }
        imports
    }

    /// A module alone is not imported: what is taken from it is, at the path that names it.
    fn item(&self, target: Option<(Names, Option<String>)>) -> Option<(&Module, String)> {
        let (place, item) = target?;
        Some((self.modules.get(&place)?, item?))
    }

    /// Returns the module in which what a path leads to is defined, and its name there; no name where it is the module itself. `None` when
    /// the path leads out of the crate, or to a name of the code's own.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<(Names, Option<String>)> {
        let module = self.modules.get(from)?;
        let first = path.first()?;
        let (mut place, mut rest) = match first.as_str() {
            "crate" => (Names::new(), &path[1..]),
            "self" => (from.to_vec(), &path[1..]),
            "super" => (from.split_last()?.1.to_vec(), &path[1..]),
            name if module.imports.contains_key(name) || self.has_child(from, name) => (from.to_vec(), path),
            _ => return None,
        };
        while rest.first().is_some_and(|name| name == "super") {
            place.pop()?;
            rest = &rest[1..];
        }
        while let Some((name, after)) = rest.split_first() {
            if self.has_child(&place, name) {
                place.push(name.clone());
                rest = after;
                continue;
            }
            if depth < REEXPORTS_MAX
                && let Some(full) = self.reexported(&place, name, after, depth)
            {
                // A name of another crate that is passed on is no matter of this one's files.
                return self.resolve(&place, &full, depth + 1);
            }
            return Some((place, Some(name.clone())));
        }
        Some((place, None))
    }

    fn has_child(&self, place: &[String], name: &str) -> bool {
        let child = [place, &[name.to_owned()]].concat();
        self.modules.contains_key(&child)
    }

    /// Returns the whole path of a name that a module has from elsewhere.
    fn reexported(&self, place: &[String], name: &str, after: &[String], depth: usize) -> Option<Names> {
        let module = self.modules.get(place)?;
        if let Some(import) = module.imports.get(name) {
            return Some([import.path.as_slice(), after].concat());
        }
        if module.items.contains(name) {
            return None;
        }
        let glob = module.globs.iter().find(|path| {
            let target = self.resolve(place, path, depth + 1).and_then(|(to, _)| self.modules.get(&to));
            target.is_some_and(|to| to.items.contains(name) || to.imports.contains_key(name))
        })?;
        Some([glob.as_slice(), &[name.to_owned()], after].concat())
    }
}

/// Returns the place of a file's module; `None` for tests, and for programs, which import the library and which nothing imports.
fn place_of(file: &str) -> Option<Names> {
    let mut place: Names = file.strip_suffix(".rs")?.split('/').map(ToOwned::to_owned).collect();
    if place == ["main"] || place.first().is_some_and(|first| first == "bin") || place.iter().any(|part| part == "tests") {
        return None;
    }
    if place == ["lib"] || place.last().is_some_and(|last| last == "mod") {
        place.pop();
    }
    Some(place)
}
