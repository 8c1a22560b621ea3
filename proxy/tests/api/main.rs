//! The service as a browser and Wise see it: the real router, the real HTTP client, a simulated Wise on loopback.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

mod bad_input;
mod create_case;
mod harness;
mod serving;
mod staff;
mod upstream_faults;
mod widget_files;
