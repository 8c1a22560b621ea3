//! Undo of a change that the agent did not type.

use partner_case_core::{CaseInput, Field};

use super::step::Step;
use crate::command::{Command, Control};
use crate::event::Event;
use crate::focus::FocusTarget;
use crate::model::taken_back;
use crate::reason::Reason;

/// The texts before a change, the reason, and the subject that was suggested for it.
type Before = (CaseInput, Option<Reason>, String);

impl Event {
    /// Whether it changes texts otherwise than by typing, so that the agent may want them back. A deleted draft is restored as a whole.
    pub(super) const fn can_be_undone(&self) -> bool {
        matches!(
            self,
            Self::ReasonChosen(_)
                | Self::IdsPasted(_)
                | Self::FindingMoved(_)
                | Self::SecretMasked(_)
                | Self::DescriptionShortened(_)
        )
    }
}

impl Step<'_> {
    /// What the texts are before a change that can be taken back.
    pub(super) fn before_change(&self) -> Before {
        let suggestion = &self.model.suggestion;
        (self.model.input.clone(), suggestion.reason, suggestion.suggested.clone())
    }

    /// Remembers how to take a change back.
    pub(super) fn remember_change(&mut self, (input, reason, suggested): Before) {
        let model = &mut *self.model;
        model.undo.remember(&input, &model.input, reason, suggested);
    }

    /// Takes the last change back. What was typed since stays; where that is one with the change, it can be had back in the same way.
    pub(crate) fn undo(&mut self) {
        if self.model.is_locked() {
            return;
        }
        let Some(change) = self.model.undo.take_last() else { return };
        let now = self.before_change();
        let mut is_whole = true;
        for (field, before, after) in &change.texts {
            let now = &self.model.input[*field];
            // A suggested subject has followed the transfer since.
            let is_suggested = *field == Field::Subject && *now == self.model.suggestion.suggested;
            let text = taken_back(before, after, if is_suggested { after } else { now });
            is_whole &= text.is_some();
            self.set_text(*field, text.as_deref().unwrap_or(before));
        }
        self.model.suggestion.reason = change.reason;
        self.model.suggestion.suggested = change.suggested;
        self.run(Command::WriteControl(Control::Reason));
        if !is_whole {
            self.remember_change(now);
        }
        self.look_again();
        self.check_secrets();
        if let Some((field, ..)) = change.texts.first() {
            self.focus(FocusTarget::Field(*field));
        }
    }
}
