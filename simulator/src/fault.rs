//! Faults on demand.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// The call that a fault befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// `POST /oauth/token`
    Token,
    /// `POST /v1/cases`
    Create,
    /// `GET /v1/cases/{id}`
    Get,
}

/// A fault, and how often it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The call it befalls.
    pub on: Target,
    /// How many calls it befalls.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
}

const fn once() -> u32 {
    1
}

/// What happens instead of, or before, the usual answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// 401 in the OAuth envelope.
    Unauthorized,
    /// 400 in Wise's classic validation envelope, about `details.userId`.
    Rejected,
    /// 429 with `Retry-After`.
    RateLimited {
        /// The seconds in `Retry-After`.
        retry_after_secs: u64,
    },
    /// A 5xx with an HTML page, as a gateway answers. The call is not carried out.
    ServerError {
        /// The status.
        status: u16,
    },
    /// 200 with an HTML page. The call is not carried out.
    HtmlInsteadOfJson,
    /// 200 with nothing in it, after the call was carried out.
    EmptyAnswer,
    /// 200 with two megabytes that begin as a case does, after the call was carried out.
    OversizedAnswer,
    /// 200 and half of an answer, then a reset; the call was carried out.
    HalfAnswer,
    /// The usual answer, late.
    Slow {
        /// How late.
        millis: u64,
    },
    /// The call is carried out and the connection closed without an answer.
    AcceptThenDrop,
    /// The connection is closed without an answer; the call is not carried out.
    Drop,
}

/// When a fault comes, seen from the call it befalls.
pub(crate) enum Effect {
    /// The answer instead of the call.
    Instead(Box<Response>),
    /// The call goes on; this is the answer instead of its own.
    After(Box<Response>),
}

/// Marks a response that is never written: the server closes the connection in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropConnection;

impl FaultKind {
    /// Lets the fault happen; `None` when the call goes on as usual.
    pub(crate) async fn happen(self) -> Option<Effect> {
        let instead = |response: Response| Some(Effect::Instead(Box::new(response)));
        match self {
            Self::Unauthorized => instead(invalid_token()),
            Self::Rejected => instead(
                (
                    StatusCode::BAD_REQUEST,
                    json(r#"{"errors":[{"code":"ERROR","message":"is not a user of yours","path":"details.userId","arguments":null}]}"#),
                )
                    .into_response(),
            ),
            Self::RateLimited { retry_after_secs } => instead(
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    [(header::RETRY_AFTER, retry_after_secs.to_string()), (RATE_LIMITED_BY, "wise-public-api".to_owned())],
                    json("{}"),
                )
                    .into_response(),
            ),
            Self::ServerError { status } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                instead((status, html("<html><body><h1>Something went wrong</h1></body></html>")).into_response())
            }
            Self::HtmlInsteadOfJson => instead(html("<html><body>Maintenance</body></html>").into_response()),
            Self::EmptyAnswer => Some(Effect::After(Box::new(StatusCode::OK.into_response()))),
            Self::OversizedAnswer => {
                let body = format!(r#"{{"id":1,"status":"OPEN","padding":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
                Some(Effect::After(Box::new(json(body).into_response())))
            }
            Self::HalfAnswer => {
                let half = tokio_stream::iter([Ok(r#"{"id":1,"#), Err(std::io::Error::other("reset on demand"))]);
                Some(Effect::After(Box::new(Body::from_stream(half).into_response())))
            }
            Self::Slow { millis } => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                None
            }
            Self::AcceptThenDrop => Some(Effect::After(Box::new(dropped()))),
            Self::Drop => instead(dropped()),
        }
    }
}

const RATE_LIMITED_BY: header::HeaderName = header::HeaderName::from_static("x-rate-limited-by");

/// Wise's answer to a token it does not know.
pub(crate) fn invalid_token() -> Response {
    (
        StatusCode::UNAUTHORIZED,
        json(r#"{"error":"invalid_token","error_description":"Invalid token"}"#),
    )
        .into_response()
}

pub(crate) fn json(body: impl Into<String>) -> ([(header::HeaderName, &'static str); 1], String) {
    ([(header::CONTENT_TYPE, "application/json")], body.into())
}

fn html(body: &'static str) -> ([(header::HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "text/html;charset=UTF-8")], body)
}

fn dropped() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(DropConnection);
    response
}

/// The faults still to come, in the order they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    pub(crate) fn take(&mut self, target: Target) -> Option<FaultKind> {
        let at = self.0.iter().position(|fault| fault.on == target && fault.times > 0)?;
        let fault = self.0.get_mut(at)?;
        fault.times -= 1;
        let kind = fault.kind;
        if fault.times == 0 {
            self.0.remove(at);
        }
        Some(kind)
    }
}
