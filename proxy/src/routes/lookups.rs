//! What can be looked up: what became of a submission, how a case stands, what was raised about a transfer, and where this is.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::Method;
use axum::response::{IntoResponse as _, Response};
use partner_case_core::{Case, CaseId, Outcome, Problem, ProblemCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cases::case_of;
use crate::App;
use crate::audit::Entry;
use crate::cross_site;
use crate::problem_response::problem_response;
use crate::request_id::RequestId;
use crate::staff::StaffId;
use crate::submissions::{Sight, for_the_staff, without_external_id};

/// `GET` and `POST {base}/submissions/{key}`: what became of a submission. A body is the case that is asked about: that of another tab may have
/// been sent under the same key.
pub(crate) async fn submission(State(app): State<App>, Path(key): Path<String>, request: Request) -> Response {
    let report = async {
        let (parts, body) = request.into_parts();
        let (headers, asks_about_case) = (parts.headers.clone(), parts.method == Method::POST);
        let reader = Reader::of(&app, Request::from_parts(parts, Body::empty())).await?;
        let case = match asks_about_case {
            true => Some(case_of(&app, &headers, body).await?),
            false => None,
        };
        let key = Uuid::try_parse(&key).map_err(|_| Problem::new(ProblemCode::NotFound))?;
        let report = app.submissions.report(key, &reader.staff, case.as_ref()).await?;
        reader.note(&app, "submission", None, report.is_some());
        report.ok_or_else(|| Problem::new(ProblemCode::NotFound))
    };
    report.await.map_or_else(unanswered, |report| Json(report).into_response())
}

/// Which transfer is asked about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct About {
    transfer_id: i64,
}

/// `GET {base}/cases?transferId=`: what was raised about a transfer through this proxy, the newest first.
pub(crate) async fn about_transfer(State(app): State<App>, RawQuery(query): RawQuery, request: Request) -> Response {
    let found = async {
        let reader = Reader::of(&app, request).await?;
        let about: About = serde_urlencoded::from_str(query.as_deref().unwrap_or_default())
            .map_err(|_| Problem::new(ProblemCode::NotFound).with_detail("transferId=<number> is asked for"))?;
        let visible = app.config.visible;
        let cases = app
            .submissions
            .about_transfer(about.transfer_id, &reader.staff, visible)
            .await?;
        reader.note(&app, "transfer", None, !cases.is_empty());
        Ok(cases)
    };
    found
        .await
        .map_or_else(unanswered, |cases| Json(Cases { cases }).into_response())
}

/// The cases raised about a transfer.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Cases {
    cases: Vec<Case>,
}

/// What the form may like to know of the proxy.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Context<'a> {
    #[schemars(extend("enum" = ["production", "sandbox", "simulator", "other"]))]
    environment: &'a str,
    api_version: &'a str,
    capabilities: [&'static str; 4],
}

/// `GET {base}/context`: which Wise this is, and what the proxy can do.
pub(crate) async fn context(State(app): State<App>, request: Request) -> Response {
    if let Err(problem) = agent(&app, request).await {
        return unanswered(problem);
    }
    Json(Context {
        environment: app.config.upstream.environment(),
        api_version: &app.config.upstream.api_version,
        capabilities: ["submissions", "cases", "cases-by-transfer", "webhooks"],
    })
    .into_response()
}

pub(crate) async fn case(State(app): State<App>, Path(id): Path<String>, request: Request) -> Response {
    let case = async {
        let reader = Reader::of(&app, request).await?;
        let not_found = || Problem::new(ProblemCode::NotFound);
        let id = id.parse::<i64>().ok().filter(|id| *id > 0).ok_or_else(not_found)?;
        let sight = app.submissions.sees(id, &reader.staff, app.config.visible).await?;
        if sight == Sight::Hidden {
            reader.note(&app, "case", Some(id), false);
            return Err(not_found());
        }
        app.limiter.admit_look(&reader.staff)?;
        let case = app.upstream.get_case(CaseId(id)).await;
        reader.note(&app, "case", Some(id), case.is_ok());
        Ok(match sight {
            Sight::Own => for_the_staff(case?),
            // What another agent has typed is not for this one.
            Sight::OfAnother | Sight::Hidden => without_external_id(case?),
        })
    };
    case.await.map_or_else(unanswered, |case| Json(case).into_response())
}

/// A lookup that is not answered. It sent nothing, and says nothing of any key.
fn unanswered(problem: Problem) -> Response {
    problem_response(Problem {
        outcome: Outcome::NotSent,
        ..problem
    })
}

/// An agent who looks something up.
struct Reader {
    staff: StaffId,
    request_id: RequestId,
}

impl Reader {
    /// Who asks, unless it is too often.
    async fn of(app: &App, request: Request) -> Result<Self, Problem> {
        let request_id = RequestId::of(request.extensions());
        let staff = agent(app, request).await?;
        app.limiter.admit_lookup(&staff)?;
        Ok(Self { staff, request_id })
    }

    /// Leaves a line in the audit trail.
    fn note(&self, app: &App, what: &'static str, case_id: Option<i64>, found: bool) {
        app.audit.note(Entry::LookedUp {
            request_id: self.request_id.0.clone(),
            staff: self.staff.0.clone(),
            what,
            case_id,
            found,
        });
    }
}

/// Who asks. A read changes nothing, but what it tells is for the portal's own pages.
async fn agent(app: &App, request: Request) -> Result<StaffId, Problem> {
    let (parts, _body) = request.into_parts();
    cross_site::check_read(&parts.headers, &app.config.allowed_origins)?;
    app.staff
        .authenticate(&app.config.staff, &parts.headers, &parts.extensions)
        .await
}
