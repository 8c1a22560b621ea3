//! What happens to the text of the fields.

use partner_case_core::{
    CaseInput, DescriptionLength, Field, FieldError, ValidationErrors, without_blank_lines, without_quoted_mail,
};

use super::step::Step;
use crate::announcement::Announcement;
use crate::command::{Command, Control, Timer};
use crate::event::Shortening;
use crate::focus::FocusTarget;
use crate::reason::Reason;
use crate::submission::Submission;

/// How often the form looks at the description while it has the focus, in milliseconds.
const DESCRIPTION_LOOK_MILLIS: u64 = 1_000;

/// How long the agent must have paused before the length is announced, in milliseconds: half a second, as GOV.UK's character count has it.
const ANNOUNCE_PAUSE_MILLIS: u64 = 500;

/// What the agent has typed, and the reason that they chose.
pub(crate) type Typed = (CaseInput, Option<Reason>);

impl Step<'_> {
    pub(crate) fn typed_into(&mut self, texts: Vec<(Field, String)>) {
        let fields: Vec<Field> = texts.iter().map(|(field, _)| *field).collect();
        for (field, text) in texts {
            self.model.input.set(field, text);
        }
        fields.into_iter().for_each(|field| self.look_at_typed(field));
        self.model.description.last_input_millis = self.env.now_millis();
        self.edited();
    }

    fn look_at_typed(&mut self, field: Field) {
        match field {
            Field::Description => {
                self.measure_description();
                // Once something was found, the form looks for it until it is gone.
                if self.model.secret_check.error().is_some() {
                    self.check_secrets();
                }
            }
            Field::TransferId => {
                self.suggest_subject();
                self.check_subject();
            }
            _ => self.check_subject(),
        }
    }

    /// Looks at everything that depends on the text, after it was changed otherwise than by typing.
    pub(crate) fn look_again(&mut self) {
        self.check_subject();
        self.measure_description();
        self.edited();
    }

    pub(crate) fn measure_description(&mut self) {
        self.model.description.length = DescriptionLength::of(&self.model.input[Field::Description]);
    }

    pub(crate) fn description_entered(&mut self) {
        self.model.description.has_focus = true;
        self.run(Command::StartTimer(Timer::Description, DESCRIPTION_LOOK_MILLIS));
    }

    pub(crate) fn description_left(&mut self) {
        self.model.description.has_focus = false;
        self.run(Command::StopTimer(Timer::Description));
        self.check_secrets();
    }

    /// The description has been read just now, so its length is the one that is seen.
    pub(crate) fn look_at_description(&mut self) {
        if !self.model.description.has_focus {
            return;
        }
        self.run(Command::StartTimer(Timer::Description, DESCRIPTION_LOOK_MILLIS));
        let description = &mut self.model.description;
        let pause = self.env.now_millis().saturating_sub(description.last_input_millis);
        if pause >= ANNOUNCE_PAUSE_MILLIS && description.announced != Some(description.length) {
            description.announced = Some(description.length);
        }
    }

    /// Takes the shorter text. The button vanishes when the text fits, so the focus goes to the text.
    pub(crate) fn shorten_description(&mut self, shortening: Shortening) {
        let text = &self.model.input[Field::Description];
        let shorter = match shortening {
            Shortening::QuotedMail => without_quoted_mail(text),
            Shortening::BlankLines => Some(without_blank_lines(text).into_owned()),
        };
        if let Some(shorter) = shorter {
            self.set_text(Field::Description, &shorter);
            self.look_again();
        }
        self.focus(FocusTarget::Field(Field::Description));
    }

    /// Goes on after the agent has decided about a finding. The button that had the focus vanishes, so the focus goes to the field; the
    /// field's error goes, too, if nothing is left to decide.
    pub(crate) fn finding_resolved(&mut self, field: Field, left: Option<&FieldError>) {
        self.edited();
        let is_finding = |error: &FieldError| matches!(error, FieldError::PersonalData { .. } | FieldError::Secret { .. });
        if left.is_none() && self.model.errors.get(field).is_some_and(is_finding) {
            self.model.errors.remove(field);
        }
        self.focus(FocusTarget::Field(field));
    }

    /// Takes over what the portal prefills now. A field that the agent has changed keeps the agent's text, and so does every field while the
    /// text is what Wise has, or may have; then it is for the next case.
    pub(crate) fn prefill(&mut self, prefill: CaseInput) {
        // A receipt says what was sent, and a case that failed is sent again as it was.
        let locked = self.model.submission.locks_text() || matches!(self.model.submission, Submission::Created(_));
        for field in Field::ALL {
            let untouched = self.model.input[field] == self.model.prefilled[field];
            if !locked && untouched && prefill[field] != self.model.prefilled[field] {
                self.set_text(field, &prefill[field]);
            }
        }
        self.model.prefilled = prefill;
        self.suggest_subject();
        self.look_again();
    }

    /// Replaces the text of every field.
    pub(crate) fn set_texts(&mut self, input: &CaseInput) {
        for field in Field::ALL {
            self.set_text(field, &input[field]);
        }
        self.run(Command::WriteControl(Control::Reason));
    }

    /// Empties the form for a case of its own, prefilled as the portal last asked.
    pub(crate) fn reset(&mut self) {
        let prefill = self.model.prefilled.clone();
        self.model.pending = None;
        self.model.next_key = None;
        self.model.errors = ValidationErrors::default();
        self.model.subject_check.dismissed.clear();
        self.model.secret_check = Default::default();
        self.model.suggestion = Default::default();
        self.model.undo.clear();
        self.set_submission(Submission::Editing);
        self.set_texts(&prefill);
        self.look_again();
    }

    /// What the agent has typed, without the subject that was suggested, and the reason for which it was.
    pub(crate) fn typed(&self) -> Typed {
        let mut input = self.model.input.clone();
        let suggestion = &self.model.suggestion;
        if !suggestion.suggested.is_empty() && input[Field::Subject] == suggestion.suggested {
            input.set(Field::Subject, "");
        }
        (input, suggestion.reason)
    }

    /// Adds what was typed to what the form holds by now.
    pub(crate) fn add(&mut self, (input, reason): &Typed) {
        self.append(input);
        self.follow_reason(*reason);
    }

    /// A reason that was chosen beside a draft without one is the draft's.
    pub(crate) fn follow_reason(&mut self, reason: Option<Reason>) {
        if self.model.suggestion.reason.is_none() && reason.is_some() {
            self.model.suggestion.reason = reason;
            self.suggest_subject();
            self.run(Command::WriteControl(Control::Reason));
        }
    }

    /// Adds what was typed into another draft to this one, so that neither is lost: to a field that is as the portal prefilled it, or else
    /// to the description. While the text is what Wise may have, it stays as it is; the form goes back to it first.
    pub(crate) fn append(&mut self, other: &CaseInput) {
        if self.model.submission.locks_text() {
            self.reconsider();
        }
        // The description comes last, when all that belongs into it is known.
        let mut added = Vec::new();
        for field in Field::ALL {
            let (text, own, prefilled) = (other[field].trim(), &self.model.input[field], &self.model.prefilled[field]);
            if text.is_empty() || text == own.trim() || text == prefilled.trim() {
                continue;
            }
            match field {
                _ if own.trim().is_empty() || own == prefilled => self.set_text(field, text),
                Field::Subject | Field::Description if own.contains(text) => {}
                Field::Subject | Field::Description => added.push(text.to_owned()),
                _ => added.push(self.env.words().labelled(field, text)),
            }
        }
        let mut description = self.model.input[Field::Description].to_owned();
        for text in added {
            if !description.contains(&text) {
                if !description.is_empty() {
                    description.push_str("\n\n");
                }
                description.push_str(&text);
            }
        }
        self.set_text(Field::Description, &description);
        self.look_again();
    }

    pub(crate) fn paste_ids(&mut self, ids: Vec<(Field, i64)>) {
        for (field, id) in &ids {
            self.set_text(*field, &id.to_string());
        }
        self.suggest_subject();
        self.check_subject();
        self.edited();
        self.announce(Announcement::IdsPasted(ids.into_iter().map(|(field, _)| field).collect()));
    }
}
