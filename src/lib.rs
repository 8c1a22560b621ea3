//! The form: the custom element's inside, compiled to wasm.
//!
//! The loader in `www/` defines the element `<partner-case-form>` and calls [`mount`]. `element` is the border to JavaScript, `runtime` carries
//! out what the model decides, `view` shows it, `messages` has the words. What the form is and what happens to it is `partner-case-model`;
//! the rules of a case are `partner-case-core`.

mod element;
mod messages;
mod runtime;
mod view;

pub use self::element::{FormHandle, forget_drafts, mount, version};
pub use self::runtime::{Hooks, on_panic};
