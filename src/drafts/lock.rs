//! Who of several tabs may keep a draft: the one that holds its lock, by the browser's Web Locks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::task::spawn_local;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use web_sys::js_sys::{Function, Object, Promise, Reflect};

#[wasm_bindgen]
extern "C" {
    // web-sys has Web Locks behind its unstable flag only.
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &Object, callback: &Function) -> Result<Promise, JsValue>;
}

/// How a lock is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Wait until nobody else has it.
    Wait,
    /// Take it from whoever has it.
    Take,
}

/// A lock that is held or waited for. Dropped, it is given back.
pub(super) struct Lock {
    release: Rc<RefCell<Option<Function>>>,
    waiting: Option<AbortController>,
    _callback: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl Lock {
    /// Asks for a lock. `granted` is called when it is held, `lost` when another tab has taken it, `refused` when the browser gives none
    /// after all.
    ///
    /// None where the browser has no locks: pages without TLS.
    pub(super) fn request(
        name: &str,
        ask: Ask,
        granted: impl Fn() + 'static,
        lost: impl FnOnce() + 'static,
        refused: impl FnOnce() + 'static,
    ) -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        let manager = Reflect::get(&navigator, &"locks".into()).ok()?;
        if !manager.is_object() {
            return None;
        }
        let options = Object::new();
        let waiting = match ask {
            // Taking and breaking off exclude each other.
            Ask::Take => {
                Reflect::set(&options, &"steal".into(), &JsValue::TRUE).ok()?;
                None
            }
            Ask::Wait => {
                let controller = AbortController::new().ok()?;
                Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
                Some(controller)
            }
        };
        let held = Rc::new(Cell::new(false));
        let release: Rc<RefCell<Option<Function>>> = Rc::default();
        let callback = {
            let (held, release) = (held.clone(), release.clone());
            Closure::new(move |_lock: JsValue| {
                held.set(true);
                // The lock is held until this promise ends.
                let ended = Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve));
                granted();
                ended
            })
        };
        let manager: LockManager = manager.unchecked_into();
        let callback_function: &Function = callback.as_ref().unchecked_ref();
        let request = manager.request(name, &options, callback_function).ok()?;
        spawn_local(async move {
            // It is rejected when the wait is broken off, or when the lock was taken away.
            let Err(error) = JsFuture::from(request).await else { return };
            if held.get() {
                lost();
            } else if !is_broken_off(&error) {
                // As in a sandboxed frame.
                refused();
            }
        });
        Some(Self {
            release,
            waiting,
            _callback: callback,
        })
    }
}

/// Whether a wait for a lock ended because it was broken off.
fn is_broken_off(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.as_deref() == Some("AbortError")
}

impl Drop for Lock {
    fn drop(&mut self) {
        match (self.release.borrow_mut().take(), &self.waiting) {
            (Some(release), _) => drop(release.call0(&JsValue::UNDEFINED)),
            (None, Some(waiting)) => waiting.abort(),
            (None, None) => {}
        }
    }
}
