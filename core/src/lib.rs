#![doc = include_str!("../README.md")]

mod case;
mod case_type;
mod draft;
mod field;
mod id;
mod length;
mod lenient;
pub mod limits;
mod new_case;
mod not_sent;
mod pasted_ids;
mod personal_data;
mod problem;
mod secrets;
mod submission_report;
mod submitted;
mod text;
mod timestamp;
mod wise_error;

pub use self::case::{Case, CaseId, CaseStatus};
pub use self::case_type::CaseType;
pub use self::draft::CaseDraft;
pub use self::field::{Field, FieldError, ValidationErrors};
pub use self::id::parse_id;
pub use self::length::{DescriptionLength, cut_position, without_blank_lines, without_quoted_mail};
pub use self::new_case::NewCase;
pub use self::not_sent::NotSentReason;
pub use self::pasted_ids::{PastedId, pasted_ids};
pub use self::personal_data::{
    Certainty, KnownPersonalData, PersonalDataContext, PersonalDataFind, PersonalDataKind, find_personal_data,
};
pub use self::problem::{FieldProblem, Outcome, Problem, ProblemCode};
pub use self::secrets::{SecretFind, SecretKind, find_secrets, masked};
pub use self::submission_report::SubmissionReport;
pub use self::submitted::SubmittedCase;
pub use self::text::{normalize_line_endings, utf16_len};
pub use self::timestamp::Timestamp;
pub use self::wise_error::WiseError;
