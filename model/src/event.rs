//! What can happen to a form.

use partner_case_core::{CaseId, Field, PersonalDataFinding, SecretFinding};

use crate::announcement::CopyTarget;
use crate::command::Timer;
use crate::draft::{DraftPlace, LockGrant, SignOut, Snapshot};
use crate::interpret::FetchOutcome;
use crate::options::FormOptions;
use crate::reason::Reason;
use crate::submission::SendTicket;

/// Everything that can happen to a form: from the agent, the portal, the browser, the proxy or a timer.
#[derive(Debug, Clone)]
pub enum Event {
    /// The lazy part is there: the form can check, store and send.
    Started,
    /// The portal has set something.
    OptionsChanged(Box<FormOptions>),
    /// The form leaves the page.
    Unmounted,

    /// The agent changed a field's text, by typing or by anything else that changes a control.
    Typed {
        /// The field.
        field: Field,
        /// Its whole text.
        text: String,
    },
    /// The controls show texts that no event has said. It is one event: what one text changes in another must not be taken for typed.
    ControlsRead(Vec<(Field, String)>),
    /// The agent chose a reason, or none.
    ReasonChosen(Option<Reason>),
    /// The agent pasted a text with IDs in it; each goes to a field (see [`pasted_ids_for`](crate::pasted_ids_for)).
    IdsPasted(Vec<(Field, i64)>),
    /// The description got the focus.
    DescriptionEntered,
    /// The description lost the focus.
    DescriptionLeft,
    /// Move personal data from the subject to the description.
    FindingMoved(PersonalDataFinding),
    /// The agent says that a finding is no personal data.
    FindingDismissed(PersonalDataFinding),
    /// Mask a secret in the description.
    SecretMasked(SecretFinding),
    /// The agent says that a finding is no secret.
    SecretDismissed(SecretFinding),
    /// Shorten the description.
    DescriptionShortened(Shortening),
    /// Take back the last change of a text that the agent did not type.
    UndoRequested,

    /// Check the form without sending it.
    ValidateRequested,
    /// Check the form and send it; with a review, show it first.
    SubmitRequested,
    /// Go back from the review to the text.
    ReviewLeft,
    /// Go back to a text whose outcome is unknown, or to that of a case that failed.
    EditRequested,
    /// Send the text of an unknown outcome as a new case: the agent has checked.
    SendAgainConfirmed,
    /// Ask the proxy now what became of the case.
    OutcomeCheckRequested,
    /// Start another case.
    AnotherCaseRequested,
    /// Copy a text.
    CopyRequested(CopyTarget, String),
    /// Print a text.
    PrintRequested(String),
    /// Download a text as a file with this name.
    DownloadRequested(String, String),
    /// Go to the field that has an error.
    ErrorFollowed(Field),
    /// Show where Wise would cut the description.
    CutRequested,

    /// Empty the form and delete its draft, at the portal's word.
    ResetRequested,
    /// Delete the drafts of all customers: the agent has signed out, here or elsewhere.
    SignedOut {
        /// What another form or tab said, if it was one.
        elsewhere: Option<SignOut>,
    },
    /// Delete the draft, at the agent's word. It can be restored until they type again.
    DraftDeleted,
    /// Restore the draft that was deleted last.
    DraftRestoreRequested,
    /// Continue here with a draft that another tab has.
    LockStealRequested,

    /// The tab is put away, or the page is left.
    PageLeft,
    /// The form holds the lock of its draft now.
    LockGranted {
        /// Which request.
        request: u32,
        /// How it was got.
        grant: LockGrant,
    },
    /// Another tab took the lock.
    LockLost {
        /// Which request.
        request: u32,
    },
    /// The browser gives no locks.
    LockRefused {
        /// Which request.
        request: u32,
    },
    /// The browser did not store a snapshot.
    StoreRefused {
        /// Where it was to be stored.
        place: DraftPlace,
        /// Under which name.
        name: String,
        /// What was to be stored.
        snapshot: Box<Snapshot>,
    },
    /// A text was copied, or not.
    Copied(CopyTarget, bool),
    /// A timer fired.
    TimerFired(Timer),

    /// The portal has decided about a submission that is about to be sent.
    SendPrepared(SendTicket, Prepared),
    /// The call that creates the case has ended.
    Posted(SendTicket, FetchOutcome),
    /// The call that asks for the outcome of a submission has ended.
    OutcomeFetched {
        /// The submission's key.
        key: String,
        /// How the call ended.
        outcome: FetchOutcome,
    },
    /// The call that looks a created case up has ended.
    CaseFetched {
        /// The case.
        id: CaseId,
        /// How the call ended.
        outcome: FetchOutcome,
    },
}

impl Event {
    /// Whether the form decides something by its text: the controls are read before, as dictation, extensions and password managers change
    /// them without an event.
    pub const fn needs_current_text(&self) -> bool {
        match self {
            // A transfer changes the suggested subject, in whose place another may stand by now.
            Self::Typed { field, .. } => matches!(field, Field::TransferId),
            Self::ControlsRead(_) | Self::Started | Self::Copied(..) => false,
            _ => true,
        }
    }

    /// Whether the agent changes the draft by it: a draft is stored for a time that counts from the last such change.
    pub(crate) const fn is_change_by_agent(&self) -> bool {
        matches!(
            self,
            Self::Typed { .. }
                | Self::ControlsRead(_)
                | Self::ReasonChosen(_)
                | Self::IdsPasted(_)
                | Self::FindingMoved(_)
                | Self::FindingDismissed(_)
                | Self::SecretMasked(_)
                | Self::SecretDismissed(_)
                | Self::DescriptionShortened(_)
                | Self::UndoRequested
        )
    }
}

/// How a description is made shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortening {
    /// Without the mail that is quoted at its end.
    QuotedMail,
    /// Without blank lines.
    BlankLines,
}

/// What the portal has decided about a submission.
#[derive(Clone)]
pub enum Prepared {
    /// It may be sent, with these headers.
    Send(Vec<(String, String)>),
    /// The portal does not let it be sent.
    Stopped,
    /// The headers for the call cannot be had, or the call may not be made.
    NoHeaders,
}

/// Shows no header's value: it may be a token.
impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Send(_) => "Send",
            Self::Stopped => "Stopped",
            Self::NoHeaders => "NoHeaders",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(field: Field) -> Event {
        Event::Typed {
            field,
            text: String::new(),
        }
    }

    #[test]
    fn the_controls_are_read_before_the_form_decides_by_its_text() {
        for event in [
            Event::SubmitRequested,
            Event::PageLeft,
            Event::ValidateRequested,
            Event::SignedOut { elsewhere: None },
            typed(Field::TransferId),
        ] {
            assert!(event.needs_current_text());
        }
        for event in [Event::Started, Event::ControlsRead(Vec::new()), typed(Field::Description)] {
            assert!(!event.needs_current_text());
        }
    }

    #[test]
    fn a_drafts_time_counts_from_what_the_agent_changes() {
        assert!(typed(Field::Subject).is_change_by_agent() && Event::UndoRequested.is_change_by_agent());
        assert!(!Event::SubmitRequested.is_change_by_agent() && !Event::PageLeft.is_change_by_agent());
    }
}
