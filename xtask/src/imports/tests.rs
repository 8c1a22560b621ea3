//! Small trees with each kind of violation, and clean ones.

use std::collections::{BTreeMap, BTreeSet};

use super::arrows::{beyond_core, beyond_model};
use super::complaints;

fn found(src: &str, files: &[(&str, &str)]) -> Vec<String> {
    let files: BTreeMap<String, String> = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
    complaints(src, &files).unwrap()
}

#[test]
fn two_files_that_import_each_other_are_named_with_what_ties_them() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::Y; pub struct X; fn f(_: Y) {}"),
        ("b.rs", "use super::a::X; pub struct Y; fn f(_: X) {}"),
    ];
    assert_eq!(
        found("proxy/src", &files),
        ["proxy/src/a.rs and proxy/src/b.rs import each other (a takes Y, b takes X)"]
    );
}

#[test]
fn a_longer_circle_is_found() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "pub fn x() { crate::b::y() }"),
        ("b.rs", "use crate::c; pub fn y() { c::z() }"),
        ("c/mod.rs", "pub fn z() { println!(\"{}\", crate::a::x()) }"),
    ];
    assert_eq!(
        found("core/src", &files),
        [
            "core/src/a.rs, core/src/b.rs and core/src/c/mod.rs import each other in a circle (a takes y of b, b takes z of c/mod, c/mod takes x of a)"
        ]
    );
}

#[test]
fn a_parent_whose_code_uses_a_child_that_uses_the_parent_is_found() {
    let child = ("a/child.rs", "use super::Entry; pub struct Writer(Entry);");
    let lib = ("lib.rs", "mod a;");
    let through_a_use = "mod child; use self::child::Writer; pub struct Entry; fn f(_: Writer) {}";
    let through_a_path = "mod child; pub struct Entry; fn f(_: child::Writer) {}";
    let through_a_reexport = "mod child; pub use self::child::Writer; pub struct Entry; fn f(_: Writer) {}";
    for parent in [through_a_use, through_a_path, through_a_reexport] {
        assert_eq!(
            found("core/src", &[lib, ("a.rs", parent), child]),
            ["core/src/a.rs and core/src/a/child.rs import each other (a takes Writer, a/child takes Entry)"]
        );
    }
    let only_passed_on = "mod child; pub use self::child::Writer; pub struct Entry;";
    assert_eq!(
        found("core/src", &[lib, ("a.rs", only_passed_on), child]),
        Vec::<String>::new()
    );
}

#[test]
fn what_a_parent_passes_on_is_the_childs() {
    let files = [
        ("lib.rs", "mod a; mod b; pub use self::a::Entry;"),
        (
            "a.rs",
            "mod child; mod entry; pub use self::entry::*; use self::child::Writer; fn f(_: Writer) {}",
        ),
        ("a/child.rs", "use super::Entry; pub struct Writer(Entry);"),
        ("a/entry.rs", "pub struct Entry;"),
        ("b.rs", "use crate::{Entry, a}; fn f(_: Entry, _: a::Entry) {}"),
    ];
    assert_eq!(found("core/src", &files), Vec::<String>::new());
    let entry_takes_b = [&files[..3], &[("a/entry.rs", "pub struct Entry(crate::b::B);"), files[4]]].concat();
    assert_eq!(
        found("core/src", &entry_takes_b),
        ["core/src/a/entry.rs and core/src/b.rs import each other (a/entry takes B, b takes Entry)"]
    );
}

#[test]
fn macros_and_attributes_import_too() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "macro_rules! m { () => { $crate::b::y() } } pub fn x() {}"),
        (
            "b.rs",
            "#[derive(Deserialize)] struct S { #[serde(default = \"crate::a::x\")] s: () } pub fn y() {}",
        ),
    ];
    assert_eq!(
        found("core/src", &files),
        ["core/src/a.rs and core/src/b.rs import each other (a takes y, b takes x)"]
    );
}

#[test]
fn tests_one_file_and_other_crates_are_no_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("main.rs", "use crate_itself::a;"),
        (
            "a.rs",
            "use std::fmt; use crate::b::Y; #[cfg(test)] mod tests; mod inner { use super::X; pub struct Z(X); } pub struct X(inner::Z, Y);",
        ),
        ("a/tests.rs", "use super::*; use crate::c::C;"),
        (
            "b.rs",
            "pub(in crate::a) struct Y; #[cfg(test)] mod tests { use crate::a::X; }",
        ),
        (
            "c.rs",
            "use crate::a::X; #[cfg(all(test, unix))] mod checked; pub struct C(X);",
        ),
        ("c/checked.rs", "use super::C;"),
    ];
    assert_eq!(found("core/src", &files), Vec::<String>::new());
}

#[test]
fn a_file_that_is_not_rust_is_named() {
    let files = BTreeMap::from([("a.rs".to_owned(), "fn".to_owned())]);
    let error = complaints("core/src", &files).unwrap_err();
    assert!(format!("{error:#}").starts_with("core/src: a.rs: "), "{error:#}");
}

/// A widget in which every arrow is as it may be.
const WIDGET: [(&str, &str); 8] = [
    (
        "lib.rs",
        "mod element; mod runtime; mod view; mod messages; use element::Element;",
    ),
    (
        "element.rs",
        "use crate::{messages::M, runtime::R, view::V}; pub struct Element(M, R, V);",
    ),
    ("runtime.rs", "use crate::messages::M; pub struct R(M);"),
    ("view.rs", "mod first; mod lazy; use crate::messages::M; pub struct V(M);"),
    ("view/first.rs", "use super::V; pub struct First(V);"),
    ("view/lazy/mod.rs", "use crate::view::first::First; pub struct Lazy(First);"),
    ("messages.rs", "use partner_case_core::Field; pub struct M(Field);"),
    ("options.rs", "use crate::element::Element; pub struct O(Element);"),
];

#[test]
fn each_arrow_of_the_widget_holds() {
    assert_eq!(found("src", &WIDGET), Vec::<String>::new());
    for (file, text, complaint) in [
        (
            "messages/text.rs",
            "use crate::view::V;",
            "src/messages/text.rs imports V of src/view.rs: messages imports nothing else of the widget",
        ),
        (
            "view/field.rs",
            "fn f() { crate::runtime::R; }",
            "src/view/field.rs imports R of src/runtime.rs: of the widget, view imports messages alone",
        ),
        (
            "view/lazy/review.rs",
            "use crate::element::Element as E;",
            "src/view/lazy/review.rs imports Element of src/element.rs: of the widget, view imports messages alone",
        ),
        (
            "runtime/clock.rs",
            "use crate::view::*;",
            "src/runtime/clock.rs imports * of src/view.rs: of the widget, runtime imports messages alone",
        ),
        (
            "element/mount.rs",
            "use crate::options::O;",
            "src/element/mount.rs imports O of src/options.rs: of the widget, element imports runtime and view and messages alone",
        ),
        (
            "view/first/button.rs",
            "use crate::view::lazy::Lazy;",
            "src/view/first/button.rs imports Lazy of src/view/lazy/mod.rs: view/first does without view/lazy",
        ),
    ] {
        assert_eq!(found("src", &[&WIDGET[..], &[(file, text)]].concat()), [complaint]);
    }
    assert_eq!(
        found(
            "proxy/src",
            &[&WIDGET[..], &[("view/field.rs", "use crate::runtime::R;")]].concat()
        ),
        Vec::<String>::new()
    );
}

#[test]
fn a_dependency_that_is_not_allowed_is_found() {
    let fine = "[dependencies]\npartner-case-core.workspace = true\nserde = \"1\"\n[dev-dependencies]\ntokio = \"1\"";
    assert_eq!(beyond_model(fine).unwrap(), Vec::<String>::new());
    let renamed = "[target.'cfg(unix)'.dependencies]\nbrowser = { package = \"web-sys\", version = \"0.3\" }";
    assert_eq!(
        beyond_model(renamed).unwrap(),
        ["model depends on web-sys: it may depend on partner-case-core, serde, serde_json alone"]
    );
    let workspace = BTreeSet::from(["partner-case-model".to_owned()]);
    let core = "[dependencies]\npartner-case-model = { path = \"../model\" }\nserde = \"1\"";
    assert_eq!(
        beyond_core(core, &workspace).unwrap(),
        ["core depends on partner-case-model: it depends on nothing of the workspace"]
    );
}
