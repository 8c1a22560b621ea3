//! The widget: the case form that partner portals embed.
//!
//! The loader in `www/` defines the element `<partner-case-form>` and calls [`mount`]. Everything behind it lives here: what the form
//! holds (`form`), what can become of a submission (`submission`), how an answer is understood (`answer`), how it is sent
//! (`transport`), what a person reads (`messages`) and sees (`view`). The rules of a case are in `partner-case-core`.

mod answer;
mod description_stop;
mod embed;
mod events;
mod form;
mod idempotency_key;
mod messages;
mod options;
mod smart_paste;
mod stylesheet;
mod subject_guard;
mod subject_helper;
mod submission;
mod transport;
mod view;

pub use self::embed::{FormHandle, mount};
