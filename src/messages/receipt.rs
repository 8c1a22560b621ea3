//! What the agent can take away of a case: to show, to copy, to print, to store as a file.

use partner_case_core::{Case, Field};

use super::form_state::FormState;

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReceiptParts {
    /// What Wise answered. It holds nothing personal, so it can be pasted into any ticket.
    Case,
    /// That, and all that was sent.
    All,
}

impl FormState {
    /// What Wise answered beside the number and the status: each with its name.
    pub(crate) fn receipt_rows(&self, case: &Case) -> Vec<(String, String)> {
        let created_at = case.created_at.as_ref().map(|time| self.catalogue.timestamp(time));
        [
            ("created.external_id", case.external_id.clone()),
            ("created.time", created_at),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((self.text(key).to_owned(), value?)))
        .collect()
    }

    /// The fields as they are sent, each with its name; an empty text is not sent.
    pub(crate) fn sent_fields(&self) -> Vec<(String, String)> {
        let Ok(case) = self.model.input.validate() else {
            return Vec::new();
        };
        let row = |field| {
            let value = case.text(field).unwrap_or_default();
            let value = match field {
                Field::CaseType => self.catalogue.case_type(&value).to_owned(),
                _ => value.into_owned(),
            };
            (self.catalogue.label(field).to_owned(), value)
        };
        Field::ALL.map(row).into()
    }

    /// The receipt as plain text.
    pub(crate) fn receipt(&self, case: &Case, parts: ReceiptParts) -> String {
        let row = |key, value: String| (self.text(key).to_owned(), value);
        let mut lines = vec![
            row("created.number", case.id.to_string()),
            row("created.status", self.catalogue.status(&case.status).to_owned()),
        ];
        lines.extend(self.receipt_rows(case));
        if parts == ReceiptParts::All {
            let own = self.catalogue.label(Field::ExternalId);
            let sent = self.sent_fields().into_iter();
            lines.extend(sent.filter(|(name, value)| !value.is_empty() && (name != own || case.external_id.is_none())));
        }
        lines.into_iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
    }
}
