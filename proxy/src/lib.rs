#![doc = include_str!("../README.md")]

mod admin;
mod app;
mod audit;
mod authorize;
mod client_certificate;
pub mod config;
mod cross_site;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http_client;
mod idempotency_key;
mod limiter;
pub mod logging;
mod metrics;
mod openapi;
mod page;
mod problem_response;
mod request_id;
mod routes;
mod server;
mod staff;
mod store;
mod submissions;
#[cfg(feature = "opentelemetry")]
pub mod telemetry;
mod to_its_end;
mod token;
mod upstream;
mod webhook;

pub use self::admin::admin;
pub use self::app::{App, app};
pub use self::openapi::openapi;
pub use self::server::{Peer, serve};
