//! `GET {base}/widget/*`: the widget's files.

use std::convert::Infallible;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use partner_case_core::{Problem, ProblemCode};
use tower::service_fn;
use tower_http::services::ServeDir;

use crate::problem_response::problem_response;

/// Serves a folder; without one there is nothing at any path.
pub(crate) fn files(dir: Option<&Path>) -> Router {
    let not_found = service_fn(async |_: Request| Ok::<_, Infallible>(problem_response(Problem::new(ProblemCode::NotFound))));
    match dir {
        None => Router::new().fallback_service(not_found),
        Some(dir) => Router::new()
            .fallback_service(
                ServeDir::new(dir)
                    .append_index_html_on_directories(false)
                    .precompressed_br()
                    .precompressed_gzip()
                    .fallback(not_found),
            )
            .layer(middleware::map_response(cacheable)),
    }
}

/// The files keep their names from one version to the next, so a browser may keep them but must ask whether they are still good.
async fn cacheable(mut response: Response) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    response
}
