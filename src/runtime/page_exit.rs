//! The browser's own question before a page is closed.

use std::cell::RefCell;

use leptos::prelude::*;

/// Has the browser ask before the page is closed, while it is set.
#[derive(Default)]
pub(super) struct ExitWarning(RefCell<Option<WindowListenerHandle>>);

impl ExitWarning {
    pub(super) fn set(&self, warns: bool) {
        let listener = warns.then(|| window_event_listener_untyped("beforeunload", |event| event.prevent_default()));
        if let Some(before) = self.0.replace(listener) {
            before.remove();
        }
    }
}
