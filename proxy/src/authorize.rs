//! Asks the partner's own service whether an agent may raise a case, before the case leaves (`[authorize]` in the configuration).

use std::borrow::Cow;
use std::time::Instant;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, header};
use http_body_util::Full;
use partner_case_core::{Field, NewCase, Problem, ProblemCode};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::config::AuthorizeConfig;
use crate::http_client::HttpClient;
use crate::staff::StaffId;

/// Asks the partner's authorization hook, if one is configured.
#[derive(Debug)]
pub(crate) struct Authorizer {
    hook: Option<Hook>,
}

#[derive(Debug)]
struct Hook {
    config: AuthorizeConfig,
    client: HttpClient,
}

/// The body of the call. IDs are text: JavaScript and other JSON readers round large integers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    agent: &'a str,
    user_id: Cow<'a, str>,
    transfer_id: Option<Cow<'a, str>>,
    profile_id: Option<Cow<'a, str>>,
    #[serde(rename = "type")]
    case_type: Cow<'a, str>,
}

impl Authorizer {
    /// Prepares the hook; nothing is sent yet. `client` must show no client certificate: the hook is not Wise.
    pub(crate) fn new(config: Option<&AuthorizeConfig>, client: HttpClient) -> Self {
        let hook = config.cloned().map(|config| Hook { config, client });
        Self { hook }
    }

    /// Checks that the agent may raise the case. Without a hook every agent may.
    ///
    /// # Errors
    /// [`ProblemCode::NotAuthorized`] when the hook answers 403. [`ProblemCode::AuthorizationUnavailable`] when it gives any other answer
    /// than 200 or 204, or none in time: the proxy then sends nothing.
    pub(crate) async fn check(&self, staff: &StaffId, case: &NewCase) -> Result<(), Problem> {
        match &self.hook {
            // On the heap: without a hook, requests need no room for this future.
            Some(hook) => Box::pin(hook.ask(staff, case)).await.map_err(Problem::new),
            None => Ok(()),
        }
    }
}

impl Hook {
    async fn ask(&self, staff: &StaffId, case: &NewCase) -> Result<(), ProblemCode> {
        let unavailable = |status: Option<StatusCode>, reason: &str| {
            let status = status.map(|status| status.as_u16());
            // No ID of the agent or the customer: this line goes to the log, not to the audit trail.
            tracing::error!(url = %self.config.url, status, reason, "the authorization hook did not decide, so the case is not sent");
            ProblemCode::AuthorizationUnavailable
        };
        let request = self.request(staff, case).map_err(|reason| unavailable(None, reason))?;
        let answer = self
            .client
            .send(request, Instant::now() + self.config.timeout)
            .await
            .map_err(|error| unavailable(None, &error.to_string()))?;
        // Only the status counts, so that a hook cannot half-decide. The client follows no redirect: an answer of 3xx decides nothing.
        match answer.status {
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(()),
            StatusCode::FORBIDDEN => Err(ProblemCode::NotAuthorized),
            status => Err(unavailable(Some(status), "its status is none of 200, 204 and 403")),
        }
    }

    fn request(&self, staff: &StaffId, case: &NewCase) -> Result<Request<Full<Bytes>>, &'static str> {
        let question = Question {
            agent: &staff.0,
            user_id: case.text(Field::UserId).unwrap_or_default(),
            transfer_id: case.text(Field::TransferId),
            profile_id: case.text(Field::ProfileId),
            case_type: case.text(Field::CaseType).unwrap_or_default(),
        };
        let body = serde_json::to_vec(&question).map_err(|_| "the question cannot be written as JSON")?;
        let mut request = Request::post(self.config.url.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(body))
            .map_err(|_| "the request cannot be built")?;
        if let Some(authorization) = self.authorization()? {
            request.headers_mut().insert(header::AUTHORIZATION, authorization);
        }
        Ok(request)
    }

    /// Reads the secret anew for each call, so that a replaced file needs no restart.
    fn authorization(&self) -> Result<Option<HeaderValue>, &'static str> {
        let Some(secret) = &self.config.secret else {
            return Ok(None);
        };
        let secret = secret
            .read()
            .map_err(|_| "authorize.secret_file cannot be read, or is empty")?;
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", secret.expose_secret()))
            .map_err(|_| "authorize.secret cannot be sent in a header")?;
        authorization.set_sensitive(true);
        Ok(Some(authorization))
    }
}
