#![doc = include_str!("../README.md")]

mod admin;
mod cases;
mod fault;
mod ledger;
mod server;
mod settings;
mod state;
mod token;
mod trace;

pub use self::fault::{Fault, FaultKind, Target};
pub use self::ledger::{Counts, LedgerEntry};
pub use self::server::Simulator;
pub use self::settings::Settings;
