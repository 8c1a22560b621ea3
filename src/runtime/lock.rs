//! Who of several forms and tabs may store a draft: among the forms of a page by a list, among tabs by the browser's Web Locks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::task::spawn_local;
use partner_case_model::{Event, LockMode, LockScope};
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

thread_local! {
    /// The drafts that a form of this page has open.
    static OPEN_HERE: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The lock of one form's draft, which is held or waited for.
pub(super) struct Locks {
    dispatch: Rc<dyn Fn(Event)>,
    held: RefCell<Option<Held>>,
}

#[expect(dead_code, reason = "it is kept to be dropped")]
enum Held {
    Page(PageLock),
    Browser(BrowserLock),
}

impl Locks {
    pub(super) fn new(dispatch: impl Fn(Event) + 'static) -> Self {
        Self {
            dispatch: Rc::new(dispatch),
            held: RefCell::default(),
        }
    }

    /// Asks for a lock, in place of the one that is held or waited for. What is known at once is returned.
    pub(super) fn request(&self, request: u32, scope: LockScope, name: &str, mode: LockMode) -> Option<Event> {
        self.release();
        match scope {
            LockScope::Page => {
                let lock = PageLock::take(name)?;
                *self.held.borrow_mut() = Some(Held::Page(lock));
                Some(Event::LockGranted { request, mode })
            }
            LockScope::Browser => match BrowserLock::request(name, mode, request, &self.dispatch) {
                Some(lock) => {
                    *self.held.borrow_mut() = Some(Held::Browser(lock));
                    None
                }
                // Pages without TLS have no locks.
                None => Some(Event::LockRefused { request }),
            },
        }
    }

    pub(super) fn release(&self) {
        self.held.take();
    }
}

/// A draft that only this form of the page stores.
struct PageLock(String);

impl PageLock {
    fn take(name: &str) -> Option<Self> {
        OPEN_HERE.with_borrow_mut(|open| {
            let is_free = !open.iter().any(|known| known == name);
            is_free.then(|| {
                open.push(name.to_owned());
                Self(name.to_owned())
            })
        })
    }
}

impl Drop for PageLock {
    fn drop(&mut self) {
        OPEN_HERE.with_borrow_mut(|open| open.retain(|name| *name != self.0));
    }
}

/// A lock of the browser that is held or waited for. Dropped, it is released.
struct BrowserLock {
    release: Rc<RefCell<Option<Function>>>,
    waiting: Option<AbortController>,
    _callback: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl BrowserLock {
    fn request(name: &str, mode: LockMode, request: u32, dispatch: &Rc<dyn Fn(Event)>) -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        let manager = Reflect::get(&navigator, &"locks".into()).ok()?;
        if !manager.is_object() {
            return None;
        }
        let options = Object::new();
        let waiting = match mode {
            // Stealing and giving up exclude each other.
            LockMode::Steal => {
                Reflect::set(&options, &"steal".into(), &JsValue::TRUE).ok()?;
                None
            }
            LockMode::Wait => {
                let controller = AbortController::new().ok()?;
                Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
                Some(controller)
            }
        };
        let is_held = Rc::new(Cell::new(false));
        let release: Rc<RefCell<Option<Function>>> = Rc::default();
        let callback = {
            let (is_held, release, dispatch) = (is_held.clone(), release.clone(), dispatch.clone());
            Closure::new(move |_lock: JsValue| {
                is_held.set(true);
                // The lock is held until this promise ends.
                let ended = Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve));
                dispatch(Event::LockGranted { request, mode });
                ended
            })
        };
        let manager: LockManager = manager.unchecked_into();
        let callback_function: &Function = callback.as_ref().unchecked_ref();
        let requested = manager.request(name, &options, callback_function).ok()?;
        let dispatch = dispatch.clone();
        spawn_local(async move {
            // It is rejected when the form gave up waiting, or when another tab took the lock.
            let Err(error) = JsFuture::from(requested).await else { return };
            if is_held.get() {
                dispatch(Event::LockLost { request });
            } else if !is_given_up(&error) {
                // As in a sandboxed frame.
                dispatch(Event::LockRefused { request });
            }
        });
        Some(Self {
            release,
            waiting,
            _callback: callback,
        })
    }
}

/// Whether a wait for a lock ended because the form gave up.
fn is_given_up(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.as_deref() == Some("AbortError")
}

impl Drop for BrowserLock {
    fn drop(&mut self) {
        match (self.release.borrow_mut().take(), &self.waiting) {
            (Some(release), _) => drop(release.call0(&JsValue::UNDEFINED)),
            (None, Some(waiting)) => waiting.abort(),
            (None, None) => {}
        }
    }
}
