//! The controls of the fields: they are where the text is. This file alone reads and writes them, and hears what is typed.

use partner_case_core::{Field, FieldKind, normalize_line_endings};
use partner_case_model::{Control, Event, Face, Model, Reason};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// The controls of one form.
#[derive(Debug, Clone)]
pub(crate) struct Controls {
    container: HtmlElement,
}

/// What hears the agent type. Dropped, it hears no more.
pub(crate) struct TypingListener {
    container: HtmlElement,
    listener: Closure<dyn FnMut(web_sys::Event)>,
}

/// The events by which a control says that its text has changed, or that it got or lost the focus.
const EVENTS: [&str; 4] = ["input", "change", "focusin", "focusout"];

impl Controls {
    pub(crate) fn new(container: &HtmlElement) -> Self {
        Self {
            container: container.clone(),
        }
    }

    /// Hears what the agent types and chooses, and where they are.
    pub(crate) fn listen(&self, dispatch: impl Fn(Event) + 'static) -> TypingListener {
        let hear = move |event: web_sys::Event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(event) = target.and_then(|target| event_of(&event.type_(), &target)) {
                dispatch(event);
            }
        };
        let listener = Closure::new(hear);
        for name in EVENTS {
            // Only a listener that is no function fails.
            let _ = self
                .container
                .add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        TypingListener {
            container: self.container.clone(),
            listener,
        }
    }

    fn element(&self, control: Control) -> Option<Element> {
        let selector = ["#", control.element_id()].concat();
        self.container.query_selector(&selector).ok().flatten()
    }

    /// What the controls show and the model does not know.
    pub(crate) fn changed(&self, model: &Model) -> Option<Event> {
        if model.face() != Face::Form || model.is_locked() {
            return None;
        }
        let changed = Field::ALL.into_iter().filter_map(|field| {
            let text = value(&self.element(Control::Field(field))?)?;
            (text != as_shown(field, &model.input[field])).then_some((field, text))
        });
        let changed: Vec<_> = changed.collect();
        (!changed.is_empty()).then_some(Event::ControlsRead(changed))
    }

    /// Writes the model's text into a control, if it is there and shows another: a caret would jump.
    pub(crate) fn write(&self, control: Control, model: &Model) {
        let text = match control {
            Control::Field(field) => model.input[field].to_owned(),
            Control::Reason => Reason::list_value(model.suggestion.reason),
        };
        let Some(element) = self.element(control) else { return };
        if value(&element).is_none_or(|shown| shown != text) {
            set_value(&element, &text);
        }
    }

    /// Selects the description from a place on, in UTF-16 code units.
    pub(crate) fn select_description_from(&self, utf16: usize) {
        let area = self.element(Control::Field(Field::Description));
        let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else {
            return;
        };
        let end = u32::try_from(area.value().encode_utf16().count()).unwrap_or(u32::MAX);
        if let Ok(start) = u32::try_from(utf16) {
            // Backward: WebKit scrolls to the end that the agent would move on, and later than this.
            let _ = area.set_selection_range_with_direction(start, end, "backward");
            let _ = area.focus();
            if let Some(height) = height_until(&area, start) {
                area.set_scroll_top(height - area.client_height() / 2);
            }
        }
    }
}

/// How high the text of an area is up to a place in UTF-16 code units: as high as a copy of the area with that text alone. Only Chromium
/// scrolls to a selection by itself.
fn height_until(area: &HtmlTextAreaElement, utf16: u32) -> Option<i32> {
    let copy: HtmlTextAreaElement = area.clone_node().ok()?.dyn_into().ok()?;
    let text: Vec<u16> = area.value().encode_utf16().take(usize::try_from(utf16).ok()?).collect();
    copy.set_value(&String::from_utf16_lossy(&text));
    copy.remove_attribute("id").ok()?;
    copy.set_attribute("aria-hidden", "true").ok()?;
    // As wide, so that its lines break at the same places, and as low as can be.
    let width = [&area.offset_width().to_string(), "px"].concat();
    for (name, value) in [
        ("position", "absolute"),
        ("visibility", "hidden"),
        ("min-block-size", "0"),
        ("block-size", "0"),
        ("inline-size", width.as_str()),
    ] {
        // Not by an attribute, which a page's policy may forbid.
        copy.style().set_property(name, value).ok()?;
    }
    area.parent_node()?.append_child(&copy).ok()?;
    let height = copy.scroll_height();
    copy.remove();
    Some(height)
}

impl Drop for TypingListener {
    fn drop(&mut self) {
        for name in EVENTS {
            let _ = self
                .container
                .remove_event_listener_with_callback(name, self.listener.as_ref().unchecked_ref());
        }
    }
}

/// What an event of a control means for the form.
fn event_of(kind: &str, target: &Element) -> Option<Event> {
    let control = Control::from_element_id(&target.id())?;
    Some(match (kind, control) {
        ("input" | "change", Control::Field(field)) => Event::Typed {
            field,
            text: value(target)?,
        },
        ("input" | "change", Control::Reason) => Event::ReasonChosen(Reason::from_list_value(&value(target)?)),
        ("focusin", Control::Field(Field::Description)) => Event::DescriptionEntered,
        ("focusout", Control::Field(Field::Description)) => Event::DescriptionLeft,
        _ => return None,
    })
}

pub(super) fn value(control: &Element) -> Option<String> {
    if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        return Some(area.value());
    }
    if let Some(list) = control.dyn_ref::<HtmlSelectElement>() {
        return Some(list.value());
    }
    control.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value)
}

fn set_value(control: &Element, text: &str) {
    if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
    } else if let Some(list) = control.dyn_ref::<HtmlSelectElement>() {
        list.set_value(text);
    } else if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
    }
}

/// A text as a browser shows it in the field's control: an `input` drops line breaks, a `textarea` has one kind of them.
fn as_shown(field: Field, text: &str) -> String {
    match field.kind() {
        FieldKind::Text => normalize_line_endings(text).into_owned(),
        FieldKind::Id | FieldKind::Line => text.replace(['\r', '\n'], ""),
        FieldKind::Choice => text.to_owned(),
    }
}
