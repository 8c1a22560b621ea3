#![doc = include_str!("../README.md")]

mod admin;
mod cases;
mod fault;
mod generation;
mod ledger;
mod server;
mod settings;
mod state;
mod token;
mod trace;
mod webhook;

pub use self::fault::{Fault, FaultKind, Target};
pub use self::ledger::{Counts, LedgerEntry};
pub use self::server::Simulator;
pub use self::settings::Settings;
pub use self::webhook::{WEBHOOK_PUBLIC_KEY, Webhook};
