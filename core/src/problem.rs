//! An error as the proxy tells it: RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};

use crate::{Field, FieldError, ValidationErrors};

/// What an error says of the case that was to be created.
///
/// Two questions have different answers: whether *this request* sent anything, and whether *its idempotency key* ever made a case. Only
/// the key's record answers the second, so an answer that is given before the record is read, or without it, is [`NotSent`](Self::NotSent).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Neither this request nor an earlier one with the same key made a case.
    NotCreated,
    /// This request sent nothing to Wise. An earlier one with the same key may have; whoever sends a key for the first time knows that
    /// there is no case.
    NotSent,
    /// This request, or an earlier one with the same key, may have made a case. Also a word of a newer proxy that this version does not
    /// know.
    #[serde(other)]
    Unknown,
}

impl Outcome {
    /// The outcome's name, as JSON, metrics and audit lines have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotCreated => "not_created",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}

/// Declares the codes, each with its status, outcome and title, in one table.
macro_rules! problem_codes {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $status:literal, $outcome:ident, $title:literal;)+) => {
        /// What went wrong. The one list of codes that the proxy answers and the form understands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
        pub enum ProblemCode {
            $($(#[$doc])+ #[serde(rename = $code)] $name,)+
            /// A code that a newer proxy sends and this version does not know.
            #[serde(other, rename = "unrecognized")]
            // No proxy sends it.
            #[cfg_attr(feature = "schema", schemars(skip))]
            Unrecognized,
        }

        impl ProblemCode {
            /// Every code that the proxy answers.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as JSON and logs have it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ Self::Unrecognized => "unrecognized" }
            }

            /// The HTTP status of the answer.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ Self::Unrecognized => 500 }
            }

            /// What the code says of the case.
            pub const fn outcome(self) -> Outcome {
                match self { $(Self::$name => Outcome::$outcome,)+ Self::Unrecognized => Outcome::Unknown }
            }

            /// A short English summary, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ Self::Unrecognized => "Unrecognized error" }
            }
        }
    };
}

problem_codes! {
    /// The body is not JSON.
    InvalidJson = "invalid_json", 400, NotSent, "The body is not valid JSON";
    /// The body has a member that is unknown or stands there twice.
    UnknownField = "unknown_field", 400, NotSent, "The body has an unknown or repeated field";
    /// A webhook is none that Wise documents.
    WebhookInvalid = "webhook_invalid", 400, NotSent, "The webhook cannot be understood";
    /// The `Idempotency-Key` header is missing.
    IdempotencyKeyMissing = "idempotency_key_missing", 400, NotSent, "The Idempotency-Key header is missing";
    /// The `Idempotency-Key` header is not a quoted UUID.
    IdempotencyKeyInvalid = "idempotency_key_invalid", 400, NotSent, "The Idempotency-Key header is not a quoted UUID";
    /// An HTTP/1.1 request without exactly one well-formed `Host` (RFC 9112 section 3.2).
    HostInvalid = "host_invalid", 400, NotSent, "The Host header is missing, doubled or malformed";
    /// The staff member is not signed in.
    Unauthenticated = "unauthenticated", 401, NotSent, "The staff member is not signed in";
    /// A webhook's signature is missing, doubled or wrong.
    WebhookSignature = "webhook_signature", 401, NotSent, "The webhook's signature is not valid";
    /// The request comes from another site or origin.
    CrossSite = "cross_site", 403, NotSent, "The request comes from another origin";
    /// The `X-Partner-Case-Form` header is missing.
    CustomHeaderMissing = "custom_header_missing", 403, NotSent, "The X-Partner-Case-Form header is missing";
    /// The partner's own rules do not allow the agent to raise this case.
    NotAuthorized = "not_authorized", 403, NotSent, "The agent is not allowed to raise this case";
    /// No such path.
    NotFound = "not_found", 404, NotSent, "There is nothing at this path";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, NotSent, "The method is not allowed at this path";
    /// The first request with this idempotency key has not ended yet.
    SubmissionInFlight = "submission_in_flight", 409, Unknown, "The first request with this key has not ended yet";
    /// The body did not arrive in time.
    BodyTimeout = "body_timeout", 408, NotSent, "The body did not arrive in time";
    /// The body is over the limit.
    BodyTooLarge = "body_too_large", 413, NotSent, "The body is too large";
    /// The body is not declared as JSON.
    UnsupportedMediaType = "unsupported_media_type", 415, NotSent, "The Content-Type must be application/json";
    /// The idempotency key was used for another case.
    IdempotencyKeyReused = "idempotency_key_reused", 422, NotSent, "The key was used for another case";
    /// A field breaks a rule of core's.
    ValidationFailed = "validation_failed", 422, NotSent, "A field of the case is not valid";
    /// Wise refused what the case says.
    UpstreamRejected = "upstream_rejected", 422, NotCreated, "Wise did not accept the case";
    /// The member of staff sends more than is allowed.
    StaffRateLimited = "staff_rate_limited", 429, NotCreated, "Too many requests of one member of staff";
    /// Wise's rate limit is reached.
    UpstreamRateLimited = "upstream_rate_limited", 429, NotCreated, "Wise's rate limit is reached";
    /// The proxy failed inside.
    Internal = "internal", 500, Unknown, "The proxy failed";
    /// Wise does not accept the proxy's credential, or gives no token for it.
    UpstreamAuth = "upstream_auth", 502, NotCreated, "The proxy has no valid access to Wise";
    /// Wise answers that this call is not allowed or not there.
    UpstreamRefused = "upstream_refused", 502, NotCreated, "Wise does not allow this call";
    /// No connection to Wise could be made.
    UpstreamUnreachable = "upstream_unreachable", 502, NotCreated, "Wise cannot be reached";
    /// Wise does not accept the proxy's client certificate.
    UpstreamCertificate = "upstream_certificate", 502, NotCreated, "Wise does not accept the proxy's client certificate";
    /// The proxy has as many requests as it can take.
    Overloaded = "overloaded", 503, NotSent, "The proxy is busy";
    /// Nothing can be noted, so nothing was sent.
    StoreUnavailable = "store_unavailable", 503, NotSent, "The proxy's store cannot be used";
    /// The keys of the single sign-on cannot be fetched, so no token can be checked.
    SignInUnavailable = "sign_in_unavailable", 503, NotSent, "The single sign-on's keys cannot be fetched";
    /// The partner's authorization service does not answer, so nothing was sent.
    AuthorizationUnavailable = "authorization_unavailable", 503, NotSent, "The authorization service does not answer";
    /// The audit trail cannot be written, so nothing was sent.
    AuditUnavailable = "audit_unavailable", 503, NotSent, "The audit trail cannot be written";
    /// The case was sent to Wise and no answer tells what became of it.
    OutcomeUnknown = "outcome_unknown", 504, Unknown, "It is not known whether the case was created";
}

/// An error answer of the proxy's.
///
/// `detail` is for integrators and operators; what an agent reads is chosen by `code` from the form's texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `urn:partner-case:problem:<code>`.
    #[serde(rename = "type", default)]
    #[cfg_attr(feature = "schema", schemars(url))]
    pub type_uri: String,
    /// A short English summary.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// English detail of this occurrence, free of personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What went wrong.
    pub code: ProblemCode,
    /// The proxy's id of the request, to find it in the proxy's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Wise's `x-trace-id`, which Wise's support asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// After how many seconds to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// What this says of the case.
    pub outcome: Outcome,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

impl Problem {
    /// The problem that a code stands for, with nothing of the occurrence in it yet.
    pub fn new(code: ProblemCode) -> Self {
        Self {
            type_uri: format!("urn:partner-case:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: None,
            code,
            request_id: None,
            trace_id: None,
            retry_after: None,
            outcome: code.outcome(),
            errors: Vec::new(),
        }
    }

    /// Adds what is particular to this occurrence. It must be free of personal data and secrets.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds what is wrong with single fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldProblem>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds Wise's trace id.
    #[must_use]
    pub fn with_trace_id(mut self, trace_id: Option<String>) -> Self {
        self.trace_id = trace_id;
        self
    }

    /// Adds the seconds after which to try again.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after_secs: Option<u64>) -> Self {
        self.retry_after = retry_after_secs;
        self
    }
}

/// What is wrong with one field, as a problem document lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldProblem {
    /// The JSON Pointer of the field in the create body.
    pub pointer: String,
    /// English detail, free of what was typed.
    #[serde(default)]
    pub detail: String,
    /// The code, with the numbers that belong to it.
    #[serde(flatten)]
    pub error: FieldError,
}

impl FieldProblem {
    /// The problem of a field.
    pub fn new(field: Field, error: FieldError) -> Self {
        Self {
            pointer: field.pointer().to_owned(),
            detail: error.to_string(),
            error,
        }
    }

    /// The field that is meant, if it is one of the form's.
    pub fn field(&self) -> Option<Field> {
        Field::from_path(&self.pointer)
    }
}

impl ValidationErrors {
    /// The errors as a problem document lists them.
    pub fn to_problems(&self) -> Vec<FieldProblem> {
        self.iter()
            .map(|(field, error)| FieldProblem::new(field, error.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_written_as_the_contract_has_it() {
        let problem = Problem::new(ProblemCode::ValidationFailed).with_errors(vec![FieldProblem::new(
            Field::UserId,
            FieldError::TooLong { max: 1, actual: 2 },
        )]);
        assert_eq!(
            serde_json::to_string(&problem).unwrap(),
            r#"{"type":"urn:partner-case:problem:validation_failed","title":"A field of the case is not valid","status":422,"code":"validation_failed","outcome":"not_sent","errors":[{"pointer":"/details/userId","detail":"2 UTF-16 units, of at most 1","code":"too_long","max":1,"actual":2}]}"#
        );
    }

    #[test]
    fn codes_and_field_codes_of_a_newer_proxy_are_read() {
        let problem: Problem = serde_json::from_str(
            r#"{"code":"brand_new","outcome":"not_created","errors":[{"pointer":"/subject","code":"brand_new_too","extra":1}]}"#,
        )
        .unwrap();
        assert_eq!(problem.code, ProblemCode::Unrecognized);
        assert_eq!(problem.errors[0].error, FieldError::Refused);
        assert_eq!(problem.errors[0].field(), Some(Field::Subject));
    }

    #[test]
    fn every_code_is_read_from_its_own_name() {
        for code in ProblemCode::ALL {
            let json = format!("\"{}\"", code.as_str());
            assert_eq!(serde_json::from_str::<ProblemCode>(&json).unwrap(), *code);
            assert_eq!(serde_json::to_string(code).unwrap(), json);
        }
    }
}
