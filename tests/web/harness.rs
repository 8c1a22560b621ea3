//! A form on a page, found by labels as a person finds it, and a page whose `fetch` is steered by the test.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use partner_case_form::{FormHandle, mount};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{JSON, Promise, Reflect};
use web_sys::{CustomEvent, Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ShadowRoot};

/// A mounted form, taken off the page when dropped.
pub(crate) struct Mounted {
    pub(crate) host: HtmlElement,
    pub(crate) form: Option<FormHandle>,
    heard: Rc<RefCell<Vec<String>>>,
    _listeners: Vec<Closure<dyn FnMut(CustomEvent)>>,
}

pub(crate) fn js(text: &str) -> JsValue {
    JSON::parse(text).unwrap()
}

/// The options, with a scope of its own unless they name one: the drafts of one test are not those of another.
pub(crate) fn with_own_drafts(options: &str) -> JsValue {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let options = js(options);
    let scope = JsValue::from("draftScope");
    if options.is_object() && !Reflect::has(&options, &scope).unwrap() {
        let own = format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        Reflect::set(&options, &scope, &own.into()).unwrap();
    }
    options
}

/// Mounts a form with options given as JSON, and waits until the form works.
pub(crate) async fn mounted(options: &str) -> Mounted {
    let document = web_sys::window().unwrap().document().unwrap();
    let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
    document.body().unwrap().append_child(&host).unwrap();
    let heard: Rc<RefCell<Vec<String>>> = Rc::default();
    let listeners = ["ready", "created", "failed", "outcome-unknown", "session-expired"]
        .into_iter()
        .map(|name| {
            let heard = heard.clone();
            let listener = Closure::new(move |event: CustomEvent| {
                let detail = JSON::stringify(&event.detail())
                    .ok()
                    .and_then(|text| text.as_string())
                    .unwrap_or_default();
                heard.borrow_mut().push(format!("{} {detail}", event.type_()));
            });
            let name = format!("partner-case-{name}");
            // On the body: the events bubble.
            document
                .body()
                .unwrap()
                .add_event_listener_with_callback(&name, listener.as_ref().unchecked_ref())
                .unwrap();
            listener
        })
        .collect();
    let form = mount(&host, with_own_drafts(options), None).unwrap();
    JsFuture::from(form.complete()).await.unwrap();
    Mounted {
        host,
        form: Some(form),
        heard,
        _listeners: listeners,
    }
}

impl Mounted {
    pub(crate) fn root(&self) -> ShadowRoot {
        self.host.shadow_root().unwrap()
    }

    /// The control that a label names.
    pub(crate) fn by_label(&self, label: &str) -> Element {
        let labels = self.root().query_selector_all("label").unwrap();
        let found = (0..labels.length())
            .filter_map(|at| labels.get(at))
            .find(|node| node.text_content().unwrap().starts_with(label));
        let control = found.unwrap().unchecked_into::<Element>().get_attribute("for").unwrap();
        self.root().get_element_by_id(&control).unwrap()
    }

    pub(crate) fn value(&self, label: &str) -> String {
        let control = self.by_label(label);
        control.dyn_ref::<HtmlInputElement>().map_or_else(
            || control.unchecked_ref::<HtmlTextAreaElement>().value(),
            HtmlInputElement::value,
        )
    }

    /// Types into a field: the value first, then the event, as a browser does.
    pub(crate) fn type_into(&self, label: &str, text: &str) {
        let control = self.by_label(label);
        Reflect::set(&control, &"value".into(), &text.into()).unwrap();
        control.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    }

    pub(crate) fn fill(&self) {
        self.type_into("User ID", "1234");
        self.type_into("Subject", "canary-subject");
        self.type_into("Description", "canary-description");
    }

    pub(crate) fn update(&self, options: &str) {
        self.form.as_ref().unwrap().update(js(options)).unwrap();
    }

    pub(crate) fn submit(&self) {
        self.form.as_ref().unwrap().submit().unwrap();
    }

    pub(crate) fn click(&self, button: &str) {
        let buttons = self.root().query_selector_all("button").unwrap();
        let found = (0..buttons.length())
            .filter_map(|at| buttons.get(at))
            .find(|node| node.text_content().unwrap() == button);
        found.unwrap().unchecked_into::<HtmlElement>().click();
    }

    pub(crate) fn text(&self) -> String {
        self.root().text_content().unwrap_or_default() + &self.root().first_element_child().unwrap().text_content().unwrap()
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.borrow().clone()
    }

    /// Waits until the page shows a text.
    pub(crate) async fn shows(&self, text: &str) {
        for _ in 0..200 {
            if self.text().contains(text) {
                return;
            }
            sleep(10).await;
        }
        panic!("“{text}” is not shown, but: {}", self.text());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(form) = self.form.take() {
            form.unmount();
        }
        self.host.remove();
    }
}

pub(crate) async fn sleep(millis: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen(inline_js = r#"
const original = window.fetch;
const calls = [];
export function stubFetch(source) {
  calls.length = 0;
  const answer = new Function("request", source);
  window.fetch = async (request) => {
    calls.push(JSON.stringify({
      url: new URL(request.url).pathname,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: await request.clone().text(),
    }));
    return answer(request);
  };
}
export function restoreFetch() { window.fetch = original; }
export function fetchCalls() { return [...calls]; }
"#)]
extern "C" {
    #[wasm_bindgen(js_name = stubFetch)]
    fn stub_fetch(source: &str);
    #[wasm_bindgen(js_name = restoreFetch)]
    fn restore_fetch();
    #[wasm_bindgen(js_name = fetchCalls)]
    fn fetch_calls() -> Vec<String>;
}

/// A page that has wrapped `fetch`. `source` is the body of a function of `request`.
pub(crate) struct Fetch;

impl Fetch {
    pub(crate) fn answering(source: &str) -> Self {
        stub_fetch(source);
        Self
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        fetch_calls()
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        restore_fetch();
    }
}
