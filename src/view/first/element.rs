//! Elements by Leptos' builder, all of one type.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute as _};
use leptos::attr::custom::custom_attribute;
use leptos::ev;
use leptos::html::{ElementChild as _, custom};
use leptos::prelude::*;
use leptos::tachys::html::property::prop;
use leptos::tachys::reactive_graph::SharedReactiveFunction;
use leptos::tachys::view::iterators::StaticVec;
use partner_case_model::Model;
use wasm_bindgen::JsValue;
use web_sys::Event;

use crate::view::context::FormContext;

/// The value of an attribute.
pub(super) type Value = Cow<'static, str>;

/// An element, what it is given, and what is in it.
pub(super) struct ElementBuilder {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// Begins an element with a class and a part, by which a portal can style it; an empty one is none.
pub(super) fn element(tag: &'static str, class: &'static str, part: &'static str) -> ElementBuilder {
    let mut element = ElementBuilder {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    };
    for (name, value) in [("class", class), ("part", part)] {
        if !value.is_empty() {
            element = element.attr(name, value);
        }
    }
    element
}

impl ElementBuilder {
    fn with(mut self, attribute: AnyAttribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// An attribute.
    pub(super) fn attr(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.with(custom_attribute(name, value.into()).into_any_attr())
    }

    /// An attribute that changes, and is not there while there is no value for it.
    pub(super) fn dyn_attr(self, name: &'static str, value: impl FnMut() -> Option<Value> + Send + 'static) -> Self {
        let value: SharedReactiveFunction<Option<Value>> = Arc::new(Mutex::new(value));
        self.with(custom_attribute(name, value).into_any_attr())
    }

    /// An attribute that is there or not, by the state of the form.
    pub(super) fn bool_attr(
        self,
        ctx: FormContext,
        name: &'static str,
        condition: impl Fn(&Model) -> bool + Send + 'static,
    ) -> Self {
        self.choice_attr(ctx, name, condition, [Some(""), None])
    }

    /// An attribute that has one of two values, by the state of the form.
    pub(super) fn choice_attr(
        self,
        ctx: FormContext,
        name: &'static str,
        condition: impl Fn(&Model) -> bool + Send + 'static,
        [yes, no]: [Option<&'static str>; 2],
    ) -> Self {
        self.boxed_choice_attr(ctx, name, Box::new(condition), [yes, no])
    }

    /// The same, compiled once for all conditions.
    fn boxed_choice_attr(
        self,
        ctx: FormContext,
        name: &'static str,
        condition: Box<dyn Fn(&Model) -> bool + Send>,
        [yes, no]: [Option<&'static str>; 2],
    ) -> Self {
        self.dyn_attr(name, move || {
            let holds = ctx.with(|state| condition(&state.model));
            (if holds { yes } else { no }).map(Value::Borrowed)
        })
    }

    /// A property of the element's object, for good.
    pub(super) fn prop(self, name: &'static str, value: JsValue) -> Self {
        self.with(prop(name, value).into_any_attr())
    }

    /// What is done at an event.
    pub(super) fn listen(self, event: &'static str, handler: impl FnMut(Event) + Send + 'static) -> Self {
        let handler: Box<dyn FnMut(Event) + Send> = Box::new(handler);
        self.with(ev::on(ev::Custom::<Event>::new(event), handler).into_any_attr())
    }

    /// What is in it, after what is there already.
    pub(super) fn child(mut self, child: AnyView) -> Self {
        self.children.push(child);
        self
    }

    /// A text that changes.
    pub(super) fn dyn_text(self, text: impl FnMut() -> String + Send + 'static) -> Self {
        let text: SharedReactiveFunction<String> = Arc::new(Mutex::new(text));
        self.child(text.into_any())
    }

    /// A text of the catalogue, in whichever language the form speaks.
    pub(super) fn text(self, ctx: FormContext, key: impl Into<Value>) -> Self {
        self.text_of(ctx, key.into())
    }

    fn text_of(self, ctx: FormContext, key: Value) -> Self {
        self.dyn_text(move || ctx.text(&key))
    }

    /// The element as a view.
    pub(super) fn build(self) -> AnyView {
        let element = custom(self.tag).add_any_attr(self.attributes);
        element.child(StaticVec::from(self.children)).into_any()
    }
}
