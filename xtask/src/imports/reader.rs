//! Reads what a file says of other modules.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

use super::item::{about, is_for_tests};
use super::module::{Import, Module, Names, Read};

/// Reads the file of the module at a place.
///
/// # Errors
/// When it is not Rust.
pub(super) fn read(file: &str, text: &str, place: Names) -> syn::Result<Read> {
    let parsed = syn::parse_file(text)?;
    let mut read = Read::default();
    read.modules.insert(place.clone(), module_in(file));
    let mut reader = Reader { file, read, place };
    reader.visit_file(&parsed);
    Ok(reader.read)
}

fn module_in(file: &str) -> Module {
    Module {
        file: file.to_owned(),
        ..Module::default()
    }
}

struct Reader<'a> {
    file: &'a str,
    read: Read,
    place: Names,
}

impl Reader<'_> {
    fn module(&mut self) -> &mut Module {
        self.read.modules.entry(self.place.clone()).or_default()
    }

    fn import(&mut self, tree: &UseTree, mut path: Names, is_reexport: bool) {
        match tree {
            UseTree::Path(part) => {
                path.push(part.ident.unraw().to_string());
                self.import(&part.tree, path, is_reexport);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, path.clone(), is_reexport);
                }
            }
            UseTree::Glob(_) => {
                self.module().globs.insert(path);
            }
            UseTree::Name(name) => {
                let name = name.ident.unraw().to_string();
                self.import_as(path, name.clone(), name, is_reexport);
            }
            UseTree::Rename(rename) => {
                let name = rename.ident.unraw().to_string();
                // Traits that are imported as `_` have no name, so they get one that no code can have.
                let alias = match rename.rename.to_string() {
                    alias if alias == "_" => format!("{} as _", rename.ident),
                    alias => alias,
                };
                self.import_as(path, name, alias, is_reexport);
            }
        }
    }

    fn import_as(&mut self, mut path: Names, name: String, alias: String, is_reexport: bool) {
        let alias = match path.last() {
            Some(last) if alias == "self" => last.clone(),
            _ => alias,
        };
        if name != "self" {
            path.push(name);
        }
        self.module().imports.insert(alias, Import { path, is_reexport });
    }

    /// Takes the paths out of code that is not parsed: what a macro or an attribute is given.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path = Names::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.take(&mut path);
                    }
                    path.push(ident.unraw().to_string());
                    colons = 0;
                }
                other => {
                    self.take(&mut path);
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.read_tokens(group.stream()),
                        // `#[serde(default = "crate::module::function")]`
                        TokenTree::Literal(literal) => self.read_literal(&literal.to_string()),
                        TokenTree::Punct(_) | TokenTree::Ident(_) => {}
                    }
                }
            }
        }
        self.take(&mut path);
    }

    fn read_literal(&mut self, literal: &str) {
        let text = literal.trim_matches('"');
        if let Ok(path) = syn::parse_str::<syn::Path>(text)
            && text.contains("::")
        {
            self.visit_path(&path);
        }
    }

    fn take(&mut self, path: &mut Names) {
        let path = std::mem::take(path);
        if !path.is_empty() {
            self.module().paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = about(item);
        if is_for_tests(attributes) {
            if let Item::Mod(module) = item {
                let place = [self.place.as_slice(), &[module.ident.to_string()]].concat();
                self.read.tests.insert(place);
            }
            return;
        }
        if let Some(name) = name {
            self.module().items.insert(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let Some((_, items)) = &module.content else { return };
        self.place.push(module.ident.to_string());
        self.read.modules.insert(self.place.clone(), module_in(self.file));
        items.iter().for_each(|item| self.visit_item(item));
        self.place.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            let is_reexport = !matches!(item.vis, Visibility::Inherited);
            self.import(&item.tree, Names::new(), is_reexport);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names = path.segments.iter().map(|part| part.ident.unraw().to_string()).collect();
            self.module().paths.insert(names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.read_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.read_tokens(list.tokens.clone());
        }
    }

    // `pub(in crate::module)` takes nothing from the module.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}
