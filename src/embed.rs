//! The border to JavaScript: one function to mount a form, one handle to steer it.
//!
//! A form is mounted with its fields alone, so that it is seen and takes typing early. [`FormHandle::complete`] makes it work.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::js_sys::Promise;
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::controller::Controller;
use crate::form::CaseForm;
use crate::hooks::Hooks;
use crate::options::Options;
use crate::rest::{self, Rest};
use crate::stylesheet;
use crate::view::CaseFormView;
use crate::watched::Watched;

/// A form on a page. The loader keeps it, and calls [`FormHandle::unmount`] when the element leaves the page.
#[wasm_bindgen]
pub struct FormHandle {
    mounted: Rc<Mounted>,
    container: HtmlElement,
    view: Box<dyn Any>,
}

/// A form whose fields are there, and what makes the rest of it work.
struct Mounted {
    form: CaseForm,
    /// What steers the form, once the rest of it is there.
    controller: Watched<Option<Controller>>,
    host: HtmlElement,
    /// What the host has set, and what it may do around a submission: for the rest, which takes them.
    options: RefCell<Options>,
    hooks: Option<Hooks>,
    /// Whom the signals of the rest belong to: they live as long as the view.
    owner: WeakOwner,
}

impl std::fmt::Debug for FormHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormHandle")
            .field("form", &self.mounted.form)
            .finish_non_exhaustive()
    }
}

impl Mounted {
    /// Starts the rest, unless it has started, or the form has gone in the meantime.
    fn start(&self, rest: &Rest) {
        let waiting = self.controller.try_with_untracked(Option::is_none);
        let Some(owner) = self.owner.upgrade().filter(|_| waiting == Some(true)) else {
            return;
        };
        let options = self.options.take();
        let controller = owner.with(|| (rest.start)(self.form, self.host.clone(), options, self.hooks.clone()));
        self.controller.set(Some(controller));
        (rest.ready)(&self.host);
        if self.form.wanted.try_update_value(std::mem::take) == Some(true) {
            (rest.submit)(controller);
        }
    }

    /// The rest of the form and what steers it.
    fn complete(&self) -> Result<(&'static Rest, Controller), JsValue> {
        let controller = self.controller.try_get_untracked().flatten();
        rest::loaded()
            .zip(controller)
            .ok_or_else(|| "the form is not complete yet: wait for complete()".into())
    }
}

/// Mounts a form into the open shadow root of `host`, which is made if it has none.
///
/// `options` is an object `{ endpoint, endpointUrl, prefill: { type, userId, transferId, profileId, subject, description, externalId },
/// knownPersonalData: { names, emails, phones }, review, readonlyFields, hiddenFields, draft, draftTtl, draftScope, language, locale,
/// catalogue, messages }`. All is text but `review`, which is a boolean; `catalogue` and `messages` are JSON. Calls go to `endpointUrl`, or to
/// `endpoint` if there is none; drafts are named by `endpoint`.
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
    console_error_panic_hook::set_once();
    let options = read(options)?;
    let root = shadow_root(host)?;
    stylesheet::adopt(&root, stylesheet::FIRST)?;
    let document = host.owner_document().ok_or("the element has no document")?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    root.append_child(&container)?;

    let made: Rc<RefCell<Option<Mounted>>> = Rc::default();
    let view = {
        let made = made.clone();
        let host = host.clone();
        leptos::mount::mount_to(container.clone(), move || {
            let form = CaseForm::new(options.prefill.clone());
            form.texts.change(options.catalogue());
            form.layout.set(options.layout());
            let controller = Watched::new(None);
            *made.borrow_mut() = Some(Mounted {
                form,
                controller,
                host,
                options: RefCell::new(options),
                hooks,
                owner: Owner::current().unwrap_or_default().downgrade(),
            });
            view! { <CaseFormView form=form controller=controller /> }
        })
    };
    let mounted = Rc::new(made.borrow_mut().take().ok_or("the view was not built")?);
    // Where it is there already, there is nothing to wait for.
    if let Some(rest) = rest::loaded() {
        mounted.start(rest);
    }
    Ok(FormHandle {
        mounted,
        container,
        view: Box::new(view),
    })
}

/// Forgets the drafts in the page's memory whose names start with `prefix`: for a sign-out while no form is there.
#[wasm_bindgen(js_name = forgetDrafts)]
pub fn forget_drafts(prefix: &str) {
    // What is not there has kept nothing.
    if let Some(rest) = rest::loaded() {
        (rest.forget_drafts)(prefix);
    }
}

/// The version of the widget.
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
            let rest = rest::load().await.map_err(|error| JsValue::from(error.to_string()))?;
            mounted.start(rest);
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Takes over changed options. What a person typed stays; for another customer it is put aside, and is back when the host returns
    /// to that customer.
    ///
    /// # Errors
    /// When `options` is not an object as [`mount`] takes it.
    pub fn update(&self, options: JsValue) -> Result<(), JsValue> {
        let options = read(options)?;
        match self.mounted.complete() {
            Ok((rest, controller)) => (rest.update)(controller, options),
            Err(_) => *self.mounted.options.borrow_mut() = options,
        }
        Ok(())
    }

    /// Checks the form and shows what is wrong with it, without sending it. The answer is a list of `{ field, code }`.
    ///
    /// # Errors
    /// While the form is not complete.
    pub fn validate(&self) -> Result<JsValue, JsValue> {
        let (rest, controller) = self.mounted.complete()?;
        (rest.invalid_fields)(&(rest.validate)(controller))
    }

    /// Submits as the button does. While the outcome of an earlier submission is unknown there is no button, and this does nothing.
    ///
    /// # Errors
    /// While the form is not complete.
    pub fn submit(&self) -> Result<(), JsValue> {
        let (rest, controller) = self.mounted.complete()?;
        (rest.submit)(controller);
        Ok(())
    }

    /// Empties the form but for what the host prefills, and forgets its draft.
    ///
    /// # Errors
    /// While the form is not complete.
    pub fn reset(&self) -> Result<(), JsValue> {
        self.clear_draft(false)
    }

    /// Forgets this customer's draft and empties the form; with `all`, forgets the drafts of all customers, as at a sign-out.
    ///
    /// # Errors
    /// While the form is not complete.
    #[wasm_bindgen(js_name = clearDraft)]
    pub fn clear_draft(&self, all: bool) -> Result<(), JsValue> {
        let (rest, controller) = self.mounted.complete()?;
        (rest.clear_draft)(controller, all);
        Ok(())
    }

    /// Takes the form off the page and frees what it holds.
    pub fn unmount(self) {
        drop(self.view);
        self.container.remove();
    }
}

fn read(options: JsValue) -> Result<Options, JsValue> {
    let mut options = Options::read(options)?;
    for corrected in options.correct() {
        web_sys::console::warn_1(&format!("partner-case-form: {corrected}").into());
    }
    Ok(options)
}

fn shadow_root(host: &HtmlElement) -> Result<ShadowRoot, JsValue> {
    match host.shadow_root() {
        Some(root) => Ok(root),
        // Open, so that the host's tests and accessibility checkers can see into it.
        None => host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)),
    }
}
