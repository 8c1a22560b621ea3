//! Mounting a form, and the handle by which the loader steers it.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use partner_case_model::{Event, FormOptions, Model};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::js_sys::Promise;
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use super::js_options::JsOptions;
use super::lazy;
use crate::messages::{Catalogue, FormState};
use crate::runtime::{self, Controls, Hooks, Surroundings, TypingListener};
use crate::view::{self, Dispatch, FormContext, LazyPart};

/// A form on a page. The loader keeps it, and calls [`FormHandle::unmount`] when the element leaves the page.
#[wasm_bindgen]
pub struct FormHandle {
    mounted: Rc<Mounted>,
    view: Box<dyn Any>,
    _typing: TypingListener,
}

/// A form whose fields are there, and what makes it work.
struct Mounted {
    ctx: FormContext,
    dispatch: Rc<Dispatch>,
    around: Surroundings,
    /// Whom the signals of the lazy views belong to: they live as long as the view.
    owner: WeakOwner,
}

impl std::fmt::Debug for FormHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormHandle").finish_non_exhaustive()
    }
}

impl Mounted {
    /// Makes the form work, unless it does, or has left the page in the meantime.
    fn start(&self, start: lazy::Start) {
        let Some(owner) = self.owner.upgrade().filter(|_| self.dispatch.lazy().is_none()) else {
            return;
        };
        let part = owner.with(|| start(self.ctx, self.around.clone()));
        self.dispatch.connect(&part);
    }

    /// The lazy part, which has let an event happen.
    fn handle(&self, event: Event) -> Result<Rc<dyn LazyPart>, JsValue> {
        let lazy = self
            .dispatch
            .lazy()
            .ok_or("the form is not complete yet: wait for complete()")?;
        lazy.handle(event);
        Ok(lazy)
    }
}

/// Mounts a form into the open shadow root of `host`, which is made if it has none.
///
/// `options` is an object `{ endpoint, endpointUrl, prefill: { type, userId, transferId, profileId, subject, description, externalId },
/// knownPersonalData: { names, emails, phones }, review, disabled, readonlyFields, hiddenFields, draft, draftTtl, draftScope, language, locale,
/// catalogue, messages }`. All is text but `review` and `disabled`, which are booleans, and `catalogue` and `messages`, which are objects as
/// in `locales/`. Calls go to `endpointUrl`, or to `endpoint` if there is none; drafts are named by `endpoint`.
///
/// `hooks`, if given, is an object with two methods that return promises: `beforeSubmit()`, whose answer must be true for a case to be
/// sent, and `headers(url)`, whose answer is an object of headers for a call to that URL. If `headers` fails, the form does not make the call.
///
/// # Errors
/// When `options` is not such an object, or the browser lacks shadow roots or constructed stylesheets.
///
/// # Examples
/// ```js
/// import init, { mount } from "./partner_case_form.js";
/// await init();
/// const form = mount(document.querySelector("#here"), { endpoint: "/partner-cases", prefill: { userId: "1234" } });
/// await form.complete();
/// ```
#[wasm_bindgen]
pub fn mount(host: &HtmlElement, options: JsValue, hooks: Option<Hooks>) -> Result<FormHandle, JsValue> {
    runtime::set_panic_hook();
    let (options, catalogue) = read(options)?;
    let root = shadow_root(host)?;
    runtime::adopt(&root, runtime::FIRST)?;
    let document = host.owner_document().ok_or("the element has no document")?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    root.append_child(&container)?;

    let dispatch = Rc::new(Dispatch::default());
    let typing = {
        let dispatch = dispatch.clone();
        Controls::new(&container).listen(move |event| dispatch.send(event))
    };
    let made: Rc<RefCell<Option<(FormContext, WeakOwner)>>> = Rc::default();
    let view = {
        let (made, dispatch) = (made.clone(), dispatch.clone());
        leptos::mount::mount_to(container.clone(), move || {
            let state = RwSignal::new(FormState {
                model: Model::new(options),
                catalogue: Arc::new(catalogue),
            });
            let ctx = FormContext::new(state, dispatch);
            *made.borrow_mut() = Some((ctx, Owner::current().unwrap_or_default().downgrade()));
            view::form(ctx)
        })
    };
    let (ctx, owner) = made.take().ok_or("the view was not built")?;
    let around = Surroundings {
        host: host.clone(),
        container,
        hooks,
    };
    let mounted = Rc::new(Mounted {
        ctx,
        dispatch,
        around,
        owner,
    });
    Ok(FormHandle {
        mounted,
        view: Box::new(view),
        _typing: typing,
    })
}

/// Deletes the drafts in the page's memory whose names start with `prefix`: for a sign-out while no form is there.
#[wasm_bindgen(js_name = forgetDrafts)]
pub fn forget_drafts(prefix: &str) {
    runtime::forget_in_memory(prefix);
}

/// The version of the form.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[wasm_bindgen]
impl FormHandle {
    /// Fetches what the first paint did without, and makes the form work: its rules, its drafts, its submission. A promise, which fails
    /// when the file cannot be had; another call is another try. Until it is fulfilled the methods below but `update` fail.
    pub fn complete(&self) -> Promise {
        let mounted = self.mounted.clone();
        future_to_promise(async move {
            let start = lazy::load().await.map_err(|error| JsValue::from(error.to_string()))?;
            mounted.start(start);
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Takes over changed options. What the agent typed stays; for another customer it is stored, and is back when the portal returns to
    /// that customer.
    ///
    /// # Errors
    /// When `options` is not an object as [`mount`] takes it.
    pub fn update(&self, options: JsValue) -> Result<(), JsValue> {
        let (options, catalogue) = read(options)?;
        let state = self.mounted.ctx.state();
        if state.try_with_untracked(|state| *state.catalogue != catalogue) == Some(true) {
            state.update(|state| state.catalogue = Arc::new(catalogue));
        }
        self.mounted.dispatch.send(Event::OptionsChanged(Box::new(options)));
        Ok(())
    }

    /// Checks the form and shows what is wrong with it, without sending it. The answer is a list of `{ field, code }`.
    ///
    /// # Errors
    /// While the form is not complete.
    pub fn validate(&self) -> Result<JsValue, JsValue> {
        Ok(self.mounted.handle(Event::ValidateRequested)?.invalid_fields())
    }

    /// Submits as the button does. While the outcome of an earlier submission is unknown there is no button, and this does nothing.
    ///
    /// # Errors
    /// While the form is not complete.
    pub fn submit(&self) -> Result<(), JsValue> {
        self.mounted.handle(Event::SubmitRequested).map(drop)
    }

    /// Empties the form but for what the portal prefills, and deletes its draft.
    ///
    /// # Errors
    /// While the form is not complete.
    pub fn reset(&self) -> Result<(), JsValue> {
        self.mounted.handle(Event::ResetRequested).map(drop)
    }

    /// Deletes this customer's draft and empties the form, and offers the agent to bring it back.
    ///
    /// # Errors
    /// While the form is not complete.
    #[wasm_bindgen(js_name = deleteDraft)]
    pub fn delete_draft(&self) -> Result<(), JsValue> {
        self.mounted.handle(Event::DraftDeleted).map(drop)
    }

    /// Deletes this customer's draft and empties the form; with `all`, deletes the drafts of all customers, as at a sign-out.
    ///
    /// # Errors
    /// While the form is not complete.
    #[wasm_bindgen(js_name = clearDraft)]
    pub fn clear_draft(&self, all: bool) -> Result<(), JsValue> {
        let event = if all {
            Event::SignedOut { elsewhere: None }
        } else {
            Event::ResetRequested
        };
        self.mounted.handle(event).map(drop)
    }

    /// Takes the form off the page and frees what it holds.
    pub fn unmount(self) {
        if let Some(lazy) = self.mounted.dispatch.lazy() {
            lazy.handle(Event::Unmounted);
        }
        drop(self.view);
        self.mounted.around.container.remove();
    }
}

/// Reads the options, and warns about what makes no sense in them.
fn read(options: JsValue) -> Result<(FormOptions, Catalogue), JsValue> {
    let given = JsOptions::new(options);
    let (options, warnings) = given.options()?.sanitize();
    let (catalogue, unused) = given.catalogue()?;
    for warning in warnings.into_iter().chain(unused) {
        web_sys::console::warn_1(&["partner-case-form: ", &warning].concat().into());
    }
    Ok((options, catalogue))
}

fn shadow_root(host: &HtmlElement) -> Result<ShadowRoot, JsValue> {
    match host.shadow_root() {
        Some(root) => Ok(root),
        // Open, so that the portal's tests and accessibility checkers can see into it.
        None => host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)),
    }
}
