//! The runtime of one form: the model in its signal, a queue of events, and what runs the commands.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use leptos::task::spawn_local;
use partner_case_core::Field;
use partner_case_model::{Command, Control, Event, FetchOutcome, Prepared, SendTicket, update};
use web_sys::HtmlElement;

use super::browser_env::BrowserEnv;
use super::controls::Controls;
use super::listeners::Listeners;
use super::lock::Locks;
use super::page_exit::ExitWarning;
use super::portal::{Hooks, NoHeaders};
use super::sign_out::SignOutChannel;
use super::timers::Timers;
use super::{clipboard, focus, http, portal, portal_events, storage};
use crate::messages::FormState;

/// What the runtime finds around a form.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    /// The element on the portal's page.
    pub(crate) host: HtmlElement,
    /// What holds the form in the element's shadow root.
    pub(crate) container: HtmlElement,
    /// The portal's side of a submission.
    pub(crate) hooks: Option<Hooks>,
}

/// The runtime of one form.
pub(crate) struct Runtime {
    state: RwSignal<FormState>,
    /// The state once the form has left the page and its signal is gone: what was on its way then still ends.
    left: RefCell<Option<FormState>>,
    events: RefCell<VecDeque<Event>>,
    is_busy: Cell<bool>,
    around: Surroundings,
    controls: Controls,
    timers: Timers,
    locks: Locks,
    exit_warning: ExitWarning,
    sign_out: SignOutChannel,
    listeners: RefCell<Option<Listeners>>,
    this: Weak<Self>,
}

impl Runtime {
    pub(crate) fn new(state: RwSignal<FormState>, around: Surroundings) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let dispatch = |this: Weak<Self>| {
                move |event| {
                    if let Some(runtime) = this.upgrade() {
                        runtime.handle(event);
                    }
                }
            };
            Self {
                state,
                left: RefCell::default(),
                events: RefCell::default(),
                is_busy: Cell::new(false),
                controls: Controls::new(&around.container),
                timers: Timers::new(dispatch(this.clone())),
                locks: Locks::new(dispatch(this.clone())),
                exit_warning: ExitWarning::default(),
                sign_out: SignOutChannel::new(dispatch(this.clone())),
                listeners: RefCell::new(Some(Listeners::new(&around.container, state, dispatch(this.clone())))),
                around,
                this: this.clone(),
            }
        })
    }

    /// Lets an event happen. What it causes at once happens before this returns.
    pub(crate) fn handle(&self, event: Event) {
        if event.needs_current_text() {
            self.read_controls();
        }
        self.events.borrow_mut().push_back(event);
        self.work();
    }

    /// Lets the events happen that came before the form could handle them. Each has the text of its time with it, so the controls are not
    /// read meanwhile, and show what has come of it afterwards.
    pub(crate) fn replay(&self, events: Vec<Event>) {
        self.events.borrow_mut().extend(events);
        self.work();
        let controls = Field::ALL.map(Control::Field).into_iter().chain([Control::Reason]);
        controls.for_each(|control| self.run(Command::WriteControl(control)));
    }

    /// The form has left the page.
    fn leave(&self) {
        self.listeners.take();
        self.exit_warning.set(false);
        self.sign_out.close();
        let state = self.state.try_with_untracked(Clone::clone);
        *self.left.borrow_mut() = state;
    }

    fn work(&self) {
        if self.is_busy.replace(true) {
            return;
        }
        let before = self.state.try_with_untracked(|state| state.model.clone());
        loop {
            let Some(event) = self.events.borrow_mut().pop_front() else {
                break;
            };
            let leaves = matches!(event, Event::Unmounted);
            for command in self.update(event) {
                self.run(command);
            }
            if leaves {
                self.leave();
            }
        }
        self.is_busy.set(false);
        // The view is told once of everything, and only of what it shows.
        let is_shown = self
            .state
            .try_with_untracked(|state| before.is_none_or(|before| !before.is_shown_like(&state.model)));
        if is_shown == Some(true) {
            self.state.notify();
        }
    }

    fn update(&self, event: Event) -> Vec<Command> {
        let step = |state: &mut FormState| {
            let FormState { model, catalogue } = state;
            update(model, event, &BrowserEnv::new(catalogue))
        };
        let mut left = self.left.borrow_mut();
        match left.as_mut() {
            Some(state) => step(state),
            None => self.state.try_update_untracked(step).unwrap_or_default(),
        }
    }

    /// Takes over what the controls show and no event has said: dictation, extensions and password managers fire none.
    fn read_controls(&self) {
        let changed = self.state.try_with_untracked(|state| self.controls.changed(&state.model));
        self.events.borrow_mut().extend(changed.flatten());
    }

    fn run(&self, command: Command) {
        match command {
            Command::WriteControl(control) => {
                self.state
                    .try_with_untracked(|state| self.controls.write(control, &state.model));
            }
            Command::Focus(target) => focus::focus(&self.around.container, target),
            Command::ShowField(field) => focus::show_field(&self.around.container, field),
            Command::SelectDescriptionFrom(utf16) => self.controls.select_description_from(utf16),
            Command::Copy(target, text) => self.later(async move { Event::Copied(target, clipboard::copy(&text).await) }),
            Command::Print(text) => {
                self.state
                    .try_with_untracked(|state| clipboard::print(&text, &state.catalogue));
            }
            Command::Download(name, text) => clipboard::download(&name, &text),

            Command::Store { place, name, snapshot } => {
                if !storage::write(place, &name, &snapshot.to_json()) {
                    self.events
                        .borrow_mut()
                        .push_back(Event::StoreRefused { place, name, snapshot });
                }
            }
            Command::Delete { place, name } => storage::remove(place, &name),
            Command::ReportUnreadable => storage::report_unreadable(),
            Command::RequestLock {
                request,
                scope,
                name,
                mode,
            } => {
                self.events
                    .borrow_mut()
                    .extend(self.locks.request(request, scope, &name, mode));
            }
            Command::ReleaseLock => self.locks.release(),
            Command::BroadcastSignOut(sign_out) => self.sign_out.send(&sign_out),
            Command::StartTimer(timer, millis) => self.timers.start(timer, millis),
            Command::StopTimer(timer) => self.timers.stop(timer),
            Command::WarnBeforeLeaving(warns) => self.exit_warning.set(warns),

            Command::PrepareSend(ticket) => self.prepare_send(ticket),
            Command::Post(ticket, headers) => self.later(async move {
                let outcome = http::post_case(&ticket, &headers).await;
                Event::Posted(ticket, outcome)
            }),
            Command::FetchOutcome { key, url, body } => {
                let hooks = self.around.hooks.clone();
                self.later(async move {
                    let outcome = fetch(hooks, &url, body).await;
                    Event::OutcomeFetched { key, outcome }
                });
            }
            Command::FetchCase { id, url } => {
                let hooks = self.around.hooks.clone();
                self.later(async move {
                    let outcome = fetch(hooks, &url, None).await;
                    Event::CaseFetched { id, outcome }
                });
            }
            Command::Notify(event) => portal_events::dispatch(&self.around.host, event),
        }
    }

    /// Asks the portal whether the case may go out, and for the headers of the call.
    fn prepare_send(&self, ticket: SendTicket) {
        let hooks = self.around.hooks.clone();
        self.later(async move {
            let prepared = if portal::lets_submit(hooks.as_ref()).await {
                let headers = portal::headers(hooks.as_ref(), &ticket.url).await;
                headers.map_or(Prepared::NoHeaders, Prepared::Send)
            } else {
                Prepared::Stopped
            };
            Event::SendPrepared(ticket, prepared)
        });
    }

    /// Lets an event happen once it is known. The runtime lives until then, even if the form leaves the page.
    fn later(&self, event: impl Future<Output = Event> + 'static) {
        let Some(runtime) = self.this.upgrade() else { return };
        spawn_local(async move {
            let event = event.await;
            runtime.handle(event);
        });
    }
}

/// Looks something up at the proxy, with the portal's headers.
async fn fetch(hooks: Option<Hooks>, url: &str, body: Option<String>) -> FetchOutcome {
    match portal::headers(hooks.as_ref(), url).await {
        Ok(headers) => http::look(url, &headers, body).await,
        // They may be there the next time.
        Err(NoHeaders) => FetchOutcome::NoAnswer,
    }
}
