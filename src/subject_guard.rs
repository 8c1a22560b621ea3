//! Personal data in the subject: what is found, what a person decides about it, and how it moves to the description.

use std::ops::Range;

use partner_case_core::{Certainty, Field, FieldError, KnownPersonalData, PersonalDataFind, PersonalDataKind};

use crate::form::CaseForm;
use crate::messages::{self, Message};
use crate::watched::{Stored, Watched};

/// The state of the guard. It is a bundle of signals, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SubjectGuard {
    known: Stored<KnownPersonalData>,
    /// Values that a person has said are no personal data. They are remembered as long as the draft.
    kept: Stored<Vec<String>>,
    /// What is left to do something about.
    pub(crate) finds: Watched<Vec<PersonalDataFind>>,
}

impl SubjectGuard {
    pub(crate) fn new() -> Self {
        Self {
            known: Stored::default(),
            kept: Stored::default(),
            finds: Watched::default(),
        }
    }

    /// What a person has said is no personal data.
    pub(crate) fn kept(self) -> Vec<String> {
        self.kept.get_value()
    }

    pub(crate) fn restore(self, kept: Vec<String>) {
        self.kept.set_value(kept);
    }

    pub(crate) fn forget_decisions(self) {
        self.kept.set_value(Vec::new());
    }

    /// What keeps the subject from being sent: a certain find before a probable one.
    pub(crate) fn error(self) -> Option<FieldError> {
        self.finds.with_untracked(|finds| {
            let certain = finds.iter().find(|find| find.certainty == Certainty::Certain);
            let find = certain.or(finds.first())?;
            Some(FieldError::PersonalData {
                kind: find.kind,
                certainty: find.certainty,
            })
        })
    }
}

impl CaseForm {
    /// Takes over what the host knows of the customer.
    pub(crate) fn set_known_personal_data(self, known: KnownPersonalData) {
        self.guard.known.set_value(known);
        self.check_subject();
    }

    /// Looks for personal data in the subject. Cheap enough for every keystroke.
    pub(crate) fn check_subject(self) {
        let draft = self.draft_without_description();
        let mut finds = self
            .guard
            .known
            .with_value(|known| draft.personal_data_in_subject(Some(known)));
        self.guard.kept.with_value(|kept| {
            finds.retain(|find| {
                find.certainty == Certainty::Certain || !kept.iter().any(|kept| *kept == draft.subject[find.range.clone()])
            });
        });
        // Only a change is told, so that nothing is announced twice.
        if self.guard.finds.with_untracked(|before| *before != finds) {
            self.guard.finds.set(finds);
        }
    }

    /// The subject cut into pieces, each with the find that covers it.
    pub(crate) fn subject_pieces(self) -> Vec<(String, Option<PersonalDataKind>)> {
        let subject = self.value(Field::Subject).get_untracked();
        let mut pieces = Vec::new();
        let mut end = 0;
        for find in self.guard.finds.get() {
            let (Some(before), Some(found)) = (subject.get(end..find.range.start), subject.get(find.range.clone())) else {
                continue;
            };
            pieces.push((before.to_owned(), None));
            pieces.push((found.to_owned(), Some(find.kind)));
            end = find.range.end;
        }
        pieces.push((subject.get(end..).unwrap_or_default().to_owned(), None));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }

    /// Moves a find to the end of the description, as a line that names its kind, and leaves a neutral word in its place.
    pub(crate) fn move_to_description(self, find: &PersonalDataFind) {
        let range = &find.range;
        let subject = self.value(Field::Subject).get_untracked();
        let (Some(before), Some(value), Some(after)) = (
            subject.get(..range.start),
            subject.get(range.clone()),
            subject.get(range.end..),
        ) else {
            return;
        };
        let kind = self.texts.get(messages::kind_name(find.kind));
        let line = self.texts.with(Message::GuardMoved, &[("kind", &kind), ("value", value)]);
        let neutral = self.texts.get(messages::neutral_word(find.kind));
        let description = self.value(Field::Description).get_untracked();
        let gap = match description.trim_end_matches(' ') {
            "" => "",
            text if text.ends_with('\n') => "",
            _ => "\n",
        };
        self.replace(Field::Description, format!("{description}{gap}{line}"));
        self.replace(Field::Subject, format!("{before}{neutral}{after}"));
        self.decided(Field::Subject, self.guard.error().as_ref());
    }

    /// Takes a person's word that a probable find is no personal data.
    pub(crate) fn keep_in_subject(self, range: &Range<usize>) {
        let subject = self.value(Field::Subject).get_untracked();
        if let Some(value) = subject.get(range.clone()) {
            self.guard.kept.update_value(|kept| kept.push(value.to_owned()));
        }
        self.check_subject();
        self.decided(Field::Subject, self.guard.error().as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;
    use partner_case_core::CaseDraft;

    fn with_subject(subject: &str, test: impl FnOnce(CaseForm)) {
        let owner = Owner::new();
        owner.with(|| {
            let form = CaseForm::new(CaseDraft {
                user_id: "1234".to_owned(),
                description: "d".to_owned(),
                ..CaseDraft::default()
            });
            form.typed(Field::Subject, subject.to_owned());
            test(form);
        });
    }

    fn ranges(form: CaseForm) -> Vec<Range<usize>> {
        form.guard.finds.get_untracked().into_iter().map(|find| find.range).collect()
    }

    #[test]
    fn a_moved_value_is_in_the_description_and_no_longer_in_the_subject() {
        with_subject("Refund to a@example.com is late", |form| {
            assert!(form.begin_submit(|| "k".to_owned()).is_none());
            let find = form.guard.finds.get_untracked()[0].clone();
            form.move_to_description(&find);
            assert_eq!(form.draft().subject, "Refund to [e-mail] is late");
            assert_eq!(form.draft().description, "d\ne-mail address: a@example.com");
            assert!(form.errors.get_untracked().is_empty());
            assert!(form.begin_submit(|| "k".to_owned()).is_some());
        });
    }

    #[test]
    fn a_probable_find_waits_for_a_decision_that_is_remembered() {
        with_subject("Refund for Anna Schmidt", |form| {
            assert!(form.begin_submit(|| "k".to_owned()).is_none());
            form.keep_in_subject(&ranges(form)[0]);
            form.typed(Field::Subject, "Refund for Anna Schmidt is late".to_owned());
            assert!(ranges(form).is_empty());
            assert!(form.begin_submit(|| "k".to_owned()).is_some());
        });
    }

    #[test]
    fn a_certain_find_cannot_be_kept() {
        with_subject("Refund to a@example.com", |form| {
            form.keep_in_subject(&ranges(form)[0]);
            assert_eq!(ranges(form).len(), 1);
        });
    }

    #[test]
    fn what_the_host_knows_of_the_customer_is_found() {
        with_subject("schmidt anna waits", |form| {
            form.set_known_personal_data(KnownPersonalData {
                names: vec!["Anna Schmidt".to_owned()],
                ..KnownPersonalData::default()
            });
            let pieces = form.subject_pieces();
            assert_eq!(pieces[0], ("schmidt anna".to_owned(), Some(PersonalDataKind::Name)));
        });
    }

    #[test]
    fn an_id_typed_later_makes_its_number_harmless() {
        with_subject("Phone call about 58114690", |form| {
            assert_eq!(ranges(form).len(), 1);
            form.typed(Field::TransferId, "58 114 690".to_owned());
            assert!(ranges(form).is_empty());
        });
    }

    #[test]
    fn a_new_case_starts_without_the_decisions_of_the_last() {
        with_subject("Refund for Anna Schmidt", |form| {
            form.keep_in_subject(&ranges(form)[0]);
            form.reset();
            form.typed(Field::Subject, "Refund for Anna Schmidt".to_owned());
            assert_eq!(ranges(form).len(), 1);
        });
    }
}
