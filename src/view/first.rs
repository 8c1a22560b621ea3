//! The first paint: the fields and the button.
//!
//! It is written in Leptos' builder syntax. `view!` makes a type of each element, which in this part is a third of the wasm.

mod element;
mod field;
mod fields;
mod form;

pub(crate) use self::form::form;
