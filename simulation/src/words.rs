//! The texts that a form writes for the agent, in short, and the words that the agent types.

use partner_case_core::{Field, PersonalDataKind};
use partner_case_model::{Reason, Words};

/// The texts that a form writes.
pub(crate) struct English;

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

/// A word that the agent typed. No other has its number.
pub(crate) fn word(number: usize) -> String {
    format!("w{number}zqx")
}

/// The numbers of the words in a text.
pub(crate) fn numbers(text: &str) -> Vec<usize> {
    let pieces = text.split('w').skip(1);
    let mut numbers: Vec<usize> = pieces.filter_map(|piece| piece.split_once("zqx")?.0.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The transfer that a suggested subject names.
pub(crate) fn suggested_transfer(subject: &str) -> Option<&str> {
    let (id, words) = subject.strip_prefix("Transfer ")?.split_once(": ")?;
    let is_suggested = Reason::ALL.into_iter().any(|reason| format!("{reason:?}") == words);
    is_suggested.then_some(id)
}
