//! What can be looked up: what became of a submission, how a case stands, what was raised about a transfer, and where this is.

use axum::Json;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::{IntoResponse as _, Response};
use partner_case_core::{Case, CaseId, Problem, ProblemCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::App;
use crate::cross_site;
use crate::problem_response::problem_response;
use crate::staff::StaffId;
use crate::submissions::for_the_staff;

pub(crate) async fn submission(State(app): State<App>, Path(key): Path<String>, request: Request) -> Response {
    let report = async {
        let staff = reader(&app, request).await?;
        let key = Uuid::try_parse(&key).map_err(|_| Problem::new(ProblemCode::NotFound))?;
        let report = app.submissions.report(key, &staff).await?;
        report.ok_or_else(|| Problem::new(ProblemCode::NotFound))
    };
    report
        .await
        .map_or_else(problem_response, |report| Json(report).into_response())
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
        reader(&app, request).await?;
        let about: About = serde_urlencoded::from_str(query.as_deref().unwrap_or_default())
            .map_err(|_| Problem::new(ProblemCode::NotFound).with_detail("transferId=<number> is asked for"))?;
        app.submissions.about_transfer(about.transfer_id).await
    };
    found
        .await
        .map_or_else(problem_response, |cases| Json(Cases { cases }).into_response())
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
    if let Err(problem) = reader(&app, request).await {
        return problem_response(problem);
    }
    Json(Context {
        environment: app.config.upstream.environment(),
        api_version: &app.config.upstream.api_version,
        capabilities: ["submissions", "cases", "cases-by-transfer", "webhooks"],
    })
    .into_response()
}

pub(crate) async fn case(State(app): State<App>, Path(id): Path<String>, request: Request) -> Response {
    let admitted = reader(&app, request).await.and_then(|staff| app.limiter.admit_look(&staff));
    if let Err(problem) = admitted {
        return problem_response(problem);
    }
    let Some(id) = id.parse::<i64>().ok().filter(|id| *id > 0) else {
        return problem_response(Problem::new(ProblemCode::NotFound));
    };
    match app.upstream.get_case(CaseId(id)).await {
        Ok(case) => Json(for_the_staff(case)).into_response(),
        Err(error) => problem_response(error.into()),
    }
}

/// Who asks. A read changes nothing, but what it tells is for the portal's own pages.
async fn reader(app: &App, request: Request) -> Result<StaffId, Problem> {
    let (parts, _body) = request.into_parts();
    cross_site::check_read(&parts.headers, &app.config.allowed_origins)?;
    app.staff
        .authenticate(&app.config.staff, &parts.headers, &parts.extensions)
        .await
}
