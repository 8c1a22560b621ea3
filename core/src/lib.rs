#![doc = include_str!("../README.md")]

mod case;
mod case_input;
mod case_status;
mod case_type;
mod create_case_request;
mod field;
mod field_error;
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
mod text;
mod timestamp;
mod wise_error;

pub use self::case::{Case, CaseId};
pub use self::case_input::CaseInput;
pub use self::case_status::{CasePhase, CaseStatus};
pub use self::case_type::CaseType;
pub use self::create_case_request::{CreateCaseRequest, DOCUMENTED_REQUEST};
pub use self::field::{Field, FieldKind};
pub use self::field_error::{FieldError, ValidationErrors};
pub use self::id::parse_id;
pub use self::length::{DescriptionLength, cut_position, without_blank_lines, without_quoted_mail};
pub use self::new_case::NewCase;
pub use self::not_sent::NotSentReason;
pub use self::pasted_ids::{PastedId, pasted_ids};
pub use self::personal_data::{
    Certainty, KnownPersonalData, PersonalDataContext, PersonalDataFinding, PersonalDataKind, find_personal_data,
};
pub use self::problem::{FieldProblem, Outcome, Problem, ProblemCode};
pub use self::secrets::{SecretFinding, SecretKind, find_secrets, masked};
pub use self::submission_report::SubmissionReport;
pub use self::text::{normalize_line_endings, utf16_len};
pub use self::timestamp::Timestamp;
pub use self::wise_error::WiseError;
