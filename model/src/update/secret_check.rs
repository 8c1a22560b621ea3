//! Looking for secrets in the description, which must stand nowhere: full card numbers, tokens, passwords.
//!
//! The form looks when the field is left and when the case is sent, not at every keystroke: nobody is interrupted while writing.

use partner_case_core::{Field, SecretFinding, masked};

use super::step::Step;

impl Step<'_> {
    pub(crate) fn check_secrets(&mut self) {
        self.model.secret_check.findings = self.model.find_secrets();
    }

    /// Masks a finding.
    pub(crate) fn mask_secret(&mut self, finding: &SecretFinding) {
        if self.model.secret_check.findings.contains(finding) {
            let text = masked(&self.model.input[Field::Description], finding);
            self.set_text(Field::Description, &text);
            self.look_again();
            self.secret_resolved();
        }
    }

    /// Takes the agent's word that a finding is no secret.
    pub(crate) fn dismiss_secret(&mut self, finding: &SecretFinding) {
        if self.model.secret_check.findings.contains(finding) {
            let value = self.model.secret_value(finding).to_owned();
            self.model.secret_check.dismissed.push(value);
            self.secret_resolved();
        }
    }

    fn secret_resolved(&mut self) {
        self.check_secrets();
        self.finding_resolved(Field::Description, self.model.secret_check.error().as_ref());
    }
}
