//! What the secret check has found.

use partner_case_core::{FieldError, SecretFinding};

/// What the secret check has found, and what the agent has decided.
#[derive(Clone, Default)]
pub struct SecretCheck {
    /// What is left to decide.
    pub findings: Vec<SecretFinding>,
    /// Values that the agent has said are no secrets. They are remembered as long as the draft.
    pub(crate) dismissed: Vec<String>,
}

/// Shows none of the values.
impl std::fmt::Debug for SecretCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretCheck")
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl SecretCheck {
    /// What keeps the description from being sent.
    pub(crate) fn error(&self) -> Option<FieldError> {
        self.findings
            .first()
            .map(|finding| FieldError::Secret { secret: finding.kind })
    }
}
