//! The timers of one form.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use partner_case_model::{Event, Timer};

pub(super) struct Timers {
    dispatch: Rc<dyn Fn(Event)>,
    running: RefCell<Vec<(Timer, TimeoutHandle)>>,
}

impl Timers {
    pub(super) fn new(dispatch: impl Fn(Event) + 'static) -> Self {
        Self {
            dispatch: Rc::new(dispatch),
            running: RefCell::default(),
        }
    }

    /// Starts a timer, in place of the one that runs.
    pub(super) fn start(&self, timer: Timer, millis: u64) {
        self.stop(timer);
        let dispatch = self.dispatch.clone();
        // A browser's timers reach no further: 24 days.
        let millis = millis.min(i32::MAX.unsigned_abs().into());
        let handle = set_timeout_with_handle(move || dispatch(Event::TimerFired(timer)), Duration::from_millis(millis));
        if let Ok(handle) = handle {
            self.running.borrow_mut().push((timer, handle));
        }
    }

    pub(super) fn stop(&self, timer: Timer) {
        self.running.borrow_mut().retain(|(running, handle)| {
            if *running == timer {
                handle.clear();
            }
            *running != timer
        });
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        for (_, handle) in self.running.take() {
            handle.clear();
        }
    }
}
