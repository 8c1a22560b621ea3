//! Where drafts are stored, and under which names.

use partner_case_core::{CaseInput, Field};

use super::lock::LockScope;

/// What the names of all stored drafts start with.
pub(crate) const PREFIX: &str = "partner-case-form:draft:";

/// Where drafts are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DraftPlace {
    /// Nowhere: the form has one text, whatever the portal shows beside it.
    None,
    /// In the page, until it is closed or reloaded.
    #[default]
    Memory,
    /// In the tab, through a reload (`sessionStorage`).
    Session,
    /// In the browser, for all tabs (`localStorage`).
    Local,
}

impl DraftPlace {
    /// Every place that stores something.
    pub(crate) const STORING: [Self; 3] = [Self::Memory, Self::Session, Self::Local];

    /// The place that an attribute names.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "none" => Self::None,
            "memory" => Self::Memory,
            "session" => Self::Session,
            "local" => Self::Local,
            _ => return None,
        })
    }

    /// Among whom one form at a time stores the draft of a customer. Each tab has a memory and a session of its own; a copy of a tab has a copy of
    /// the draft, with the same key.
    pub(crate) const fn lock_scope(self) -> Option<LockScope> {
        match self {
            Self::None => None,
            Self::Memory | Self::Session => Some(LockScope::Page),
            Self::Local => Some(LockScope::Browser),
        }
    }

    /// Whether the browser writes it to its disk.
    pub(crate) const fn is_on_disk(self) -> bool {
        matches!(self, Self::Session | Self::Local)
    }
}

/// How drafts are stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftSettings {
    pub(crate) place: DraftPlace,
    /// After how long a draft that nobody changes is deleted, in minutes.
    pub(crate) ttl_minutes: u32,
    /// What separates the drafts of one agent from those of another: they may share a browser.
    pub(crate) scope: String,
}

impl DraftSettings {
    pub(crate) const fn ttl_millis(&self) -> u64 {
        self.ttl_minutes as u64 * 60_000
    }

    /// Whether the portal has said whose the drafts are.
    pub(crate) fn is_named(&self) -> bool {
        !self.scope.trim().is_empty()
    }

    /// What the names of this scope's drafts start with.
    fn prefix(&self, endpoint: &str) -> String {
        format!("{PREFIX}{endpoint}|{}|", self.scope)
    }

    /// Where the draft of a customer is stored.
    pub(crate) fn address(&self, endpoint: &str, prefill: &CaseInput) -> DraftAddress {
        let customer = [Field::UserId, Field::TransferId].map(|field| prefill[field].trim().to_owned());
        let prefix = self.prefix(endpoint);
        DraftAddress {
            place: self.place,
            name: format!("{prefix}{}", customer.join("|")),
            prefix,
        }
    }
}

/// What the names of the drafts of an agent start with, out of one of them: all but the two IDs of the customer.
pub(crate) fn prefix_of(name: &str) -> Option<&str> {
    let (start, _) = name.rsplit_once('|')?;
    let (start, _) = start.rsplit_once('|')?;
    name.get(..=start.len())
}

/// What the names start with under which the memory of the page has what was typed beside a draft, by forms that did not have the draft's lock.
pub(crate) fn beside_name(name: &str) -> String {
    [name, "#beside"].concat()
}

/// Where a draft is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftAddress {
    pub(crate) place: DraftPlace,
    pub(crate) name: String,
    /// What the names of this agent's drafts start with.
    pub(crate) prefix: String,
}
