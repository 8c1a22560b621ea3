//! What only a browser can tell: the shadow root, the styles, what crosses the border to JavaScript, and how a fetch ends.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test ends where an expectation fails")]

mod drafts;
mod embed;
mod harness;
mod submit;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
