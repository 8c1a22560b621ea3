#![doc = include_str!("../README.md")]

mod admin;
mod app;
mod audit;
mod authorize;
mod client_certificate;
pub mod config;
mod content_encoding;
mod cross_site;
#[cfg(fuzzing)]
pub mod fuzzing;
mod host;
mod http_client;
mod idempotency_key;
#[cfg(feature = "simulation")]
pub mod in_memory;
mod instant;
mod limiter;
pub mod logging;
mod metrics;
mod openapi;
mod page;
mod places;
mod problem_response;
pub mod process;
mod request_id;
mod router;
mod routes;
mod server;
mod staff;
mod store;
mod submissions;
#[cfg(feature = "opentelemetry")]
pub mod telemetry;
mod token;
mod upstream;
mod webhook;
mod wise_answer;

pub use self::admin::admin;
pub use self::app::App;
pub use self::openapi::openapi;
pub use self::router::app;
pub use self::server::{Peer, serve};
