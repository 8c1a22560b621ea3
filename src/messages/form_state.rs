//! What the view shows: the form, and the words to show it in.

use std::sync::Arc;

use partner_case_model::Model;

use super::catalogue::Catalogue;

/// A form and the words it is shown in. One signal holds it; every part of the view is a function of it.
#[derive(Debug, Clone)]
pub(crate) struct FormState {
    pub(crate) model: Model,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl FormState {
    /// A text without values.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.catalogue.text(key)
    }
}
