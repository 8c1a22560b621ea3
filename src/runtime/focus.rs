//! Moving the focus, once the view shows what the model says.

use std::time::Duration;

use leptos::prelude::set_timeout;
use leptos::task::spawn_local;
use partner_case_core::Field;
use partner_case_model::FocusTarget;
use wasm_bindgen::JsCast as _;
use web_sys::{FocusOptions, HtmlElement};

fn element(container: &HtmlElement, id: &str) -> Option<HtmlElement> {
    let element = container.query_selector(&["#", id].concat()).ok().flatten()?;
    element.dyn_into().ok()
}

/// Moves the focus. The view is told of the model before this task runs; what it builds in a second step is there a moment later.
pub(super) fn focus(container: &HtmlElement, target: FocusTarget) {
    let container = container.clone();
    spawn_local(async move {
        if !try_focus(&container, target) {
            let again = move || {
                let _ = try_focus(&container, target);
            };
            set_timeout(again, Duration::ZERO);
        }
    });
}

fn try_focus(container: &HtmlElement, target: FocusTarget) -> bool {
    element(container, target.element_id()).is_some_and(|element| element.focus().is_ok())
}

/// Shows a field's label first, so that it is not left above the edge of the screen, and then focuses the control.
pub(super) fn show_field(container: &HtmlElement, field: Field) {
    let Some(control) = element(container, field.attribute_name()) else {
        return;
    };
    if let Some(group) = control.closest(".field").ok().flatten() {
        group.scroll_into_view();
    }
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = control.focus_with_options(&options);
}
