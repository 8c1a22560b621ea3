//! The styles, adopted by the shadow root.
//!
//! A constructed stylesheet is not subject to a page's `style-src`, so the form needs no nonce.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::js_sys::Array;
use web_sys::{CssStyleSheet, ShadowRoot};

const CSS: &str = include_str!("../www/partner-case-form.css");

#[wasm_bindgen]
extern "C" {
    // web-sys has no `replaceSync` yet.
    #[wasm_bindgen(extends = CssStyleSheet)]
    type Replaceable;
    #[wasm_bindgen(method, catch, js_name = replaceSync)]
    fn replace_sync(this: &Replaceable, text: &str) -> Result<(), JsValue>;
}

thread_local! {
    /// One sheet for all forms on the page.
    static SHEET: RefCell<Option<CssStyleSheet>> = const { RefCell::new(None) };
}

/// Adds the styles to a shadow root, once.
///
/// # Errors
/// When the browser has no constructed stylesheets.
pub(crate) fn adopt(root: &ShadowRoot) -> Result<(), JsValue> {
    let sheet = SHEET.with_borrow_mut(|kept| -> Result<CssStyleSheet, JsValue> {
        match kept {
            Some(sheet) => Ok(sheet.clone()),
            None => {
                let sheet = CssStyleSheet::new()?;
                wasm_bindgen::JsCast::unchecked_ref::<Replaceable>(&sheet).replace_sync(CSS)?;
                Ok(kept.insert(sheet).clone())
            }
        }
    })?;
    let adopted = root.adopted_style_sheets();
    if !adopted.includes(&sheet, 0) {
        let sheets = Array::from(&adopted);
        sheets.push(&sheet);
        root.set_adopted_style_sheets(&sheets);
    }
    Ok(())
}
