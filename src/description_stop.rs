//! A quiet stop in the description for what must stand nowhere: full card numbers, tokens, passwords.
//!
//! It looks when the field is left and when the case is sent, not at every keystroke: nobody is interrupted while writing.

use partner_case_core::{Field, FieldError, SecretFind, masked};

use crate::form::CaseForm;
use crate::watched::{Stored, Watched};

/// The state of the stop. It is a bundle of signals, so it is copied freely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DescriptionStop {
    /// Values that a person has said are no secrets. They are remembered as long as the draft.
    kept: Stored<Vec<String>>,
    /// What is left to do something about.
    pub(crate) finds: Watched<Vec<SecretFind>>,
}

impl DescriptionStop {
    pub(crate) fn new() -> Self {
        Self {
            kept: Stored::default(),
            finds: Watched::default(),
        }
    }

    /// What a person has said is no secret.
    pub(crate) fn kept(self) -> Vec<String> {
        self.kept.get_value()
    }

    pub(crate) fn restore(self, kept: Vec<String>) {
        self.kept.set_value(kept);
        self.finds.set(Vec::new());
    }

    pub(crate) fn forget(self) {
        self.kept.set_value(Vec::new());
        self.finds.set(Vec::new());
    }

    /// What keeps the description from being sent.
    pub(crate) fn error(self) -> Option<FieldError> {
        self.finds
            .with_untracked(|finds| finds.first().map(|find| FieldError::Secret { secret: find.kind }))
    }
}

impl CaseForm {
    /// Looks for secrets in the description.
    pub(crate) fn check_description(self) {
        let finds = self.find_secrets();
        if self.stop.finds.with_untracked(|before| *before != finds) {
            self.stop.finds.set(finds);
        }
    }

    fn find_secrets(self) -> Vec<SecretFind> {
        let draft = self.draft();
        let mut finds = draft.secrets_in_description();
        self.stop
            .kept
            .with_value(|kept| finds.retain(|find| !kept.iter().any(|kept| *kept == draft.description[find.range.clone()])));
        finds
    }

    /// Whether the description holds what must be stored nowhere. Nothing is said of it: the person may still be writing.
    pub(crate) fn has_secret_in_description(self) -> bool {
        !self.find_secrets().is_empty()
    }

    /// The value of a find, as it stands in the description now.
    pub(crate) fn secret_value(self, find: &SecretFind) -> String {
        self.value(Field::Description)
            .with_untracked(|text| text.get(find.range.clone()).unwrap_or_default().to_owned())
    }

    /// Makes a find harmless.
    pub(crate) fn mask_in_description(self, find: &SecretFind) {
        let text = self.value(Field::Description).with_untracked(|text| masked(text, find));
        self.replace(Field::Description, text);
        self.after_stop();
    }

    /// Takes a person's word that a find is no secret.
    pub(crate) fn keep_in_description(self, find: &SecretFind) {
        let value = self.secret_value(find);
        self.stop.kept.update_value(|kept| kept.push(value));
        self.after_stop();
    }

    fn after_stop(self) {
        self.check_description();
        self.decided(Field::Description, self.stop.error().as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;
    use partner_case_core::CaseDraft;

    fn with_description(description: &str, test: impl FnOnce(CaseForm)) {
        let owner = Owner::new();
        owner.with(|| {
            let form = CaseForm::new(CaseDraft {
                user_id: "1234".to_owned(),
                subject: "s".to_owned(),
                ..CaseDraft::default()
            });
            form.typed(Field::Description, description.to_owned());
            test(form);
        });
    }

    fn first(form: CaseForm) -> SecretFind {
        form.stop.finds.get_untracked()[0].clone()
    }

    #[test]
    fn a_full_card_number_stops_the_sending_until_it_is_masked() {
        with_description("Card 4111 1111 1111 1111 was charged twice", |form| {
            assert!(form.begin_submit(|| "k".to_owned()).is_none());
            assert!(matches!(
                form.errors.get_untracked().get(Field::Description),
                Some(FieldError::Secret { .. })
            ));
            form.mask_in_description(&first(form));
            assert_eq!(form.draft().description, "Card •••• 1111 was charged twice");
            assert!(form.begin_submit(|| "k".to_owned()).is_some());
        });
    }

    #[test]
    fn a_person_can_say_that_it_is_none_and_is_not_asked_again() {
        with_description("Number 4111111111111111", |form| {
            form.check_description();
            form.keep_in_description(&first(form));
            assert!(form.begin_submit(|| "k".to_owned()).is_some());
        });
    }

    #[test]
    fn nothing_is_said_while_a_person_types() {
        with_description("password: hunter2", |form| {
            assert!(form.stop.finds.get_untracked().is_empty());
            form.check_description();
            assert_eq!(form.secret_value(&first(form)), "hunter2");
        });
    }
}
