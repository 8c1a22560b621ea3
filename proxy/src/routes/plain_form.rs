//! `POST {base}/cases` from a plain HTML form, for pages on which the widget cannot run. The answer is a page.
//!
//! The form's fields are named `type`, `userId`, `transferId`, `profileId`, `externalId`, `subject` and `description`. It can carry no
//! key, so the same text of the same person is taken for the same submission: sent twice, it makes one case. The pages that answer it hold
//! a form with a number of its own (`nonce`), by which a person who has checked can send the same text as another case.

use std::time::{Duration, Instant};

use super::cases;
use crate::App;
use crate::cross_site;
use crate::page::{Page, Texts};
use crate::problem_response::{ToldProblem, problem_response};
use crate::request_id::RequestId;
use crate::submissions::SubmissionKey;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_core::{Case, CaseDraft, Field, Problem, ProblemCode, normalize_line_endings};

/// How a browser sends a form.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// The longest nonce that is looked at, in bytes. Ours have 32.
const NONCE_MAX_BYTES: usize = 64;

/// How often it is looked whether the first of two clicks has ended.
const IN_FLIGHT_PAUSE: Duration = Duration::from_millis(250);

/// What a form holds.
#[derive(Default)]
pub(crate) struct Submitted {
    draft: CaseDraft,
    /// What tells this submission from another with the same text; empty in a form of the portal's own.
    nonce: String,
}

pub(super) async fn create(app: &App, request: Request) -> Response {
    // Another site's text is not shown as if the portal had it from the person.
    if let Err(problem) = cross_site::check_page(request.headers(), &app.config.allowed_origins) {
        return problem_response(problem);
    }
    // Held until the page is written: it holds what was read. The semaphore is never closed.
    let _place = app.plain_forms.acquire().await;
    let headers = request.headers().clone();
    let request_id = RequestId::of(request.extensions());
    // What was typed is shown again whatever happens, so that it can be put right, or copied.
    let mut submitted = Submitted::default();
    let outcome = raise(app, request, &mut submitted).await;
    let texts = Texts::for_reader(&headers, app.config.widget_dir.as_deref()).await;
    let page = Page {
        texts: &texts,
        draft: &submitted.draft,
        nonce: &submitted.nonce,
        action: &format!("{}/cases", app.config.base_path),
        back: way_back(&headers),
        request_id: &request_id.0,
    };
    let mut response = match outcome {
        Ok(case) => Html(page.created(&case)).into_response(),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, Html(page.failed(&problem))).into_response();
            response.extensions_mut().insert(ToldProblem(problem.code));
            if let Some(secs) = problem.retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
            }
            response
        }
    };
    // The portal may have its form in a frame, and the answer is shown there. There are no scripts and no styles in it.
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"),
    );
    // With none at all, a browser without Fetch Metadata sends the page's own form from nowhere, and it would be refused.
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

async fn raise(app: &App, request: Request, submitted: &mut Submitted) -> Result<Case, Problem> {
    let (parts, body) = request.into_parts();
    let body = cases::read(body, app.config.limits.body_timeout, CREATE_BODY_MAX_BYTES).await?;
    *submitted = read(&body);
    let staff = app
        .staff
        .authenticate(&app.config.staff, &parts.headers, &parts.extensions)
        .await?;
    let case = cases::valid(&submitted.draft)?;
    let key = SubmissionKey::Text {
        nonce: submitted.nonce.clone(),
    };
    let deadline = Instant::now() + app.config.upstream.timeout;
    loop {
        let request_id = RequestId::of(&parts.extensions);
        let outcome = cases::submit(app, request_id, staff.clone(), key.clone(), case.clone()).await;
        // A second click: its page takes the place of the first one's, so it waits for what becomes of that.
        match outcome {
            Err(problem) if problem.code == ProblemCode::SubmissionInFlight && Instant::now() < deadline => {
                tokio::time::sleep(IN_FLIGHT_PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// Reads a form. What it holds beside the fields, such as a portal's own token, is passed over.
pub(crate) fn read(body: &[u8]) -> Submitted {
    let mut submitted = Submitted {
        draft: CaseDraft::default(),
        nonce: String::new(),
    };
    for (name, value) in form_urlencoded::parse(body) {
        let field = Field::ALL.into_iter().find(|field| field.wire_name() == name);
        match field {
            // A browser sends every line break as two characters, which nobody typed.
            Some(Field::Description) => submitted
                .draft
                .set(Field::Description, normalize_line_endings(&value).into_owned()),
            Some(Field::CaseType) if value.is_empty() => {}
            Some(field) => submitted.draft.set(field, value.into_owned()),
            None if name == "nonce" && value.len() <= NONCE_MAX_BYTES => submitted.nonce = value.into_owned(),
            None => {}
        }
    }
    submitted
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
