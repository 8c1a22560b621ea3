//! Why a case was not sent, in terms of what the agent does next.

use crate::ProblemCode;

/// Why a case was not sent, as far as it makes a difference to what the agent does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSentReason {
    /// The browser is offline. Wait and send again.
    Offline,
    /// The session has ended. Sign in and send again.
    SessionExpired,
    /// Too many requests. Wait and send again.
    Busy,
    /// The connection is too slow for the text. Send again, or find a better one.
    TooSlow,
    /// The way to Wise does not work. Try later, or tell the portal's support.
    Unavailable,
    /// The portal and the proxy do not fit together. Tell the portal's support.
    Misconfigured,
    /// Another text was sent under the same key. Check, and send again under a new one.
    KeyReused,
    /// The partner's own rules do not allow it. Ask the support team.
    NotAllowed,
}

impl NotSentReason {
    /// The reason's name, in events and in the keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::SessionExpired => "session_expired",
            Self::Busy => "busy",
            Self::TooSlow => "too_slow",
            Self::Unavailable => "unavailable",
            Self::Misconfigured => "misconfigured",
            Self::KeyReused => "key_reused",
            Self::NotAllowed => "not_allowed",
        }
    }
}

impl ProblemCode {
    /// Why the case was not sent, where the code says that none was created; `None` where the case itself is at fault.
    pub const fn not_sent_reason(self) -> Option<NotSentReason> {
        Some(match self {
            Self::ValidationFailed | Self::UpstreamRejected => return None,
            Self::Unauthenticated => NotSentReason::SessionExpired,
            Self::UpstreamRateLimited | Self::StaffRateLimited | Self::Overloaded => NotSentReason::Busy,
            Self::BodyTimeout => NotSentReason::TooSlow,
            Self::IdempotencyKeyReused => NotSentReason::KeyReused,
            Self::NotAuthorized => NotSentReason::NotAllowed,
            Self::InvalidJson
            | Self::UnknownField
            | Self::HostInvalid
            | Self::IdempotencyKeyMissing
            | Self::IdempotencyKeyInvalid
            | Self::CrossSite
            | Self::CustomHeaderMissing
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::BodyTooLarge
            | Self::WebhookInvalid
            | Self::WebhookSignature
            | Self::UnsupportedMediaType => NotSentReason::Misconfigured,
            Self::UpstreamAuth
            | Self::UpstreamRefused
            | Self::UpstreamUnreachable
            | Self::UpstreamCertificate
            | Self::StoreUnavailable
            | Self::SignInUnavailable
            | Self::AuthorizationUnavailable
            | Self::AuditUnavailable
            | Self::Internal
            | Self::OutcomeUnknown
            | Self::SubmissionInFlight
            | Self::Unrecognized => NotSentReason::Unavailable,
        })
    }
}
