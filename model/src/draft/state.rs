//! The state of the present customer's draft.

use partner_case_core::{CaseInput, Field};

use super::lock::LockScope;
use super::place::DraftAddress;
use super::snapshot::Snapshot;
use crate::env::Env;

/// The draft of the present customer.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Where it is, and for how long.
    pub status: DraftStatus,
    /// What has just happened to it.
    pub event: Option<DraftEvent>,
    /// Where it is stored. Without a name before the form has started.
    pub(crate) address: DraftAddress,
    /// Whether this form may write it.
    pub(crate) is_writer: bool,
    /// The lock that is held or waited for. Each request has a number of its own, so that the answer to an earlier one is recognised.
    pub(crate) lock_request: u32,
    pub(crate) is_waiting_for_lock: bool,
    /// Whether something is stored under its name that this version cannot read. A newer version may have written it, so it stays.
    pub(crate) is_unreadable: bool,
    /// When the agent changed it last, by the clock of the page; none while there is nothing to store. A clock that is set in the meantime
    /// makes the draft neither older nor younger.
    pub(crate) changed_at: Option<PageTime>,
    /// The texts as they were stored last.
    pub(crate) stored_input: Option<CaseInput>,
    /// The digest of the texts that this form has stored last, to notice another tab's.
    pub(crate) stored_digest: Option<u64>,
    /// What the agent has deleted, until they type again.
    pub(crate) deleted: Option<Box<Snapshot>>,
    pub(crate) save_timer: Option<SaveTimer>,
    /// The last sign-out of this agent that the form knows of: its mark, a number that grows.
    pub(crate) sign_out_mark: Option<u64>,
    /// The agent before, if the portal has taken their name away since: what the names of their drafts start with, and the last sign-out that
    /// was known then.
    pub(crate) last_named: Option<(String, Option<u64>)>,
}

/// Where the draft is, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DraftStatus {
    /// There is nothing to store, or the portal stores no drafts.
    #[default]
    Empty,
    /// It is stored until the page is closed.
    InMemory,
    /// It is stored in the browser.
    Stored {
        /// Whether for all tabs, or for this one.
        for_all_tabs: bool,
        /// Until when, in milliseconds since 1970.
        until_millis: u64,
    },
    /// The browser did not store it.
    NotStored,
    /// All of it is stored but the description, which holds a secret.
    WithoutDescription,
    /// Another tab has it, or another form of the page.
    Elsewhere(LockScope),
}

/// Whose draft is stored: the ID by which the customer before differs from the present one, if it was known.
pub type ParkedOf = Option<(Field, i64)>;

/// What has just happened to the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftEvent {
    /// It is back.
    Restored {
        /// When the agent changed it last, in milliseconds since 1970.
        changed_at_millis: u64,
    },
    /// The draft of the customer before is stored.
    Parked(ParkedOf),
    /// The agent deleted it.
    Deleted,
}

/// A time by the clock of the page, in milliseconds. It may be before the page was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageTime(i128);

impl PageTime {
    /// The present.
    pub(crate) fn now(env: &dyn Env) -> Self {
        Self(env.page_millis().into())
    }

    /// What was at a time since 1970, if the browser's clock is right now.
    pub(crate) fn of(millis: u64, env: &dyn Env) -> Self {
        let age = i128::from(env.now_millis()) - i128::from(millis);
        Self(i128::from(env.page_millis()) - age)
    }

    /// The same time in milliseconds since 1970, by the browser's clock as it is now.
    pub(crate) fn since_1970(self, env: &dyn Env) -> u64 {
        let age = i128::from(env.page_millis()) - self.0;
        u64::try_from(i128::from(env.now_millis()) - age).unwrap_or_default()
    }
}

/// The pause that the form waits for before it stores the draft.
#[derive(Debug, Clone, Default)]
pub(crate) struct SaveTimer {
    pub(crate) pauses: u8,
    pub(crate) has_changed_again: bool,
}

impl Draft {
    /// Whether closing the page loses nothing.
    pub(crate) const fn survives_the_page(&self) -> bool {
        matches!(self.status, DraftStatus::Stored { .. })
    }
}
