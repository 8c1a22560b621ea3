//! Wise, seen from the proxy: one call, and what can come of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::Full;
use partner_case_core::{Case, CaseId, NewCase, Problem, ProblemCode, WiseError};
use thiserror::Error;
use url::Url;

use crate::config::{Config, ConfigError};
use crate::http_client::{Answer, HttpClient, HttpError};
use crate::token::{Token, TokenError, TokenSource};
use crate::wise_answer::{is_certificate_page, is_page, retry_after_secs, trace_id};

/// Why there is no case. Each variant says whether one may have been created all the same.
#[derive(Debug, Error)]
pub(crate) enum UpstreamError {
    /// Not created: no token, or Wise does not accept a fresh one.
    #[error("no valid access to Wise")]
    Auth { trace_id: Option<String> },
    /// Not created: Wise refused what the case says.
    #[error("Wise did not accept the case")]
    Rejected { error: WiseError, trace_id: Option<String> },
    /// Not created: over the rate limit.
    #[error("over Wise's rate limit")]
    RateLimited {
        retry_after_secs: Option<u64>,
        trace_id: Option<String>,
    },
    /// Not created: Wise answers that the call is not allowed or not there.
    #[error("Wise does not allow the call")]
    Refused { status: StatusCode, trace_id: Option<String> },
    /// Wise has no such case, or none of this partner's.
    #[error("Wise has no such case")]
    NoSuchCase,
    /// Not created: nothing was sent.
    #[error("Wise cannot be reached")]
    Unreachable,
    /// Not created: Wise does not accept the client certificate.
    #[error("Wise does not accept the client certificate")]
    CertificateRefused,
    /// Perhaps created: sent, and no answer tells.
    #[error("the outcome is not known")]
    OutcomeUnknown {
        status: Option<StatusCode>,
        trace_id: Option<String>,
    },
}

impl From<UpstreamError> for Problem {
    fn from(error: UpstreamError) -> Self {
        match error {
            UpstreamError::Auth { trace_id } => Self::new(ProblemCode::UpstreamAuth).with_trace_id(trace_id),
            UpstreamError::Rejected { error, trace_id } => {
                let problem = Self::new(ProblemCode::UpstreamRejected)
                    .with_errors(error.fields.to_problems())
                    .with_trace_id(trace_id);
                match error.code {
                    Some(code) => problem.with_detail(format!("Wise's code: {code}")),
                    None => problem,
                }
            }
            UpstreamError::RateLimited {
                retry_after_secs,
                trace_id,
            } => Self::new(ProblemCode::UpstreamRateLimited)
                .with_retry_after(retry_after_secs)
                .with_trace_id(trace_id),
            UpstreamError::Refused { status, trace_id } => Self::new(ProblemCode::UpstreamRefused)
                .with_detail(format!("Wise answered {}", status.as_u16()))
                .with_trace_id(trace_id),
            UpstreamError::NoSuchCase => Self::new(ProblemCode::NotFound),
            UpstreamError::Unreachable => Self::new(ProblemCode::UpstreamUnreachable),
            UpstreamError::CertificateRefused => Self::new(ProblemCode::UpstreamCertificate),
            UpstreamError::OutcomeUnknown { status, trace_id } => {
                let problem = Self::new(ProblemCode::OutcomeUnknown).with_trace_id(trace_id);
                match status {
                    Some(status) => problem.with_detail(format!("Wise answered {}", status.as_u16())),
                    None => problem.with_detail("Wise did not answer"),
                }
            }
        }
    }
}

impl From<TokenError> for UpstreamError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused | TokenError::NotAccepted => Self::Auth { trace_id: None },
            TokenError::CertificateRefused => Self::CertificateRefused,
            TokenError::RateLimited { retry_after_secs } => Self::RateLimited {
                retry_after_secs,
                trace_id: None,
            },
            TokenError::Unavailable => Self::Unreachable,
        }
    }
}

/// The client of Wise's case API.
#[derive(Debug)]
pub(crate) struct Upstream {
    client: HttpClient,
    cases_url: Url,
    /// The same, as requests have it.
    cases_uri: Uri,
    timeout: Duration,
    tokens: TokenSource,
    /// Whether Wise has refused the client certificate at the last call.
    is_certificate_refused: AtomicBool,
}

impl Upstream {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let client = HttpClient::new(&config.upstream)?;
        let tokens = TokenSource::new(config, client.clone())?;
        Ok(Self {
            client,
            cases_uri: uri(&config.upstream.cases_url)?,
            cases_url: config.upstream.cases_url.clone(),
            timeout: config.upstream.timeout,
            tokens,
            is_certificate_refused: AtomicBool::new(false),
        })
    }

    /// The token that a case can leave with at once, if there is one.
    pub(crate) fn cached_token(&self) -> Option<Arc<Token>> {
        self.tokens.cached()
    }

    /// Raises a case.
    ///
    /// Nothing but what was answered with 401 is ever sent twice: Wise has no idempotency for this call.
    ///
    /// Without a `token` one is fetched. Then `leaving` is waited for, before the first byte of the case leaves; if it fails, none does.
    pub(crate) async fn create_case(
        &self,
        case: &NewCase,
        correlation_id: &str,
        token: Option<Arc<Token>>,
        leaving: impl Future<Output = Result<(), Problem>>,
    ) -> Result<Case, Problem> {
        // One deadline for all of it, so that the browser, which waits longer, always hears what the proxy knows.
        let deadline = Instant::now() + self.timeout;
        let token = match token {
            Some(token) => token,
            // On the heap, as most cases need no room for it.
            None => Box::pin(self.tokens.get(deadline)).await.map_err(UpstreamError::from)?,
        };
        leaving.await?;
        // Storing it took what time there was: nothing has left, and nothing leaves now.
        if Instant::now() >= deadline {
            return Err(UpstreamError::Unreachable.into());
        }
        let request = |token: &Token| {
            Request::post(self.cases_uri.clone())
                .header(header::AUTHORIZATION, token.authorization())
                .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .header(header::ACCEPT, HeaderValue::from_static("application/json"))
                .header("x-external-correlation-id", correlation_id)
                .body(Full::from(Bytes::from(case.to_json())))
        };
        let answer = self.send(request, token, deadline).await?;
        Ok(read(&answer)?)
    }

    /// Whether there is a token to send a case with, and Wise takes the client certificate.
    ///
    /// # Errors
    /// Why not, in words for the operator.
    pub(crate) async fn check_access(&self, deadline: Instant) -> Result<(), String> {
        self.tokens.get(deadline).await.map_err(|error| error.to_string())?;
        if !self.is_certificate_refused.load(Ordering::Relaxed) {
            return Ok(());
        }
        // While nothing is ready no case comes that could show that the certificate is accepted again; so a lookup does.
        let _ = self.get_case_until(CaseId(1), deadline).await;
        if self.is_certificate_refused.load(Ordering::Relaxed) {
            return Err(TokenError::CertificateRefused.to_string());
        }
        Ok(())
    }

    /// Looks at a case. Nothing changes by it, so a failure says nothing of the case.
    pub(crate) async fn get_case(&self, id: CaseId) -> Result<Case, UpstreamError> {
        self.get_case_until(id, Instant::now() + self.timeout).await
    }

    async fn get_case_until(&self, id: CaseId, deadline: Instant) -> Result<Case, UpstreamError> {
        let token = self.tokens.get(deadline).await?;
        let request = |token: &Token| {
            Request::get(format!("{}/{id}", self.cases_url))
                .header(header::AUTHORIZATION, token.authorization())
                .header(header::ACCEPT, "application/json")
                .body(Full::default())
        };
        let answer = self.send(request, token, deadline).await;
        match answer.and_then(|answer| read(&answer)) {
            Err(UpstreamError::OutcomeUnknown { .. }) => Err(UpstreamError::Unreachable),
            Err(UpstreamError::Refused { status, .. }) if status == StatusCode::NOT_FOUND => Err(UpstreamError::NoSuchCase),
            case => case,
        }
    }

    /// Sends a request, which is built anew: nothing of the browser's request goes on. A 401 was not carried out, so it is tried once more
    /// with a fresh token, if there is time for it.
    async fn send(
        &self,
        request: impl Fn(&Token) -> axum::http::Result<Request<Full<Bytes>>>,
        token: Arc<Token>,
        deadline: Instant,
    ) -> Result<Answer, UpstreamError> {
        let once = async |token: &Token| {
            let request = request(token).map_err(|_| UpstreamError::Unreachable)?;
            let answer = self.client.send(request, deadline).await;
            let is_refused = match &answer {
                Ok(answer) => is_certificate_page(answer),
                Err(error) => *error == HttpError::CertificateRefused,
            };
            self.notice_certificate(is_refused, answer.is_ok());
            if is_refused {
                return Err(UpstreamError::CertificateRefused);
            }
            answer.map_err(|error| match error {
                HttpError::NotSent | HttpError::CertificateRefused => UpstreamError::Unreachable,
                HttpError::NoAnswer => UpstreamError::OutcomeUnknown {
                    status: None,
                    trace_id: None,
                },
            })
        };
        let answer = once(&token).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            self.tokens.accepted();
            return Ok(answer);
        }
        if self.tokens.is_not_accepted() {
            self.tokens.reject_fresh(&token).await;
            return Ok(answer);
        }
        self.tokens.reject(&token).await;
        let token = Box::pin(self.tokens.get(deadline)).await?;
        if Instant::now() >= deadline {
            return Ok(answer);
        }
        let answer = once(&token).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            self.tokens.reject_fresh(&token).await;
        }
        Ok(answer)
    }

    fn notice_certificate(&self, is_refused: bool, is_answered: bool) {
        if is_refused {
            tracing::error!(
                "Wise refuses the client certificate (`upstream.client_cert_file`); no case is created until it is replaced"
            );
            self.is_certificate_refused.store(true, Ordering::Relaxed);
        } else if is_answered && self.is_certificate_refused.load(Ordering::Relaxed) {
            self.is_certificate_refused.store(false, Ordering::Relaxed);
        }
    }
}

fn uri(url: &Url) -> Result<Uri, ConfigError> {
    let unusable = |_| ConfigError::new("upstream.url", "is no address that a request can be sent to");
    url.as_str().parse().map_err(unusable)
}

/// What an answer means. Only 200 and 429 are documented for this call; the rest is told apart by whether Wise can have carried it out.
fn read(answer: &Answer) -> Result<Case, UpstreamError> {
    let trace_id = trace_id(&answer.headers);
    match answer.status {
        status if status.is_success() => {
            // A 2xx that names no case: it may well exist.
            serde_json::from_slice(&answer.body).map_err(|_| UpstreamError::OutcomeUnknown {
                status: Some(status),
                trace_id,
            })
        }
        StatusCode::UNAUTHORIZED => Err(UpstreamError::Auth { trace_id }),
        // A page is a gateway's word, and says nothing of a field.
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY if !is_page(answer) => {
            Err(UpstreamError::Rejected {
                error: WiseError::parse(&answer.body),
                trace_id,
            })
        }
        StatusCode::TOO_MANY_REQUESTS => Err(UpstreamError::RateLimited {
            retry_after_secs: retry_after_secs(&answer.headers),
            trace_id,
        }),
        // 408 says that the other side gave up waiting, not that it did nothing.
        status if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => {
            Err(UpstreamError::Refused { status, trace_id })
        }
        // These two repeat the call elsewhere. The other redirections may follow a call that was carried out.
        status @ (StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) => {
            Err(UpstreamError::Refused { status, trace_id })
        }
        status => Err(UpstreamError::OutcomeUnknown {
            status: Some(status),
            trace_id,
        }),
    }
}
