//! What the form hears of the browser beside its controls: a paste, and a page that is put away.

use leptos::prelude::*;
use partner_case_core::{Field, FieldKind};
use partner_case_model::{Control, Event, pasted_ids_for};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{ClipboardEvent, Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::controls::value;
use crate::messages::FormState;

/// The listeners of one form. Dropped, they hear no more.
pub(super) struct Listeners {
    container: HtmlElement,
    paste: Closure<dyn FnMut(ClipboardEvent)>,
    undo: Closure<dyn FnMut(KeyboardEvent)>,
    page: Vec<WindowListenerHandle>,
}

impl Listeners {
    pub(super) fn new(container: &HtmlElement, state: RwSignal<FormState>, dispatch: impl Fn(Event) + Clone + 'static) -> Self {
        let paste = {
            let dispatch = dispatch.clone();
            Closure::new(move |event: ClipboardEvent| {
                let ids = pasted_ids(&event, state).unwrap_or_default();
                if !ids.is_empty() {
                    event.prevent_default();
                    dispatch(Event::IdsPasted(ids));
                }
            })
        };
        let undo = {
            let dispatch = dispatch.clone();
            Closure::new(move |event: KeyboardEvent| {
                if is_undo(&event, state).unwrap_or_default() {
                    event.prevent_default();
                    dispatch(Event::UndoRequested);
                }
            })
        };
        // Only a listener that is no function fails.
        let _ = container.add_event_listener_with_callback("paste", paste.as_ref().unchecked_ref());
        let _ = container.add_event_listener_with_callback("keydown", undo.as_ref().unchecked_ref());
        // A tab that is put away may never come back.
        let page = ["pagehide", "visibilitychange"].map(|name| {
            let dispatch = dispatch.clone();
            window_event_listener_untyped(name, move |_| dispatch(Event::PageLeft))
        });
        Self {
            container: container.clone(),
            paste,
            undo,
            page: page.into(),
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        let _ = self
            .container
            .remove_event_listener_with_callback("paste", self.paste.as_ref().unchecked_ref());
        let _ = self
            .container
            .remove_event_listener_with_callback("keydown", self.undo.as_ref().unchecked_ref());
        self.page.drain(..).for_each(WindowListenerHandle::remove);
    }
}

/// The IDs in what is pasted, if it replaces all that stands in an ID's field.
fn pasted_ids(event: &ClipboardEvent, state: RwSignal<FormState>) -> Option<Vec<(Field, i64)>> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let Control::Field(field) = Control::from_element_id(&input.id())? else {
        return None;
    };
    if field.kind() != FieldKind::Id || !is_replaced(&input) {
        return None;
    }
    let text = event.clipboard_data()?.get_data("text").ok()?;
    state.try_with_untracked(|state| pasted_ids_for(&state.model, field, &text))
}

/// Whether the agent presses the keys for undo in a control that the form has written into, and nothing was typed there since: the browser
/// knows nothing of that change, and forgets what was typed before it.
fn is_undo(event: &KeyboardEvent, state: RwSignal<FormState>) -> Option<bool> {
    let is_chord = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
    if !is_chord || !event.key().eq_ignore_ascii_case("z") {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let Control::Field(field) = Control::from_element_id(&target.id())? else {
        return None;
    };
    let shown = value(&target)?;
    state.try_with_untracked(|state| state.model.can_undo() && state.model.undo.text_after(field) == Some(shown.as_str()))
}

/// Whether what is pasted replaces all that stands in the field.
fn is_replaced(input: &HtmlInputElement) -> bool {
    let length = u32::try_from(input.value().encode_utf16().count()).ok();
    input.selection_start().ok().flatten() == Some(0) && input.selection_end().ok().flatten() == length
}
