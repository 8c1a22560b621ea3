//! The border to JavaScript: one function to mount a form, one handle to steer it.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::form::CaseForm;
use crate::options::Options;
use crate::view::CaseFormView;
use crate::{answer, events, idempotency_key, stylesheet, transport};

/// A form on a page. The loader keeps it, and calls [`FormHandle::unmount`] when the element leaves the page.
#[wasm_bindgen]
pub struct FormHandle {
    form: CaseForm,
    submitter: Submitter,
    container: HtmlElement,
    mounted: Box<dyn Any>,
}

impl std::fmt::Debug for FormHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormHandle").field("form", &self.form).finish_non_exhaustive()
    }
}

/// Mounts a form into the open shadow root of `host`, which is made if it has none.
///
/// `options` is an object `{ endpoint, prefill: { type, userId, transferId, profileId, subject, description, externalId },
/// knownPersonalData: { names, emails, phones } }`, all text.
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
pub fn mount(host: &HtmlElement, options: JsValue) -> Result<FormHandle, JsValue> {
    console_error_panic_hook::set_once();
    let options = read(options)?;
    let root = shadow_root(host)?;
    stylesheet::adopt(&root)?;
    let document = host.owner_document().ok_or("the element has no document")?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    root.append_child(&container)?;

    // The signals must live as long as the form, so they belong to the mounted view's owner.
    let made: Rc<RefCell<Option<(CaseForm, Submitter)>>> = Rc::default();
    let mounted = {
        let made = made.clone();
        let host = host.clone();
        leptos::mount::mount_to(container.clone(), move || {
            let form = CaseForm::new(options.prefill.clone());
            form.set_known_personal_data(options.known_personal_data.clone());
            let submitter = Submitter {
                form,
                options: StoredValue::new(options),
                host: StoredValue::new_local(host),
            };
            *made.borrow_mut() = Some((form, submitter));
            view! { <CaseFormView form=form on_submit=Callback::new(move |()| submitter.submit()) /> }
        })
    };
    let (form, submitter) = made.borrow_mut().take().ok_or("the view was not built")?;
    events::ready(host);
    Ok(FormHandle {
        form,
        submitter,
        container,
        mounted: Box::new(mounted),
    })
}

#[wasm_bindgen]
impl FormHandle {
    /// Takes over changed options. What a person typed stays.
    ///
    /// # Errors
    /// When `options` is not an object as [`mount`] takes it.
    pub fn update(&self, options: JsValue) -> Result<(), JsValue> {
        let options = read(options)?;
        self.form.prefill(options.prefill.clone());
        self.form.set_known_personal_data(options.known_personal_data.clone());
        self.submitter.options.set_value(options);
        Ok(())
    }

    /// Submits as the button does. While the outcome of an earlier submission is unknown there is no button, and this does nothing.
    pub fn submit(&self) {
        self.submitter.submit();
    }

    /// Empties the form but for what the host prefills.
    pub fn reset(&self) {
        self.form.reset();
    }

    /// Takes the form off the page and frees what it holds.
    pub fn unmount(self) {
        drop(self.mounted);
        self.container.remove();
    }
}

/// Connects form, transport and events. The view knows none of the three.
#[derive(Debug, Clone, Copy)]
struct Submitter {
    form: CaseForm,
    options: StoredValue<Options>,
    host: StoredValue<HtmlElement, LocalStorage>,
}

impl Submitter {
    fn submit(self) {
        // Without random numbers there is no key and so no safe way to send; browsers without them are not supported.
        let Ok(new_key) = idempotency_key::new_key() else { return };
        let Some(outgoing) = self.form.begin_submit(|| new_key) else {
            return;
        };
        let Some(url) = self.options.try_with_value(Options::cases_url) else {
            return;
        };
        spawn_local(async move {
            let submission = answer::understand(transport::post_case(&url, outgoing.case.to_json(), &outgoing.key).await);
            // The form may have been taken off the page while the answer was on its way.
            let Some(host) = self.host.try_get_value() else { return };
            let told = self.form.settle(&outgoing, submission);
            events::settled(&host, &told);
        });
    }
}

fn read(options: JsValue) -> Result<Options, JsValue> {
    let mut options: Options = serde_wasm_bindgen::from_value(options)?;
    if options.correct_type() {
        web_sys::console::warn_1(&"partner-case-form: the type is not one that can be raised, so the default is used".into());
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
