//! What the host sets, as it crosses from JavaScript.

use partner_case_core::{CaseDraft, CaseType, KnownPersonalData};
use serde::Deserialize;

/// What the host sets. The loader makes it from attributes and properties; ids are text, never JavaScript numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Options {
    /// The proxy's base path, without `/cases`.
    pub(crate) endpoint: String,
    /// The customer's own data, to be kept out of the subject.
    pub(crate) known_personal_data: KnownPersonalData,
    /// What the fields hold at first.
    pub(crate) prefill: CaseDraft,
}

impl Options {
    /// Replaces a prefilled type that cannot be raised by the first that can: the list shows that one, and a person could not choose
    /// it anew. Tells whether it did.
    pub(crate) fn correct_type(&mut self) -> bool {
        let raisable = CaseType::raisable(&self.prefill.case_type).is_some();
        if !raisable {
            self.prefill.case_type = CaseDraft::default().case_type;
        }
        !raisable
    }

    /// Where cases are posted.
    pub(crate) fn cases_url(&self) -> String {
        format!("{}/cases", self.endpoint.trim_end_matches('/'))
    }
}
