//! Where the focus can go.

use partner_case_core::Field;

/// A place that can take the focus. Wherever a button that had it is about to vanish, the focus goes on to what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FocusTarget {
    /// The control of a field.
    Field(Field),
    /// The submit button.
    Submit,
    /// The summary of errors.
    ErrorSummary,
    /// The notice above the form: a case that was not sent, was rejected, or may exist.
    Notice,
    /// The heading of the review or of the receipt.
    Heading,
}

impl FocusTarget {
    /// The ID of the element.
    pub const fn element_id(self) -> &'static str {
        match self {
            Self::Field(field) => field.attribute_name(),
            Self::Submit => "submit",
            Self::ErrorSummary => "error-summary",
            Self::Notice => "notice",
            Self::Heading => "heading",
        }
    }
}
