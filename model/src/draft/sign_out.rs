//! A sign-out, as all forms and tabs of the origin hear of it.

use super::place::PREFIX;

/// What the names start with under which the time of the last sign-out is stored, for all tabs: one that hears of it too late must not store a
/// draft again.
const MARK_PREFIX: &str = "partner-case-form:signed-out:";

/// An agent has signed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOut {
    /// What the names of the agent's drafts start with.
    pub prefix: String,
    /// When, in milliseconds since 1970; later than the sign-out before, whatever the clock says.
    pub mark: u64,
}

impl SignOut {
    /// The name under which the time of the last sign-out is stored.
    pub fn mark_name(&self) -> String {
        mark_name(&self.prefix)
    }

    /// What the other tabs hear.
    pub fn to_message(&self) -> String {
        format!("{} {}", self.mark, self.prefix)
    }

    /// Reads what another tab has said.
    pub fn from_message(message: &str) -> Option<Self> {
        let (mark, prefix) = message.split_once(' ')?;
        Some(Self {
            prefix: prefix.to_owned(),
            mark: mark.parse().ok()?,
        })
    }
}

/// The name under which the time of the last sign-out is stored, of the agent whose drafts' names start with `prefix`.
pub(crate) fn mark_name(prefix: &str) -> String {
    [MARK_PREFIX, prefix.strip_prefix(PREFIX).unwrap_or(prefix)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let sign_out = SignOut {
            prefix: "partner-case-form:draft:/partner-cases|agent 7|".to_owned(),
            mark: 5,
        };
        assert_eq!(SignOut::from_message(&sign_out.to_message()), Some(sign_out.clone()));
        assert_eq!(sign_out.mark_name(), "partner-case-form:signed-out:/partner-cases|agent 7|");
        assert_eq!(SignOut::from_message("partner-case-form:draft:"), None);
    }
}
