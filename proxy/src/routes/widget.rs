//! `GET {base}/widget/*`: the widget's files.

use std::convert::Infallible;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
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
            .layer(middleware::from_fn(cacheable)),
    }
}

/// The files keep their names from one version to the next, so a browser may keep them but must ask whether they are still good; unless it
/// asks for a version by `?v=`, which the page changes with each.
async fn cacheable(request: Request, next: Next) -> Response {
    let has_version = request.uri().query().is_some_and(|query| {
        query
            .split('&')
            .any(|pair| pair.strip_prefix("v=").is_some_and(|version| !version.is_empty()))
    });
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let caching = if has_version {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    }
    response
}
