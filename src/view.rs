//! What a person sees: functions of the form's state that return Leptos views and dispatch events.
//!
//! `class="pc"` on every `view!` is no decoration: it keeps Leptos from writing static parts through `innerHTML`, which a page that
//! requires Trusted Types blocks.

mod context;
mod first;
mod lazy;

pub(crate) use self::context::{Dispatch, FormContext, LazyPart, Slot};
pub(crate) use self::first::form;
pub(crate) use self::lazy::render_slot;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
