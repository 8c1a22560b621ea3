//! What the subject check has found.

use partner_case_core::{Certainty, FieldError, PersonalDataFinding};

/// What the subject check has found, and what the agent has decided.
#[derive(Clone, Default)]
pub struct SubjectCheck {
    /// What is left to decide.
    pub findings: Vec<PersonalDataFinding>,
    /// Values that the agent has said are no personal data. They are remembered as long as the draft.
    pub(crate) dismissed: Vec<String>,
}

/// Shows none of the values.
impl std::fmt::Debug for SubjectCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubjectCheck")
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl SubjectCheck {
    /// What keeps the subject from being sent: a certain finding before a probable one.
    pub(crate) fn error(&self) -> Option<FieldError> {
        let certain = self.findings.iter().find(|finding| finding.certainty == Certainty::Certain);
        let finding = certain.or(self.findings.first())?;
        Some(FieldError::PersonalData {
            kind: finding.kind,
            certainty: finding.certainty,
        })
    }
}
