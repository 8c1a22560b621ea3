//! Why a case is raised: the errands of a support desk.

use serde::{Deserialize, Serialize};

/// Why a case is raised. The form suggests a subject for it; it is no field of the case and is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The money has not arrived.
    PaymentNotArrived,
    /// The customer needs a proof of the payout.
    ProofOfPayout,
    /// The money came back, and nobody knows why.
    ReturnedFunds,
    /// Something is wrong with an account.
    AccountProblem,
    /// Anything else: the agent writes the subject.
    Other,
}

impl Reason {
    /// Every reason, in the order of the list.
    pub const ALL: [Self; 5] = [
        Self::PaymentNotArrived,
        Self::ProofOfPayout,
        Self::ReturnedFunds,
        Self::AccountProblem,
        Self::Other,
    ];

    /// The key of the reason's name in the list.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::PaymentNotArrived => "reason.payment_not_arrived",
            Self::ProofOfPayout => "reason.proof_of_payout",
            Self::ReturnedFunds => "reason.returned_funds",
            Self::AccountProblem => "reason.account_problem",
            Self::Other => "reason.other",
        }
    }

    /// The reason's value in the list: its place, from 0.
    pub fn list_value(reason: Option<Self>) -> String {
        reason.map_or_else(String::new, |reason| (reason as usize).to_string())
    }

    /// The reason with a value in the list; none for an empty one.
    pub fn from_list_value(value: &str) -> Option<Self> {
        Self::ALL.get(value.parse::<usize>().ok()?).copied()
    }
}
