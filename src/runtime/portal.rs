//! The portal's side of a submission: it may stop it, and adds headers to each call.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::console;
use web_sys::js_sys::{Array, Object};

#[wasm_bindgen]
extern "C" {
    /// The portal's side of a submission: `{ beforeSubmit(): Promise<boolean>, headers(url): Promise<object> }`.
    #[derive(Debug, Clone)]
    pub type Hooks;

    #[wasm_bindgen(method, catch, js_name = beforeSubmit)]
    async fn call_before_submit(this: &Hooks) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = headers)]
    async fn call_headers(this: &Hooks, url: &str) -> Result<JsValue, JsValue>;
}

/// Why a call has no headers and is not made: the portal's cannot be had, or the loader refuses the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoHeaders;

/// Whether the portal lets a submission go on. One that fails to say so has not said yes.
pub(super) async fn lets_submit(hooks: Option<&Hooks>) -> bool {
    let Some(hooks) = hooks else { return true };
    match hooks.call_before_submit().await {
        Ok(answer) => answer.is_truthy(),
        Err(error) => {
            console::error_2(
                &"partner-case-form: the portal's own check before sending failed".into(),
                &error,
            );
            false
        }
    }
}

/// Returns the headers that the portal adds to a call to `url`. The loader decides whether that URL may have them, and be called at all.
///
/// # Errors
/// When the loader refuses the URL, or the portal's function fails, or its answer is no object of texts. The call must not be made.
pub(super) async fn headers(hooks: Option<&Hooks>, url: &str) -> Result<Vec<(String, String)>, NoHeaders> {
    let Some(hooks) = hooks else { return Ok(Vec::new()) };
    let answer = hooks.call_headers(url).await.map_err(|error| {
        console::error_2(&"partner-case-form: the headers for a call cannot be had".into(), &error);
        NoHeaders
    })?;
    let Some(object) = answer.dyn_ref::<Object>() else {
        return Ok(Vec::new());
    };
    Object::entries(object)
        .iter()
        .map(|entry| {
            let entry: Array = entry.unchecked_into();
            entry.get(0).as_string().zip(entry.get(1).as_string()).ok_or(NoHeaders)
        })
        .collect()
}
