//! What a search has reached: which events happened in which state of a submission.

use std::collections::BTreeMap;

use partner_case_model::Event;

use crate::promise::Promise;

/// The states of a submission.
const STATES: [&str; 8] = [
    "Editing",
    "Reviewing",
    "Sending",
    "Created",
    "Rejected",
    "NotSent",
    "OutcomeUnknown",
    "Reconsidering",
];

/// The events of a form.
const EVENTS: [&str; 47] = [
    "Started",
    "OptionsChanged",
    "Unmounted",
    "Typed",
    "ControlsRead",
    "ReasonChosen",
    "IdsPasted",
    "DescriptionEntered",
    "DescriptionLeft",
    "FindingMoved",
    "FindingDismissed",
    "SecretMasked",
    "SecretDismissed",
    "DescriptionShortened",
    "UndoRequested",
    "ValidateRequested",
    "SubmitRequested",
    "ReviewLeft",
    "EditRequested",
    "SendAgainConfirmed",
    "OutcomeCheckRequested",
    "AnotherCaseRequested",
    "ResetRequested",
    "SignedOut",
    "DraftDeleted",
    "DraftRestoreRequested",
    "LockStealRequested",
    "PageLeft",
    "LockGranted",
    "LockLost",
    "StoreRefused",
    "TimerFired(Save)",
    "TimerFired(Expiry)",
    "TimerFired(LockPatience)",
    "TimerFired(Description)",
    "TimerFired(RetryCountdown)",
    "TimerFired(Poll(Outcome))",
    "TimerFired(Poll(Status))",
    "SendPrepared",
    "Posted",
    "OutcomeFetched",
    "CaseFetched",
    "CopyRequested",
    "PrintRequested",
    "DownloadRequested",
    "ErrorFollowed",
    "CutRequested",
];

/// What a search has reached.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    reached: BTreeMap<(&'static str, &'static str), u64>,
    /// How many schedules were tried.
    pub schedules: u64,
    /// How many things happened.
    pub happenings: u64,
    /// How many cases were created at Wise.
    pub cases: u64,
    /// How many promises were found broken, by promise.
    pub broken: BTreeMap<Promise, u64>,
}

impl Coverage {
    /// Notes that an event happens in a state.
    pub(crate) fn note(&mut self, state: &'static str, event: &Event) {
        let name = name(event);
        *self.reached.entry((state, name)).or_default() += 1;
    }

    /// Adds what another search has reached.
    pub fn add(&mut self, other: &Self) {
        for (pair, count) in &other.reached {
            *self.reached.entry(*pair).or_default() += count;
        }
        for (promise, count) in &other.broken {
            *self.broken.entry(*promise).or_default() += count;
        }
        self.schedules += other.schedules;
        self.happenings += other.happenings;
        self.cases += other.cases;
    }

    /// How many pairs of state and event there are, and how many of them were reached.
    pub fn pairs(&self) -> (usize, usize) {
        (self.reached.len(), STATES.len() * EVENTS.len())
    }

    /// The pairs that were never reached, a line an event.
    pub fn never(&self) -> Vec<String> {
        let missing = |event: &'static str| {
            let states: Vec<&str> = STATES
                .into_iter()
                .filter(|state| !self.reached.contains_key(&(*state, event)))
                .collect();
            (!states.is_empty()).then(|| format!("{event}: {}", states.join(", ")))
        };
        EVENTS.into_iter().filter_map(missing).collect()
    }
}

/// The name of an event, with what a timer is for.
fn name(event: &Event) -> &'static str {
    let debug = match event {
        Event::TimerFired(_) => format!("{event:?}"),
        // Its contents are long.
        _ => {
            let mut name = format!("{event:.0?}");
            let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
            name.truncate(end);
            name
        }
    };
    EVENTS.into_iter().find(|known| *known == debug).unwrap_or("Other")
}
