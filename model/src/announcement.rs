//! What a form says: to a screen reader, and to the portal.

use partner_case_core::{CaseId, Field, ValidationErrors};

use crate::draft::{LockScope, ParkedOf};
use crate::submission::Submission;

/// What a copy button copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyTarget {
    /// The receipt.
    Receipt,
    /// The IDs by which support finds the request.
    SupportIds,
}

/// What a screen reader says about something that the agent did not do themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// IDs from a pasted text are in these fields.
    IdsPasted(Vec<Field>),
    /// A draft is back, last changed at this time.
    DraftRestored {
        /// In milliseconds since 1970.
        changed_at_millis: u64,
    },
    /// The draft of the customer before is stored.
    DraftParked(ParkedOf),
    /// The draft is deleted.
    DraftDeleted,
    /// Another tab has the draft, or another form of the page.
    DraftElsewhere(LockScope),
    /// The case of a customer that the form no longer shows was created.
    ParkedCaseCreated(CaseId),
}

/// What the portal hears, as an event on the element. No event carries what the agent typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortalEvent {
    /// The form can be used.
    Ready,
    /// The draft has changed; these fields hold something.
    Changed(Vec<Field>),
    /// Something is wrong with these fields.
    Invalid(ValidationErrors),
    /// A submission has ended, or nobody knows whether it has.
    Settled(Submission),
}
