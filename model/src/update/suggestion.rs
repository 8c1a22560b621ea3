//! Suggesting a subject from the reason and the transfer's ID, so that nobody has to type a name into it.

use partner_case_core::{Field, parse_id};

use super::step::Step;
use crate::command::{Command, Control};
use crate::reason::Reason;

impl Step<'_> {
    pub(crate) fn choose_reason(&mut self, reason: Option<Reason>) {
        self.model.suggestion.reason = reason;
        self.run(Command::WriteControl(Control::Reason));
        self.suggest_subject();
        self.check_subject();
        self.edited();
    }

    /// Writes the suggested subject, unless the agent has written one. Without a reason there is none.
    pub(crate) fn suggest_subject(&mut self) {
        if self.model.submission.locks_text() {
            return;
        }
        let transfer_id = parse_id(&self.model.input[Field::TransferId]).ok().flatten();
        let reason = self.model.suggestion.reason;
        let suggestion = reason.and_then(|reason| self.env.words().suggested_subject(reason, transfer_id));
        let suggestion = suggestion.unwrap_or_default();
        let (subject, before) = (&self.model.input[Field::Subject], &self.model.suggestion.suggested);
        let is_own_words = !subject.trim().is_empty() && subject != before;
        if !is_own_words && suggestion != *before {
            self.set_text(Field::Subject, &suggestion);
            self.model.suggestion.suggested = suggestion;
        }
    }
}
