//! The styles, adopted by the shadow root.
//!
//! A constructed stylesheet is not subject to a page's `style-src`, so the form needs no nonce.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::js_sys::Array;
use web_sys::{CssStyleSheet, ShadowRoot};

/// The styles of what is painted first.
pub(crate) static FIRST: &str = include_str!(concat!(env!("OUT_DIR"), "/partner-case-form.css"));

/// The styles of the other parts. They come with the lazy part.
pub(crate) static LAZY: &str = include_str!(concat!(env!("OUT_DIR"), "/partner-case-form-lazy.css"));

#[wasm_bindgen]
extern "C" {
    // web-sys has no `replaceSync` yet.
    #[wasm_bindgen(extends = CssStyleSheet)]
    type Replaceable;
    #[wasm_bindgen(method, catch, js_name = replaceSync)]
    fn replace_sync(this: &Replaceable, text: &str) -> Result<(), JsValue>;
}

thread_local! {
    /// A sheet for all forms on the page, by its text.
    static SHEETS: RefCell<Vec<(&'static str, CssStyleSheet)>> = const { RefCell::new(Vec::new()) };
}

/// Adds styles to a shadow root, once.
///
/// # Errors
/// When the browser has no constructed stylesheets.
pub(crate) fn adopt(root: &ShadowRoot, css: &'static str) -> Result<(), JsValue> {
    let made = SHEETS.with_borrow(|sheets| {
        let known = sheets.iter().find(|(text, _)| std::ptr::eq(*text, css));
        known.map(|(_, sheet)| sheet.clone())
    });
    let sheet = match made {
        Some(sheet) => sheet,
        None => {
            let sheet = CssStyleSheet::new()?;
            wasm_bindgen::JsCast::unchecked_ref::<Replaceable>(&sheet).replace_sync(css)?;
            SHEETS.with_borrow_mut(|sheets| sheets.push((css, sheet.clone())));
            sheet
        }
    };
    let adopted = root.adopted_style_sheets();
    if !adopted.includes(&sheet, 0) {
        let sheets = Array::from(&adopted);
        sheets.push(&sheet);
        root.set_adopted_style_sheets(&sheets);
    }
    Ok(())
}
