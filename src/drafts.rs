//! Keeping what a person typed: through a change of customer, a reload, a second tab.
//!
//! One draft for each customer context, which is the user and the transfer that the host has prefilled. It is kept while there is
//! something to keep, and forgotten when the case is created, when a person deletes it, or when its time is over.

mod address;
mod keeping;
mod lock;
mod saved;
mod sharing;
mod storage;

use std::cell::RefCell;
use std::collections::BTreeSet;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use partner_case_core::CaseDraft;

use self::address::DraftAddress;
use self::keeping::{Kept, forget_expired};
use self::lock::{Ask, Lock};
pub(crate) use self::saved::{SavedDraft, SentDraft, SentStage};
pub(crate) use self::storage::DraftPlace;
use crate::clock;
use crate::form::CaseForm;
use crate::messages::Message;
use crate::submission::Submission;

/// How drafts are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DraftSettings {
    pub(crate) place: DraftPlace,
    /// After how long a draft that nobody touches is forgotten, in minutes.
    pub(crate) ttl_minutes: u32,
    /// What tells the drafts of one member of staff from those of another: they may share a browser.
    pub(crate) scope: String,
}

impl DraftSettings {
    const fn ttl_millis(&self) -> u64 {
        self.ttl_minutes as u64 * 60_000
    }

    /// What the names of this scope's drafts start with.
    fn prefix(&self, endpoint: &str) -> String {
        format!("{}{endpoint}|{}|", storage::PREFIX, self.scope)
    }

    /// The name of a customer's draft.
    fn name(&self, endpoint: &str, prefill: &CaseDraft) -> String {
        format!(
            "{}{}|{}",
            self.prefix(endpoint),
            prefill.user_id.trim(),
            prefill.transfer_id.trim()
        )
    }
}

/// What is said of the keeping of the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DraftNote {
    /// There is nothing to keep, or the host keeps no drafts.
    #[default]
    Nothing,
    /// It is kept until the page is closed.
    InMemory,
    /// It is kept in the browser until then, in milliseconds since 1970.
    Stored { place: DraftPlace, until_millis: u64 },
    /// The browser refused to keep it.
    NotKept,
    /// All of it is kept but the description, which holds what must be stored nowhere.
    WithoutDescription,
    /// Another tab has it.
    Elsewhere,
}

/// What has just happened to the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DraftEvent {
    /// It is back. When it was kept, in milliseconds since 1970.
    Restored { saved_at_millis: u64 },
    /// The draft of another customer was put aside.
    Parked,
    /// A person deleted it.
    Deleted,
}

/// The keeper of one form's drafts. It is a handle, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drafts {
    form: CaseForm,
    pub(crate) note: RwSignal<DraftNote>,
    pub(crate) event: RwSignal<Option<DraftEvent>>,
    inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Default)]
struct Inner {
    settings: DraftSettings,
    endpoint: String,
    /// The name of the draft, made of the customer's context.
    name: String,
    /// Whether this form may write the draft.
    owned: bool,
    lock: Option<Lock>,
    /// Whether the lock was asked for and has not been granted.
    waiting: bool,
    /// Counts the contexts, so that what was begun for one does not end in another.
    opening: u32,
    save_timer: Option<TimeoutHandle>,
    /// Whether something has changed since that timer was set.
    changed_again: bool,
    expiry_timer: Option<TimeoutHandle>,
    /// The texts as they were kept last.
    kept: Option<CaseDraft>,
    /// What a person has deleted, until they type again.
    deleted: Option<SavedDraft>,
}

impl Inner {
    fn stop_expiry(&mut self) {
        if let Some(timer) = self.expiry_timer.take() {
            timer.clear();
        }
    }

    fn place(&self) -> DraftPlace {
        self.settings.place
    }
}

/// Forgets the drafts in the page's memory whose names start with `prefix`.
pub(crate) fn forget_in_memory(prefix: &str) {
    for name in DraftPlace::Memory.names(prefix) {
        DraftPlace::Memory.remove(&name);
    }
}

thread_local! {
    /// The drafts that a form of this page has open: two forms for one customer do not write over each other.
    static OPEN_HERE: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

impl Drafts {
    pub(crate) fn new(form: CaseForm) -> Self {
        let drafts = Self {
            form,
            note: RwSignal::default(),
            event: RwSignal::new(None),
            inner: StoredValue::new_local(Inner::default()),
        };
        Effect::new(move |_| {
            form.edits.track();
            form.submission.track();
            drafts.save_soon();
        });
        drafts
    }

    /// Takes over what the host has set: the first time, or anew. For another customer the form starts over, and what was typed is put
    /// aside.
    pub(crate) fn set(self, settings: DraftSettings, endpoint: &str, prefill: CaseDraft) {
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let name = settings.name(&endpoint, &prefill);
        let (same, first) = self.inner.with_value(|inner| {
            let same_place = inner.place() == settings.place;
            (
                (same_place && inner.name == name) || inner.name.is_empty(),
                inner.name.is_empty(),
            )
        });
        if same {
            self.form.prefill(prefill);
            self.inner.update_value(|inner| {
                inner.settings = settings;
                inner.endpoint = endpoint;
                inner.name = name;
            });
            if first {
                self.open();
            }
            return;
        }
        let goes_on = self.inner.with_value(|inner| inner.place() == DraftPlace::None) || settings.place == DraftPlace::None;
        if goes_on {
            // Drafts are switched on or off, or are off: the text stays where it is.
            self.form.prefill(prefill.clone());
        }
        let parked = !goes_on && self.form.has_content();
        let kept = self.close();
        if parked && kept != Kept::Whole {
            self.put_aside();
        }
        self.inner.update_value(|inner| {
            inner.settings = settings;
            inner.endpoint = endpoint;
            inner.name = name;
            inner.deleted = None;
        });
        self.event.set(None);
        self.note.set(DraftNote::Nothing);
        if !goes_on {
            self.form.start_over_with(prefill);
        }
        if parked {
            self.event.set(Some(DraftEvent::Parked));
            self.say(Message::DraftParked);
        }
        self.open();
    }

    /// Keeps the whole draft in memory: the form is about to be emptied for another customer, and the browser has not kept all of it. This
    /// comes after what the browser has kept, because the later of two is the one that is brought back.
    fn put_aside(self) {
        if let Some(mut draft) = self.stamped() {
            self.inner.with_value(|inner| {
                // The clock may have been set back since.
                if let Some(stored) = inner.place().read(&inner.name) {
                    draft.saved_at_millis = draft.saved_at_millis.max(stored.saved_at_millis.saturating_add(1));
                }
                DraftPlace::Memory.write(&inner.name, &draft);
            });
        }
    }

    /// Starts to keep the draft of the present context, and brings it back if there is one.
    fn open(self) {
        let (place, name, opening) = self
            .inner
            .try_update_value(|inner| {
                inner.opening = inner.opening.wrapping_add(1);
                inner.owned = false;
                inner.kept = None;
                (inner.place(), inner.name.clone(), inner.opening)
            })
            .unwrap_or_default();
        forget_expired(place);
        match place {
            DraftPlace::None => {}
            // Each tab has a storage of its own. A copy of a tab has a copy of the draft, with the same key.
            DraftPlace::Memory | DraftPlace::Session => {
                if OPEN_HERE.with_borrow_mut(|open| open.insert(name)) {
                    self.own_and_load();
                }
            }
            DraftPlace::Local => self.ask_for_lock(Ask::Wait, opening),
        }
    }

    /// Deletes the draft, in the form and where it is kept. Until a person types again it can be brought back.
    pub(crate) fn delete(self) {
        let deleted = self.stamped();
        self.clear();
        if deleted.is_some() {
            self.inner.update_value(|inner| inner.deleted = deleted);
            self.event.set(Some(DraftEvent::Deleted));
            self.say(Message::DraftDeleted);
        }
    }

    /// Brings back what was deleted last.
    pub(crate) fn undo_delete(self) {
        if let Some(draft) = self.inner.try_update_value(|inner| inner.deleted.take()).flatten() {
            self.form.restore(&draft);
            self.event.set(None);
            self.save();
        }
    }

    /// Forgets the draft of the present customer.
    pub(crate) fn clear(self) {
        self.form.reset();
        self.event.set(None);
        self.inner.update_value(|inner| inner.deleted = None);
        self.save();
    }

    /// Forgets the drafts of all customers in this scope, as at a sign-out.
    pub(crate) fn clear_all(self) {
        self.clear();
        let prefix = self.inner.with_value(|inner| inner.settings.prefix(&inner.endpoint));
        for place in [DraftPlace::Memory, DraftPlace::Session, DraftPlace::Local] {
            for name in place.names(&prefix) {
                place.remove(&name);
            }
        }
    }

    /// Whether closing the page would lose something.
    pub(crate) fn would_be_lost(self) -> bool {
        self.note.track();
        self.form.edits.track();
        if self.form.submission.get() == Submission::Sending {
            return true;
        }
        self.form.has_content() && !matches!(self.note.get(), DraftNote::Stored { .. })
    }

    /// Stops keeping the draft of the present context; what was kept stays.
    pub(crate) fn close(self) -> Kept {
        let kept = self.write();
        let closed = self.inner.try_update_value(|inner| {
            for timer in [inner.save_timer.take(), inner.expiry_timer.take()].into_iter().flatten() {
                timer.clear();
            }
            inner.opening = inner.opening.wrapping_add(1);
            let owned = std::mem::take(&mut inner.owned);
            let open_here = owned && matches!(inner.place(), DraftPlace::Memory | DraftPlace::Session);
            (inner.lock.take(), open_here, inner.name.clone())
        });
        if let Some((_lock, true, name)) = closed {
            OPEN_HERE.with_borrow_mut(|open| open.remove(&name));
        }
        kept
    }

    /// Where the draft of the present context is kept, for a submission that may end when the form holds another.
    pub(crate) fn address(self) -> DraftAddress {
        self.inner.with_value(|inner| DraftAddress {
            place: inner.place(),
            name: inner.name.clone(),
        })
    }

    /// A time as the reader writes it, with its day if that is not today.
    pub(crate) fn written(self, millis: u64) -> String {
        crate::intl::moment(&self.form.texts.locale(), clock::as_float(millis))
    }

    fn say(self, message: Message) {
        self.form.said.set(Some(self.form.texts.get(message)));
    }
}
