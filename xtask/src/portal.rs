//! The demo portal: a back-office page of an imagined partner, and its edge server, which knows who is signed in and passes the form's
//! calls on to the proxy.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{any, get};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;

/// The policy of the page: the strict one under which the form promises to work, with nothing opened for it but wasm.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
     require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The staff member of the demo.
const STAFF_ID: &str = "agent-7";

/// The part of index.html that is for `trunk serve` only.
const TRUNK_START: &str = "<!-- trunk -->";
const TRUNK_END: &str = "<!-- /trunk -->";
const LOADER: &str = r#"<script type="module" src="/partner-cases/widget/partner-case-form.js"></script>"#;

/// The portal's server.
#[derive(Debug)]
pub(crate) struct Portal {
    listener: TcpListener,
    edge: Edge,
}

#[derive(Debug, Clone)]
struct Edge {
    client: Client<HttpConnector, Body>,
    proxy: SocketAddr,
    simulator: SocketAddr,
    secret: HeaderValue,
}

impl Portal {
    /// Takes the address.
    pub(crate) async fn bind(listen: SocketAddr, proxy: SocketAddr, simulator: SocketAddr, secret: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let secret = HeaderValue::from_str(secret).context("the secret cannot be sent in a header")?;
        Ok(Self {
            listener,
            edge: Edge {
                client,
                proxy,
                simulator,
                secret,
            },
        })
    }

    /// Serves for ever.
    pub(crate) async fn serve(self) -> anyhow::Result<()> {
        let routes = Router::new()
            .route("/", get(page))
            .route("/demo/{file}", get(asset))
            .route("/demo/api/received", get(received))
            .route("/partner-cases/{*path}", any(case_call))
            .with_state(self.edge);
        Ok(axum::serve(self.listener, routes).await?)
    }
}

async fn page() -> Response {
    match tokio::fs::read_to_string(crate::root().join("index.html")).await {
        Ok(text) => (
            [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)],
            Html(as_a_partner_would(&text)),
        )
            .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The page as a partner would write it: the loader in the place of what `trunk serve` needs.
fn as_a_partner_would(page: &str) -> String {
    match (page.split_once(TRUNK_START), page.split_once(TRUNK_END)) {
        (Some((before, _)), Some((_, after))) => format!("{before}{LOADER}{after}"),
        _ => page.to_owned(),
    }
}

/// The gallery shows the form in frames: the page may hold frames of the portal's own, and what is in them may be held by the portal.
fn policy_of(file: &str) -> String {
    match file {
        "gallery.html" => format!("{CONTENT_SECURITY_POLICY}; frame-src 'self'"),
        "gallery_form.html" => CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
        _ => CONTENT_SECURITY_POLICY.to_owned(),
    }
}

async fn asset(axum::extract::Path(file): axum::extract::Path<String>) -> Response {
    let content_type = match Path::new(&file).extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("html") => "text/html; charset=utf-8",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let path: PathBuf = crate::root()
        .join("demo")
        .join(Path::new(&file).file_name().unwrap_or_default());
    match tokio::fs::read(path).await {
        Ok(bytes) => (
            [
                (header::CONTENT_TYPE, content_type),
                (header::CACHE_CONTROL, "no-cache"),
                (header::CONTENT_SECURITY_POLICY, policy_of(&file).as_str()),
            ],
            bytes,
        )
            .into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The body that the simulator received last, for the page's panel. Of the rest of the ledger nothing may reach a browser: it has the
/// token in it.
async fn received(State(edge): State<Edge>) -> Response {
    let Ok(request) = Request::get(format!("http://{}/_simulator/received", edge.simulator)).body(Body::empty()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    edge.pass_on(request).await
}

/// A call of the form's: vouched for, and passed on.
async fn case_call(State(edge): State<Edge>, mut request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let Ok(uri) = format!("http://{}{path}", edge.proxy).parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    // Whatever a browser says about itself here is a forgery: only the portal vouches for its staff.
    headers.insert(HeaderName::from_static("x-staff-id"), HeaderValue::from_static(STAFF_ID));
    headers.insert(HeaderName::from_static("x-portal-secret"), edge.secret.clone());
    edge.pass_on(request).await
}

impl Edge {
    async fn pass_on(&self, request: Request) -> Response {
        match self.client.request(request).await {
            Ok(response) => response.map(Body::new).into_response(),
            // As an edge server answers: with a page of its own that says nothing of the case.
            Err(_) => (
                StatusCode::BAD_GATEWAY,
                Html("<html><body><h1>502 Bad Gateway</h1></body></html>"),
            )
                .into_response(),
        }
    }
}
