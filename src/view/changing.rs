//! A part of the view that is not always there, in one type for all.
//!
//! A closure has a type of its own, and Leptos makes a copy of what follows its value for each type; one box for all of them makes the wasm
//! smaller (docs/decisions/size.md).

use leptos::prelude::*;

/// A value that is worked out anew when what it is made of changes.
pub(super) type Changing<T> = Box<dyn Fn() -> T + Send>;

/// A part of the view that is not always there.
pub(super) fn sometimes(part: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    let part: Changing<AnyView> = Box::new(move || part().unwrap_or_else(|| ().into_any()));
    part.into_any()
}
