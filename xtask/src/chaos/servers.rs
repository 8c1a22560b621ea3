//! The real programs: a simulator, and a proxy that is killed and started again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::process::Child;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::gate::{CA_FILE, CERTIFICATE_FILE, Gate, KEY_FILE, write_secret};
use super::process::{CLOCK_FILE, faketime, free_ports, limit_files, listening, signal, spawn};

/// The secret between the campaign's portal, which is the campaign itself, and the proxy.
pub(crate) const PORTAL_SECRET: &str = "canary-portal-secret-0123456789abcdef";

/// The files with the client secret, and with the one that is to take its place.
const SECRET_FILE: &str = "client-secret";
const NEXT_SECRET_FILE: &str = "next-client-secret";

/// How long a client waits for an answer: longer than the proxy waits for Wise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the proxy may take to end: as long as its configuration here says, and somewhat more.
const LONGEST_END: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Servers {
    folder: PathBuf,
    proxy: SocketAddr,
    simulator: SocketAddr,
    admin: SocketAddr,
    gate: Gate,
    http: HttpClient<HttpConnector, Body>,
    children: Mutex<Children>,
    kills: AtomicU32,
    /// How often the proxy did not find its way back when it could write again.
    stuck: AtomicU32,
    /// How often it said that it can write while it could not.
    mistaken: AtomicU32,
    /// How often it did not end when it was asked to.
    undying: AtomicU32,
    /// What writes the programs' logs down.
    logs: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Children {
    proxy: Child,
    simulator: Child,
}

impl Servers {
    /// Starts both on free ports, with a new store.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let folder = crate::target_dir().join("chaos");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(folder.join("store"))?;
        let [proxy, simulator, admin] = free_ports()?;
        let (gate, wise) = Gate::open(&folder, simulator).await?;
        std::fs::write(folder.join("proxy.toml"), config(&folder, proxy, wise, admin))?;
        write_secret(&folder.join(SECRET_FILE), "simulated-secret")?;
        write_secret(&folder.join(NEXT_SECRET_FILE), "simulated-secret")?;
        std::fs::write(folder.join(CLOCK_FILE), "+0s")?;
        let webhooks = format!("http://{proxy}/partner-cases/webhooks/wise");
        let (child, simulator_log) = spawn(
            &folder,
            "wise-simulator",
            &["--listen", &simulator.to_string(), "--webhook-url", &webhooks],
        )?;
        let (proxy_child, proxy_log) = start_proxy(&folder)?;
        let servers = Self {
            children: Mutex::new(Children {
                simulator: child,
                proxy: proxy_child,
            }),
            folder,
            proxy,
            simulator,
            admin,
            gate,
            http: HttpClient::builder(TokioExecutor::new()).build_http(),
            kills: AtomicU32::new(0),
            stuck: AtomicU32::new(0),
            mistaken: AtomicU32::new(0),
            undying: AtomicU32::new(0),
            logs: std::sync::Mutex::new(vec![simulator_log, proxy_log]),
        };
        for addr in [servers.proxy, servers.simulator] {
            listening(addr).await?;
        }
        Ok(servers)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn kills(&self) -> u32 {
        self.kills.load(Ordering::Relaxed)
    }

    /// Ends the proxy as a power cut does, and starts it again.
    pub(crate) async fn kill_proxy(&self) {
        let mut children = self.children.lock().await;
        self.kills.fetch_add(1, Ordering::Relaxed);
        let _ = children.proxy.kill().await;
        self.start_again(&mut children).await;
    }

    /// Ends the proxy as an update does: it is asked to, and has to let what is under way end. Then it is started again.
    pub(crate) async fn stop_proxy(&self) {
        let mut children = self.children.lock().await;
        if !signal(&children.proxy, "TERM").await {
            return;
        }
        let ended = tokio::time::timeout(LONGEST_END, children.proxy.wait()).await;
        if ended.is_err() {
            self.undying.fetch_add(1, Ordering::Relaxed);
            let _ = children.proxy.kill().await;
        }
        self.start_again(&mut children).await;
    }

    async fn start_again(&self, children: &mut Children) {
        if let Ok((proxy, log)) = start_proxy(&self.folder) {
            children.proxy = proxy;
            self.logs.lock().unwrap_or_else(PoisonError::into_inner).push(log);
            let _ = listening(self.proxy).await;
        }
    }

    /// Has the proxy stand still for a while, as on a machine that is moved or has too much to do. Afterwards it goes on where it was,
    /// and does not know.
    pub(crate) async fn suspend_proxy(&self, millis: u64) {
        let children = self.children.lock().await;
        if signal(&children.proxy, "STOP").await {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            signal(&children.proxy, "CONT").await;
        }
    }

    /// Lets the proxy write to no file for a while, as on a disk that is full or was made read-only under it. Then it has to be ready again
    /// by itself. The answer is whether this machine can do that.
    pub(crate) async fn forbid_writing(&self, millis: u64) -> bool {
        let children = self.children.lock().await;
        let Some(pid) = children.proxy.id() else { return false };
        if !limit_files(pid, "0").await {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(millis)).await;
        if self.says_it_can_write().await {
            self.mistaken.fetch_add(1, Ordering::Relaxed);
        }
        limit_files(pid, "unlimited").await;
        if !self.becomes_ready().await {
            self.stuck.fetch_add(1, Ordering::Relaxed);
        }
        true
    }

    /// Whether the proxy says that its store can be used, at once or soon.
    async fn becomes_ready(&self) -> bool {
        for _ in 0..50 {
            if self.says_it_can_write().await {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        false
    }

    async fn says_it_can_write(&self) -> bool {
        let request = Request::get(format!("http://{}/readyz", self.admin)).body(Body::empty());
        let Ok(request) = request else { return false };
        self.send(request).await.is_some_and(|(_, report)| report["store"] == "ok")
    }

    /// Replaces the certificate by which Wise knows the proxy.
    pub(crate) async fn replace_certificate(&self) {
        if let Err(error) = self.gate.replace_certificate().await {
            crate::command::say(&format!("the certificate could not be replaced: {error}"));
        }
    }

    /// How many of the proxy's certificates it has shown, and how many were laid down for it.
    pub(crate) fn certificates_shown(&self) -> (usize, usize) {
        self.gate.shown()
    }

    /// What the ledger does not show: a store that was not used again, a certificate that was shown after its time.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let told = |count: &AtomicU32, what: &str| {
            let count = count.load(Ordering::Relaxed);
            (count > 0).then(|| format!("{count} times {what}"))
        };
        let own = [
            told(&self.stuck, "the proxy did not use its store again when it could write"),
            told(&self.mistaken, "the proxy said that it can write while it could not"),
            told(&self.undying, "the proxy did not end when it was asked to"),
        ];
        let mut complaints = self.gate.complaints();
        complaints.extend(own.into_iter().flatten());
        complaints
    }

    /// Replaces the client secret as docs/operating.md says: the next one is laid down, Wise takes it, it becomes the present one.
    pub(crate) async fn rotate_secret(&self, secret: &str) {
        let _ = std::fs::write(self.folder.join(NEXT_SECRET_FILE), secret);
        self.tell("credentials", &serde_json::json!({ "clientSecret": secret })).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let _ = std::fs::write(self.folder.join(SECRET_FILE), secret);
    }

    /// Whether the proxy's clock can be made to jump.
    pub(crate) fn has_clock() -> bool {
        faketime().is_some()
    }

    /// Makes the proxy's clock wrong by so many seconds from now on.
    pub(crate) fn set_clock(&self, secs: i64) {
        let _ = std::fs::write(self.folder.join(CLOCK_FILE), format!("{secs:+}s"));
    }

    pub(crate) async fn stop(&self) {
        let mut children = self.children.lock().await;
        let _ = children.proxy.kill().await;
        let _ = children.simulator.kill().await;
        let logs = std::mem::take(&mut *self.logs.lock().unwrap_or_else(PoisonError::into_inner));
        for log in logs {
            let _ = log.await;
        }
    }

    /// A call to the proxy as the portal passes it on. None when there was no whole answer.
    pub(crate) async fn call_proxy(&self, request: axum::http::request::Builder, body: String) -> Option<(StatusCode, Value)> {
        let request = request
            .header("host", self.proxy.to_string())
            .header("sec-fetch-site", "same-origin")
            .header("x-partner-case-form", "1")
            .header("x-staff-id", "agent-7")
            .header("x-portal-secret", PORTAL_SECRET);
        self.send(request.body(Body::from(body)).ok()?).await
    }

    pub(crate) fn proxy_url(&self, path: &str) -> String {
        format!("http://{}/partner-cases/{path}", self.proxy)
    }

    /// Tells the simulator something.
    pub(crate) async fn tell(&self, what: &str, body: &Value) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}/_simulator/{what}", self.simulator))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        if let Ok(request) = request {
            self.send(request).await;
        }
    }

    /// Every case that the simulator has created.
    pub(crate) async fn ledger(&self) -> anyhow::Result<Vec<Value>> {
        let request = Request::get(format!("http://{}/_simulator/ledger", self.simulator)).body(Body::empty())?;
        let (_, ledger) = self.send(request).await.context("the simulator's ledger")?;
        Ok(ledger["cases"].as_array().cloned().unwrap_or_default())
    }

    async fn send(&self, request: Request<Body>) -> Option<(StatusCode, Value)> {
        let exchange = async {
            let response = self.http.request(request).await.ok()?;
            let status = response.status();
            let body = response.into_body().collect().await.ok()?.to_bytes();
            Some((status, serde_json::from_slice(&body).unwrap_or_default()))
        };
        tokio::time::timeout(PATIENCE, exchange).await.ok().flatten()
    }
}

fn config(folder: &Path, proxy: SocketAddr, wise: SocketAddr, admin: SocketAddr) -> String {
    let store = folder.join("store/submissions.sqlite");
    let key = crate::root().join("simulator/keys/webhook-public.pem");
    let (secret, next_secret) = (folder.join(SECRET_FILE), folder.join(NEXT_SECRET_FILE));
    let [ca, certificate, certificate_key] = [CA_FILE, CERTIFICATE_FILE, KEY_FILE].map(|name| folder.join(name));
    format!(
        r#"
listen = "{proxy}"
admin.listen = "{admin}"
[upstream]
url = "https://{wise}"
timeout_secs = 2
ca_file = {ca:?}
client_cert_file = {certificate:?}
client_key_file = {certificate_key:?}
[credentials]
client_id = "simulated-client"
client_secret_file = {secret:?}
next_client_secret_file = {next_secret:?}
[webhook]
public_key_files = [{key:?}]
[store]
path = {store:?}
[staff]
mode = "trusted-header"
secret = "{PORTAL_SECRET}"
trusted_peers = ["127.0.0.1"]
[limits]
cases_per_minute = 1000000
cases_per_minute_per_staff = 1000000
drain_timeout_secs = 5
"#
    )
}

fn start_proxy(folder: &Path) -> anyhow::Result<(Child, JoinHandle<()>)> {
    let config = folder.join("proxy.toml").display().to_string();
    spawn(folder, "partner-case-proxy", &["serve", "--config", &config])
}
