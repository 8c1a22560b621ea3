//! The service as a browser and Wise see it: the real router, the real HTTP client, a simulated Wise on loopback.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

mod audit;
mod authorize;
mod bad_input;
mod bodies;
mod create_case;
mod harness;
mod lookups;
mod mutual_tls;
mod operations;
mod plain_form;
mod serving;
mod sign_on;
mod staff;
mod staff_jwt;
mod staff_keys;
mod tokens;
mod upstream_faults;
mod webhooks;
mod widget_files;
