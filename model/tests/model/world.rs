//! A made-up browser: tabs with their storages, locks, a clock, and forms whose commands are carried out.

mod inputs;
mod tabs;
mod words;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use partner_case_core::{CaseInput, Field};
use partner_case_model::{
    Command, DraftPlace, Env, Event, FetchOutcome, FocusTarget, FormOptions, LockGrant, LockMode, LockScope, Model, PortalEvent,
    Prepared, RawOptions, SendTicket, Submission, Timer, Words, update,
};

pub(crate) use self::inputs::{answer, created, customer, portal, valid};
use self::words::English;

/// What is stored where: a place, the tab that it belongs to if it belongs to one, a name, a text.
type Stored = (DraftPlace, Option<usize>, String, String);

/// A form, by its number.
pub(crate) type FormId = usize;

#[derive(Default)]
pub(crate) struct World {
    pub(crate) forms: Vec<Form>,
    now_millis: Cell<u64>,
    /// How far the browser's clock is ahead of the one that nobody sets.
    ahead_millis: Cell<i64>,
    keys: Cell<u32>,
    stored: RefCell<Vec<Stored>>,
    /// Who holds or waits for which lock: scope, tab of a page's lock, name, form, request. The first of a name holds it.
    locks: Vec<(LockScope, Option<usize>, String, FormId, u32)>,
    /// Whether the browser stores nothing.
    pub(crate) is_full: bool,
    /// What the portal decides about each submission.
    pub(crate) portal_stops: bool,
    /// Whether the portal takes its time about it.
    pub(crate) portal_waits: bool,
}

pub(crate) struct Form {
    pub(crate) model: Model,
    tab: usize,
    timers: Vec<(Timer, u64)>,
    /// What is on its way to the proxy.
    pub(crate) posted: Vec<SendTicket>,
    pub(crate) waiting_for_portal: Vec<SendTicket>,
    pub(crate) asked: Vec<String>,
    pub(crate) focus: Vec<FocusTarget>,
    pub(crate) heard: Vec<PortalEvent>,
    pub(crate) warns: bool,
}

/// The world as one form of a tab sees it.
struct TabEnv<'a>(&'a World, usize);

impl Env for TabEnv<'_> {
    fn now_millis(&self) -> u64 {
        self.0.now_millis.get().wrapping_add_signed(self.0.ahead_millis.get())
    }

    fn page_millis(&self) -> u64 {
        self.0.now_millis.get()
    }

    fn new_key(&self) -> Option<String> {
        self.0.keys.set(self.0.keys.get() + 1);
        Some(format!("key-{}", self.0.keys.get()))
    }

    fn stored(&self, place: DraftPlace, name: &str) -> Option<String> {
        self.0.stored_by(place, self.1, name)
    }

    fn stored_names(&self, place: DraftPlace, prefix: &str) -> Vec<String> {
        let owner = owner(place, self.1);
        let stored = self.0.stored.borrow();
        let names = stored
            .iter()
            .filter(|(known, tab, name, _)| *known == place && *tab == owner && name.starts_with(prefix));
        names.map(|(_, _, name, _)| name.clone()).collect()
    }

    fn words(&self) -> &dyn Words {
        &English
    }
}

/// Whom a storage belongs to: the memory and the session of a tab to the tab, the browser's own to all.
const fn owner(place: DraftPlace, tab: usize) -> Option<usize> {
    match place {
        DraftPlace::Local => None,
        _ => Some(tab),
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self::default();
        world.now_millis.set(1_700_000_000_000);
        world
    }

    /// One form in a browser of its own, which works.
    pub(crate) fn with_form(prefill: CaseInput) -> (Self, FormId) {
        let mut world = Self::new();
        let form = world.open(0, portal("", prefill));
        (world, form)
    }

    /// Opens a form in a tab.
    pub(crate) fn open(&mut self, tab: usize, options: RawOptions) -> FormId {
        self.forms.push(Form {
            model: Model::new(sane(options)),
            tab,
            timers: Vec::new(),
            posted: Vec::new(),
            waiting_for_portal: Vec::new(),
            asked: Vec::new(),
            focus: Vec::new(),
            heard: Vec::new(),
            warns: false,
        });
        let form = self.forms.len() - 1;
        self.send(form, Event::Started);
        form
    }

    pub(crate) fn model(&self, form: FormId) -> &Model {
        &self.forms[form].model
    }

    pub(crate) fn text(&self, form: FormId, field: Field) -> &str {
        &self.model(form).input[field]
    }

    pub(crate) fn submission(&self, form: FormId) -> &Submission {
        &self.model(form).submission
    }

    pub(crate) fn set(&mut self, form: FormId, options: RawOptions) {
        self.send(form, Event::OptionsChanged(Box::new(sane(options))));
    }

    pub(crate) fn type_text(&mut self, form: FormId, field: Field, text: &str) {
        let text = text.to_owned();
        self.send(form, Event::Typed { field, text });
    }

    pub(crate) fn fill(&mut self, form: FormId) {
        self.type_text(form, Field::UserId, "1234");
        self.type_text(form, Field::Subject, "s");
        self.type_text(form, Field::Description, "d");
    }

    /// Presses the button, and returns the key of what has left.
    pub(crate) fn submit(&mut self, form: FormId) -> Option<String> {
        let before = self.forms[form].posted.len();
        self.send(form, Event::SubmitRequested);
        self.forms[form].posted.get(before).map(|ticket| ticket.key.clone())
    }

    /// The proxy answers the last call that creates a case.
    pub(crate) fn answer(&mut self, form: FormId, outcome: FetchOutcome) {
        let ticket = self.forms[form].posted.last().unwrap().clone();
        self.send(form, Event::Posted(ticket, outcome));
    }

    /// The tab is closed, or has crashed: its forms, its memory and its locks are gone. A closed tab's forms are told before.
    pub(crate) fn close(&mut self, form: FormId) {
        self.send(form, Event::PageLeft);
        self.crash(form);
    }

    pub(crate) fn crash(&mut self, form: FormId) {
        let tab = self.forms[form].tab;
        self.forms[form].timers.clear();
        self.stored.borrow_mut().retain(|(_, owner, _, _)| *owner != Some(tab));
        self.release(form);
    }

    /// A reload: the memory of the page is gone, the session's storage is not.
    pub(crate) fn reload(&mut self, form: FormId, options: RawOptions) -> FormId {
        self.send(form, Event::PageLeft);
        let tab = self.forms[form].tab;
        self.forms[form].timers.clear();
        let is_memory = |(place, owner, _, _): &Stored| *place == DraftPlace::Memory && *owner == Some(tab);
        self.stored.borrow_mut().retain(|stored| !is_memory(stored));
        self.release(form);
        self.open(tab, options)
    }

    pub(crate) fn send(&mut self, form: FormId, event: Event) {
        let mut events = VecDeque::from([(form, event)]);
        while let Some((form, event)) = events.pop_front() {
            let mut model = std::mem::take(&mut self.forms[form].model);
            let commands = update(&mut model, event, &TabEnv(self, self.forms[form].tab));
            self.forms[form].model = model;
            for command in commands {
                self.run(form, command, &mut events);
            }
        }
    }

    fn run(&mut self, form: FormId, command: Command, events: &mut VecDeque<(FormId, Event)>) {
        let tab = self.forms[form].tab;
        match command {
            Command::Store { place, name, snapshot } => {
                if self.is_full && place != DraftPlace::Memory {
                    events.push_back((form, Event::StoreRefused { place, name, snapshot }));
                } else {
                    self.store(place, tab, &name, &snapshot.to_json());
                }
            }
            Command::Delete { place, name } => self.delete(place, tab, &name),
            Command::RequestLock {
                request,
                scope,
                name,
                mode,
            } => {
                self.release(form);
                let of_tab = (scope == LockScope::Page).then_some(tab);
                let holder = self
                    .locks
                    .iter()
                    .position(|(_, tab, known, ..)| *tab == of_tab && *known == name);
                let lock = (scope, of_tab, name, form, request);
                match (holder, mode) {
                    (Some(at), LockMode::Steal) => {
                        let (.., other, lost) = std::mem::replace(&mut self.locks[at], lock);
                        events.push_back((other, Event::LockLost { request: lost }));
                        let grant = LockGrant::Stolen;
                        events.push_back((form, Event::LockGranted { request, grant }));
                    }
                    (Some(_), LockMode::Wait) => self.locks.push(lock),
                    (None, _) => {
                        self.locks.push(lock);
                        let grant = match (mode, scope) {
                            (LockMode::Steal, _) => LockGrant::Stolen,
                            (LockMode::Wait, LockScope::Page) => LockGrant::AtOnce,
                            (LockMode::Wait, LockScope::Browser) => LockGrant::Waited,
                        };
                        events.push_back((form, Event::LockGranted { request, grant }));
                    }
                }
            }
            Command::ReleaseLock => events.extend(self.released(form)),
            Command::StartTimer(timer, millis) => {
                let at = self.now_millis.get() + millis;
                self.forms[form].timers.retain(|(known, _)| *known != timer);
                self.forms[form].timers.push((timer, at));
            }
            Command::StopTimer(timer) => self.forms[form].timers.retain(|(known, _)| *known != timer),
            Command::PrepareSend(ticket) => {
                let prepared = if self.portal_stops {
                    Prepared::Stopped
                } else {
                    Prepared::Send(Vec::new())
                };
                if self.portal_waits {
                    self.forms[form].waiting_for_portal.push(ticket);
                } else {
                    events.push_back((form, Event::SendPrepared(ticket, prepared)));
                }
            }
            Command::Post(ticket, _) => self.forms[form].posted.push(ticket),
            Command::FetchOutcome { url, .. } | Command::FetchCase { url, .. } => self.forms[form].asked.push(url),
            Command::Focus(target) => self.forms[form].focus.push(target),
            Command::Notify(event) => self.forms[form].heard.push(event),
            Command::WarnBeforeLeaving(warns) => self.forms[form].warns = warns,
            Command::BroadcastSignOut(sign_out) => {
                self.store(DraftPlace::Local, tab, &sign_out.mark_name(), &sign_out.mark.to_string());
                let others = (0..self.forms.len()).filter(|other| *other != form);
                let signed_out = |other| {
                    let elsewhere = Some(sign_out.clone());
                    (other, Event::SignedOut { elsewhere })
                };
                events.extend(others.map(signed_out));
            }
            Command::WriteControl(_)
            | Command::ShowField(_)
            | Command::SelectDescriptionFrom(_)
            | Command::Copy(..)
            | Command::Print(_)
            | Command::Download(..)
            | Command::ReportUnreadable => {}
        }
    }

    /// Releases the lock of a form, and returns who holds it now.
    fn released(&mut self, form: FormId) -> Option<(FormId, Event)> {
        let at = self.locks.iter().position(|(.., owner, _)| *owner == form)?;
        let (_, tab, name, ..) = self.locks.remove(at);
        let is_held = self
            .locks
            .iter()
            .take(at)
            .any(|(_, known_tab, known, ..)| *known_tab == tab && *known == name);
        let next = self
            .locks
            .iter()
            .find(|(_, known_tab, known, ..)| *known_tab == tab && *known == name)?;
        let (.., other, request) = next;
        let grant = LockGrant::Waited;
        (!is_held).then_some((
            *other,
            Event::LockGranted {
                request: *request,
                grant,
            },
        ))
    }

    fn release(&mut self, form: FormId) {
        if let Some((other, event)) = self.released(form) {
            self.send(other, event);
        }
    }

    /// Lets time pass; what is due happens in its order.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.now_millis.get() + millis;
        loop {
            let timers = self.forms.iter().enumerate();
            let due = timers.flat_map(|(form, state)| state.timers.iter().map(move |(timer, at)| (*at, form, *timer)));
            let Some((at, form, timer)) = due.filter(|(at, ..)| *at <= end).min_by_key(|(at, ..)| *at) else {
                break;
            };
            self.now_millis.set(self.now_millis.get().max(at));
            self.forms[form].timers.retain(|(known, _)| *known != timer);
            self.send(form, Event::TimerFired(timer));
        }
        self.now_millis.set(end);
    }

    /// Sets the clock ahead or back, as a person or a time server may.
    pub(crate) fn set_clock(&self, millis: i64) {
        self.ahead_millis.set(self.ahead_millis.get() + millis);
    }

    /// A time in which nothing happens, as in a tab that the browser has frozen.
    pub(crate) fn freeze(&self, millis: u64) {
        self.now_millis.set(self.now_millis.get() + millis);
    }

    pub(crate) fn store(&self, place: DraftPlace, tab: usize, name: &str, text: &str) {
        self.delete(place, tab, name);
        let stored = (place, owner(place, tab), name.to_owned(), text.to_owned());
        self.stored.borrow_mut().push(stored);
    }

    fn delete(&self, place: DraftPlace, tab: usize, name: &str) {
        let owner = owner(place, tab);
        let is_it = |(known, tab, stored, _): &Stored| *known == place && *tab == owner && stored == name;
        self.stored.borrow_mut().retain(|stored| !is_it(stored));
    }

    fn stored_by(&self, place: DraftPlace, tab: usize, name: &str) -> Option<String> {
        let owner = owner(place, tab);
        let stored = self.stored.borrow();
        let found = stored
            .iter()
            .find(|(known, tab, stored, _)| *known == place && *tab == owner && stored == name);
        found.map(|(.., text)| text.clone())
    }

    /// Everything that is stored, as one text.
    pub(crate) fn everything_stored(&self) -> String {
        self.stored
            .borrow()
            .iter()
            .map(|(place, _, name, text)| format!("{place:?} {name} {text}\n"))
            .collect()
    }

    /// The names and texts that are stored in a place.
    pub(crate) fn stored_in(&self, wanted: DraftPlace) -> Vec<(String, String)> {
        let stored = self.stored.borrow();
        let found = stored.iter().filter(|(place, ..)| *place == wanted);
        found.map(|(_, _, name, text)| (name.clone(), text.clone())).collect()
    }
}

fn sane(options: RawOptions) -> FormOptions {
    options.sanitize().0
}
