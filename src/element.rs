//! The border to JavaScript: one function to mount a form, one handle to steer it.
//!
//! A form is mounted with its fields alone, so that it is seen and takes typing early. [`FormHandle::complete`] makes it work.

mod handle;
mod interactive;
mod js_options;
mod lazy;

pub use self::handle::{FormHandle, forget_drafts, mount, version};
