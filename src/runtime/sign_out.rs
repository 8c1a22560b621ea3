//! A sign-out reaches every form and tab of the origin.

use std::cell::RefCell;

use partner_case_model::{DraftPlace, Event, SignOut};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::storage;

/// The name of the channel. Its messages are those of [`SignOut`].
const CHANNEL: &str = "partner-case-form:sign-out";

/// Where a form hears of a sign-out, and says so. Without it, as in old browsers, a form hears of none.
pub(super) struct SignOutChannel {
    channel: RefCell<Option<BroadcastChannel>>,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl SignOutChannel {
    pub(super) fn new(dispatch: impl Fn(Event) + 'static) -> Self {
        let listener = Closure::new(move |message: MessageEvent| {
            let said = message.data().as_string();
            if let Some(sign_out) = said.and_then(|said| SignOut::from_message(&said)) {
                dispatch(Event::SignedOut {
                    elsewhere: Some(sign_out),
                });
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

    /// Tells all others, and leaves word for those who hear it too late.
    pub(super) fn send(&self, sign_out: &SignOut) {
        storage::write(DraftPlace::Local, &sign_out.mark_name(), &sign_out.mark.to_string());
        if let Some(channel) = &*self.channel.borrow() {
            // A closed channel takes no message; this one is open.
            let _ = channel.post_message(&sign_out.to_message().into());
        }
    }

    pub(super) fn close(&self) {
        if let Some(channel) = self.channel.take() {
            channel.close();
        }
    }
}
