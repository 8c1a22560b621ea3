//! The elements of the first paint, in one type for all of them.
//!
//! `view!` makes a type of each element from its tag, attributes and children, and Leptos has its code once for each; in the parts that are
//! painted first that was a third of the wasm (docs/decisions/size.md). A [`Painted`] element is data. Leptos shows it as any other view,
//! and what changes in it follows the same signals.

use std::borrow::Cow;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::{RemoveEventHandler, Rndr};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::js_sys::{Object, Reflect};
use web_sys::{Element, Event, Text};

/// A text of an attribute or an element.
type Words = Cow<'static, str>;

/// What is worked out anew when what it is made of changes.
type Changing<T> = Box<dyn Fn() -> T + Send>;

/// Where an element of the page can be found once it is there.
pub(crate) type Place = StoredValue<Option<Element>, LocalStorage>;

/// An element that is to be shown.
pub(super) struct Painted {
    tag: &'static str,
    settings: Vec<Setting>,
    children: Vec<Child>,
    place: Option<Place>,
}

enum Setting {
    Attribute(&'static str, Words),
    /// An attribute that is not there while there is no value for it.
    Changing(&'static str, Changing<Option<Words>>),
    Property(&'static str, Changing<JsValue>),
    Listener(&'static str, Box<dyn FnMut(Event) + Send>),
}

/// What stands in an element.
pub(super) enum Child {
    Text(Words),
    Changing(Changing<Option<String>>),
    Element(Painted),
    View(AnyView),
}

/// Begins an element.
pub(super) fn element(tag: &'static str) -> Painted {
    Painted {
        tag,
        settings: Vec::new(),
        children: Vec::new(),
        place: None,
    }
}

impl Painted {
    /// Gives it an attribute: always, or never, as another that is shown in its place does not take it away.
    pub(super) fn set(mut self, name: &'static str, value: impl Into<Words>) -> Self {
        self.settings.push(Setting::Attribute(name, value.into()));
        self
    }

    /// Gives it an attribute that changes, and is not there while there is no value for it.
    pub(super) fn change(mut self, name: &'static str, value: impl Fn() -> Option<Words> + Send + 'static) -> Self {
        self.settings.push(Setting::Changing(name, Box::new(value)));
        self
    }

    /// Gives it an attribute that is there or not.
    pub(super) fn when(self, name: &'static str, condition: impl Fn() -> bool + Send + 'static) -> Self {
        self.change(name, move || condition().then_some(Cow::Borrowed("")))
    }

    /// Gives its object a property that changes. One that is the same already is left alone: a caret would jump.
    pub(super) fn property(mut self, name: &'static str, value: impl Fn() -> JsValue + Send + 'static) -> Self {
        self.settings.push(Setting::Property(name, Box::new(value)));
        self
    }

    /// Has something done at an event. What it does makes no signals: it belongs to nobody who would end them.
    pub(super) fn on(mut self, event: &'static str, does: impl FnMut(Event) + Send + 'static) -> Self {
        self.settings.push(Setting::Listener(event, Box::new(does)));
        self
    }

    /// Has `place` know it.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(super) fn child(mut self, child: impl Into<Child>) -> Self {
        self.children.push(child.into());
        self
    }

    /// A text that changes.
    pub(super) fn text(self, text: impl Fn() -> Option<String> + Send + 'static) -> Self {
        self.child(Child::Changing(Box::new(text)))
    }

    pub(super) fn children(mut self, children: impl IntoIterator<Item = impl Into<Child>>) -> Self {
        self.children.extend(children.into_iter().map(Into::into));
        self
    }
}

impl From<&'static str> for Child {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Child {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Painted> for Child {
    fn from(element: Painted) -> Self {
        Self::Element(element)
    }
}

impl From<AnyView> for Child {
    fn from(view: AnyView) -> Self {
        Self::View(view)
    }
}

/// An element that is shown.
pub(super) struct Shown {
    tag: &'static str,
    element: Element,
    /// What follows signals and hears events for it, until it is dropped.
    kept: Vec<Kept>,
    children: Vec<ShownChild>,
}

enum Kept {
    #[expect(dead_code, reason = "it is kept to be dropped")]
    Following(RenderEffect<()>),
    #[expect(dead_code, reason = "it is kept to be dropped")]
    Listening(RemoveEventHandler<Element>),
}

enum ShownChild {
    Text(Text),
    Changing(
        Text,
        #[expect(dead_code, reason = "it is kept to be dropped")] RenderEffect<()>,
    ),
    Element(Shown),
    View(AnyViewState),
}

/// Does something now, and again whenever what it looks at changes.
fn following(mut look: impl FnMut() + 'static) -> RenderEffect<()> {
    let look: Box<dyn FnMut(Option<()>)> = Box::new(move |_| look());
    RenderEffect::new(look)
}

impl Setting {
    /// The answer is what has to be kept for as long as the setting is to hold.
    fn apply(self, element: &Element) -> Option<Kept> {
        let element = element.clone();
        match self {
            Self::Attribute(name, value) => {
                Rndr::set_attribute(&element, name, &value);
                None
            }
            Self::Changing(name, value) => {
                // What is the same is not written again: a screen reader may take it for news.
                let mut before: Option<Option<Words>> = None;
                Some(Kept::Following(following(move || {
                    let value = value();
                    if before.as_ref() == Some(&value) {
                        return;
                    }
                    match &value {
                        Some(value) => Rndr::set_attribute(&element, name, value),
                        None => Rndr::remove_attribute(&element, name),
                    }
                    before = Some(value);
                })))
            }
            Self::Property(name, value) => Some(Kept::Following(following(move || {
                let (name, value) = (JsValue::from_str(name), value());
                let same = Reflect::get(&element, &name).is_ok_and(|before| Object::is(&before, &value));
                if !same {
                    // Elements take every value of their own properties.
                    let _ = Reflect::set(&element, &name, &value);
                }
            }))),
            Self::Listener(event, mut does) => {
                let does = Box::new(move |event: JsValue| does(event.unchecked_into()));
                Some(Kept::Listening(Rndr::add_event_listener(&element, event, does)))
            }
        }
    }
}

/// A text that follows signals.
fn changing_text(node: Text, text: Changing<Option<String>>) -> ShownChild {
    let shown = node.clone();
    let mut before = None;
    let following = following(move || {
        let text = text().unwrap_or_default();
        if before.as_ref() != Some(&text) {
            Rndr::set_text(&node, &text);
            before = Some(text);
        }
    });
    ShownChild::Changing(shown, following)
}

impl Child {
    fn show(self, parent: &Element) -> ShownChild {
        match self {
            Self::Text(text) => {
                let node = Rndr::create_text_node(&text);
                Rndr::insert_node(parent, &node, None);
                ShownChild::Text(node)
            }
            Self::Changing(text) => {
                let node = Rndr::create_text_node("");
                Rndr::insert_node(parent, &node, None);
                changing_text(node, text)
            }
            Self::Element(element) => {
                let mut shown = element.build();
                shown.mount(parent, None);
                ShownChild::Element(shown)
            }
            Self::View(view) => {
                let mut shown = view.build();
                shown.mount(parent, None);
                ShownChild::View(shown)
            }
        }
    }

    fn fits(&self, shown: &ShownChild) -> bool {
        match (self, shown) {
            (Self::Text(_), ShownChild::Text(_)) | (Self::Changing(_), ShownChild::Changing(..)) => true,
            (Self::View(_), ShownChild::View(_)) => true,
            (Self::Element(element), ShownChild::Element(shown)) => element.fits(shown),
            _ => false,
        }
    }

    fn show_instead(self, shown: &mut ShownChild) {
        match (self, shown) {
            (Self::Text(text), ShownChild::Text(node)) => Rndr::set_text(node, &text),
            (Self::Changing(text), shown @ ShownChild::Changing(..)) => {
                if let ShownChild::Changing(node, _) = &*shown {
                    *shown = changing_text(node.clone(), text);
                }
            }
            (Self::Element(element), ShownChild::Element(shown)) => element.show_in(shown),
            (Self::View(view), ShownChild::View(shown)) => view.rebuild(shown),
            // It fits.
            _ => {}
        }
    }
}

impl Painted {
    /// Whether `shown` has the same elements, so that they can stay on the page.
    fn fits(&self, shown: &Shown) -> bool {
        let same = self.tag == shown.tag && self.children.len() == shown.children.len();
        same && self
            .children
            .iter()
            .zip(&shown.children)
            .all(|(child, shown)| child.fits(shown))
    }

    /// Shows this in the elements of another that it fits.
    fn show_in(self, shown: &mut Shown) {
        // What the other listened and looked for ends before this begins.
        shown.kept.clear();
        for (child, shown) in self.children.into_iter().zip(&mut shown.children) {
            child.show_instead(shown);
        }
        shown
            .kept
            .extend(self.settings.into_iter().filter_map(|setting| setting.apply(&shown.element)));
        if let Some(place) = self.place {
            place.set_value(Some(shown.element.clone()));
        }
    }
}

impl Render for Painted {
    type State = Shown;

    fn build(self) -> Shown {
        let element = Rndr::create_element(self.tag, None);
        let children = self.children.into_iter().map(|child| child.show(&element)).collect();
        // After the children: a list takes a value only when it has the choice.
        let kept = self
            .settings
            .into_iter()
            .filter_map(|setting| setting.apply(&element))
            .collect();
        if let Some(place) = self.place {
            place.set_value(Some(element.clone()));
        }
        Shown {
            tag: self.tag,
            element,
            kept,
            children,
        }
    }

    /// The elements stay on the page if they are the same as before. What stands in a view of its own among them is that view's to decide.
    fn rebuild(self, shown: &mut Shown) {
        if self.fits(shown) {
            return self.show_in(shown);
        }
        let mut new = self.build();
        shown.insert_before_this(&mut new);
        shown.unmount();
        *shown = new;
    }
}

impl Mountable for Shown {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&web_sys::Node>) {
        Rndr::insert_node(parent, &self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.element.parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(&self.element));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}

impl AddAnyAttr for Painted {
    type Output<NewAttr: Attribute> = Self;

    /// Attributes are given by [`Painted::set`] alone.
    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self {
        self
    }
}

/// The form is shown in the browser alone, so there is no HTML of it.
impl RenderHtml for Painted {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Shown {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
