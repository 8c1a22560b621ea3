//! What is promised.

/// A promise that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// What was seen, in words.
    pub seen: String,
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// At most one case at Wise for a draft, unless the agent sent again after the warning.
    OneCase,
    /// "Created" is shown only when the case exists, with the text that is shown.
    CreatedIsTrue,
    /// "Not created" is shown only when no case of this text exists, or will.
    NotCreatedIsTrue,
    /// What was typed is in a form, a storage or at Wise, or the agent deleted it, or its time was over.
    NothingIsLost,
    /// After a sign-out no storage and no form holds what was typed.
    ForgottenForGood,
    /// A draft is stored until its time is over, which counts from the agent's last change.
    TimeIsKept,
    /// No secret is in a storage that lasts.
    NoSecretIsStored,
    /// Nothing of one customer or agent is in the form of another.
    KeptApart,
    /// What is sent is what the controls show; the subject names no other transfer than the field.
    SentAsShown,
    /// What is said to be personal data stands in the subject as it is now.
    FindingsKeepUp,
    /// Nothing that was typed is in what the proxy writes to its disk.
    NothingIsLogged,
    /// Every state can be left by what it shows.
    NoDeadEnd,
    /// Nothing panics.
    NoPanic,
}

pub(crate) fn broken(promise: Promise, seen: String) -> Option<Broken> {
    Some(Broken { promise, seen })
}
