//! Every schedule of a few steps: what a press, a lost answer, a second tab and a change of customer can do to each other in any order.

use crate::happening::{Happening, Kind, Schedule};

/// What may happen: the fewest things that bring a submission into each of its states, in two tabs that share a draft.
const STEPS: [(Kind, u8, u8); 12] = [
    (Kind::Fill, 0, 0),
    (Kind::Press, 0, 0),
    (Kind::Press, 1, 0),
    // A call goes on as it should: to the proxy, to its answer, back.
    (Kind::Network, 0, 255),
    // A call is lost on its way out, or its answer on its way back.
    (Kind::Network, 0, 1),
    (Kind::Network, 0, 16),
    (Kind::CopyTab, 0, 0),
    (Kind::ContinueHere, 0, 0),
    (Kind::ShowCustomer, 0, 2),
    (Kind::GoBack, 0, 0),
    (Kind::Reload, 0, 0),
    (Kind::Wait, 0, 3),
];

/// Where drafts are stored in them: in the session, in the browser, in the page's memory.
const SETTINGS: [u8; 3] = [0, 1, 3];

/// How many schedules of so many steps there are.
pub fn count(depth: u32) -> u64 {
    (STEPS.len() as u64).pow(depth) * SETTINGS.len() as u64
}

/// One of them, by its number.
pub fn schedule_of(mut number: u64, depth: u32) -> Schedule {
    let mut next = |base: usize| {
        let at = number % base as u64;
        number /= base as u64;
        usize::try_from(at).unwrap_or_default()
    };
    let setting = SETTINGS[next(SETTINGS.len())];
    let steps = (0..depth).map(|_| {
        let (kind, who, what) = STEPS[next(STEPS.len())];
        Happening { kind, who, what }
    });
    // Every one begins with a text that can be sent.
    let begin = Happening {
        kind: Kind::Fill,
        who: 0,
        what: 0,
    };
    Schedule {
        setting,
        steps: std::iter::once(begin).chain(steps).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_schedule_comes_once() {
        let depth = 2;
        let all: HashSet<String> = (0..count(depth))
            .map(|number| format!("{:?}", schedule_of(number, depth)))
            .collect();
        assert_eq!(all.len() as u64, count(depth));
    }
}
