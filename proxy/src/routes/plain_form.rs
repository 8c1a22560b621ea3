//! `POST {base}/cases` from a plain HTML form, for pages on which the element cannot run. The answer is a page.
//!
//! The form's fields are named `type`, `userId`, `transferId`, `profileId`, `externalId`, `subject` and `description`. A plain form carries
//! no key, so the same text of the same agent is the same submission: sent twice, it makes one case. The pages that answer it hold a form
//! with a number of its own (`nonce`), by which an agent who has checked can send the same text as another case.
//!
//! The proxy reads a form only once it knows the agent and has a place for it ([`crate::places`]): a page without the text answers anyone
//! else. The place is held until the page is written.

mod submitted;

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_core::{Case, Problem, ProblemCode};

use self::submitted::Submitted;
pub(crate) use self::submitted::read;
use super::body;
use super::submit::{authorize, submit, valid};
use crate::App;
use crate::audit::Entry;
use crate::content_encoding;
use crate::cross_site;
use crate::page::{Earlier, Page, Texts, Typed};
use crate::places::{PATIENCE, Place};
use crate::problem_response::{ToldProblem, problem_response};
use crate::request_id::RequestId;
use crate::submissions::SubmissionKey;

/// How browsers encode a form.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// How long to wait before looking again whether the first of two clicks has ended.
const IN_FLIGHT_PAUSE: Duration = Duration::from_millis(250);

/// What the proxy has of a form so far.
#[derive(Default)]
struct Reading {
    place: Option<Place>,
    /// `None` until the whole body is there.
    submitted: Option<Submitted>,
}

pub(super) async fn create(app: &App, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(problem) = admit(app, &parts.headers) {
        return problem_response(problem);
    }
    let mut reading = Reading::default();
    let outcome = raise(app, &parts, body, &mut reading).await;
    let texts = Texts::for_reader(&parts.headers, app.config.widget_dir.as_deref()).await;
    let earlier = Earlier::from_query(parts.uri.query());
    let request_id = RequestId::of(&parts.extensions);
    let page = Page {
        texts: &texts,
        typed: reading.submitted.as_ref().map(|submitted| Typed {
            draft: &submitted.draft,
            nonce: &submitted.nonce,
        }),
        earlier: earlier.as_ref(),
        action: &format!("{}/cases", app.config.base_path),
        back: way_back(&parts.headers),
        request_id: &request_id.0,
    };
    let html = match &outcome {
        Ok(case) => page.created(case),
        Err(problem) => page.failed(problem),
    };
    let mut response = Response::new(match reading.place {
        Some(place) => place.hold(html),
        None => Body::from(html),
    });
    if let Err(problem) = outcome {
        *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(ToldProblem(problem.code));
        if let Some(secs) = problem.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
    }
    add_headers(response.headers_mut());
    response
}

/// Refuses what is no form of the portal's own. The refusal is no page: another site's text must not be shown as if the portal had it from
/// the agent.
fn admit(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    cross_site::check_page(headers, &app.config.allowed_origins)?;
    if !app.config.plain_forms {
        let reason = "plain HTML forms are switched off";
        return Err(Problem::new(ProblemCode::UnsupportedMediaType).with_detail(reason));
    }
    content_encoding::check(headers)
}

fn add_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        // The portal may have its form in a frame, and the answer is shown there. The page has no scripts and no styles.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
        ),
        // Without any referrer, a browser that lacks Fetch Metadata sends the page's own form from nowhere, and the proxy would refuse it.
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

async fn raise(app: &App, parts: &Parts, body: Body, reading: &mut Reading) -> Result<Case, Problem> {
    let staff = app
        .staff
        .authenticate(&app.config.staff, &parts.headers, &parts.extensions)
        .await?;
    let request_id = RequestId::of(&parts.extensions);
    let received = async {
        reading.place = Some(app.plain_forms.take(PATIENCE).await?);
        let body = body::read(body, app.config.limits.body_timeout, CREATE_BODY_MAX_BYTES).await?;
        let submitted = &*reading.submitted.insert(read(&body));
        submitted.check()?;
        let key = SubmissionKey::Text {
            nonce: submitted.nonce.clone(),
        };
        Ok((key, valid(&submitted.draft)?))
    };
    let received: Result<_, Problem> = received.await;
    let (key, case) = received.inspect_err(|problem| app.audit.note(Entry::refused(&request_id, &staff, problem.code)))?;
    authorize(app, &request_id, &staff, &case).await?;
    let deadline = Instant::now() + app.config.upstream.timeout;
    loop {
        let outcome = submit(app, request_id.clone(), staff.clone(), key.clone(), case.clone()).await;
        // A second click: its page takes the place of the first one's, so it waits for the first click's outcome.
        match outcome {
            Err(problem) if problem.code == ProblemCode::SubmissionInFlight && Instant::now() < deadline => {
                tokio::time::sleep(IN_FLIGHT_PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// The page that the form was on, as a path, if the browser tells and it is one of this host's.
fn way_back(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find('/')?);
    let own = text(header::HOST)?.eq_ignore_ascii_case(authority);
    // Two slashes would lead to another host, and so would what a browser takes for one: a backslash, or a line break before it.
    let plain = !path.bytes().any(|byte| byte <= b' ' || byte == b'\\');
    (own && plain && !path.starts_with("//")).then(|| path.to_owned())
}
