//! Where drafts are stored: the memory of the page, or one of the browser's two storages.

use std::cell::RefCell;

use partner_case_model::DraftPlace;
use web_sys::Storage;

thread_local! {
    /// What is stored in the memory of the page, for all its forms: names and texts.
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// The browser's storage; none where the page may not use it, as in a sandboxed frame.
fn storage(place: DraftPlace) -> Option<Storage> {
    let window = web_sys::window()?;
    match place {
        DraftPlace::None | DraftPlace::Memory => None,
        DraftPlace::Session => window.session_storage().ok().flatten(),
        DraftPlace::Local => window.local_storage().ok().flatten(),
    }
}

pub(super) fn read(place: DraftPlace, name: &str) -> Option<String> {
    if place == DraftPlace::Memory {
        return MEMORY.with_borrow(|stored| Some(stored.iter().find(|(known, _)| known == name)?.1.clone()));
    }
    storage(place)?.get_item(name).ok().flatten()
}

/// Stores a text. The answer is whether it is stored.
pub(super) fn write(place: DraftPlace, name: &str, text: &str) -> bool {
    if place == DraftPlace::Memory {
        remove(place, name);
        MEMORY.with_borrow_mut(|stored| stored.push((name.to_owned(), text.to_owned())));
        return true;
    }
    storage(place).is_some_and(|storage| storage.set_item(name, text).is_ok())
}

pub(super) fn remove(place: DraftPlace, name: &str) {
    if place == DraftPlace::Memory {
        MEMORY.with_borrow_mut(|stored| stored.retain(|(known, _)| known != name));
    } else if let Some(storage) = storage(place) {
        // Removing what is not there is no error.
        let _ = storage.remove_item(name);
    }
}

/// The names of everything that is stored in a place and starts with `prefix`.
pub(super) fn names(place: DraftPlace, prefix: &str) -> Vec<String> {
    if place == DraftPlace::Memory {
        let known = |stored: &Vec<(String, String)>| stored.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let mut names = MEMORY.with_borrow(known);
        names.retain(|name| name.starts_with(prefix));
        return names;
    }
    let Some(storage) = storage(place) else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    (0..count)
        .filter_map(|at| storage.key(at).ok().flatten())
        .filter(|name| name.starts_with(prefix))
        .collect()
}

/// Deletes what is stored in the memory of the page under names that start with `prefix`: for a sign-out while no form is there.
pub(crate) fn forget_in_memory(prefix: &str) {
    MEMORY.with_borrow_mut(|stored| stored.retain(|(name, _)| !name.starts_with(prefix)));
}

/// Tells the developer that a stored draft cannot be read. Its name holds IDs of the customer, so it is not said.
pub(super) fn report_unreadable() {
    web_sys::console::warn_1(&"partner-case-form: a stored draft cannot be read; it is left alone".into());
}
