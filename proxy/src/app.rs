//! The service as one router: what paths there are, and what surrounds every request.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::post;
use partner_case_core::{Problem, ProblemCode};
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::{Config, ConfigError};
use crate::problem_response::problem_response;
use crate::request_id;
use crate::routes::{cases, widget};
use crate::upstream::Upstream;

/// What a request needs to be answered.
#[derive(Debug, Clone)]
pub struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) upstream: Arc<Upstream>,
    pub(crate) calls: TaskTracker,
}

impl App {
    /// Makes ready to call Wise; nothing is sent yet.
    ///
    /// # Errors
    /// When certificates cannot be read.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let upstream = Upstream::new(&config)?;
        Ok(Self {
            config: Arc::new(config),
            upstream: Arc::new(upstream),
            calls: TaskTracker::new(),
        })
    }

    /// The calls to Wise that are under way, whether or not anybody still waits for their answer.
    pub fn calls(&self) -> TaskTracker {
        self.calls.clone()
    }
}

/// The router of the whole service.
///
/// # Examples
/// ```no_run
/// use partner_case_proxy::config::Config;
/// use partner_case_proxy::{App, app};
///
/// let config = Config::load(Some("partner-case-proxy.toml".as_ref()), std::env::vars(), false)?;
/// let routes = app(App::new(config)?);
/// # Ok::<(), partner_case_proxy::config::ConfigError>(())
/// ```
pub fn app(app: App) -> Router {
    let calls = Router::new()
        .route("/cases", post(cases::create))
        .nest_service("/widget", widget::files(app.config.widget_dir.as_deref()))
        .method_not_allowed_fallback(async || problem_response(Problem::new(ProblemCode::MethodNotAllowed)));
    Router::new()
        .nest(&app.config.base_path, calls)
        .fallback(async || problem_response(Problem::new(ProblemCode::NotFound)))
        // Layers, the inner one first. A panic becomes a problem, which then gets its request id and its log line.
        .layer(CatchPanicLayer::custom(|_panic| {
            problem_response(Problem::new(ProblemCode::Internal))
        }))
        .layer(middleware::map_response(add_security_headers))
        .layer(middleware::from_fn(request_id::identify))
        .with_state(app)
}

/// Headers that every answer carries, whatever made it.
async fn add_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
