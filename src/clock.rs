//! The browser's clock.

use std::time::Duration;

use leptos::prelude::set_timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Date, Promise};

/// The time now, in milliseconds since 1970.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time after 1970 in whole milliseconds"
)]
pub(crate) fn now_millis() -> u64 {
    Date::now() as u64
}

/// A time for the functions of the browser, which take floating-point numbers.
#[expect(clippy::cast_precision_loss, reason = "exact for the next 280,000 years")]
pub(crate) const fn as_float(millis: u64) -> f64 {
    millis as f64
}

/// Waits.
pub(crate) async fn sleep(duration: Duration) {
    let slept = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            },
            duration,
        );
    });
    let _ = JsFuture::from(slept).await;
}
