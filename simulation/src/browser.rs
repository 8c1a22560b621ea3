//! A made-up browser: its tabs, what they store, its locks and its clock.

use std::cell::Cell;
use std::collections::BTreeMap;

use partner_case_model::{DraftPlace, Env, Event, LockGrant, LockMode, LockScope, Words};

use crate::words::English;

/// Which form, in the order in which they came.
pub(crate) type FormId = usize;

type Storage = BTreeMap<String, String>;

/// A browser with its tabs.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    pub(crate) tabs: Vec<Tab>,
    local: Storage,
    locks: Vec<Lock>,
    /// A clock that nobody sets, in milliseconds.
    pub(crate) steady: u64,
    /// How far the clock of the computer is ahead of it.
    pub(crate) ahead: i64,
    /// Whether the browser stores nothing more.
    pub(crate) is_full: bool,
    keys: Cell<u64>,
}

/// A tab. One that is closed stays in the list.
#[derive(Debug, Default)]
pub(crate) struct Tab {
    pub(crate) is_open: bool,
    pub(crate) is_frozen: bool,
    /// Which agent uses it.
    pub(crate) agent: usize,
    loaded_at: u64,
    memory: Storage,
    session: Storage,
}

/// A lock that is held or waited for. Those of one name are in the order of their requests.
#[derive(Debug)]
struct Lock {
    /// The tab, for a lock among the forms of a page.
    page: Option<usize>,
    name: String,
    form: FormId,
    request: u32,
    is_held: bool,
}

/// What the browser has to tell a form, now or when it gets round to it.
#[derive(Debug)]
pub(crate) enum Told {
    Now(Event),
    /// Once what happens now has ended.
    Soon(FormId, Event),
    Later(FormId, Event),
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self {
            ahead: 1_700_000_000_000,
            ..Self::default()
        }
    }

    /// Opens a tab.
    pub(crate) fn open(&mut self, agent: usize) -> usize {
        self.tabs.push(Tab {
            is_open: true,
            agent,
            loaded_at: self.steady,
            ..Tab::default()
        });
        self.tabs.len() - 1
    }

    /// Copies a tab, and with it the session's storage.
    pub(crate) fn copy(&mut self, tab: usize) -> usize {
        let copy = self.open(self.tabs[tab].agent);
        self.tabs[copy].session = self.tabs[tab].session.clone();
        copy
    }

    /// The page of a tab is gone, and loaded anew: the session's storage is still there.
    pub(crate) fn reload(&mut self, tab: usize) {
        let steady = self.steady;
        let tab = &mut self.tabs[tab];
        tab.memory.clear();
        tab.loaded_at = steady;
        tab.is_frozen = false;
    }

    /// A tab is gone.
    pub(crate) fn close(&mut self, tab: usize) {
        self.tabs[tab] = Tab::default();
    }

    pub(crate) fn now_millis(&self) -> u64 {
        self.steady.saturating_add_signed(self.ahead)
    }

    fn storage(&self, place: DraftPlace, tab: usize) -> Option<&Storage> {
        match place {
            DraftPlace::None => None,
            DraftPlace::Memory => Some(&self.tabs[tab].memory),
            DraftPlace::Session => Some(&self.tabs[tab].session),
            DraftPlace::Local => Some(&self.local),
        }
    }

    fn storage_mut(&mut self, place: DraftPlace, tab: usize) -> Option<&mut Storage> {
        match place {
            DraftPlace::None => None,
            DraftPlace::Memory => Some(&mut self.tabs[tab].memory),
            DraftPlace::Session => Some(&mut self.tabs[tab].session),
            DraftPlace::Local => Some(&mut self.local),
        }
    }

    /// Stores a text, if the browser still stores any.
    pub(crate) fn store(&mut self, place: DraftPlace, tab: usize, name: &str, text: String) -> bool {
        // A number fits, where drafts were deleted just before.
        if self.is_full && place != DraftPlace::Memory && text.parse::<u64>().is_err() {
            return false;
        }
        if let Some(storage) = self.storage_mut(place, tab) {
            storage.insert(name.to_owned(), text);
        }
        true
    }

    pub(crate) fn delete(&mut self, place: DraftPlace, tab: usize, name: &str) {
        if let Some(storage) = self.storage_mut(place, tab) {
            storage.remove(name);
        }
    }

    /// Deletes what a page without a form stores under names that start with `prefix`, as the loader does.
    pub(crate) fn forget(&mut self, tab: usize, prefix: &str) {
        self.tabs[tab].memory.retain(|name, _| !name.starts_with(prefix));
        self.tabs[tab].session.retain(|name, _| !name.starts_with(prefix));
    }

    /// Everything that is stored for all tabs.
    pub(crate) fn all_local(&self) -> impl Iterator<Item = &str> {
        self.local.values().map(String::as_str)
    }

    /// Everything that one tab stores: in its session, and in the memory of its page.
    pub(crate) fn all_of(&self, tab: usize) -> (impl Iterator<Item = &str>, impl Iterator<Item = &str>) {
        let tab = &self.tabs[tab];
        (
            tab.session.values().map(String::as_str),
            tab.memory.values().map(String::as_str),
        )
    }

    /// A form asks for a lock, in place of the one that it has.
    pub(crate) fn lock(
        &mut self,
        form: FormId,
        tab: usize,
        request: u32,
        scope: LockScope,
        name: &str,
        mode: LockMode,
    ) -> Vec<Told> {
        let mut told: Vec<Told> = self.release(form).into_iter().collect();
        let page = (scope == LockScope::Page).then_some(tab);
        let holder = self
            .locks
            .iter()
            .position(|lock| lock.page == page && lock.name == name && lock.is_held);
        let is_held = holder.is_none() || mode == LockMode::Steal;
        if let Some(at) = holder.filter(|_| is_held) {
            let lost = self.locks.remove(at);
            let event = Event::LockLost { request: lost.request };
            told.push(match scope {
                LockScope::Page => Told::Soon(lost.form, event),
                LockScope::Browser => Told::Later(lost.form, event),
            });
        }
        self.locks.push(Lock {
            page,
            name: name.to_owned(),
            form,
            request,
            is_held,
        });
        if is_held {
            let grant = match (mode, scope) {
                (LockMode::Steal, _) => LockGrant::Stolen,
                (LockMode::Wait, LockScope::Page) => LockGrant::AtOnce,
                (LockMode::Wait, LockScope::Browser) => LockGrant::Waited,
            };
            let granted = Event::LockGranted { request, grant };
            told.push(match scope {
                LockScope::Page => Told::Now(granted),
                LockScope::Browser => Told::Later(form, granted),
            });
        }
        told
    }

    /// A form gives up its lock, and who waits for it gets it.
    pub(crate) fn release(&mut self, form: FormId) -> Option<Told> {
        let at = self.locks.iter().position(|lock| lock.form == form)?;
        let Lock { page, name, is_held, .. } = self.locks.remove(at);
        if !is_held {
            return None;
        }
        let next = self
            .locks
            .iter_mut()
            .find(|lock| lock.page == page && lock.name == name && !lock.is_held)?;
        next.is_held = true;
        let (request, grant) = (next.request, LockGrant::Waited);
        let (form, event) = (next.form, Event::LockGranted { request, grant });
        Some(if page.is_some() {
            Told::Soon(form, event)
        } else {
            Told::Later(form, event)
        })
    }
}

/// The world as one form sees it.
pub(crate) struct FormEnv<'a> {
    pub(crate) browser: &'a Browser,
    pub(crate) tab: usize,
}

impl Env for FormEnv<'_> {
    fn now_millis(&self) -> u64 {
        self.browser.now_millis()
    }

    fn page_millis(&self) -> u64 {
        self.browser.steady.saturating_sub(self.browser.tabs[self.tab].loaded_at)
    }

    fn new_key(&self) -> Option<String> {
        let keys = &self.browser.keys;
        keys.set(keys.get() + 1);
        Some(format!("0f8fad5b-d9cb-469f-a165-{:012x}", keys.get()))
    }

    fn stored(&self, place: DraftPlace, name: &str) -> Option<String> {
        self.browser.storage(place, self.tab)?.get(name).cloned()
    }

    fn stored_names(&self, place: DraftPlace, prefix: &str) -> Vec<String> {
        let names = self.browser.storage(place, self.tab).into_iter().flat_map(BTreeMap::keys);
        names.filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    fn words(&self) -> &dyn Words {
        &English
    }
}
