//! Proposing a subject from a reason and the transfer's id, so that nobody has to type a name into it.

use leptos::prelude::*;
use partner_case_core::{Field, parse_id};

use crate::form::CaseForm;
use crate::messages::Message;

/// Why a case is raised: the errands of a support desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    fn subject(self, transfer_id: Option<i64>) -> Option<String> {
        let words = match self {
            Self::Other => return None,
            named => named.message().text(),
        };
        Some(match transfer_id {
            Some(id) => Message::ReasonSubject.with(&[("id", &id.to_string()), ("reason", &decapitalized(words))]),
            None => words.to_owned(),
        })
    }
}

fn decapitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
}

/// What was proposed last, to tell it from what a person typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SubjectHelper {
    pub(crate) chosen: RwSignal<Option<Reason>>,
    proposed: StoredValue<String>,
}

impl SubjectHelper {
    pub(crate) fn new() -> Self {
        Self {
            chosen: RwSignal::new(None),
            proposed: StoredValue::new(String::new()),
        }
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
        self.propose_subject();
    }

    /// Writes the proposed subject, unless a person has written one.
    pub(crate) fn propose_subject(self) {
        let Some(reason) = self.helper.chosen.get_untracked() else {
            return;
        };
        let transfer_id = self
            .text(Field::TransferId)
            .with_untracked(|text| parse_id(text).ok().flatten());
        let proposal = reason.subject(transfer_id).unwrap_or_default();
        let before = self.helper.proposed.get_value();
        let own_words = self
            .text(Field::Subject)
            .with_untracked(|subject| !subject.trim().is_empty() && *subject != before);
        if !own_words && proposal != before {
            self.text(Field::Subject).set(proposal.clone());
            self.helper.proposed.set_value(proposal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            assert_eq!(form.draft().subject, "Transfer 58114690: payment has not arrived");
            form.choose_reason(Some(Reason::AccountProblem));
            assert_eq!(form.draft().subject, "Transfer 58114690: problem with an account");
        });
    }

    #[test]
    fn the_proposal_follows_the_transfer_id() {
        with_form(|form| {
            form.choose_reason(Some(Reason::ProofOfPayout));
            form.typed(Field::TransferId, "77".to_owned());
            assert_eq!(form.draft().subject, "Transfer 77: proof of payout");
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
            assert_eq!(form.draft().subject, "Transfer 58114690: why funds were returned");
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
