//! One line per submission: who, when, what came of it, and none of the text.

use partner_case_core::{Case, Problem};

use crate::logging::AUDIT;
use crate::request_id::RequestId;
use crate::staff::StaffId;

/// What came of a submission.
pub(crate) fn submission(request_id: &RequestId, staff: &StaffId, outcome: &Result<Case, Problem>) {
    let (name, case_id, code, trace_id) = match outcome {
        Ok(case) => ("created", Some(case.id.0), None, None),
        Err(problem) => (
            problem.outcome.as_str(),
            None,
            Some(problem.code.as_str()),
            problem.trace_id.as_deref(),
        ),
    };
    tracing::info!(
        target: AUDIT,
        request_id = request_id.0,
        staff = staff.0,
        outcome = name,
        case_id,
        code,
        trace_id,
        "submission"
    );
}
