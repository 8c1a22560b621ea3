//! Who of several forms and tabs may store a draft: among the forms of a page by a list, among tabs by the browser's Web Locks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::task::spawn_local;
use partner_case_model::{Event, LockGrant, LockMode, LockScope};
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
    /// The drafts that forms of this page have open. Of those with one name, the first form has the lock, and the others wait.
    static OPEN_HERE: RefCell<Vec<Rc<OpenDraft>>> = const { RefCell::new(Vec::new()) };
}

/// A draft that a form of this page has open, or waits for.
struct OpenDraft {
    name: String,
    request: u32,
    dispatch: Rc<dyn Fn(Event)>,
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
                let (lock, is_first) = PageLock::request(name, mode, request, &self.dispatch);
                *self.held.borrow_mut() = Some(Held::Page(lock));
                let grant = match mode {
                    LockMode::Wait => LockGrant::AtOnce,
                    LockMode::Steal => LockGrant::Stolen,
                };
                is_first.then_some(Event::LockGranted { request, grant })
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

/// A lock among the forms of this page that is held or waited for. Dropped, it is released.
struct PageLock(Rc<OpenDraft>);

impl PageLock {
    /// The lock, and whether it is held now.
    fn request(name: &str, mode: LockMode, request: u32, dispatch: &Rc<dyn Fn(Event)>) -> (Self, bool) {
        let own = Rc::new(OpenDraft {
            name: name.to_owned(),
            request,
            dispatch: dispatch.clone(),
        });
        let (holder, is_first) = OPEN_HERE.with_borrow_mut(|open| {
            let holder = open.iter().position(|known| known.name == name);
            let is_first = holder.is_none() || mode == LockMode::Steal;
            let lost = holder.filter(|_| is_first).map(|at| open.remove(at));
            let at = if is_first { 0 } else { open.len() };
            open.insert(at, own.clone());
            (lost, is_first)
        });
        if let Some(lost) = holder {
            tell(lost, |request| Event::LockLost { request });
        }
        (Self(own), is_first)
    }
}

impl Drop for PageLock {
    fn drop(&mut self) {
        let next = OPEN_HERE.with_borrow_mut(|open| {
            let at = open.iter().position(|known| Rc::ptr_eq(known, &self.0))?;
            let was_first = !open[..at].iter().any(|known| known.name == self.0.name);
            open.remove(at);
            let next = open.iter().find(|known| known.name == self.0.name);
            next.filter(|_| was_first).cloned()
        });
        if let Some(next) = next {
            let grant = LockGrant::Waited;
            tell(next, move |request| Event::LockGranted { request, grant });
        }
    }
}

/// Tells another form of this page about its lock, once this one has ended what it is about.
fn tell(open: Rc<OpenDraft>, event: impl FnOnce(u32) -> Event + 'static) {
    spawn_local(async move { (open.dispatch)(event(open.request)) });
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
                let grant = match mode {
                    LockMode::Wait => LockGrant::Waited,
                    LockMode::Steal => LockGrant::Stolen,
                };
                dispatch(Event::LockGranted { request, grant });
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
