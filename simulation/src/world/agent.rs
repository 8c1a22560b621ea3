//! What the agent does.

use partner_case_core::{Certainty, Field};
use partner_case_model::{DraftEvent, DraftStatus, Event, Reason, Shortening, Submission, pasted_ids_for};

use super::{USUAL, World};
use crate::browser::FormId;
use crate::form::Form;

/// The fields that the agent types into; most of it goes into the description.
const TYPED: [Field; 6] = [
    Field::Description,
    Field::Description,
    Field::Subject,
    Field::TransferId,
    Field::UserId,
    Field::ExternalId,
];

/// One more than the steps of a call that brings its answer: the portal's word, out, to Wise, its answer, and back.
const SEND_STEPS: usize = 6;

impl World<'_> {
    /// The agent changes the text of a control.
    fn change(&mut self, form: FormId, field: Field, text: String, is_heard: bool) {
        let old = self.forms[form].controls[field].to_owned();
        self.record.agent_changes(&self.browser, &self.forms[form], &old, &text);
        self.forms[form].controls.set(field, &text);
        if is_heard {
            self.dispatch(form, Event::Typed { field, text });
        }
    }

    /// The agent decides about a text, by pressing a button.
    fn decide(&mut self, form: FormId, event: Event) {
        self.record.agent_decides(&self.browser);
        self.dispatch(form, event);
    }

    /// A new text for a field.
    fn new_text(&mut self, form: FormId, what: usize) -> (Field, String) {
        let field = TYPED[what % TYPED.len()];
        let own = self.forms[form].controls[field].to_owned();
        let way = what / TYPED.len();
        let mut word = |is_secret| self.record.new_word(is_secret);
        let text = match field {
            Field::UserId => ["1234", "5678", "0", ""][way % 4].to_owned(),
            Field::TransferId => ["58114690", "58114691", "12345.67", ""][way % 4].to_owned(),
            Field::ExternalId => word(false),
            Field::Subject => match way % 6 {
                0 | 1 => word(false),
                2 => format!("{own} {}", word(false)),
                3 => String::new(),
                4 => format!("Write to {}@example.com", word(false)),
                // A name that only the portal can know.
                _ => format!("Vokacek {}", word(false)),
            },
            _ => match way % 8 {
                0..=3 => format!("{own}\n{}", word(false)),
                4 => word(false),
                5 => String::new(),
                6 => format!("{own}\npassword: {}!9", word(true)),
                _ => format!("{own}\n\n\nOn Monday somebody wrote:\n> {}", word(false)),
            },
        };
        (field, text)
    }

    pub(super) fn types(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        let (field, text) = self.new_text(form, what);
        let said = format!("{}: the agent types {text:?} into {field:?}", self.name(form));
        self.change(form, field, text, true);
        Some(said)
    }

    pub(super) fn dictates(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        let (field, text) = self.new_text(form, what);
        let said = format!("{}: {field:?} becomes {text:?} without an event", self.name(form));
        self.change(form, field, text, false);
        Some(said)
    }

    pub(super) fn fills(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        if self.forms[form].controls[Field::UserId].is_empty() {
            self.change(form, Field::UserId, "1234".to_owned(), true);
        }
        for field in [Field::Subject, Field::Description] {
            if self.forms[form].controls[field].is_empty() {
                let text = self.record.new_word(false);
                self.change(form, field, text, true);
            }
        }
        Some(format!("{}: the agent fills in what is empty", self.name(form)))
    }

    pub(super) fn pastes_ids(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        let text = ["transfer 58114690, user 1234", "Transfer 58114691", "5.81147E+07"][what % 3];
        let ids = pasted_ids_for(&self.forms[form].model, Field::TransferId, text);
        if ids.is_empty() {
            return None;
        }
        self.decide(form, Event::IdsPasted(ids));
        Some(format!("{}: the agent pastes {text:?}", self.name(form)))
    }

    pub(super) fn chooses_reason(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        let reason = Reason::ALL.get(what % (Reason::ALL.len() + 1)).copied();
        self.decide(form, Event::ReasonChosen(reason));
        Some(format!("{}: the agent chooses the reason {reason:?}", self.name(form)))
    }

    pub(super) fn goes_to_description(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        let (event, said) = if what.is_multiple_of(2) {
            (Event::DescriptionEntered, "goes into")
        } else {
            (Event::DescriptionLeft, "leaves")
        };
        self.dispatch(form, event);
        Some(format!("{}: the agent {said} the description", self.name(form)))
    }

    pub(super) fn decides_subject(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, |form| form.is_open() && !form.model.subject_check.findings.is_empty())?;
        let findings = &self.forms[form].model.subject_check.findings;
        let finding = findings[what % findings.len()].clone();
        let moves = finding.certainty == Certainty::Certain || what.is_multiple_of(2);
        let (event, said) = if moves {
            (Event::FindingMoved(finding), "moves")
        } else {
            (Event::FindingDismissed(finding), "keeps")
        };
        self.decide(form, event);
        Some(format!("{}: the agent {said} what was found in the subject", self.name(form)))
    }

    pub(super) fn decides_secret(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, |form| form.is_open() && !form.model.secret_check.findings.is_empty())?;
        let model = &self.forms[form].model;
        let finding = model.secret_check.findings[what % model.secret_check.findings.len()].clone();
        self.record.secret_decided(model.secret_value(&finding));
        let (event, said) = if what.is_multiple_of(2) {
            (Event::SecretMasked(finding), "masks")
        } else {
            (Event::SecretDismissed(finding), "keeps")
        };
        self.decide(form, event);
        Some(format!("{}: the agent {said} the secret", self.name(form)))
    }

    pub(super) fn shortens(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, Form::is_open)?;
        let way = [Shortening::QuotedMail, Shortening::BlankLines][what % 2];
        let before = self.forms[form].controls.clone();
        self.decide(form, Event::DescriptionShortened(way));
        self.record.agent_left(&self.forms[form], &before);
        Some(format!("{}: the agent shortens the description ({way:?})", self.name(form)))
    }

    pub(super) fn undoes(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| form.is_open() && form.model.can_undo())?;
        let before = self.forms[form].controls.clone();
        self.decide(form, Event::UndoRequested);
        self.record.agent_left(&self.forms[form], &before);
        Some(format!("{}: the agent takes back the last change", self.name(form)))
    }

    pub(super) fn presses(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| {
            form.model.offers_to_send() && !matches!(form.model.submission, Submission::Created(_))
        })?;
        self.decide(form, Event::SubmitRequested);
        Some(format!("{}: the agent presses the button that sends", self.name(form)))
    }

    pub(super) fn sends(&mut self, who: usize, what: usize) -> Option<String> {
        let form = self.choose(who, |form| form.model.offers_to_send() && form.is_open())?;
        // The same form for each step of it.
        let who = self
            .usable()
            .into_iter()
            .filter(|usable| self.forms[*usable].is_open())
            .position(|open| open == form)?;
        let mut said = vec![self.fills(who)?];
        for _ in 0..2 {
            if !self.forms[form].model.is_sending() && self.forms[form].model.submission.case().is_none() {
                self.decide(form, Event::SubmitRequested);
            }
        }
        said.push("sends it".to_owned());
        for _ in 0..what % SEND_STEPS {
            let Some(call) = self.calls.iter().rposition(|call| call.form == form) else {
                break;
            };
            said.extend(self.network_goes_on(call, USUAL.into()));
        }
        Some(said.join("; "))
    }

    pub(super) fn goes_back(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| {
            matches!(
                form.model.submission,
                Submission::Reviewing(_) | Submission::OutcomeUnknown(_)
            )
        })?;
        let event = match self.forms[form].model.submission {
            Submission::Reviewing(_) => Event::ReviewLeft,
            _ => Event::EditRequested,
        };
        self.decide(form, event);
        Some(format!("{}: the agent goes back to the text", self.name(form)))
    }

    pub(super) fn sends_again(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| matches!(form.model.submission, Submission::OutcomeUnknown(_)))?;
        self.decide(form, Event::SendAgainConfirmed);
        Some(format!(
            "{}: the agent sends the text again, after the warning",
            self.name(form)
        ))
    }

    pub(super) fn asks_now(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| matches!(form.model.submission, Submission::OutcomeUnknown(_)))?;
        self.dispatch(form, Event::OutcomeCheckRequested);
        Some(format!("{}: the agent asks for the outcome", self.name(form)))
    }

    pub(super) fn begins_another(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| matches!(form.model.submission, Submission::Created(_)))?;
        self.dispatch(form, Event::AnotherCaseRequested);
        Some(format!("{}: the agent begins another case", self.name(form)))
    }

    pub(super) fn deletes_draft(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| {
            let draft = &form.model.draft;
            let is_offered = !matches!(draft.status, DraftStatus::Empty | DraftStatus::Elsewhere(_));
            form.is_open() && is_offered && draft.event != Some(DraftEvent::Deleted)
        })?;
        self.record.released(&self.forms[form]);
        self.dispatch(form, Event::DraftDeleted);
        Some(format!("{}: the agent deletes the draft", self.name(form)))
    }

    pub(super) fn restores_draft(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| {
            form.is_open() && form.model.draft.event == Some(DraftEvent::Deleted)
        })?;
        self.dispatch(form, Event::DraftRestoreRequested);
        Some(format!("{}: the agent restores the deleted draft", self.name(form)))
    }

    pub(super) fn continues_here(&mut self, who: usize) -> Option<String> {
        let form = self.choose(who, |form| Self::is_elsewhere(form) && !form.model.is_locked())?;
        self.dispatch(form, Event::LockStealRequested);
        Some(format!(
            "{}: the agent goes on here with the draft of another tab",
            self.name(form)
        ))
    }
}
