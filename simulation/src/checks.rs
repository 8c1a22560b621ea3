//! Whether what is promised holds: looked at after every step.

use std::collections::BTreeSet;

use partner_case_core::{CaseInput, Field};
use partner_case_model::Submission;
use serde_json::Value;
use wise_simulator::LedgerEntry;

use crate::facts::{context, plain};
use crate::form::Form;
use crate::promise::{Broken, Promise, broken};
use crate::words::{numbers, word};
use crate::world::World;

/// What a case says, as it is sent.
fn body_of(input: &CaseInput) -> Option<Value> {
    Some(plain(&input.validate().ok()?.to_json()))
}

impl World<'_> {
    /// Looks at every promise. The answer is the first that does not hold.
    pub(crate) fn check(&mut self) -> Option<Broken> {
        if let Some(broken) = self.broken.take() {
            return Some(broken);
        }
        let cases = self.server.as_ref().map(|server| server.cases()).unwrap_or_default();
        self.check_created(&cases)
            .or_else(|| self.check_not_created(&cases))
            .or_else(|| self.check_one_case(&cases))
            .or_else(|| self.check_lost(&cases))
            .or_else(|| self.check_forgotten())
            .or_else(|| self.check_secrets())
            .or_else(|| self.check_apart())
            .or_else(|| self.check_findings())
    }

    fn check_findings(&self) -> Option<Broken> {
        let shows = |form: &&Form| form.is_alive && form.is_mounted && !form.model.subject_check.findings.is_empty();
        self.forms.iter().filter(shows).find_map(|form| {
            let found = form
                .model
                .input
                .personal_data_in_subject(Some(&form.options.known_personal_data));
            let stale = form
                .model
                .subject_check
                .findings
                .iter()
                .find(|shown| !found.contains(shown))?;
            let subject = &form.model.input[Field::Subject];
            broken(
                Promise::FindingsKeepUp,
                format!("{stale:?} is shown for the subject {subject:?}"),
            )
        })
    }

    fn check_created(&self, cases: &[LedgerEntry]) -> Option<Broken> {
        self.forms
            .iter()
            .filter(|form| form.is_alive && form.is_mounted)
            .find_map(|form| {
                let Submission::Created(shown) = &form.model.submission else {
                    return None;
                };
                let Some(case) = cases.iter().find(|case| case.case_id == shown.id.0) else {
                    return broken(
                        Promise::CreatedIsTrue,
                        format!("case {} is shown, and Wise has none", shown.id),
                    );
                };
                let (at_wise, on_screen) = (plain(&case.body), body_of(&form.model.input));
                if on_screen.as_ref() == Some(&at_wise) {
                    return None;
                }
                broken(
                    Promise::CreatedIsTrue,
                    format!("case {} is {at_wise}, and the receipt shows {on_screen:?}", shown.id),
                )
            })
    }

    fn check_not_created(&self, cases: &[LedgerEntry]) -> Option<Broken> {
        self.record.denied.iter().find_map(|denied| {
            let case = cases.iter().find(|case| plain(&case.body) == denied.body)?;
            broken(
                Promise::NotCreatedIsTrue,
                format!(
                    "form {} said that there is no case, and there is {}: {}",
                    denied.form, case.case_id, case.body
                ),
            )
        })
    }

    /// Two cases that share a word are of one draft. A copy of a tab that goes on with another text has a draft of its own.
    fn check_one_case(&self, cases: &[LedgerEntry]) -> Option<Broken> {
        for (at, later) in cases.iter().enumerate() {
            let words = numbers(&later.body);
            let earlier = cases[..at].iter().find(|earlier| {
                let shares_word = numbers(&earlier.body).iter().any(|word| words.contains(word));
                shares_word && self.record.is_of_one_form(&plain(&earlier.body), &plain(&later.body))
            });
            let Some(earlier) = earlier else { continue };
            // Either may arrive first.
            if ![later, earlier].iter().any(|case| self.record.was_warned(&plain(&case.body))) {
                return broken(
                    Promise::OneCase,
                    format!(
                        "the cases {} and {} are of one draft: {} {}",
                        earlier.case_id, later.case_id, earlier.body, later.body
                    ),
                );
            }
        }
        None
    }

    fn check_lost(&mut self, cases: &[LedgerEntry]) -> Option<Broken> {
        let mut found = BTreeSet::new();
        for form in self.forms.iter().filter(|form| form.is_alive) {
            found.extend(form.shown().flat_map(numbers));
        }
        for text in self.browser.all_local() {
            found.extend(numbers(text));
        }
        for tab in 0..self.browser.tabs.len() {
            let (session, memory) = self.browser.all_of(tab);
            found.extend(session.chain(memory).flat_map(numbers));
        }
        found.extend(cases.iter().flat_map(|case| numbers(&case.body)));
        let lost = self.record.lost(&found, self.browser.steady)?;
        broken(Promise::NothingIsLost, format!("{} is nowhere", word(lost)))
    }

    /// Looks once everybody has heard of the sign-out.
    fn check_forgotten(&self) -> Option<Broken> {
        let has_heard = |form: &Form| form.inbox.is_empty() || !form.is_alive;
        let is_frozen = self.browser.tabs.iter().any(|tab| tab.is_frozen);
        if is_frozen || !self.forms.iter().all(has_heard) {
            return None;
        }
        let is_forgotten = |text: &str| numbers(text).into_iter().find(|number| self.record.is_forgotten(*number));
        let in_local = self.browser.all_local().find_map(is_forgotten);
        let in_tab = (0..self.browser.tabs.len()).find_map(|tab| {
            let (session, memory) = self.browser.all_of(tab);
            session.chain(memory).find_map(is_forgotten)
        });
        let in_form = self
            .forms
            .iter()
            .filter(|form| form.is_alive && form.is_mounted)
            .find_map(|form| form.shown().find_map(is_forgotten));
        let left = in_local.or(in_tab).or(in_form)?;
        broken(
            Promise::ForgottenForGood,
            format!("{} is still there after the sign-out", word(left)),
        )
    }

    fn check_secrets(&self) -> Option<Broken> {
        let is_secret = |text: &str| numbers(text).into_iter().find(|number| self.record.is_secret(*number));
        let in_session = (0..self.browser.tabs.len()).find_map(|tab| self.browser.all_of(tab).0.find_map(is_secret));
        let stored = self.browser.all_local().find_map(is_secret).or(in_session)?;
        broken(Promise::NoSecretIsStored, format!("the secret {} is stored", word(stored)))
    }

    fn check_apart(&self) -> Option<Broken> {
        let forms = self
            .forms
            .iter()
            .filter(|form| form.is_alive && form.is_mounted && form.options.draft != "none");
        for form in forms {
            let stranger = form
                .shown()
                .flat_map(numbers)
                .find(|number| !self.record.may_show(*number, &form.options));
            if let Some(stranger) = stranger {
                return broken(
                    Promise::KeptApart,
                    format!(
                        "{} of another customer or agent is in the form of {}",
                        word(stranger),
                        context(&form.options).join(", ")
                    ),
                );
            }
        }
        None
    }

    /// Looks at what is left at the end, once everything has had its time.
    pub(crate) fn check_end(&mut self) -> Option<Broken> {
        let stuck = self
            .forms
            .iter()
            .find(|form| form.is_alive && form.is_mounted && form.model.is_sending());
        if stuck.is_some() {
            return broken(Promise::NoDeadEnd, "a form is sending for ever".to_owned());
        }
        let written = self.server.as_ref().map(|server| server.written()).unwrap_or_default();
        let logged = numbers(&String::from_utf8_lossy(&written))
            .into_iter()
            .find(|number| self.record.is_known(*number));
        if let Some(logged) = logged {
            return broken(Promise::NothingIsLogged, format!("{} is on the proxy's disk", word(logged)));
        }
        None
    }
}
