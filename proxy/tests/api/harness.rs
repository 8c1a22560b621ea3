//! A proxy in front of a simulator, and requests to it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
#[allow(unused_imports, reason = "the tests of traces use this file, too")]
pub(crate) use partner_case_core::DOCUMENTED_REQUEST;
use partner_case_proxy::config::Config;
use partner_case_proxy::{App, Peer, admin, app};
use serde_json::Value;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use wise_simulator::{Fault, FaultKind, Settings, Simulator, Target};

pub(crate) const STAFF_SECRET: &str = "canary-portal-secret-0123456789abcdef";
pub(crate) const KEY: &str = "\"0f8fad5b-d9cb-469f-a165-70867728950e\"";

/// The key that verifies what the simulator signs.
pub(crate) const WEBHOOK_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../simulator/keys/webhook-public.pem");

pub(crate) struct Harness {
    pub(crate) simulator: Simulator,
    routes: Router,
    admin: Router,
    calls: TaskTracker,
    store: PathBuf,
    audit: PathBuf,
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

    pub(crate) async fn start_version(version: &str) -> Self {
        let environment = &[("PARTNER_CASE_PROXY_API_VERSION", version)];
        Self::start_all(&Setup {
            environment,
            ..Setup::default()
        })
        .await
    }

    pub(crate) async fn start_with(limits: &str, widget_dir: Option<&Path>) -> Self {
        Self::start_all(&Setup {
            limits,
            widget_dir,
            ..Setup::default()
        })
        .await
    }

    pub(crate) async fn start_all(setup: &Setup<'_>) -> Self {
        let simulator = Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), setup.simulator.clone())
            .await
            .expect("a port");
        let Proxy {
            routes,
            admin,
            calls,
            store,
            audit,
        } = proxy(&simulator.url(), setup);
        Self {
            simulator,
            routes,
            admin,
            calls,
            store,
            audit,
        }
    }

    /// The audit trail so far. A line that nobody waits for may be written a moment later, so it waits for as many as there are to be.
    pub(crate) async fn audit_lines(&self, count: usize) -> Vec<Value> {
        for _ in 0..400 {
            let text = std::fs::read_to_string(&self.audit).unwrap_or_default();
            let lines: Vec<Value> = text
                .lines()
                .map(|line| serde_json::from_str(line).expect("an object"))
                .collect();
            if lines.len() >= count {
                return lines;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("{count} lines were not written");
    }

    /// The file of the audit trail.
    pub(crate) fn audit_file(&self) -> &Path {
        &self.audit
    }

    /// Everything that the store has on the disk.
    pub(crate) fn store_bytes(&self) -> Vec<u8> {
        let folder = self.store.parent().expect("a folder");
        let files = std::fs::read_dir(folder).expect("the folder");
        files
            .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("its bytes"))
            .collect()
    }

    /// Asks the admin port.
    pub(crate) async fn admin(&self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        answer(self.admin.clone().oneshot(request).await.expect("an answer")).await
    }

    /// Looks something up as the form does.
    pub(crate) async fn look(&self, path: &str, staff: &str) -> Answer {
        let request = Request::get(path)
            .header("host", "portal.example")
            .header("sec-fetch-site", "same-origin")
            .header("x-partner-case-form", "1")
            .header("x-staff-id", staff)
            .header("x-portal-secret", STAFF_SECRET);
        self.send(request.body(Body::empty()).expect("a request")).await
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
            (
                "PARTNER_CASE_PROXY_STORE_PATH",
                tempdir().join("submissions.sqlite").display().to_string(),
            ),
        ];
        let config =
            Config::load(None, environment.map(|(name, value)| (name.to_owned(), value)), true).expect("a configuration");
        harness.routes = app(App::new(config).expect("an app"));
        harness
    }

    pub(crate) fn replace_routes(&mut self, routes: Router) {
        self.routes = routes;
    }

    /// Waits until the simulator has been asked for so many cases.
    pub(crate) async fn created_calls(&self, count: usize) {
        for _ in 0..1000 {
            if usize::try_from(self.simulator.counts().create).is_ok_and(|calls| calls >= count) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("{count} calls did not arrive");
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
        if !request.headers().contains_key("host") {
            let host = axum::http::HeaderValue::from_static("portal.example");
            request.headers_mut().insert("host", host);
        }
        answer(self.routes.clone().oneshot(request).await.expect("an answer")).await
    }

    /// Raises a case under a key of its own.
    pub(crate) async fn create(&self, body: impl Into<Body>) -> Answer {
        let mut request = create_request().body(body.into()).expect("a request");
        let key = format!("\"{}\"", uuid::Uuid::new_v4());
        request
            .headers_mut()
            .insert("idempotency-key", key.parse().expect("a header"));
        self.send(request).await
    }

    /// Raises a case under [`KEY`].
    pub(crate) async fn create_with_key(&self, body: impl Into<Body>) -> Answer {
        self.send(create_request().body(body.into()).expect("a request")).await
    }
}

async fn answer(response: axum::response::Response) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
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

/// A proxy in this process, with a store of its own.
pub(crate) struct Proxy {
    pub(crate) routes: Router,
    pub(crate) admin: Router,
    calls: TaskTracker,
    store: PathBuf,
    audit: PathBuf,
}

/// What of the configuration differs from test to test.
#[derive(Default)]
pub(crate) struct Setup<'a> {
    pub(crate) limits: &'a str,
    pub(crate) widget_dir: Option<&'a Path>,
    pub(crate) environment: &'a [(&'a str, &'a str)],
    /// The section `staff`, if it is not the header from a trusted peer.
    pub(crate) staff: Option<&'a str>,
    /// More of the section `upstream`.
    pub(crate) upstream: &'a str,
    /// The secret, if it is not the right one in the file itself.
    pub(crate) secret: Option<&'a str>,
    pub(crate) simulator: Settings,
    /// The file of the audit trail, if it is not one of the test's own.
    pub(crate) audit: Option<&'a Path>,
    /// Whether the proxy does without an audit trail.
    pub(crate) audit_optional: bool,
    /// How long a call to Wise may take, if it is not one second.
    pub(crate) timeout_secs: Option<u64>,
}

pub(crate) fn proxy(upstream_url: &str, setup: &Setup<'_>) -> Proxy {
    let Setup {
        limits,
        widget_dir,
        environment,
        upstream,
        ..
    } = setup;
    let trusted_header = format!("mode = \"trusted-header\"\nsecret = \"{STAFF_SECRET}\"\ntrusted_peers = [\"127.0.0.1\"]");
    let staff = setup.staff.unwrap_or(&trusted_header);
    let timeout_secs = setup.timeout_secs.unwrap_or(1);
    let secret = setup.secret.unwrap_or("client_secret = \"simulated-secret\"");
    let folder = tempdir();
    let widget = widget_dir
        .map(|dir| format!("widget_dir = {:?}", dir.display().to_string()))
        .unwrap_or_default();
    let store_path = folder.join("store/submissions.sqlite");
    std::fs::create_dir_all(folder.join("store")).expect("a folder");
    let store = store_path.display().to_string();
    let audit_path = setup.audit.map_or_else(|| folder.join("audit.jsonl"), Path::to_owned);
    let audit = audit_path.display().to_string();
    let text = format!(
        r#"
        {widget}
        [audit]
        file = {audit:?}
        required = {}
        [webhook]
        public_key_files = [{WEBHOOK_KEY:?}]
        [store]
        path = {store:?}
        [upstream]
        url = "{upstream_url}"
        timeout_secs = {timeout_secs}
        {upstream}
        [credentials]
        client_id = "simulated-client"
        {secret}
        [staff]
        {staff}
        {limits}
        "#,
        !setup.audit_optional
    );
    let file = folder.join("proxy.toml");
    std::fs::write(&file, text).expect("a configuration file");
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let config = Config::load(Some(&file), environment, false).expect("a configuration");
    let state = App::new(config).expect("an app");
    Proxy {
        calls: state.calls(),
        admin: admin(state.clone()),
        routes: app(state),
        store: store_path,
        audit: audit_path,
    }
}

/// Writes a file with a secret, which only its owner may read.
pub(crate) fn write_secret(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
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
