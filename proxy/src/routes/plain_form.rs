//! `POST {base}/cases` from a plain HTML form, for pages on which the widget cannot run. The answer is a page.
//!
//! The form's fields are named `type`, `userId`, `transferId`, `profileId`, `externalId`, `subject` and `description`. It can carry no
//! key, so the same text of the same person is taken for the same submission: sent twice, it makes one case.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_core::{Case, CaseDraft, Field, Problem, ProblemCode, normalize_line_endings};

use super::cases;
use crate::App;
use crate::cross_site;
use crate::page::{Page, Texts};
use crate::problem_response::ToldProblem;
use crate::request_id::RequestId;

/// How a browser sends a form.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// Percent-encoding takes up to three bytes for one.
const FORM_MAX_BYTES: usize = 3 * CREATE_BODY_MAX_BYTES;

pub(super) async fn create(app: &App, request: Request) -> Response {
    let headers = request.headers().clone();
    let request_id = RequestId::of(request.extensions());
    // What was typed is shown again whatever happens, so that it can be put right, or copied.
    let mut draft = CaseDraft::default();
    let outcome = raise(app, request, &mut draft).await;
    let texts = Texts::for_reader(&headers, app.config.widget_dir.as_deref()).await;
    let page = Page {
        texts: &texts,
        draft: &draft,
        action: &format!("{}/cases", app.config.base_path),
        back: way_back(&headers),
        request_id: &request_id.0,
    };
    match outcome {
        Ok(case) => Html(page.created(&case)).into_response(),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, Html(page.failed(&problem))).into_response();
            response.extensions_mut().insert(ToldProblem(problem.code));
            response
        }
    }
}

async fn raise(app: &App, request: Request, draft: &mut CaseDraft) -> Result<Case, Problem> {
    let (parts, body) = request.into_parts();
    cross_site::check_page(&parts.headers, &app.config.allowed_origins)?;
    let body = cases::read(body, app.config.limits.body_timeout, FORM_MAX_BYTES).await?;
    *draft = serde_urlencoded::from_bytes(&body).map_err(|_| Problem::new(ProblemCode::UnknownField))?;
    // A browser sends every line break as two characters, which nobody typed.
    draft.set(Field::Description, normalize_line_endings(&draft.description).into_owned());
    if draft.case_type.is_empty() {
        draft.case_type = CaseDraft::default().case_type;
    }
    let staff = app
        .staff
        .authenticate(&app.config.staff, &parts.headers, &parts.extensions)
        .await?;
    let case = draft
        .validate()
        .map_err(|errors| Problem::new(ProblemCode::ValidationFailed).with_errors(errors.to_problems()))?;
    let key = app.submissions.key_of_text(&staff, &case);
    cases::submit(app, RequestId::of(&parts.extensions), staff, key, case).await
}

/// The page that the form was on, as a path, if the browser tells and it is one of this host's.
fn way_back(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find('/')?);
    let own = text(header::HOST)?.eq_ignore_ascii_case(authority);
    // Two slashes would lead to another host.
    (own && !path.starts_with("//")).then(|| path.to_owned())
}
