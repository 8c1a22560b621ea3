//! Calls of the forms, on their way to the proxy and back.

use axum::body::Body;
use axum::http::Request;
use partner_case_core::CaseId;
use partner_case_model::{Event, FetchOutcome, SendTicket};

use crate::browser::FormId;
use crate::server;

/// A call of a form.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) form: FormId,
    pub(crate) kind: CallKind,
    pub(crate) stage: Stage,
    /// When it was made, by the steady clock.
    pub(crate) since: u64,
}

/// What a form asks for.
#[derive(Debug, Clone)]
pub(crate) enum CallKind {
    /// The portal's word whether a case may be sent.
    Prepare(SendTicket),
    /// A case.
    Post(SendTicket),
    /// The outcome of a submission.
    Outcome { key: String, url: String, body: Option<String> },
    /// A case as it stands.
    Case { id: CaseId, url: String },
}

/// How far a call has come.
#[derive(Debug)]
pub(crate) enum Stage {
    /// It leaves the browser.
    Leaving,
    /// The proxy has it, under this number.
    AtProxy(usize),
    /// The answer is on its way back.
    Answered(FetchOutcome),
    /// The form has heard that there is no answer.
    GivenUp,
}

impl CallKind {
    /// The request that the proxy gets.
    pub(crate) fn request(&self, agent: usize) -> Request<Body> {
        match self {
            Self::Prepare(ticket) | Self::Post(ticket) => {
                server::request(agent, "POST", &ticket.url, Some(&ticket.key), ticket.body.clone())
            }
            Self::Outcome {
                url, body: Some(body), ..
            } => server::request(agent, "POST", url, None, body.clone()),
            Self::Outcome { url, .. } | Self::Case { url, .. } => server::request(agent, "GET", url, None, String::new()),
        }
    }

    /// What the form hears at the end.
    pub(crate) fn ended(&self, outcome: FetchOutcome) -> Event {
        match self {
            Self::Prepare(ticket) | Self::Post(ticket) => Event::Posted(ticket.clone(), outcome),
            Self::Outcome { key, .. } => Event::OutcomeFetched {
                key: key.clone(),
                outcome,
            },
            Self::Case { id, .. } => Event::CaseFetched { id: *id, outcome },
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Prepare(_) => "the portal's decision",
            Self::Post(_) => "the case",
            Self::Outcome { .. } => "the question for the outcome",
            Self::Case { .. } => "the look at the case",
        }
    }
}
