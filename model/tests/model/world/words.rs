//! The texts that a form writes for the person, in short.

use partner_case_core::{Field, PersonalDataKind};
use partner_case_model::{Reason, Words};

pub(super) struct English;

impl Words for English {
    fn suggested_subject(&self, reason: Reason, transfer_id: Option<i64>) -> Option<String> {
        let words = match reason {
            Reason::Other => return None,
            named => format!("{named:?}"),
        };
        Some(transfer_id.map_or_else(|| words.clone(), |id| format!("Transfer {id}: {words}")))
    }

    fn moved_line(&self, kind: PersonalDataKind, value: &str) -> String {
        format!("{kind:?}: {value}")
    }

    fn neutral_word(&self, kind: PersonalDataKind) -> String {
        format!("[{kind:?}]")
    }

    fn labelled(&self, field: Field, text: &str) -> String {
        format!("{field:?}: {text}")
    }
}
