//! Proposing a subject from a reason and the transfer's id, so that nobody has to type a name into it.

use partner_case_core::{Field, parse_id};
use serde::{Deserialize, Serialize};

use crate::form::CaseForm;
use crate::messages::{Message, Texts};
use crate::rest;
use crate::watched::{Stored, Watched};

/// Why a case is raised: the errands of a support desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    PaymentNotArrived,
    ProofOfPayout,
    ReturnedFunds,
    AccountProblem,
    Other,
}

impl Reason {
    /// Every reason, in the order of the list.
    pub(crate) const ALL: [Self; 5] = [
        Self::PaymentNotArrived,
        Self::ProofOfPayout,
        Self::ReturnedFunds,
        Self::AccountProblem,
        Self::Other,
    ];

    /// The reason's name in the list.
    pub(crate) const fn message(self) -> Message {
        match self {
            Self::PaymentNotArrived => Message::ReasonPaymentNotArrived,
            Self::ProofOfPayout => Message::ReasonProofOfPayout,
            Self::ReturnedFunds => Message::ReasonReturnedFunds,
            Self::AccountProblem => Message::ReasonAccountProblem,
            Self::Other => Message::ReasonOther,
        }
    }

    /// The subject that says the reason; none for what has to be said in words of one's own.
    fn subject(self, texts: Texts, transfer_id: Option<i64>) -> Option<String> {
        let words = match self {
            Self::Other => return None,
            named => texts.get(named.message()),
        };
        Some(match transfer_id {
            Some(id) => texts.with(Message::ReasonSubject, &[("id", &id.to_string()), ("reason", &words)]),
            None => words,
        })
    }
}

/// What was proposed last, to tell it from what a person typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SubjectHelper {
    pub(crate) chosen: Watched<Option<Reason>>,
    proposed: Stored<String>,
}

impl SubjectHelper {
    pub(crate) fn new() -> Self {
        Self {
            chosen: Watched::new(None),
            proposed: Stored::new(String::new()),
        }
    }

    /// The subject that was proposed last.
    pub(crate) fn proposed(self) -> String {
        self.proposed.get_value()
    }

    pub(crate) fn restore(self, chosen: Option<Reason>, proposed: String) {
        self.chosen.set(chosen);
        self.proposed.set_value(proposed);
    }

    pub(crate) fn forget(self) {
        self.chosen.set(None);
        self.proposed.set_value(String::new());
    }
}

impl CaseForm {
    /// Takes the reason that a person chose.
    pub(crate) fn choose_reason(self, reason: Option<Reason>) {
        self.helper.chosen.set(reason);
        if let Some(rest) = rest::loaded() {
            (rest.reason_chosen)(self);
        }
        self.edited();
    }

    /// Proposes a subject for the reason.
    pub(crate) fn look_at_reason(self) {
        self.propose_subject();
        self.check_subject();
    }

    /// Writes the proposed subject, unless a person has written one.
    pub(crate) fn propose_subject(self) {
        let Some(reason) = self.helper.chosen.get_untracked() else {
            return;
        };
        let transfer_id = self
            .value(Field::TransferId)
            .with_untracked(|text| parse_id(text).ok().flatten());
        let proposal = reason.subject(self.texts, transfer_id).unwrap_or_default();
        let before = self.helper.proposed.get_value();
        let own_words = self
            .value(Field::Subject)
            .with_untracked(|subject| !subject.trim().is_empty() && *subject != before);
        if !own_words && proposal != before {
            self.value(Field::Subject).set(proposal.clone());
            self.helper.proposed.set_value(proposal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;
    use partner_case_core::CaseDraft;

    fn with_form(test: impl FnOnce(CaseForm)) {
        let owner = Owner::new();
        owner.with(|| {
            test(CaseForm::new(CaseDraft {
                transfer_id: "58 114 690".to_owned(),
                ..CaseDraft::default()
            }))
        });
    }

    #[test]
    fn a_reason_and_the_transfer_make_a_subject() {
        with_form(|form| {
            form.choose_reason(Some(Reason::PaymentNotArrived));
            assert_eq!(form.draft().subject, "Transfer 58114690: Payment has not arrived");
            form.choose_reason(Some(Reason::AccountProblem));
            assert_eq!(form.draft().subject, "Transfer 58114690: Problem with an account");
        });
    }

    #[test]
    fn the_proposal_follows_the_transfer_id() {
        with_form(|form| {
            form.choose_reason(Some(Reason::ProofOfPayout));
            form.typed(Field::TransferId, "77".to_owned());
            assert_eq!(form.draft().subject, "Transfer 77: Proof of payout");
            form.typed(Field::TransferId, String::new());
            assert_eq!(form.draft().subject, "Proof of payout");
        });
    }

    #[test]
    fn words_of_ones_own_are_never_replaced() {
        with_form(|form| {
            form.typed(Field::Subject, "My own words".to_owned());
            form.choose_reason(Some(Reason::ReturnedFunds));
            assert_eq!(form.draft().subject, "My own words");
            form.typed(Field::Subject, String::new());
            form.choose_reason(Some(Reason::ReturnedFunds));
            assert_eq!(form.draft().subject, "Transfer 58114690: Why funds were returned");
        });
    }

    #[test]
    fn no_proposal_holds_personal_data() {
        with_form(|form| {
            for reason in Reason::ALL {
                form.choose_reason(Some(reason));
                assert!(form.guard.error().is_none(), "{reason:?}");
            }
        });
    }
}
