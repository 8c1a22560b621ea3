//! What the portal and the browser do.

use std::collections::VecDeque;

use partner_case_core::{CaseInput, Field};
use partner_case_model::Event;

use super::World;
use crate::browser::FormId;
use crate::facts::stored_words;
use crate::form::Form;

/// The customers that portals show: a user and a transfer, each known or not.
const CUSTOMERS: [[&str; 2]; 7] = [
    ["", ""],
    ["1234", ""],
    ["1234", "58114690"],
    ["1234", "58114691"],
    ["5678", ""],
    ["5678", "58114692"],
    ["", "58114690"],
];

/// Where drafts are stored.
const PLACES: [&str; 3] = ["memory", "session", "local"];

/// How long may pass, in milliseconds: shorter and longer than a pause in typing, a lock's patience, a call's, and a draft's time.
const WAITS: [u64; 8] = [100, 450, 900, 1_100, 2_500, 16_000, 46_000, 11 * 60_000];

impl World<'_> {
    pub(super) fn shows_customer(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        let [user, transfer] = CUSTOMERS[what % CUSTOMERS.len()];
        let mut options = self.forms[form].options.clone();
        options.prefill = CaseInput::from([(Field::UserId, user), (Field::TransferId, transfer)]);
        self.set_options(form, options);
        Some(format!(
            "{}: the portal shows user {user:?}, transfer {transfer:?}",
            self.name(form)
        ))
    }

    fn set_options(&mut self, form: FormId, options: partner_case_model::RawOptions) {
        // What was typed and not heard is read before the event; it belongs to the customer before.
        self.record.customer_changes(&self.forms[form], &options);
        // A reason that the agent has chosen suggests a subject for the transfer, and so begins a draft where there was none.
        let is_empty = self.forms[form].controls[Field::Subject].is_empty();
        if is_empty && self.forms[form].model.suggestion.reason.is_some() {
            self.record.agent_decides(&self.browser);
        }
        self.forms[form].options = options.clone();
        self.dispatch(form, Event::OptionsChanged(Box::new(options.sanitize().0)));
    }

    pub(super) fn sets_option(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        let mut options = self.forms[form].options.clone();
        let said = match what % 4 {
            0 => {
                options.review = !options.review;
                "switches the review"
            }
            1 => {
                // As if a newer version knew more names: what was sent then is refused now.
                options.known_personal_data.names = vec!["Ondrej Vokacek".to_owned()];
                "knows more names"
            }
            2 if !options.draft_scope.is_empty() => {
                options.draft = if options.draft == "none" { self.place } else { "none" }.to_owned();
                "switches drafts off or on"
            }
            _ => {
                options.readonly_fields = if options.readonly_fields.is_empty() { "user-id" } else { "" }.to_owned();
                "fixes a field, or no longer"
            }
        };
        self.set_options(form, options);
        Some(format!("{}: the portal {said}", self.name(form)))
    }

    pub(super) fn sets_place(&mut self, who: usize, what: usize) -> Option<String> {
        // What is stored elsewhere by then is stored for good: the portal may be late, and does not go to and fro.
        let form = self.choose(who, |form| form.options.draft != "none")?;
        let tab = self.forms[form].tab;
        let has_others = self
            .forms
            .iter()
            .enumerate()
            .any(|(at, other)| at != form && other.tab == tab && other.is_alive);
        if has_others || !stored_words(&self.browser).is_empty() {
            return None;
        }
        let mut options = self.forms[form].options.clone();
        options.draft = PLACES[what % PLACES.len()].to_owned();
        let said = format!("{}: the portal stores drafts in {}", self.name(form), options.draft);
        self.set_options(form, options);
        Some(said)
    }

    pub(super) fn names_agent(&mut self, who: usize) -> Option<String> {
        // Without drafts the text stays, and whose it is then is anybody's guess.
        let form = self.choose(who, |form| form.options.draft != "none")?;
        let mut options = self.forms[form].options.clone();
        let named = self.options(self.forms[form].tab).draft_scope;
        (options.draft_scope, self.forms[form].scope_before) = if options.draft_scope.is_empty() {
            (named, None)
        } else {
            (String::new(), Some(named))
        };
        let said = format!(
            "{}: the portal says that the agent is {:?}",
            self.name(form),
            options.draft_scope
        );
        self.set_options(form, options);
        Some(said)
    }

    pub(super) fn portal_calls(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        if what.is_multiple_of(2) {
            self.dispatch(form, Event::ValidateRequested);
            return Some(format!("{}: the portal checks the form", self.name(form)));
        }
        self.record.released(&self.forms[form]);
        self.dispatch(form, Event::ResetRequested);
        Some(format!("{}: the portal resets the form", self.name(form)))
    }

    pub(super) fn signs_out(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        self.sign_out(form);
        Some(format!("{}: the agent signs out", self.name(form)))
    }

    fn sign_out(&mut self, form: FormId) {
        let scopes = [
            Some(self.forms[form].options.draft_scope.clone()),
            self.forms[form].scope_before.take(),
        ];
        self.record.signed_out(&scopes.into_iter().flatten().collect::<Vec<_>>());
        self.dispatch(form, Event::SignedOut { elsewhere: None });
    }

    /// The agent signs out, and another uses the tab: the portal loads the page anew.
    pub(super) fn changes_agent(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        let tab = self.forms[form].tab;
        self.sign_out(form);
        self.leave_page(tab, true);
        self.browser.reload(tab);
        self.browser.tabs[tab].agent = 1 - self.browser.tabs[tab].agent;
        let options = self.options(tab);
        self.mount(tab, options);
        Some(format!("tab {tab}: the agent signs out, and another signs in"))
    }

    pub(super) fn mounts(&mut self, who: usize, what: usize) -> Option<String> {
        if what.is_multiple_of(3) {
            let form = self.choose(who, |_| true)?;
            let tab = self.forms[form].tab;
            let options = self.forms[form].options.clone();
            self.mount(tab, options);
            return Some(format!("tab {tab}: the portal puts a second form on the page"));
        }
        let form = self.choose(who, |_| true)?;
        let (tab, options) = (self.forms[form].tab, self.forms[form].options.clone());
        if options.draft == "none" {
            // The portal takes it away with what is in it.
            self.record.released(&self.forms[form]);
        }
        self.dispatch(form, Event::Unmounted);
        self.forms[form].is_mounted = false;
        self.forms[form].timers.clear();
        self.gives_up_lock(form);
        let has_form = self
            .forms
            .iter()
            .any(|form| form.tab == tab && form.is_alive && form.is_mounted);
        if !has_form {
            self.mount(tab, options);
        }
        Some(format!(
            "tab {tab}: the portal takes form {form} off the page, and puts one on if there is none"
        ))
    }

    pub(super) fn opens_tab(&mut self, what: usize) -> Option<String> {
        if self.browser.tabs.iter().filter(|tab| tab.is_open).count() >= 3 {
            return None;
        }
        let agent = self
            .browser
            .tabs
            .iter()
            .rev()
            .find(|tab| tab.is_open)
            .map_or(0, |tab| tab.agent);
        let form = self.open_tab(agent);
        let [user, transfer] = CUSTOMERS[what % CUSTOMERS.len()];
        let mut options = self.forms[form].options.clone();
        options.prefill = CaseInput::from([(Field::UserId, user), (Field::TransferId, transfer)]);
        self.set_options(form, options);
        Some(format!(
            "{}: opened, with user {user:?}, transfer {transfer:?}",
            self.name(form)
        ))
    }

    pub(super) fn copies_tab(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        let tab = self.forms[form].tab;
        // A browser copies what the page has stored by now.
        let copy = self.browser.copy(tab);
        let options = self.forms[form].options.clone();
        self.mount(copy, options);
        Some(format!("tab {tab} is copied: tab {copy}"))
    }

    /// A page is left: its forms are told, if it does not crash.
    fn leave_page(&mut self, tab: usize, is_told: bool) {
        let forms: Vec<FormId> = (0..self.forms.len())
            .filter(|form| self.forms[*form].tab == tab && self.forms[*form].is_alive)
            .collect();
        for form in &forms {
            if is_told && self.forms[*form].is_mounted && !self.browser.tabs[tab].is_frozen {
                self.dispatch(*form, Event::PageLeft);
            }
        }
        for form in forms {
            self.record.page_gone(&self.browser, &self.forms[form], is_told);
            let state = &mut self.forms[form];
            state.is_alive = false;
            state.timers.clear();
            state.inbox.clear();
            self.gives_up_lock(form);
        }
    }

    /// A form that is gone holds no lock.
    fn gives_up_lock(&mut self, form: FormId) {
        if let Some(told) = self.browser.release(form) {
            self.take(told, &mut VecDeque::new());
        }
    }

    fn page_of(&self, who: usize) -> Option<(usize, Vec<partner_case_model::RawOptions>)> {
        let form = self.choose(who, |_| true)?;
        let tab = self.forms[form].tab;
        let on_page = |form: &&Form| form.tab == tab && form.is_alive && form.is_mounted;
        Some((
            tab,
            self.forms.iter().filter(on_page).map(|form| form.options.clone()).collect(),
        ))
    }

    pub(super) fn reloads(&mut self, who: usize) -> Option<String> {
        let (tab, options) = self.page_of(who)?;
        self.leave_page(tab, true);
        self.browser.reload(tab);
        for options in options {
            self.mount(tab, options);
        }
        Some(format!("tab {tab} is reloaded"))
    }

    pub(super) fn crashes(&mut self, who: usize) -> Option<String> {
        let (tab, options) = self.page_of(who)?;
        self.leave_page(tab, false);
        self.browser.reload(tab);
        for options in options {
            self.mount(tab, options);
        }
        Some(format!("tab {tab} crashes, and is loaded anew"))
    }

    pub(super) fn closes_tab(&mut self, who: usize) -> Option<String> {
        let (tab, _) = self.page_of(who)?;
        if self.browser.tabs.iter().filter(|tab| tab.is_open).count() < 2 {
            return None;
        }
        self.leave_page(tab, true);
        self.record.tab_closed(&self.browser, tab);
        self.browser.close(tab);
        Some(format!("tab {tab} is closed"))
    }

    pub(super) fn puts_away(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |_| true)?;
        self.dispatch(form, Event::PageLeft);
        Some(format!("{}: the page is put away", self.name(form)))
    }

    pub(super) fn freezes(&mut self, who: usize) -> Option<String> {
        let tabs: Vec<usize> = (0..self.browser.tabs.len())
            .filter(|tab| self.browser.tabs[*tab].is_open)
            .collect();
        let tab = tabs[who % tabs.len()];
        if self.browser.tabs[tab].is_frozen {
            self.browser.tabs[tab].is_frozen = false;
            return Some(format!("tab {tab} goes on"));
        }
        for form in self.usable() {
            if self.forms[form].tab == tab {
                self.dispatch(form, Event::PageLeft);
            }
        }
        self.browser.tabs[tab].is_frozen = true;
        Some(format!("tab {tab} is put away and frozen"))
    }

    pub(super) fn tells(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| !form.inbox.is_empty())?;
        self.tell(form);
        Some(format!("{}: the browser tells what was waiting", self.name(form)))
    }

    pub(super) fn fills_storage(&mut self) -> Option<String> {
        self.browser.is_full = !self.browser.is_full;
        let is = if self.browser.is_full { "is full" } else { "has room again" };
        Some(format!("the browser's storage {is}"))
    }

    pub(super) fn sets_clock(&mut self, what: usize) -> Option<String> {
        let minutes = [60, -60, 3, -3, 60 * 24 * 20, -60 * 24 * 20][what % 6];
        self.browser.ahead += minutes * 60_000;
        self.record.clock_set();
        Some(format!("the clock is set by {minutes} minutes"))
    }

    pub(super) fn waits(&mut self, what: usize) -> String {
        let millis = WAITS[what % WAITS.len()];
        self.pass(millis);
        format!("{} s pass", millis as f64 / 1_000.0)
    }
}
