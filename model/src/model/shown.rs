//! Whether the view shows two models alike.

use partner_case_core::{DescriptionLength, Field};

use super::Model;
use crate::submission::Submission;

impl Model {
    /// Whether the view shows this model as it shows another. A keystroke that changes nothing but a text then costs the view nothing.
    ///
    /// All members are named here, so that a new one is thought of: what the view never shows is left out by name.
    pub fn is_shown_like(&self, other: &Self) -> bool {
        let Self {
            input: _,
            options,
            prefilled: _,
            errors,
            submission,
            pending: _,
            next_key: _,
            polls,
            retry_in_secs,
            subject_check,
            secret_check,
            suggestion: _,
            undo,
            description,
            draft,
            announcement,
            copied,
            is_interactive,
            is_unmounted: _,
            revision: _,
            is_unsaved: _,
            warns_before_leaving: _,
        } = self;
        options.layout == other.options.layout
            && *errors == other.errors
            && *submission == other.submission
            && polls.status == other.polls.status
            && *retry_in_secs == other.retry_in_secs
            && subject_check.findings == other.subject_check.findings
            && secret_check.findings == other.secret_check.findings
            && undo.field() == other.undo.field()
            && counted(description.length) == counted(other.description.length)
            && description.announced == other.description.announced
            && (draft.status, draft.event) == (other.draft.status, other.draft.event)
            && *announcement == other.announcement
            && *copied == other.copied
            && *is_interactive == other.is_interactive
            && self.shown_texts() == other.shown_texts()
    }

    /// The texts that the view shows beside the controls: what is reviewed, and where something was found or would be cut.
    fn shown_texts(&self) -> Vec<&str> {
        let is_shown = |field: &Field| match field {
            Field::Subject => !self.subject_check.findings.is_empty(),
            Field::Description => !self.secret_check.findings.is_empty() || self.description.length.excess() > 0,
            _ => false,
        };
        let is_reviewed = matches!(self.submission, Submission::Reviewing(_) | Submission::Created(_));
        let fields = Field::ALL.into_iter().filter(|field| is_reviewed || is_shown(field));
        fields.map(|field| &self.input[field]).collect()
    }
}

/// The length as far as the form says something of it.
fn counted(length: DescriptionLength) -> Option<DescriptionLength> {
    let is_said = length.excess() > 0 || length.is_near_limit() || length.is_over_in_bytes_only();
    is_said.then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_case_core::CaseInput;

    fn with(texts: [(Field, &str); 2]) -> Model {
        Model {
            input: CaseInput::from(texts),
            ..Model::default()
        }
    }

    #[test]
    fn a_text_counts_only_where_it_is_shown() {
        let one = with([(Field::Subject, "a"), (Field::Description, "b")]);
        let mut other = with([(Field::Subject, "c"), (Field::Description, "d")]);
        assert!(one.is_shown_like(&other));
        other.submission = Submission::Reviewing(None);
        assert!(!one.is_shown_like(&other));
        let mut reviewed = one.clone();
        reviewed.submission = Submission::Reviewing(None);
        assert!(!reviewed.is_shown_like(&other));
    }

    #[test]
    fn a_length_counts_once_the_form_says_it() {
        let of = |chars: usize| Model {
            description: crate::model::Description {
                length: DescriptionLength::of(&"x".repeat(chars)),
                ..Default::default()
            },
            ..Model::default()
        };
        assert!(of(10).is_shown_like(&of(11)));
        assert!(!of(65_000).is_shown_like(&of(65_001)));
        assert!(!of(65_536).is_shown_like(&of(65_537)));
    }
}
