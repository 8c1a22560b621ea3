//! The service as one router: what paths there are, and what surrounds every request.

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use partner_case_core::{Problem, ProblemCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;

use crate::App;
use crate::cross_site;
use crate::problem_response::problem_response;
use crate::request_id;
use crate::routes::{cases, lookups, webhooks, widget};

/// How long a browser may remember that it may call.
const PREFLIGHT_REMEMBERED: Duration = Duration::from_secs(600);

/// The router of the whole service.
///
/// # Examples
/// ```no_run
/// use partner_case_proxy::config::Config;
/// use partner_case_proxy::{App, app};
///
/// let config = Config::load(Some("partner-case-proxy.toml".as_ref()), std::env::vars_os(), false)?;
/// let routes = app(App::new(config)?);
/// # Ok::<(), partner_case_proxy::config::ConfigError>(())
/// ```
pub fn app(app: App) -> Router {
    let calls = Router::new()
        .route("/cases", post(cases::create).get(lookups::about_transfer))
        .route("/cases/{id}", get(lookups::case))
        .route("/submissions/{key}", get(lookups::submission).post(lookups::submission))
        .route("/context", get(lookups::context))
        .route("/webhooks/wise", post(webhooks::receive))
        .nest_service("/widget", widget::files(app.config.widget_dir.as_deref()))
        .method_not_allowed_fallback(async || problem_response(Problem::new(ProblemCode::MethodNotAllowed)));
    let routes = Router::new()
        .nest(&app.config.base_path, calls)
        .fallback(async || problem_response(Problem::new(ProblemCode::NotFound)))
        // Layers, the inner one first. A panic becomes a problem, which then gets its request id and its log line.
        .layer(CatchPanicLayer::custom(|_panic| {
            problem_response(Problem::new(ProblemCode::Internal))
        }))
        .layer(middleware::map_response(add_security_headers));
    // One that does nothing would be a box of its own for each request.
    let routes = match cors(&app.config.allowed_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes
        .layer(middleware::from_fn_with_state(app.metrics.clone(), request_id::identify))
        .with_state(app)
}

/// What pages of other origins may do: nothing, but for those that are listed one by one.
fn cors(allowed_origins: &HashSet<String>) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = allowed_origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let ours = |name| HeaderName::from_static(name);
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(origins)
            // The portal's cookie, where staff are known by one.
            .allow_credentials(true)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([
                header::CONTENT_TYPE,
                header::AUTHORIZATION,
                ours("idempotency-key"),
                ours(cross_site::CUSTOM_HEADER),
            ])
            .expose_headers([header::RETRY_AFTER, ours("x-request-id"), ours("x-trace-id")])
            .max_age(PREFLIGHT_REMEMBERED)
    })
}

/// Headers that every answer carries, whatever made it.
async fn add_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    // Should a browser ever show an answer as a page, nothing in it runs and nothing frames it.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
