#![doc = include_str!("../README.md")]

mod app;
mod audit;
pub mod config;
mod cross_site;
mod http_client;
mod idempotency_key;
pub mod logging;
mod problem_response;
mod request_id;
mod routes;
mod server;
mod staff;
mod token;
mod upstream;

pub use self::app::{App, app};
pub use self::server::{Peer, serve};
