//! Numbers and times as the reader writes them, by the browser's own `Intl`.

use partner_case_core::Timestamp;
use wasm_bindgen::JsValue;
use web_sys::js_sys::{Date, Number, Object, Reflect};

/// "en" is British English at Wise; the browser's own "en" is American.
const LOCALE: &str = "en-GB";

/// A number with its separators.
pub(crate) fn number(number: usize) -> String {
    // Counts of characters, far below the 2^53 up to which a JavaScript number is exact.
    #[expect(clippy::cast_precision_loss, reason = "a count of characters is far below 2^53")]
    let number = Number::from(number as f64);
    number.to_locale_string(LOCALE).into()
}

/// A time with its zone; one of an unknown shape as it is.
pub(crate) fn time(time: &Timestamp) -> String {
    let Some(rfc3339) = time.to_rfc3339() else {
        return time.as_str().to_owned();
    };
    let date = Date::new(&JsValue::from(rfc3339));
    let options = Object::new();
    for (name, value) in [("dateStyle", "long"), ("timeStyle", "long")] {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    date.to_locale_string(LOCALE, &options).into()
}
