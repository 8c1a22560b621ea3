//! The widget: the case form that partner portals embed.
//!
//! The loader in `www/` defines the element `<partner-case-form>` and calls [`mount`]. Everything behind it lives here: what the form
//! holds (`form`), how drafts are kept (`drafts`), what can become of a submission (`submission`), how an answer is understood
//! (`answer`), how it is sent (`transport`), what a person reads (`messages`) and sees (`view`), what steers it all (`controller`), and
//! which of this the first paint does without (`rest`). The rules of a case are in `partner-case-core`.

mod answer;
mod clock;
mod controller;
mod description_stop;
mod drafts;
mod embed;
mod events;
mod export;
mod form;
mod hooks;
mod idempotency_key;
mod intl;
mod layout;
mod messages;
mod options;
mod receipt;
mod rest;
mod smart_paste;
mod stylesheet;
mod subject_guard;
mod subject_helper;
mod submission;
mod transport;
mod view;
mod watched;

pub use self::embed::{FormHandle, forget_drafts, mount, version};
pub use self::hooks::Hooks;
