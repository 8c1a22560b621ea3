//! All that one form is.

mod polls;
mod secret_check;
mod shown;
mod subject_check;
mod suggestion;
mod undo;

use partner_case_core::{CaseInput, DescriptionLength, Field, PersonalDataKind, SecretFinding, ValidationErrors};

pub use self::polls::Polls;
pub use self::secret_check::SecretCheck;
pub use self::subject_check::SubjectCheck;
pub use self::suggestion::SubjectSuggestion;
pub use self::undo::Undo;
pub(crate) use self::undo::taken_back;
use crate::announcement::{Announcement, CopyTarget};
use crate::draft::Draft;
use crate::options::FormOptions;
use crate::submission::{PendingSubmission, Submission};

/// How many findings in the subject are shown at a time. A pasted list may have thousands, and nobody reads them.
pub const FINDINGS_SHOWN_MAX: usize = 10;

/// How many characters of the subject are shown behind the last finding that is shown.
const SUBJECT_REST_MAX: usize = 200;

/// All that one form is. The view shows it; only [`update`](crate::update) changes it, but for the first text of a field.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The text of each field, as the controls show it.
    pub input: CaseInput,
    /// What the portal has set.
    pub(crate) options: FormOptions,
    /// What the fields held at first, to tell it from what the agent typed.
    pub(crate) prefilled: CaseInput,
    /// What was wrong with the text when it was checked last.
    pub errors: ValidationErrors,
    /// Where the submission stands.
    pub submission: Submission,
    /// What was sent last, until its outcome is certain.
    pub(crate) pending: Option<PendingSubmission>,
    /// The key of the next text that is sent. It is made with the draft, so that a copy of the draft in another tab has the same.
    pub(crate) next_key: Option<String>,
    /// What the form asks the proxy for again and again.
    pub polls: Polls,
    /// In how many seconds sending again makes sense, if the answer said so.
    pub retry_in_secs: Option<u64>,
    /// Personal data in the subject.
    pub subject_check: SubjectCheck,
    /// Secrets in the description.
    pub secret_check: SecretCheck,
    /// The reason, and the subject that was suggested for it.
    pub suggestion: SubjectSuggestion,
    /// The changes that the agent did not type and can take back.
    pub undo: Undo,
    /// The description's length, and who hears of it.
    pub description: Description,
    /// What becomes of what the agent typed.
    pub draft: Draft,
    /// What a screen reader says about something that the agent did not do themselves.
    pub announcement: Option<Announcement>,
    /// What was copied last, and whether it worked.
    pub copied: Option<(CopyTarget, bool)>,
    /// Whether the lazy part is there: the form can check, store and send.
    pub is_interactive: bool,
    /// Whether the form has left the page. What was on its way then still ends.
    pub(crate) is_unmounted: bool,
    /// Counts the changes to what is stored of a draft.
    pub(crate) revision: u32,
    /// Whether something has changed since the draft was stored or its storing was scheduled.
    pub(crate) is_unsaved: bool,
    /// Whether the browser asks before the page is closed.
    pub(crate) warns_before_leaving: bool,
}

/// The description's length, and who hears of it.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// How long it is.
    pub length: DescriptionLength,
    /// The length that a screen reader has been told.
    pub announced: Option<DescriptionLength>,
    /// Whether it has the focus.
    pub(crate) has_focus: bool,
    /// When the agent typed last, in milliseconds since 1970.
    pub(crate) last_input_millis: u64,
}

/// Which of its faces the form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The fields.
    Form,
    /// What is to be sent, before it is.
    Review,
    /// The receipt.
    Receipt,
}

impl Model {
    /// A form as the portal has set it up.
    pub fn new(options: FormOptions) -> Self {
        Self {
            input: options.prefill.clone(),
            prefilled: options.prefill.clone(),
            options,
            ..Self::default()
        }
    }

    /// Which of its faces the form shows.
    pub const fn face(&self) -> Face {
        match self.submission {
            Submission::Created(_) => Face::Receipt,
            Submission::Reviewing(_) => Face::Review,
            _ => Face::Form,
        }
    }

    /// Whether the agent cannot change the text now.
    pub const fn is_locked(&self) -> bool {
        self.submission.locks_text() || self.options.layout.disabled
    }

    /// Whether pressing the button that sends does nothing now.
    pub const fn ignores_submit(&self) -> bool {
        self.is_sending() || self.options.layout.disabled
    }

    /// Whether the case is on its way.
    pub const fn is_sending(&self) -> bool {
        matches!(self.submission, Submission::Sending)
    }

    /// Whether something is wrong with a field.
    pub const fn has_error(&self, field: Field) -> bool {
        self.errors.get(field).is_some()
    }

    /// Whether the portal has fixed what a field holds. One that has an error is open: the agent could not correct it otherwise.
    pub fn is_readonly(&self, field: Field) -> bool {
        self.options.layout.readonly.contains(&field) && !self.has_error(field)
    }

    /// Whether the portal has hidden a field. One that has an error is shown: the agent could not correct it otherwise.
    pub fn is_hidden(&self, field: Field) -> bool {
        self.options.layout.hidden.contains(&field) && !self.has_error(field)
    }

    /// Whether the agent cannot change a field now.
    pub fn is_fixed(&self, field: Field) -> bool {
        self.is_locked() || self.is_readonly(field)
    }

    /// Whether the agent can take back a change that they did not type.
    pub fn can_undo(&self) -> bool {
        self.undo.field().is_some() && !self.is_locked()
    }

    /// Whether the form offers to send: not while nobody knows whether the case exists.
    pub const fn offers_to_send(&self) -> bool {
        !matches!(self.submission, Submission::OutcomeUnknown(_))
    }

    /// Whether the form holds something that the agent would miss: text of their own, or a case on its way.
    pub(crate) fn has_content(&self) -> bool {
        match self.submission {
            Submission::Created(_) => false,
            Submission::Sending | Submission::OutcomeUnknown(_) | Submission::Reconsidering(_) => true,
            Submission::Editing | Submission::Reviewing(_) | Submission::Rejected(_) | Submission::NotSent(_) => {
                self.input != self.prefilled
            }
        }
    }

    /// The key of the submission whose outcome is unknown, if there is one.
    pub(crate) fn unknown_key(&self) -> Option<&str> {
        match (&self.submission, &self.pending) {
            (Submission::OutcomeUnknown(_), Some(pending)) => Some(&pending.key),
            _ => None,
        }
    }

    /// The subject cut into pieces, each with the kind of the finding that covers it. After the last finding that is shown comes the beginning of
    /// what is left.
    pub fn subject_pieces(&self) -> Vec<(&str, Option<PersonalDataKind>)> {
        let subject = &self.input[Field::Subject];
        let mut pieces = Vec::new();
        let mut end = 0;
        for finding in self.subject_check.findings.iter().take(FINDINGS_SHOWN_MAX) {
            let range = finding.range.clone();
            let (Some(before), Some(found)) = (subject.get(end..range.start), subject.get(range.clone())) else {
                continue;
            };
            pieces.push((before, None));
            pieces.push((found, Some(finding.kind)));
            end = range.end;
        }
        let rest = subject.get(end..).unwrap_or_default();
        let shown = rest.char_indices().nth(SUBJECT_REST_MAX).map_or(rest.len(), |(at, _)| at);
        pieces.push((&rest[..shown], None));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }

    /// The value of a finding, as it stands in the description now.
    pub fn secret_value(&self, finding: &SecretFinding) -> &str {
        self.input[Field::Description].get(finding.range.clone()).unwrap_or_default()
    }

    /// What stands in the description and must stand nowhere, whether the form says so yet or not.
    pub(crate) fn find_secrets(&self) -> Vec<SecretFinding> {
        let mut findings = self.input.secrets_in_description();
        let dismissed = &self.secret_check.dismissed;
        findings.retain(|finding| !dismissed.iter().any(|dismissed| dismissed == self.secret_value(finding)));
        findings
    }
}
