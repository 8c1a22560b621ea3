//! A sign-out reaches every form and tab of the origin.

use std::cell::RefCell;

use partner_case_model::Event;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// The name of the channel. Its messages are the starts of drafts' names.
const CHANNEL: &str = "partner-case-form:sign-out";

/// Where a form hears of a sign-out, and says so. Without it, as in old browsers, a form hears of none.
pub(super) struct SignOutChannel {
    channel: RefCell<Option<BroadcastChannel>>,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl SignOutChannel {
    pub(super) fn new(dispatch: impl Fn(Event) + 'static) -> Self {
        let listener = Closure::new(move |message: MessageEvent| {
            if let Some(prefix) = message.data().as_string() {
                dispatch(Event::SignedOut { elsewhere: Some(prefix) });
            }
        });
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        }
        Self {
            channel: RefCell::new(channel),
            _listener: listener,
        }
    }

    pub(super) fn send(&self, prefix: &str) {
        if let Some(channel) = &*self.channel.borrow() {
            // A closed channel takes no message; this one is open.
            let _ = channel.post_message(&prefix.into());
        }
    }

    pub(super) fn close(&self) {
        if let Some(channel) = self.channel.take() {
            channel.close();
        }
    }
}
