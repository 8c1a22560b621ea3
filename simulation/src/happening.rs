//! What may happen, and schedules of it.

use std::fmt;
use std::str::FromStr;

/// A thing that may happen. `who` chooses among the forms, tabs or calls that there are, `what` among the ways; both are counted round, so every
/// value means something, and a schedule with a step taken out is still one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening {
    /// What kind of thing.
    pub kind: Kind,
    /// Which form, tab or call.
    pub who: u8,
    /// Which way.
    pub what: u8,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $weight:literal,)*) => {
        /// The kinds of things that may happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// How often each happens, beside the others.
            const WEIGHTS: &[u32] = &[$($weight,)*];
        }
    };
}

kinds! {
    /// The agent types into a field.
    Type: 24,
    /// The agent fills in all that a case needs.
    Fill: 12,
    /// A control's text changes without an event: dictation, an extension.
    Dictate: 4,
    /// The agent pastes IDs.
    PasteIds: 2,
    /// The agent chooses a reason.
    ChooseReason: 4,
    /// The agent goes into the description, or out of it.
    Description: 3,
    /// The agent decides about what was found in the subject.
    DecideSubject: 4,
    /// The agent decides about what was found in the description.
    DecideSecret: 4,
    /// The agent has the description shortened.
    Shorten: 2,
    /// The agent takes back a change that they did not type.
    Undo: 3,
    /// The agent presses the button that sends.
    Press: 26,
    /// The agent fills in what is empty and sends it, and the call goes on without a fault, as far as it comes.
    Send: 12,
    /// The agent goes back to the text, from a review or from an unknown outcome.
    GoBack: 6,
    /// The agent sends a text of unknown outcome again, after the warning.
    SendAgain: 2,
    /// The agent asks now what became of a case.
    AskNow: 3,
    /// The agent begins another case.
    AnotherCase: 4,
    /// The agent deletes the draft.
    DeleteDraft: 3,
    /// The agent restores what they deleted.
    RestoreDraft: 3,
    /// The agent goes on here with a draft that another tab has.
    ContinueHere: 5,

    /// The portal shows a customer, whole or in part.
    ShowCustomer: 12,
    /// The portal sets something else: the review, the names it knows, whether drafts are stored.
    SetOption: 3,
    /// The portal stores drafts elsewhere.
    SetPlace: 2,
    /// The portal says whose the drafts are, or no longer.
    NameAgent: 2,
    /// The portal checks the form, or resets it.
    PortalCalls: 2,
    /// The agent signs out.
    SignOut: 2,
    /// Another agent uses the browser.
    ChangeAgent: 2,
    /// The portal takes a form off the page, or puts one on.
    Mount: 4,

    /// A tab is opened.
    OpenTab: 4,
    /// A tab is copied.
    CopyTab: 2,
    /// A tab is reloaded.
    Reload: 6,
    /// A tab is closed.
    CloseTab: 3,
    /// A tab crashes, and is loaded anew.
    Crash: 3,
    /// A tab is put away.
    PutAway: 3,
    /// A tab is frozen, or goes on.
    Freeze: 3,
    /// The browser tells a form what is waiting for it: a lock, a sign-out in another tab.
    Tell: 12,
    /// The browser's storage is full, or no longer.
    FillStorage: 1,
    /// The computer's clock is set.
    SetClock: 1,
    /// Time passes.
    Wait: 24,

    /// A call goes on: to the proxy, or its answer to the form. It may be lost on the way.
    Network: 44,
    /// Wise does not do as it should at the next call.
    WiseFault: 6,
    /// Wise is slow, or no longer.
    WiseHolds: 4,
    /// Wise's webhooks arrive.
    Webhooks: 3,
    /// The proxy is killed and started again.
    KillProxy: 2,
}

/// A schedule: how the portal is set up, and what happens, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Where drafts are stored, and whether there is a review.
    pub setting: u8,
    /// What happens.
    pub steps: Vec<Happening>,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.setting)?;
        for Happening { kind, who, what } in &self.steps {
            write!(f, " {kind:?}/{who}/{what}")?;
        }
        Ok(())
    }
}

impl FromStr for Schedule {
    type Err = String;

    /// Reads what a failure prints.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_ascii_whitespace();
        let setting = number(words.next())?;
        let steps = words.map(|word| {
            let mut parts = word.split('/');
            let name = parts.next().unwrap_or_default();
            let kind = Kind::ALL.iter().find(|kind| format!("{kind:?}") == name);
            Ok(Happening {
                kind: *kind.ok_or_else(|| format!("no kind is called {name:?}"))?,
                who: number(parts.next())?,
                what: number(parts.next())?,
            })
        });
        let steps = steps.collect::<Result<_, String>>()?;
        Ok(Self { setting, steps })
    }
}

fn number(word: Option<&str>) -> Result<u8, String> {
    word.and_then(|word| word.parse().ok())
        .ok_or_else(|| format!("not a number up to 255: {word:?}"))
}

/// The fewest and the most steps of a schedule.
const STEPS: std::ops::Range<usize> = 12..70;

/// The schedule of a seed.
pub fn schedule(seed: u64) -> Schedule {
    let mut random = fastrand::Rng::with_seed(seed);
    let setting = random.u8(..);
    let length = random.usize(STEPS);
    let steps = (0..length).map(|_| Happening {
        kind: kind(&mut random),
        who: random.u8(..),
        what: random.u8(..),
    });
    let steps = steps.collect();
    Schedule { setting, steps }
}

/// One of the kinds, as often as its weight says.
fn kind(random: &mut fastrand::Rng) -> Kind {
    let mut at = random.u32(0..Kind::WEIGHTS.iter().sum());
    for (kind, weight) in Kind::ALL.iter().zip(Kind::WEIGHTS) {
        if at < *weight {
            return *kind;
        }
        at -= weight;
    }
    Kind::Wait
}
