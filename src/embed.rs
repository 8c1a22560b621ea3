//! The border to JavaScript: one function to mount a form, one handle to steer it.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::controller::Controller;
use crate::hooks::Hooks;
use crate::options::Options;
use crate::view::{Actions, CaseFormView};
use crate::{events, stylesheet};

/// A form on a page. The loader keeps it, and calls [`FormHandle::unmount`] when the element leaves the page.
#[wasm_bindgen]
pub struct FormHandle {
    controller: Controller,
    container: HtmlElement,
    mounted: Box<dyn Any>,
}

impl std::fmt::Debug for FormHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormHandle")
            .field("controller", &self.controller)
            .finish_non_exhaustive()
    }
}

/// Mounts a form into the open shadow root of `host`, which is made if it has none.
///
/// `options` is an object `{ endpoint, prefill: { type, userId, transferId, profileId, subject, description, externalId },
/// knownPersonalData: { names, emails, phones }, review, readonlyFields, hiddenFields, draft, draftTtl, draftScope, language, locale,
/// catalogue, messages }`. All is text but `review`, which is a boolean; `catalogue` and `messages` are JSON.
///
/// `hooks`, if given, is an object with two methods that return promises: `beforeSubmit()`, whose answer must be true for a case to be
/// sent, and `headers()`, whose answer is an object of headers for each call.
///
/// # Errors
/// When `options` is not such an object, or the browser lacks shadow roots or constructed stylesheets.
///
/// # Examples
/// ```js
/// import init, { mount } from "./partner_case_form.js";
/// await init();
/// const form = mount(document.querySelector("#here"), { endpoint: "/partner-cases", prefill: { userId: "1234" } });
/// ```
#[wasm_bindgen]
pub fn mount(host: &HtmlElement, options: JsValue, hooks: Option<Hooks>) -> Result<FormHandle, JsValue> {
    console_error_panic_hook::set_once();
    let options = read(options)?;
    let root = shadow_root(host)?;
    stylesheet::adopt(&root)?;
    let document = host.owner_document().ok_or("the element has no document")?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    root.append_child(&container)?;

    // The signals must live as long as the form, so they belong to the mounted view's owner.
    let made: Rc<RefCell<Option<Controller>>> = Rc::default();
    let mounted = {
        let made = made.clone();
        let host = host.clone();
        leptos::mount::mount_to(container.clone(), move || {
            let controller = Controller::new(host, options, hooks);
            *made.borrow_mut() = Some(controller);
            let actions = Actions {
                submit: Callback::new(move |()| controller.submit()),
                check_outcome: Callback::new(move |()| controller.check_outcome()),
            };
            view! { <CaseFormView form=controller.form drafts=controller.drafts actions=actions /> }
        })
    };
    let controller = made.borrow_mut().take().ok_or("the view was not built")?;
    events::ready(host);
    Ok(FormHandle {
        controller,
        container,
        mounted: Box::new(mounted),
    })
}

/// Forgets the drafts in the page's memory whose names start with `prefix`: for a sign-out while no form is there.
#[wasm_bindgen(js_name = forgetDrafts)]
pub fn forget_drafts(prefix: &str) {
    crate::drafts::forget_in_memory(prefix);
}

/// The version of the widget.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[wasm_bindgen]
impl FormHandle {
    /// Takes over changed options. What a person typed stays; for another customer it is put aside, and is back when the host returns
    /// to that customer.
    ///
    /// # Errors
    /// When `options` is not an object as [`mount`] takes it.
    pub fn update(&self, options: JsValue) -> Result<(), JsValue> {
        self.controller.update(read(options)?);
        Ok(())
    }

    /// Checks the form and shows what is wrong with it, without sending it. The answer is a list of `{ field, code }`.
    ///
    /// # Errors
    /// Never; the type is that of a value for JavaScript.
    pub fn validate(&self) -> Result<JsValue, JsValue> {
        Ok(serde_wasm_bindgen::to_value(&events::invalid_fields(
            &self.controller.validate(),
        ))?)
    }

    /// Submits as the button does. While the outcome of an earlier submission is unknown there is no button, and this does nothing.
    pub fn submit(&self) {
        self.controller.submit();
    }

    /// Empties the form but for what the host prefills, and forgets its draft.
    pub fn reset(&self) {
        self.controller.drafts.clear();
    }

    /// Forgets this customer's draft and empties the form; with `all`, forgets the drafts of all customers, as at a sign-out.
    #[wasm_bindgen(js_name = clearDraft)]
    pub fn clear_draft(&self, all: bool) {
        if all {
            self.controller.drafts.clear_all();
        } else {
            self.controller.drafts.clear();
        }
    }

    /// Takes the form off the page and frees what it holds.
    pub fn unmount(self) {
        drop(self.mounted);
        self.container.remove();
    }
}

fn read(options: JsValue) -> Result<Options, JsValue> {
    let mut options: Options = serde_wasm_bindgen::from_value(options)?;
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
