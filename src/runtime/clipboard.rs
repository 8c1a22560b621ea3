//! Copying, downloading and printing a text.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, Reflect};
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, HtmlIFrameElement, Url};

use crate::messages::Catalogue;

/// Copies a text. The answer is whether it worked: pages without TLS have no clipboard, and a person may refuse.
pub(super) async fn copy(text: &str) -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return false;
    };
    if !Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Offers a text as a file.
pub(super) fn download(name: &str, text: &str) {
    // Without a URL or a document there is no page to download from.
    let _ = try_download(name, text);
}

fn try_download(name: &str, text: &str) -> Result<(), JsValue> {
    let properties = BlobPropertyBag::new();
    properties.set_type("text/plain;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &properties)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document()?.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}

/// Prints a text and nothing else of the page: from a frame of its own, which goes when the printing has ended.
pub(super) fn print(text: &str, catalogue: &Catalogue) {
    // A page that may not have frames cannot print a part of itself.
    let _ = try_print(text, catalogue);
}

fn try_print(text: &str, catalogue: &Catalogue) -> Result<(), JsValue> {
    let document = document()?;
    let frame: HtmlIFrameElement = document.create_element("iframe")?.unchecked_into();
    frame.set_attribute("aria-hidden", "true")?;
    frame.set_tab_index(-1);
    for (name, value) in [
        ("position", "fixed"),
        ("inset", "100% auto auto 100%"),
        ("width", "1px"),
        ("height", "1px"),
    ] {
        frame.style().set_property(name, value)?;
    }
    document.body().ok_or("no body")?.append_child(&frame)?;
    let (window, inside) = frame
        .content_window()
        .zip(frame.content_document())
        .ok_or("no document in the frame")?;
    let root: HtmlElement = inside.document_element().ok_or("no root")?.unchecked_into();
    root.set_lang(catalogue.language());
    root.set_dir(catalogue.direction());
    let page: HtmlElement = inside.create_element("p")?.unchecked_into();
    page.set_text_content(Some(text));
    for (name, value) in [
        ("white-space", "pre-wrap"),
        ("overflow-wrap", "anywhere"),
        ("unicode-bidi", "plaintext"),
        ("font", "12pt/1.5 sans-serif"),
    ] {
        page.style().set_property(name, value)?;
    }
    inside.body().ok_or("no body")?.append_child(&page)?;
    let gone = Closure::once_into_js(move || frame.remove());
    window.set_onafterprint(Some(gone.unchecked_ref()));
    window.print()
}

fn document() -> Result<Document, JsValue> {
    web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| "no document".into())
}
