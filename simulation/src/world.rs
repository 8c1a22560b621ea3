//! The world: forms in tabs, calls on their way, the proxy and Wise. One thing happens after the other.

mod agent;
mod page;
mod time;
mod wire;

use std::collections::VecDeque;

use partner_case_model::{Command, DraftPlace, DraftStatus, Event, RawOptions, SignOut, Submission};

use crate::browser::{Browser, FormEnv, FormId, Told};
use crate::coverage::Coverage;
use crate::form::{Form, state};
use crate::happening::{Happening, Kind, Schedule};
use crate::network::{Call, CallKind, Stage};
use crate::promise::Broken;
use crate::record::Record;
use crate::server::Server;

/// Wise answers at once again.
const CALM: Happening = Happening {
    kind: Kind::WiseHolds,
    who: 0,
    what: 1,
};

/// The way in which a call goes on without a fault.
const USUAL: u8 = 255;

/// How often everything is let go on at the end.
const CALM_TURNS: usize = 6;

/// The world.
pub(crate) struct World<'a> {
    pub(crate) browser: Browser,
    pub(crate) forms: Vec<Form>,
    pub(crate) calls: Vec<Call>,
    /// It starts with the first call.
    pub(crate) server: Option<Server>,
    pub(crate) record: Record,
    pub(crate) coverage: &'a mut Coverage,
    /// Where the portal has drafts stored.
    pub(crate) place: &'static str,
    /// Whether the portal has the agent review each case.
    pub(crate) review: bool,
    /// What forms of the same page hear once what happens now has ended.
    soon: VecDeque<(FormId, Event)>,
    /// What is broken, if anything is.
    pub(crate) broken: Option<Broken>,
}

impl<'a> World<'a> {
    pub(crate) fn new(schedule: &Schedule, coverage: &'a mut Coverage) -> Self {
        let places = ["session", "local", "local", "memory", "session", "none"];
        let mut world = Self {
            browser: Browser::new(),
            forms: Vec::new(),
            calls: Vec::new(),
            server: None,
            record: Record::default(),
            coverage,
            place: places[usize::from(schedule.setting) % places.len()],
            review: schedule.setting >= 192,
            soon: VecDeque::new(),
            broken: None,
        };
        world.open_tab(0);
        world
    }

    /// Lets something happen. The answer is what it was, in words; none if it could not happen now.
    pub(crate) fn happen(&mut self, happening: Happening) -> Option<String> {
        let Happening { kind, who, what } = happening;
        let (who, what) = (usize::from(who), usize::from(what));
        // Nothing happens at the same moment as something else.
        self.browser.steady += 1;
        match kind {
            Kind::Type => self.types(who, what),
            Kind::Fill => self.fills(who),
            Kind::Dictate => self.dictates(who, what),
            Kind::PasteIds => self.pastes_ids(who, what),
            Kind::ChooseReason => self.chooses_reason(who, what),
            Kind::Description => self.goes_to_description(who, what),
            Kind::DecideSubject => self.decides_subject(who, what),
            Kind::DecideSecret => self.decides_secret(who, what),
            Kind::Shorten => self.shortens(who, what),
            Kind::Undo => self.undoes(who),
            Kind::Press => self.presses(who),
            Kind::Send => self.sends(who, what),
            Kind::GoBack => self.goes_back(who),
            Kind::SendAgain => self.sends_again(who),
            Kind::AskNow => self.asks_now(who),
            Kind::AnotherCase => self.begins_another(who),
            Kind::DeleteDraft => self.deletes_draft(who),
            Kind::RestoreDraft => self.restores_draft(who),
            Kind::ContinueHere => self.continues_here(who),
            Kind::ShowCustomer => self.shows_customer(who, what),
            Kind::SetOption => self.sets_option(who, what),
            Kind::SetPlace => self.sets_place(who, what),
            Kind::NameAgent => self.names_agent(who),
            Kind::PortalCalls => self.portal_calls(who, what),
            Kind::SignOut => self.signs_out(who),
            Kind::ChangeAgent => self.changes_agent(who),
            Kind::Mount => self.mounts(who, what),
            Kind::OpenTab => self.opens_tab(what),
            Kind::CopyTab => self.copies_tab(who),
            Kind::Reload => self.reloads(who),
            Kind::CloseTab => self.closes_tab(who),
            Kind::Crash => self.crashes(who),
            Kind::PutAway => self.puts_away(who),
            Kind::Freeze => self.freezes(who),
            Kind::Tell => self.tells(who),
            Kind::FillStorage => self.fills_storage(),
            Kind::SetClock => self.sets_clock(what),
            Kind::Wait => Some(self.waits(what)),
            Kind::Network => self.network_goes_on(who, what),
            Kind::WiseFault => Some(self.wise_fails(what)),
            Kind::WiseHolds => self.wise_holds(who, what),
            Kind::Webhooks => self.webhooks_arrive(what),
            Kind::KillProxy => self.kills_proxy(what),
        }
    }

    /// The forms that somebody can use now: on a page that is there and not frozen.
    pub(crate) fn usable(&self) -> Vec<FormId> {
        let is_usable = |form: &Form| form.is_alive && form.is_mounted && !self.browser.tabs[form.tab].is_frozen;
        (0..self.forms.len()).filter(|at| is_usable(&self.forms[*at])).collect()
    }

    /// What the forms on a page are.
    pub(crate) fn models(&self) -> impl Iterator<Item = &partner_case_model::Model> {
        let on_page = self.forms.iter().filter(|form| form.is_alive && form.is_mounted);
        on_page.map(|form| &form.model)
    }

    /// One of the forms that somebody can use, and that fit.
    pub(crate) fn choose(&self, who: usize, fits: impl Fn(&Form) -> bool) -> Option<FormId> {
        let fitting: Vec<FormId> = self.usable().into_iter().filter(|form| fits(&self.forms[*form])).collect();
        (!fitting.is_empty()).then(|| fitting[who % fitting.len()])
    }

    /// Which form of which tab, for people.
    pub(crate) fn name(&self, form: FormId) -> String {
        format!("tab {}, form {form}", self.forms[form].tab)
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        self.server.get_or_insert_with(Server::start)
    }

    /// What the portal sets for a form that knows no customer yet.
    pub(crate) fn options(&self, tab: usize) -> RawOptions {
        RawOptions {
            endpoint: "/partner-cases".to_owned(),
            draft: self.place.to_owned(),
            draft_ttl: "10".to_owned(),
            draft_scope: format!("agent-{}", self.browser.tabs[tab].agent),
            review: self.review,
            ..RawOptions::default()
        }
    }

    /// Puts a form on the page of a tab.
    pub(crate) fn mount(&mut self, tab: usize, options: RawOptions) -> FormId {
        self.forms.push(Form::new(tab, options));
        let form = self.forms.len() - 1;
        self.dispatch(form, Event::Started);
        form
    }

    pub(crate) fn open_tab(&mut self, agent: usize) -> FormId {
        let tab = self.browser.open(agent);
        let options = self.options(tab);
        self.mount(tab, options)
    }

    /// Lets an event happen to a form, as the runtime does: what the controls show comes first.
    pub(crate) fn dispatch(&mut self, form: FormId, event: Event) {
        self.let_happen(form, event);
        while let Some((form, event)) = self.soon.pop_front() {
            if self.forms[form].is_alive {
                self.let_happen(form, event);
            }
        }
    }

    fn let_happen(&mut self, form: FormId, event: Event) {
        let mut events = VecDeque::new();
        if event.needs_current_text() {
            events.extend(self.forms[form].changed());
            if !events.is_empty() {
                // It is noticed only now that the agent has changed something.
                self.record.agent_decides(&self.browser);
            }
        }
        events.push_back(event);
        while let Some(event) = events.pop_front() {
            let before = self.forms[form].model.submission.clone();
            self.coverage.note(state(&before), &event);
            if matches!(event, Event::SendAgainConfirmed) {
                self.record.warned(form);
            }
            let env = FormEnv {
                browser: &self.browser,
                tab: self.forms[form].tab,
            };
            let commands = self.forms[form].update(event, &env);
            for command in commands {
                self.run(form, command, &before, &mut events);
            }
            let after = self.forms[form].model.submission.clone();
            if after != before {
                let shown = self.forms[form].to_be_sent().clone();
                self.record.submission_changed(form, &after, &shown);
            }
        }
    }

    fn run(&mut self, form: FormId, command: Command, before: &Submission, events: &mut VecDeque<Event>) {
        let tab = self.forms[form].tab;
        match command {
            Command::WriteControl(control) => self.forms[form].write(control),
            Command::Store { place, name, snapshot } => {
                let text = snapshot.to_json();
                let broken = self.record.check_stored(&text, self.browser.now_millis());
                self.broken = self.broken.take().or(broken);
                if !self.browser.store(place, tab, &name, text) {
                    events.push_back(Event::StoreRefused { place, name, snapshot });
                }
            }
            Command::Delete { place, name } => self.browser.delete(place, tab, &name),
            Command::RequestLock {
                request,
                scope,
                name,
                mode,
            } => {
                for told in self.browser.lock(form, tab, request, scope, &name, mode) {
                    self.take(told, events);
                }
            }
            Command::ReleaseLock => {
                if let Some(told) = self.browser.release(form) {
                    self.take(told, events);
                }
            }
            Command::BroadcastSignOut(sign_out) => self.broadcast(form, &sign_out),
            Command::StartTimer(timer, millis) => {
                let at = self.browser.steady + millis;
                let timers = &mut self.forms[form].timers;
                timers.retain(|(known, _)| *known != timer);
                timers.push((timer, at));
            }
            Command::StopTimer(timer) => self.forms[form].timers.retain(|(known, _)| *known != timer),
            Command::WarnBeforeLeaving(warns) => self.forms[form].warns = warns,
            Command::PrepareSend(ticket) => {
                let broken = self.record.check_sent(&ticket.body, self.forms[form].to_be_sent());
                self.broken = self.broken.take().or(broken);
                self.record.prepared(form, &ticket, before);
                self.call(form, CallKind::Prepare(ticket));
            }
            Command::Post(ticket, _) => {
                self.record.posted(form, &ticket);
                self.call(form, CallKind::Post(ticket));
            }
            Command::FetchOutcome { key, url, body } => self.call(form, CallKind::Outcome { key, url, body }),
            Command::FetchCase { id, url } => self.call(form, CallKind::Case { id, url }),
            // Words for the agent and the portal, and what moves the focus.
            Command::Focus(_)
            | Command::Copy(..)
            | Command::Print(_)
            | Command::Download(..)
            | Command::ShowField(_)
            | Command::SelectDescriptionFrom(_)
            | Command::ReportUnreadable
            | Command::Notify(_) => {}
        }
    }

    fn call(&mut self, form: FormId, kind: CallKind) {
        self.calls.push(Call {
            form,
            kind,
            stage: Stage::Leaving,
            since: self.browser.steady,
        });
    }

    pub(crate) fn take(&mut self, told: Told, events: &mut VecDeque<Event>) {
        match told {
            Told::Now(event) => events.push_back(event),
            Told::Soon(form, event) => self.soon.push_back((form, event)),
            Told::Later(form, event) => self.forms[form].inbox.push_back(event),
        }
    }

    /// All other forms and pages of the origin hear of a sign-out, sooner or later.
    fn broadcast(&mut self, from: FormId, sign_out: &SignOut) {
        let at = sign_out.mark.to_string();
        self.browser
            .store(DraftPlace::Local, self.forms[from].tab, &sign_out.mark_name(), at);
        for form in (0..self.forms.len()).filter(|form| *form != from) {
            if self.forms[form].is_alive && self.forms[form].is_mounted {
                let elsewhere = Some(sign_out.clone());
                self.forms[form].inbox.push_back(Event::SignedOut { elsewhere });
            }
        }
        for tab in 0..self.browser.tabs.len() {
            let has_form = self
                .forms
                .iter()
                .any(|form| form.tab == tab && form.is_alive && form.is_mounted);
            if self.browser.tabs[tab].is_open && !has_form {
                self.browser.forget(tab, &sign_out.prefix);
            }
        }
    }

    /// Tells a form what has waited longest for it. The answer is whether there was anything.
    pub(crate) fn tell(&mut self, form: FormId) -> bool {
        match self.forms[form].inbox.pop_front() {
            Some(event) => {
                self.dispatch(form, event);
                true
            }
            None => false,
        }
    }

    /// Lets everything end that has begun, without a fault.
    pub(crate) fn calm(&mut self) {
        self.browser.is_full = false;
        for tab in &mut self.browser.tabs {
            tab.is_frozen = false;
        }
        if self.server.is_some() {
            self.happen(CALM);
        }
        for _ in 0..CALM_TURNS {
            // Every call goes on three times: out, to an answer, and back.
            for _ in 0..self.calls.len() * 3 {
                self.happen(Happening {
                    kind: Kind::Network,
                    who: 0,
                    what: USUAL,
                });
            }
            self.pass(1_000);
        }
    }

    /// Where every form on a page stands.
    pub(crate) fn states(&self) -> String {
        let forms = self
            .forms
            .iter()
            .enumerate()
            .filter(|(_, form)| form.is_alive && form.is_mounted);
        let states = forms.map(|(at, form)| format!("{at}: {}, {:?}", state(&form.model.submission), form.model.draft.status));
        states.collect::<Vec<_>>().join("; ")
    }

    /// Whether a form says that its draft is another tab's.
    pub(crate) fn is_elsewhere(form: &Form) -> bool {
        matches!(form.model.draft.status, DraftStatus::Elsewhere(_))
    }
}
