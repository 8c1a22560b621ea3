//! Time passes.

use partner_case_model::{Event, FetchOutcome};

use super::World;
use crate::network::{CallKind, Stage};

/// After how long the form gives up waiting for an answer, in milliseconds (src/runtime/http.rs).
const PATIENCE_MILLIS: u64 = 45_000;

/// More turns than anything takes that comes to an end.
const TURNS_MAX: u32 = 10_000;

impl World<'_> {
    /// Lets time pass; what is due happens in its order. A frozen page hears nothing.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.browser.steady + millis;
        for turn in 0.. {
            assert!(turn < TURNS_MAX, "it goes on for ever");
            for form in self.usable() {
                for turn in 0.. {
                    assert!(turn < TURNS_MAX, "the browser tells a form for ever");
                    if !self.tell(form) {
                        break;
                    }
                }
            }
            let usable = self.usable();
            let timers = usable
                .iter()
                .flat_map(|form| self.forms[*form].timers.iter().map(|(timer, at)| (*at, *form, *timer)));
            let Some((at, form, timer)) = timers.filter(|(at, ..)| *at <= end).min_by_key(|(at, form, _)| (*at, *form)) else {
                break;
            };
            self.browser.steady = self.browser.steady.max(at);
            self.forms[form].timers.retain(|(known, _)| *known != timer);
            self.dispatch(form, Event::TimerFired(timer));
        }
        self.browser.steady = end;
        self.give_up_waiting();
    }

    /// A form does not wait for an answer for ever.
    fn give_up_waiting(&mut self) {
        let now = self.browser.steady;
        for at in 0..self.calls.len() {
            let call = &self.calls[at];
            let waits = now.saturating_sub(call.since) >= PATIENCE_MILLIS;
            let is_open = !matches!(call.stage, Stage::GivenUp) && !matches!(call.kind, CallKind::Prepare(_));
            if waits && is_open && !self.browser.tabs[self.forms[call.form].tab].is_frozen {
                let event = call.kind.ended(FetchOutcome::NoAnswer);
                let form = call.form;
                self.calls[at].stage = Stage::GivenUp;
                if self.forms[form].is_alive {
                    self.dispatch(form, event);
                }
            }
        }
        self.calls.retain(|call| !matches!(call.stage, Stage::GivenUp));
    }
}
