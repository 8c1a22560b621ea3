//! What a form does, in whole stories: events in, commands out, in a made-up browser.

#![allow(clippy::unwrap_used, reason = "a test ends where an expectation fails")]

mod checks;
mod customers;
mod drafts;
mod early;
mod orders;
mod outcomes;
mod redacted;
mod submission;
mod tabs;
mod texts;
mod undo;
mod world;
