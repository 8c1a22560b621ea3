//! What came of a fault.

/// Whether a fault happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happened {
    Yes,
    /// Something else is under way that it would disturb.
    NotNow,
    /// This machine lacks what the fault is made with.
    NotHere,
}
