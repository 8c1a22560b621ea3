//! What the form holds: the text of each field, what is wrong with it, and where the submission stands. No DOM, no transport.

mod draft;
mod submit;

use partner_case_core::{CaseDraft, DescriptionLength, Field, FieldError, ValidationErrors};

use self::submit::Unsettled;
use crate::description_stop::DescriptionStop;
use crate::layout::Layout;
use crate::messages::Texts;
use crate::rest;
use crate::subject_guard::SubjectGuard;
use crate::subject_helper::SubjectHelper;
use crate::submission::{Inquiry, Submission};
use crate::watched::{Stored, Watched};

/// The state of one form. It is a bundle of signals, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CaseForm {
    values: [Watched<String>; Field::ALL.len()],
    /// What the host has prefilled, to tell it from what a person typed.
    prefilled: Stored<CaseDraft>,
    /// What was sent last, until it is certain what became of it.
    unsettled: Stored<Option<Unsettled>>,
    /// The key of the next text that is sent. It is made with the draft, so that a copy of the draft in another tab has the same.
    next_key: Stored<Option<String>>,
    /// Whether a person sees what is to be sent before it is.
    review: Stored<bool>,
    /// Which fields a person can change and see.
    pub(crate) layout: Watched<Layout>,
    /// Counts the changes to what is kept of a draft.
    pub(crate) edits: Watched<u32>,
    /// The texts in the reader's language.
    pub(crate) texts: Texts,
    /// What is wrong with the draft as it was last submitted.
    pub(crate) errors: Watched<ValidationErrors>,
    /// Where the submission stands.
    pub(crate) submission: Watched<Submission>,
    /// What is being done about an unknown outcome.
    pub(crate) inquiry: Watched<Inquiry>,
    /// Counts what a person has to be shown: it moves the focus to the summary or the outcome, even if that is the same as before.
    pub(crate) shown: Watched<u32>,
    /// What is known of the customer and what a person has decided, to find personal data in the subject.
    pub(crate) guard: SubjectGuard,
    /// What was found in the description that must stand nowhere.
    pub(crate) stop: DescriptionStop,
    /// What subject was proposed.
    pub(crate) helper: SubjectHelper,
    /// How long the description is.
    pub(crate) description_length: Watched<DescriptionLength>,
    /// What was done without being asked for, to be announced.
    pub(crate) said: Watched<Option<String>>,
    /// Where the focus goes when a button that had it is about to vanish.
    pub(crate) focus: Watched<Option<FocusTarget>>,
    /// Whether the description has the focus.
    pub(crate) in_description: Watched<bool>,
    /// Whether a person wanted to send the case before the form could.
    pub(crate) wanted: Stored<bool>,
}

/// A place that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FocusTarget {
    /// The control of a field.
    Field(Field),
    /// The submit button.
    Submit,
}

impl CaseForm {
    pub(crate) fn new(prefill: CaseDraft) -> Self {
        Self {
            values: Field::ALL.map(|field| Watched::new(prefill.get(field).to_owned())),
            prefilled: Stored::new(prefill),
            unsettled: Stored::new(None),
            next_key: Stored::new(None),
            review: Stored::new(false),
            layout: Watched::default(),
            edits: Watched::new(0),
            texts: Texts::english(),
            errors: Watched::default(),
            submission: Watched::default(),
            inquiry: Watched::default(),
            shown: Watched::new(0),
            guard: SubjectGuard::new(),
            stop: DescriptionStop::new(),
            helper: SubjectHelper::new(),
            description_length: Watched::default(),
            said: Watched::new(None),
            focus: Watched::new(None),
            in_description: Watched::new(false),
            wanted: Stored::new(false),
        }
    }

    /// Whether the host has fixed what a field holds. One that has an error is open: it could not be put right otherwise.
    pub(crate) fn is_readonly(self, field: Field) -> bool {
        self.layout.with(|layout| layout.readonly.contains(&field)) && !self.has_error(field)
    }

    /// Whether the host has hidden a field. One that has an error is shown: it could not be put right otherwise.
    pub(crate) fn is_hidden(self, field: Field) -> bool {
        self.layout.with(|layout| layout.hidden.contains(&field)) && !self.has_error(field)
    }

    /// Whether something is wrong with a field.
    pub(crate) fn has_error(self, field: Field) -> bool {
        self.errors.with(|errors| errors.get(field).is_some())
    }

    /// The text of a field as the view shows it.
    pub(crate) fn value(self, field: Field) -> Watched<String> {
        self.values[field as usize]
    }

    /// Takes over what a person typed. The view is not told: it is where the text comes from.
    pub(crate) fn typed(self, field: Field, text: String) {
        self.value(field).update_untracked(|current| *current = text);
        if let Some(rest) = rest::loaded() {
            (rest.typed)(self, field);
        }
        self.edited();
    }

    /// Looks at what was typed into a field.
    pub(crate) fn look_at_typed(self, field: Field) {
        match field {
            Field::Description => {
                self.measure_description();
                // Once something was found, it is looked for until it is gone.
                if self.stop.error().is_some() {
                    self.check_description();
                }
            }
            Field::TransferId => {
                self.propose_subject();
                self.check_subject();
            }
            _ => self.check_subject(),
        }
    }

    /// Puts a text in the place of another, otherwise than by typing.
    pub(crate) fn replace(self, field: Field, text: String) {
        self.value(field).set(text);
        self.look_again();
    }

    /// Takes over what a person has decided about a find in a field. The button that was clicked vanishes, so the focus goes to the field;
    /// the error goes, too, if nothing is `left` to decide.
    pub(crate) fn decided(self, field: Field, left: Option<&FieldError>) {
        self.edited();
        if left.is_none() {
            self.errors.update(|errors| {
                if matches!(
                    errors.get(field),
                    Some(FieldError::PersonalData { .. } | FieldError::Secret { .. })
                ) {
                    errors.remove(field);
                }
            });
        }
        self.focus.set(Some(FocusTarget::Field(field)));
    }

    /// Notes that what is kept of the draft has changed.
    pub(crate) fn edited(self) {
        self.edits.update(|count| *count = count.wrapping_add(1));
    }

    /// Measures the description. Its length is told only when it has changed.
    pub(crate) fn measure_description(self) {
        let length = self
            .value(Field::Description)
            .with_untracked(|text| DescriptionLength::of(text));
        if self.description_length.get_untracked() != length {
            self.description_length.set(length);
        }
    }

    /// Looks at everything that depends on the text, after it was changed otherwise than by typing.
    pub(crate) fn look_again(self) {
        self.check_subject();
        self.measure_description();
        self.edited();
    }

    /// The draft as it stands.
    pub(crate) fn draft(self) -> CaseDraft {
        let mut draft = CaseDraft::default();
        for field in Field::ALL {
            draft.set(field, self.value(field).get_untracked());
        }
        draft
    }

    /// The draft without its longest text, for what looks at the other fields at every keystroke.
    pub(crate) fn draft_without_description(self) -> CaseDraft {
        let mut draft = CaseDraft::default();
        for field in Field::ALL.into_iter().filter(|field| *field != Field::Description) {
            draft.set(field, self.value(field).get_untracked());
        }
        draft
    }

    /// Takes over what the host prefills now. A field that a person has changed keeps the person's text, and so does every field
    /// while the text is what Wise has, or may have; then it is for the next case.
    pub(crate) fn prefill(self, prefill: CaseDraft) {
        // A receipt tells what was sent, and a case that failed is sent again as it was.
        let locked = self
            .submission
            .with_untracked(|submission| submission.locks_text() || matches!(submission, Submission::Created(_)));
        self.prefilled.update_value(|before| {
            for field in Field::ALL {
                let untouched = self.value(field).with_untracked(|text| text == before.get(field));
                if !locked && untouched && prefill.get(field) != before.get(field) {
                    self.value(field).set(prefill.get(field).to_owned());
                }
            }
            *before = prefill;
        });
        self.look_again();
    }

    /// Empties the form for a case of its own, prefilled as the host last asked.
    pub(crate) fn reset(self) {
        let prefill = self.prefilled.get_value();
        for field in Field::ALL {
            self.value(field).set(prefill.get(field).to_owned());
        }
        self.unsettled.set_value(None);
        self.next_key.set_value(None);
        self.errors.set(ValidationErrors::default());
        self.submission.set(Submission::Editing);
        self.guard.forget_decisions();
        self.helper.forget();
        self.stop.forget();
        self.look_again();
    }

    /// Empties the form for another customer.
    pub(crate) fn start_over_with(self, prefill: CaseDraft) {
        self.prefilled.set_value(prefill);
        self.reset();
    }

    fn show(self) {
        self.shown.update(|count| *count = count.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests;
