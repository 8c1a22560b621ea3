//! What an agent sees of a case.

use partner_case_core::Case;

/// What an external id that the proxy has made starts with.
pub(super) const MINTED_PREFIX: &str = "pcf-";

/// What an agent may see of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// All of it: the agent has raised it.
    Own,
    /// All but what another agent has typed.
    OfAnother,
    /// Nothing.
    Hidden,
}

/// The case as agents see it: without an external id of the proxy's, which would look like a reference of theirs.
pub(crate) fn for_the_staff(case: Case) -> Case {
    Case {
        external_id: case.external_id.filter(|id| !id.starts_with(MINTED_PREFIX)),
        ..case
    }
}

/// The external id may be what a person typed, so it is not stored, and not shown to another agent.
pub(crate) fn without_external_id(case: Case) -> Case {
    Case {
        external_id: None,
        ..case
    }
}
