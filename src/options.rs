//! What the host sets, as it crosses from JavaScript.

use partner_case_core::CaseDraft;
use serde::Deserialize;

/// What the host sets. The loader makes it from attributes and properties; ids are text, never JavaScript numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Options {
    /// The proxy's base path, without `/cases`.
    pub(crate) endpoint: String,
    /// What the fields hold at first.
    pub(crate) prefill: CaseDraft,
}

impl Options {
    /// Where cases are posted.
    pub(crate) fn cases_url(&self) -> String {
        format!("{}/cases", self.endpoint.trim_end_matches('/'))
    }
}
