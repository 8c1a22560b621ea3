//! Where drafts are kept: the memory of the page, or one of the browser's two storages.

use std::cell::RefCell;
use std::collections::BTreeMap;

use web_sys::Storage;

use super::SavedDraft;

/// What the names of all kept drafts start with.
pub(super) const PREFIX: &str = "partner-case-form:draft:";

/// Where drafts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DraftPlace {
    /// Nowhere: the form has one text, whatever the host shows beside it.
    None,
    /// In the page, until it is closed or loaded anew.
    #[default]
    Memory,
    /// In the tab, through a reload (`sessionStorage`).
    Session,
    /// In the browser, for all tabs (`localStorage`).
    Local,
}

impl DraftPlace {
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

    /// Whether other tabs may hold the same draft.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::Session | Self::Local)
    }

    /// The browser's storage; none where the page may not use it, as in a sandboxed frame.
    fn storage(self) -> Option<Storage> {
        let window = web_sys::window()?;
        match self {
            Self::None | Self::Memory => None,
            Self::Session => window.session_storage().ok().flatten(),
            Self::Local => window.local_storage().ok().flatten(),
        }
    }

    pub(super) fn read(self, name: &str) -> Option<SavedDraft> {
        match self {
            Self::None => None,
            Self::Memory => MEMORY.with_borrow(|drafts| drafts.get(name).cloned()),
            Self::Session | Self::Local => serde_json::from_str(&self.storage()?.get_item(name).ok()??).ok(),
        }
    }

    /// Keeps a draft. The answer is whether it is kept.
    pub(super) fn write(self, name: &str, draft: &SavedDraft) -> bool {
        match self {
            Self::None => false,
            Self::Memory => {
                MEMORY.with_borrow_mut(|drafts| drafts.insert(name.to_owned(), draft.clone()));
                true
            }
            Self::Session | Self::Local => self
                .storage()
                .is_some_and(|storage| serde_json::to_string(draft).is_ok_and(|json| storage.set_item(name, &json).is_ok())),
        }
    }

    pub(super) fn remove(self, name: &str) {
        match self {
            Self::None => {}
            Self::Memory => MEMORY.with_borrow_mut(|drafts| drop(drafts.remove(name))),
            Self::Session | Self::Local => {
                if let Some(storage) = self.storage() {
                    // Removing what is not there is no error.
                    let _ = storage.remove_item(name);
                }
            }
        }
    }

    /// The names of all drafts that are kept here and start with `prefix`.
    pub(super) fn names(self, prefix: &str) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::Memory => MEMORY.with_borrow(|drafts| drafts.keys().filter(|name| name.starts_with(prefix)).cloned().collect()),
            Self::Session | Self::Local => {
                let Some(storage) = self.storage() else { return Vec::new() };
                let count = storage.length().unwrap_or(0);
                (0..count)
                    .filter_map(|at| storage.key(at).ok().flatten())
                    .filter(|name| name.starts_with(prefix))
                    .collect()
            }
        }
    }
}

thread_local! {
    static MEMORY: RefCell<BTreeMap<String, SavedDraft>> = const { RefCell::new(BTreeMap::new()) };
}
