//! The statuses of a case, each with the phase it belongs to.

use serde::{Deserialize, Serialize};

/// What a status means for the partner: whose turn it is. Code asks for the phase and never for a status by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CasePhase {
    /// Wise is setting the case up.
    SettingUp,
    /// Wise is acting.
    WithWise,
    /// The partner must act.
    WaitingForYou,
    /// The case is over.
    Done,
    /// Wise could not set the case up.
    Failed,
}

/// Declares the statuses, each with its name at Wise and its phase, in one table.
macro_rules! statuses {
    ($($(#[$doc:meta])+ $name:ident = $wire:literal, $phase:ident;)+) => {
        /// Where a case stands: the statuses of `/v1` and of the 2026Q3 API, and any other as Wise wrote it.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
        #[serde(from = "String", into = "String")]
        pub enum CaseStatus {
            $($(#[$doc])+ $name,)+
            /// A status this version does not know, as Wise wrote it.
            Other(String),
        }

        impl CaseStatus {
            /// Every status that this version knows.
            pub const KNOWN: &[Self] = &[$(Self::$name,)+];

            /// The status as Wise writes it.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$name => $wire,)+ Self::Other(other) => other }
            }

            /// The phase of the case; none for a status that this version does not know.
            pub const fn phase(&self) -> Option<CasePhase> {
                match self { $(Self::$name => Some(CasePhase::$phase),)+ Self::Other(_) => None }
            }
        }
    };
}

statuses! {
    /// Both generations: Wise is setting the case up.
    Creating = "CREATING", SettingUp;
    /// v1: Wise is acting.
    Open = "OPEN", WithWise;
    /// v1: the partner must act. Also a create answer of 2026Q3.
    Pending = "PENDING", WaitingForYou;
    /// v1: solved, and scheduled to be closed.
    Solved = "SOLVED", Done;
    /// v1: closed for good.
    Closed = "CLOSED", Done;
    /// 2026Q3: Wise is acting.
    InReview = "IN_REVIEW", WithWise;
    /// 2026Q3: the partner must respond.
    WaitingCustomerInput = "WAITING_CUSTOMER_INPUT", WaitingForYou;
    /// 2026Q3: solved and closed.
    Resolved = "RESOLVED", Done;
    /// 2026Q3: the case could not be created.
    Failed = "FAILED", Failed;
}

impl CaseStatus {
    /// The key of the text that says what the status means, such as `status.in_review`.
    pub fn text_key(&self) -> String {
        format!("status.{}", self.as_str().to_ascii_lowercase())
    }
}

/// No status at all.
impl Default for CaseStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<String> for CaseStatus {
    fn from(name: String) -> Self {
        let known = Self::KNOWN.iter().find(|status| status.as_str() == name);
        known.cloned().unwrap_or(Self::Other(name))
    }
}

impl From<CaseStatus> for String {
    fn from(status: CaseStatus) -> Self {
        status.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_status_is_read_from_its_own_name_and_has_a_phase() {
        for status in CaseStatus::KNOWN {
            assert_eq!(CaseStatus::from(status.as_str().to_owned()), *status);
            assert!(status.phase().is_some(), "{status:?}");
        }
        assert_eq!(CaseStatus::from("ESCALATED".to_owned()).phase(), None);
        assert_eq!(CaseStatus::InReview.text_key(), "status.in_review");
    }
}
