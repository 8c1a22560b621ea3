//! Who of several forms stores a draft.

/// Among whom a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockScope {
    /// The forms of this page.
    Page,
    /// All tabs of the browser.
    Browser,
}

/// How a lock is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Wait until nobody else has it.
    Wait,
    /// Take it from whoever has it.
    Steal,
}

/// How a lock was got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockGrant {
    /// Nobody had it, and no time has passed.
    AtOnce,
    /// Later: somebody may have had it until then.
    Waited,
    /// It was taken from whoever had it.
    Stolen,
}
