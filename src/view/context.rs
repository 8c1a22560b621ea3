//! The form as the view reaches it: its state, and where events go.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use partner_case_core::Field;
use partner_case_model::{Event, Model};
use wasm_bindgen::JsValue;

use crate::messages::{Catalogue, FormState};

/// What the lazy part does for one form. The first part reaches nothing of it but through this object.
pub(crate) trait LazyPart {
    /// Lets an event happen: updates the model and carries out its commands.
    fn handle(&self, event: Event);

    /// Lets the events happen that came before the lazy part did.
    fn replay(&self, events: Vec<Event>);

    /// What is wrong with the fields, as `validate()` of the element returns it.
    fn invalid_fields(&self) -> JsValue;

    /// Renders what the first paint does not show.
    fn render_slot(&self, slot: Slot) -> AnyView;
}

/// A place in the view for what the first paint does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// What a screen reader says about something that the agent did not do themselves.
    Announcement,
    /// The summary of errors.
    ErrorSummary,
    /// The notice about a submission that did not end in a case.
    Notice,
    /// What is wrong with a field.
    FieldError(Field),
    /// What is below the IDs.
    BelowIds,
    /// What is below the subject.
    SubjectCheck,
    /// What is below the description.
    BelowDescription,
    /// What becomes of the draft.
    Draft,
    /// What is to be sent, before it is.
    Review,
    /// The receipt.
    Receipt,
}

/// Where events go: to the lazy part, or into a queue until it is there.
#[derive(Default)]
pub(crate) struct Dispatch {
    lazy: RefCell<Option<Rc<dyn LazyPart>>>,
    queue: RefCell<Vec<Event>>,
}

impl Dispatch {
    /// Lets an event happen, now or as soon as the form can.
    pub(crate) fn send(&self, event: Event) {
        match self.lazy() {
            Some(lazy) => lazy.handle(event),
            None => self.wait(event),
        }
    }

    fn wait(&self, event: Event) {
        let mut queue = self.queue.borrow_mut();
        // A text that was changed after the button was pressed is not the one that was to be sent.
        if matches!(event, Event::Typed { .. } | Event::ReasonChosen(_)) {
            queue.retain(|waiting| !matches!(waiting, Event::SubmitRequested));
        }
        queue.push(event);
    }

    /// The lazy part is there: the form starts with what the agent has typed until then, and the rest happens in its order.
    pub(crate) fn connect(&self, lazy: &Rc<dyn LazyPart>) {
        let mut events = self.queue.take();
        let is_text = |event: &Event| !matches!(event, Event::OptionsChanged(_) | Event::SubmitRequested);
        let start = events.iter().position(|event| !is_text(event)).unwrap_or(events.len());
        events.insert(start, Event::Started);
        *self.lazy.borrow_mut() = Some(lazy.clone());
        lazy.replay(events);
    }

    /// The lazy part, if it is there.
    pub(crate) fn lazy(&self) -> Option<Rc<dyn LazyPart>> {
        self.lazy.borrow().clone()
    }
}

/// What every part of the view is made from. It is a handle, so it is copied freely.
#[derive(Clone, Copy)]
pub(crate) struct FormContext {
    state: RwSignal<FormState>,
    dispatch: StoredValue<Rc<Dispatch>, LocalStorage>,
}

impl FormContext {
    pub(crate) fn new(state: RwSignal<FormState>, dispatch: Rc<Dispatch>) -> Self {
        Self {
            state,
            dispatch: StoredValue::new_local(dispatch),
        }
    }

    /// The signal that holds the state.
    pub(crate) const fn state(self) -> RwSignal<FormState> {
        self.state
    }

    /// Reads the state, and follows it.
    pub(crate) fn with<T>(self, read: impl FnOnce(&FormState) -> T) -> T {
        let (mut read, mut value) = (Some(read), None);
        self.follow(&mut |state| value = read.take().map(|read| read(state)));
        value.unwrap_or_else(|| unreachable!("the state is read once"))
    }

    /// The code that reads the signal, once for all that follow it.
    fn follow(self, read: &mut dyn FnMut(&FormState)) {
        read(&self.state.read());
    }

    /// Reads the state as it is now.
    pub(crate) fn with_untracked<T>(self, read: impl FnOnce(&FormState) -> T) -> T {
        read(&self.state.read_untracked())
    }

    /// A text without values, in whichever language the form speaks.
    pub(crate) fn text(self, key: &str) -> String {
        self.with(|state| state.text(key).to_owned())
    }

    /// What is worked out of a part of the state and of the words, and anew only when one of them changes: for what asks the browser to write
    /// a number or a time, which takes long.
    pub(crate) fn worked_out<K, T>(
        self,
        part: impl Fn(&Model) -> K + Send + Sync + 'static,
        work: impl Fn(&K, &Catalogue) -> T + Send + 'static,
    ) -> impl Fn() -> T + Send + 'static
    where
        K: PartialEq + Send + Sync + 'static,
    {
        let inputs = Memo::new(move |_| self.with(|state| (part(&state.model), state.catalogue.clone())));
        move || inputs.with(|(part, catalogue)| work(part, catalogue))
    }

    pub(crate) fn dispatch(self, event: Event) {
        let dispatch = self.dispatch.try_with_value(Rc::clone);
        if let Some(dispatch) = dispatch {
            dispatch.send(event);
        }
    }

    /// A part of the view that is there while a condition holds. It is rendered anew only when that changes.
    pub(crate) fn when(
        self,
        condition: impl Fn(&Model) -> bool + Send + Sync + 'static,
        part: impl Fn() -> AnyView + Send + 'static,
    ) -> AnyView {
        self.boxed_when(Box::new(condition), Box::new(part))
    }

    /// The same, compiled once for all conditions and parts.
    fn boxed_when(self, condition: Box<dyn Fn(&Model) -> bool + Send + Sync>, part: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        let holds = Memo::new(move |_| self.with(|state| condition(&state.model)));
        let view: Box<dyn Fn() -> AnyView + Send> = Box::new(move || if holds.get() { part() } else { ().into_any() });
        view.into_any()
    }

    /// A place for what the first paint does not show: empty until the lazy part is there.
    pub(crate) fn slot(self, slot: Slot) -> AnyView {
        self.slot_when(slot, |_| true)
    }

    /// The same, while a condition holds.
    pub(crate) fn slot_when(self, slot: Slot, condition: impl Fn(&Model) -> bool + Send + Sync + 'static) -> AnyView {
        self.when(
            move |model| model.is_interactive && condition(model),
            move || {
                let lazy = self.dispatch.try_with_value(|dispatch| dispatch.lazy());
                lazy.flatten().map_or_else(|| ().into_any(), |lazy| lazy.render_slot(slot))
            },
        )
    }
}
