//! What the browser has to do for a form.

use partner_case_core::{CaseId, Field};

use crate::announcement::{CopyTarget, PortalEvent};
use crate::draft::{DraftPlace, LockMode, LockScope, SignOut, Snapshot};
use crate::focus::FocusTarget;
use crate::submission::SendTicket;

/// Every side effect of a form. The runtime carries them out in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Write the model's text into a control, because it changed otherwise than by typing there.
    WriteControl(Control),
    /// Move the focus, once the view shows the model.
    Focus(FocusTarget),
    /// Copy a text. Answered by [`Event::Copied`](crate::Event::Copied).
    Copy(CopyTarget, String),
    /// Print a text and nothing else of the page.
    Print(String),
    /// Offer a text as a file with this name.
    Download(String, String),
    /// Scroll a field into view with its label, and focus its control.
    ShowField(Field),
    /// Select the description from a place on, in UTF-16 code units, and show that place.
    SelectDescriptionFrom(usize),

    /// Store a snapshot. A refusal is answered by [`Event::StoreRefused`](crate::Event::StoreRefused).
    Store {
        /// Where.
        place: DraftPlace,
        /// Under which name.
        name: String,
        /// What.
        snapshot: Box<Snapshot>,
    },
    /// Delete what is stored under a name.
    Delete {
        /// Where.
        place: DraftPlace,
        /// The name.
        name: String,
    },
    /// Tell the developer that a stored draft cannot be read and is left alone.
    ReportUnreadable,
    /// Ask for the lock of a draft, in place of the one that is held or waited for.
    RequestLock {
        /// Which request; the answer names it.
        request: u32,
        /// Among whom.
        scope: LockScope,
        /// The draft.
        name: String,
        /// How.
        mode: LockMode,
    },
    /// Release the lock that is held or waited for.
    ReleaseLock,
    /// Store the time of a sign-out for all tabs, and have all other forms and tabs of the origin delete what the agent typed.
    BroadcastSignOut(SignOut),
    /// Start a timer, in place of the one that runs.
    StartTimer(Timer, u64),
    /// Stop a timer.
    StopTimer(Timer),
    /// Have the browser ask before the page is closed, or no longer.
    WarnBeforeLeaving(bool),

    /// Ask the portal whether a case may be sent, and for its headers. Answered by [`Event::SendPrepared`](crate::Event::SendPrepared).
    PrepareSend(SendTicket),
    /// Post a case. Answered by [`Event::Posted`](crate::Event::Posted).
    Post(SendTicket, Vec<(String, String)>),
    /// Ask the proxy for the outcome of a submission. Answered by [`Event::OutcomeFetched`](crate::Event::OutcomeFetched).
    FetchOutcome {
        /// The submission's key.
        key: String,
        /// Where.
        url: String,
        /// What was sent, as JSON: under the key of a copied tab it may have been something else. None where the rules of this version do not
        /// take it any more.
        body: Option<String>,
    },
    /// Look a created case up. Answered by [`Event::CaseFetched`](crate::Event::CaseFetched).
    FetchCase {
        /// The case.
        id: CaseId,
        /// Where.
        url: String,
    },
    /// Tell the portal.
    Notify(PortalEvent),
}

/// A control of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The control of a field.
    Field(Field),
    /// The list of reasons.
    Reason,
}

impl Control {
    /// The ID of the element.
    pub const fn element_id(self) -> &'static str {
        match self {
            Self::Field(field) => field.attribute_name(),
            Self::Reason => "reason",
        }
    }

    /// The control with an ID.
    pub fn from_element_id(id: &str) -> Option<Self> {
        if id == Self::Reason.element_id() {
            return Some(Self::Reason);
        }
        Field::from_attribute_name(id).map(Self::Field)
    }
}

/// A timer of the form; each runs once at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// Store the draft once the agent pauses.
    Save,
    /// The draft's time is over.
    Expiry,
    /// How long to wait for a lock before saying that another tab has the draft.
    LockPatience,
    /// Look at the description while it has the focus.
    Description,
    /// Count down to the time from which sending again makes sense.
    RetryCountdown,
    /// Ask for something again.
    Poll(Poll),
}

/// What the form asks the proxy for again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// The outcome of a submission.
    Outcome,
    /// The status of a created case.
    Status,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_known_again_by_its_id() {
        for control in Field::ALL.map(Control::Field).into_iter().chain([Control::Reason]) {
            assert_eq!(Control::from_element_id(control.element_id()), Some(control));
        }
        assert_eq!(Control::Field(Field::TransferId).element_id(), "transfer-id");
        assert_eq!(Control::from_element_id("submit"), None);
    }
}
