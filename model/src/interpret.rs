//! What an answer of the proxy means for the submission.
//!
//! The rule: a submission is called created or not created only when the answer says so for certain. Everything else is unknown.

use partner_case_core::{Case, NotSentReason, Outcome, Problem, ProblemCode, SubmissionReport, ValidationErrors, WiseError};

use crate::submission::{NotSent, PollStatus, Rejection, Submission, SupportIds};

/// How a call to the proxy ended.
#[derive(Debug, Clone)]
pub enum FetchOutcome {
    /// The browser was offline, so nothing was sent.
    Offline,
    /// A login page stood in front of the proxy, so the proxy got nothing.
    LoginRedirect,
    /// The request could not be made, so nothing was sent: the endpoint is no URL that a browser posts to.
    Unsendable,
    /// Something may have been sent, and no answer came.
    NoAnswer,
    /// The proxy, or something in front of it, answered.
    Answered(Answer),
}

/// An answer, read to its end.
#[derive(Clone, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after_secs: Option<u64>,
    /// `X-Trace-Id`: Wise's.
    pub trace_id: Option<String>,
    /// `X-Request-Id`: the proxy's.
    pub request_id: Option<String>,
    /// The body as text.
    pub body: String,
}

/// Shows nothing of the body, which holds what the agent typed as their ticket number.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Decides what became of the submission.
pub(crate) fn interpret(outcome: FetchOutcome) -> Submission {
    match outcome {
        FetchOutcome::Offline => not_sent(NotSentReason::Offline, None, SupportIds::default()),
        FetchOutcome::LoginRedirect => not_sent(NotSentReason::SessionExpired, None, SupportIds::default()),
        FetchOutcome::Unsendable => not_sent(NotSentReason::Misconfigured, None, SupportIds::default()),
        FetchOutcome::NoAnswer => Submission::OutcomeUnknown(SupportIds::default()),
        FetchOutcome::Answered(answer) => interpret_answer(&answer),
    }
}

fn interpret_answer(answer: &Answer) -> Submission {
    if (200..300).contains(&answer.status) {
        return match serde_json::from_str::<Case>(&answer.body) {
            Ok(case) => Submission::Created(case),
            // A success that names no case: it may well exist.
            Err(_) => Submission::OutcomeUnknown(support_ids(answer, None)),
        };
    }
    match serde_json::from_str::<Problem>(&answer.body) {
        Ok(problem) => interpret_problem(&problem, answer),
        Err(_) => interpret_status(answer),
    }
}

/// The answer of our own proxy, which says itself whether a case may have been created.
fn interpret_problem(problem: &Problem, answer: &Answer) -> Submission {
    let ids = support_ids(answer, Some(problem));
    if problem.outcome == Outcome::Unknown {
        return Submission::OutcomeUnknown(ids);
    }
    let Some(reason) = problem.code.not_sent_reason() else {
        let errors = problem
            .errors
            .iter()
            .filter_map(|error| Some((error.field()?, error.error.clone())))
            .collect();
        return Submission::Rejected(Rejection {
            errors,
            final_for_key: problem.outcome == Outcome::NotCreated,
            ids,
        });
    };
    not_sent(reason, problem.retry_after.or(answer.retry_after_secs), ids)
}

/// The answer of a simple proxy, which passes on what Wise said, or of a server in front of it.
fn interpret_status(answer: &Answer) -> Submission {
    let ids = support_ids(answer, None);
    let reason = match answer.status {
        400 | 409 | 422 => {
            let errors: ValidationErrors = WiseError::parse(answer.body.as_bytes()).fields;
            // A proxy that remembers keys answers 409 while the first request with this key is still running.
            if answer.status == 409 && errors.is_empty() {
                return Submission::OutcomeUnknown(ids);
            }
            return Submission::Rejected(Rejection {
                errors,
                final_for_key: true,
                ids,
            });
        }
        401 => NotSentReason::SessionExpired,
        429 => NotSentReason::Busy,
        // A server that gave up waiting may have passed the request on before.
        408 => return Submission::OutcomeUnknown(ids),
        400..=499 => NotSentReason::Misconfigured,
        _ => return Submission::OutcomeUnknown(ids),
    };
    not_sent(reason, answer.retry_after_secs, ids)
}

/// Decides what the proxy's answer about an earlier submission means: its outcome, or how the question stands.
///
/// # Errors
/// While the outcome stays unknown.
pub(crate) fn interpret_report(outcome: FetchOutcome) -> Result<Submission, PollStatus> {
    let answer = match outcome {
        FetchOutcome::Answered(answer) => answer,
        // Nobody was there to ask; the next time there may be.
        FetchOutcome::Offline | FetchOutcome::LoginRedirect | FetchOutcome::NoAnswer => return Err(PollStatus::Open),
        FetchOutcome::Unsendable => return Err(PollStatus::NoAnswer),
    };
    match answer.status {
        200 => match serde_json::from_str::<SubmissionReport>(&answer.body) {
            Ok(SubmissionReport::Created { case }) => Ok(Submission::Created(case)),
            Ok(SubmissionReport::Rejected { problem }) if problem.outcome == Outcome::NotCreated => {
                Ok(interpret_problem(&problem, &answer))
            }
            Ok(_) => Err(PollStatus::Open),
            // A page of something else's: there is no such record.
            Err(_) => Err(PollStatus::NoAnswer),
        },
        // Another text was sent under the key, from a copy of the tab: this one never is.
        422 if is_other_case(&answer) => Ok(not_sent(NotSentReason::KeyReused, None, support_ids(&answer, None))),
        // Signed out, or busy, or a gateway without its service for a moment.
        401 | 408 | 429 | 500..=599 => Err(PollStatus::Open),
        _ => Err(PollStatus::NoAnswer),
    }
}

fn is_other_case(answer: &Answer) -> bool {
    let problem = serde_json::from_str::<Problem>(&answer.body);
    problem.is_ok_and(|problem| problem.code == ProblemCode::IdempotencyKeyReused)
}

/// What looking a case up has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CaseLookup {
    /// The case as it is now.
    Case(Case),
    /// The proxy could not say this time; the next time it may.
    Later,
    /// The proxy cannot say: it passes on new cases and nothing else.
    Never,
}

/// Decides what an answer says about a case as it is now.
pub(crate) fn interpret_case(outcome: FetchOutcome) -> CaseLookup {
    match outcome {
        FetchOutcome::Answered(answer) => match answer.status {
            200 => serde_json::from_str(&answer.body).map_or(CaseLookup::Never, CaseLookup::Case),
            401 | 408 | 429 | 500..=599 => CaseLookup::Later,
            _ => CaseLookup::Never,
        },
        FetchOutcome::Offline | FetchOutcome::LoginRedirect | FetchOutcome::NoAnswer => CaseLookup::Later,
        FetchOutcome::Unsendable => CaseLookup::Never,
    }
}

const fn not_sent(reason: NotSentReason, retry_after_secs: Option<u64>, ids: SupportIds) -> Submission {
    Submission::NotSent(NotSent {
        reason,
        retry_after_secs,
        ids,
    })
}

fn support_ids(answer: &Answer, problem: Option<&Problem>) -> SupportIds {
    SupportIds {
        request_id: problem
            .and_then(|problem| problem.request_id.clone())
            .or_else(|| answer.request_id.clone()),
        trace_id: problem
            .and_then(|problem| problem.trace_id.clone())
            .or_else(|| answer.trace_id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_case_core::{CaseId, Field, FieldError};

    fn answered(status: u16, body: &str) -> Submission {
        interpret(FetchOutcome::Answered(Answer {
            status,
            body: body.to_owned(),
            ..Answer::default()
        }))
    }

    fn reason_of(submission: Submission) -> Option<NotSentReason> {
        match submission {
            Submission::NotSent(not_sent) => Some(not_sent.reason),
            _ => None,
        }
    }

    #[test]
    fn a_case_is_created_and_keeps_every_digit_of_its_number() {
        let body = r#"{"id":9223372036854775807,"status":"CREATING","type":"GENERAL_ENQUIRY"}"#;
        assert!(matches!(answered(200, body), Submission::Created(case) if case.id == CaseId(i64::MAX)));
    }

    #[test]
    fn a_success_without_a_case_is_unknown() {
        for body in [
            "",
            "<html>Please sign in</html>",
            "{}",
            "null",
            r#"[{"id":7}]"#,
            r#"{"status":"OK","case":{"id":"7"}}"#,
        ] {
            assert!(matches!(answered(200, body), Submission::OutcomeUnknown(_)), "{body}");
        }
    }

    /// A simple proxy passes on what Wise says of the text. One that remembers keys says 409 while the first request is still running.
    #[test]
    fn a_refusal_without_a_field_is_a_refusal_and_a_conflict_without_one_is_open() {
        for (status, body) in [
            (400, ""),
            (422, "{}"),
            (409, r#"{"errors":[{"path":"details.userId","code":"NOT_FOUND"}]}"#),
        ] {
            let submission = answered(status, body);
            assert!(
                matches!(&submission, Submission::Rejected(rejection) if rejection.final_for_key),
                "{status}: {submission:?}"
            );
        }
        assert!(matches!(answered(409, ""), Submission::OutcomeUnknown(_)));
    }

    #[test]
    fn a_record_says_that_the_key_is_another_texts_only_by_its_code() {
        let report = |body: &str| {
            interpret_report(FetchOutcome::Answered(Answer {
                status: 422,
                body: body.to_owned(),
                ..Answer::default()
            }))
        };
        let other = serde_json::to_string(&Problem::new(ProblemCode::IdempotencyKeyReused)).unwrap();
        assert_eq!(report(&other).ok().and_then(reason_of), Some(NotSentReason::KeyReused));
        assert_eq!(report("{}"), Err(PollStatus::NoAnswer));
    }

    #[test]
    fn our_proxy_is_taken_at_its_word() {
        for code in ProblemCode::ALL {
            let problem = Problem::new(*code);
            let submission = answered(code.status(), &serde_json::to_string(&problem).unwrap());
            let unknown = matches!(submission, Submission::OutcomeUnknown(_));
            assert_eq!(unknown, code.outcome() == Outcome::Unknown, "{code:?}: {submission:?}");
        }
    }

    #[test]
    fn what_the_server_says_of_a_field_is_kept() {
        let body = r#"{"code":"upstream_rejected","outcome":"not_created","traceId":"abc","requestId":"r1",
            "errors":[{"pointer":"/details/userId","code":"refused","detail":""}]}"#;
        let Submission::Rejected(rejection) = answered(422, body) else {
            panic!("rejected")
        };
        assert_eq!(rejection.errors.get(Field::UserId), Some(&FieldError::Refused));
        assert_eq!(
            rejection.ids,
            SupportIds {
                request_id: Some("r1".to_owned()),
                trace_id: Some("abc".to_owned())
            }
        );
    }

    #[test]
    fn a_simple_proxy_that_passes_wises_answers_on_is_understood() {
        let classic = r#"{"errors":[{"code":"NotNull","message":"must not be null","path":"details.userId"}]}"#;
        assert!(
            matches!(answered(400, classic), Submission::Rejected(r) if r.errors.get(Field::UserId) == Some(&FieldError::Required))
        );
        assert_eq!(
            reason_of(answered(401, r#"{"error":"invalid_token"}"#)),
            Some(NotSentReason::SessionExpired)
        );
        assert_eq!(reason_of(answered(404, "<html>")), Some(NotSentReason::Misconfigured));
        assert_eq!(reason_of(answered(429, "{}")), Some(NotSentReason::Busy));
        for status in [303, 408, 409, 500, 502, 503, 504] {
            assert!(
                matches!(answered(status, "<html>Bad gateway</html>"), Submission::OutcomeUnknown(_)),
                "{status}"
            );
        }
    }

    #[test]
    fn a_report_settles_only_what_it_is_certain_of() {
        let report = |status, body: &str| {
            interpret_report(FetchOutcome::Answered(Answer {
                status,
                body: body.to_owned(),
                ..Answer::default()
            }))
        };
        assert!(matches!(
            report(200, r#"{"state":"created","case":{"id":7}}"#),
            Ok(Submission::Created(case)) if case.id == CaseId(7)
        ));
        let refused = r#"{"state":"rejected","problem":{"code":"upstream_rejected","outcome":"not_created"}}"#;
        assert!(matches!(report(200, refused), Ok(Submission::Rejected(_))));
        let doubtful = r#"{"state":"rejected","problem":{"code":"internal","outcome":"unknown"}}"#;
        for body in [
            r#"{"state":"in_flight"}"#,
            r#"{"state":"unknown"}"#,
            r#"{"state":"new"}"#,
            doubtful,
        ] {
            assert_eq!(report(200, body), Err(PollStatus::Open), "{body}");
        }
        for (status, body) in [(200, "<html>Sign in</html>"), (200, "{}"), (404, "{}"), (405, "")] {
            assert_eq!(report(status, body), Err(PollStatus::NoAnswer), "{status} {body}");
        }
        for status in [401, 429, 502] {
            assert_eq!(report(status, "<html>"), Err(PollStatus::Open), "{status}");
        }
        assert_eq!(interpret_report(FetchOutcome::Offline), Err(PollStatus::Open));
        let other = serde_json::to_string(&Problem::new(ProblemCode::IdempotencyKeyReused)).unwrap();
        assert_eq!(report(422, &other).map(reason_of), Ok(Some(NotSentReason::KeyReused)));
    }

    #[test]
    fn a_look_at_a_case_goes_on_while_somebody_may_tell() {
        let looked = |status, body: &str| {
            interpret_case(FetchOutcome::Answered(Answer {
                status,
                body: body.to_owned(),
                ..Answer::default()
            }))
        };
        assert!(matches!(looked(200, r#"{"id":7,"status":"OPEN"}"#), CaseLookup::Case(case) if case.id == CaseId(7)));
        for status in [401, 429, 502] {
            assert_eq!(looked(status, "<html>"), CaseLookup::Later, "{status}");
        }
        for (status, body) in [(404, "{}"), (405, ""), (200, "<html>Sign in</html>")] {
            assert_eq!(looked(status, body), CaseLookup::Never, "{status}");
        }
        assert_eq!(interpret_case(FetchOutcome::NoAnswer), CaseLookup::Later);
    }

    #[test]
    fn only_a_connection_that_never_was_is_not_sent() {
        assert_eq!(reason_of(interpret(FetchOutcome::Offline)), Some(NotSentReason::Offline));
        assert_eq!(
            reason_of(interpret(FetchOutcome::LoginRedirect)),
            Some(NotSentReason::SessionExpired)
        );
        assert!(matches!(interpret(FetchOutcome::NoAnswer), Submission::OutcomeUnknown(_)));
    }
}
