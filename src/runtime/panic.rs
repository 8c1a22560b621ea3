//! What happens when the form breaks down: the developer sees where, and the loader is told.

use std::cell::RefCell;
use std::panic::PanicHookInfo;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::js_sys::Function;

thread_local! {
    /// Whom to tell: two copies of the loader may share the wasm.
    static CALLBACKS: RefCell<Vec<Function>> = const { RefCell::new(Vec::new()) };
}

/// Names a function that is called when the wasm panics, with the place in the code. From then on the wasm works no more: the function may
/// call nothing of it.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(callback: Function) {
    CALLBACKS.with_borrow_mut(|callbacks| callbacks.push(callback));
}

/// Has panics reported. Only their place: the message may hold what the agent typed. In a build for development it is the whole message.
pub(crate) fn set_panic_hook() {
    std::panic::set_hook(Box::new(report));
}

fn report(info: &PanicHookInfo<'_>) {
    let place = if cfg!(debug_assertions) {
        info.to_string()
    } else {
        info.location().map(ToString::to_string).unwrap_or_default()
    };
    web_sys::console::error_1(&["partner-case-form: the form broke down at ", &place].concat().into());
    for callback in CALLBACKS.take() {
        // Nothing can be done about an error here.
        let _ = callback.call1(&JsValue::UNDEFINED, &place.as_str().into());
    }
}
