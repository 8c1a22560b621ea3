//! Carries out what the model decides: it holds the model in its signal, lets events happen, and runs the commands.

mod browser_env;
mod clipboard;
mod controls;
mod focus;
mod http;
mod listeners;
mod lock;
mod page_exit;
mod panic;
mod portal;
mod portal_events;
mod sign_out;
mod storage;
mod store;
mod stylesheet;
mod timers;

pub(crate) use self::controls::{Controls, TypingListener};
pub use self::panic::on_panic;
pub(crate) use self::panic::set_panic_hook;
pub use self::portal::Hooks;
pub(crate) use self::portal_events::invalid_fields;
pub(crate) use self::storage::forget_in_memory;
pub(crate) use self::store::{Runtime, Surroundings};
pub(crate) use self::stylesheet::{FIRST, LAZY, adopt};
