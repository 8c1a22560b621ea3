//! A proxy in front of a simulator, and requests to it.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use partner_case_proxy::config::Config;
use partner_case_proxy::{App, Peer, app};
use serde_json::Value;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use wise_simulator::{Fault, FaultKind, Settings, Simulator, Target};

pub(crate) const STAFF_SECRET: &str = "canary-portal-secret-0123456789abcdef";
pub(crate) const KEY: &str = "\"0f8fad5b-d9cb-469f-a165-70867728950e\"";

/// The example request of Wise's documentation.
pub(crate) const DOCUMENTED_REQUEST: &str = r#"{"type":"GENERAL_ENQUIRY","subject":"Inquiry about Transfer 12345","details":{"transferId":58114690,"profileId":14556049,"userId":1234},"externalId":"partner_external_id_12345","description":"Initial summary of the issue"}"#;

pub(crate) struct Harness {
    pub(crate) simulator: Simulator,
    routes: Router,
    calls: TaskTracker,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.body);
        self.json()["code"].as_str().expect("a code").to_owned()
    }
}

impl Harness {
    pub(crate) async fn start() -> Self {
        Self::start_with("", None).await
    }

    pub(crate) async fn start_with(limits: &str, widget_dir: Option<&Path>) -> Self {
        let simulator = Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), Settings::default())
            .await
            .expect("a port");
        let (routes, calls) = routes(&simulator.url(), limits, widget_dir);
        Self {
            simulator,
            routes,
            calls,
        }
    }

    pub(crate) fn calls(&self) -> TaskTracker {
        self.calls.clone()
    }

    pub(crate) fn routes(&self) -> Router {
        self.routes.clone()
    }

    /// A proxy that asks nobody who they are.
    pub(crate) async fn start_insecure_demo() -> Self {
        let mut harness = Self::start().await;
        let environment = [
            ("PARTNER_CASE_PROXY_UPSTREAM_URL", harness.simulator.url()),
            ("PARTNER_CASE_PROXY_CLIENT_ID", "simulated-client".to_owned()),
            ("PARTNER_CASE_PROXY_CLIENT_SECRET", "simulated-secret".to_owned()),
        ];
        let config =
            Config::load(None, environment.map(|(name, value)| (name.to_owned(), value)), true).expect("a configuration");
        harness.routes = app(App::new(config).expect("an app"));
        harness
    }

    pub(crate) fn replace_routes(&mut self, routes: Router) {
        self.routes = routes;
    }

    pub(crate) fn fault(&self, on: Target, kind: FaultKind) {
        self.simulator.add_fault(Fault { on, times: 1, kind });
    }

    /// Sends a request as the portal's server passes it on.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if request.extensions().get::<Peer>().is_none() {
            request
                .extensions_mut()
                .insert(Peer(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        }
        let response = self.routes.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) async fn create(&self, body: impl Into<Body>) -> Answer {
        self.send(create_request().body(body.into()).expect("a request")).await
    }
}

/// A well-formed create call but for its body.
pub(crate) fn create_request() -> axum::http::request::Builder {
    Request::post("/partner-cases/cases")
        .header("host", "portal.example")
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("x-partner-case-form", "1")
        .header("idempotency-key", KEY)
        .header("x-staff-id", "agent-7")
        .header("x-portal-secret", STAFF_SECRET)
        .header("cookie", "portal_session=canary-cookie")
}

pub(crate) fn routes(upstream_url: &str, limits: &str, widget_dir: Option<&Path>) -> (Router, TaskTracker) {
    let folder = tempdir();
    let widget = widget_dir
        .map(|dir| format!("widget_dir = {:?}", dir.display().to_string()))
        .unwrap_or_default();
    let text = format!(
        r#"
        {widget}
        [upstream]
        url = "{upstream_url}"
        timeout_secs = 1
        [credentials]
        client_id = "simulated-client"
        client_secret = "simulated-secret"
        [staff]
        mode = "trusted-header"
        secret = "{STAFF_SECRET}"
        trusted_peers = ["127.0.0.1"]
        {limits}
        "#
    );
    let file = folder.join("proxy.toml");
    std::fs::write(&file, text).expect("a configuration file");
    let config = Config::load(Some(&file), std::iter::empty(), false).expect("a configuration");
    let state = App::new(config).expect("an app");
    let calls = state.calls();
    (app(state), calls)
}

/// A new folder of this test's own.
pub(crate) fn tempdir() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).expect("a folder");
    dir
}
