//! The real programs: a simulator, and a proxy that is killed and started again.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
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
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::gate::{CA_FILE, CERTIFICATE_FILE, Gate, KEY_FILE};

/// The secret between the campaign's portal, which is the campaign itself, and the proxy.
pub(crate) const PORTAL_SECRET: &str = "canary-portal-secret-0123456789abcdef";

/// The files with the client secret, and with the one that is to take its place.
const SECRET_FILE: &str = "client-secret";
const NEXT_SECRET_FILE: &str = "next-client-secret";

/// The file that says by how much the proxy's clock is wrong.
const CLOCK_FILE: &str = "clock";

/// Debian's libfaketime, which gives a program a clock of its own.
const FAKETIME: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

/// How long a client waits for an answer: longer than the proxy waits for Wise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the proxy may take to end: as long as its configuration here says, and somewhat more.
const LONGEST_END: Duration = Duration::from_secs(7);

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
        std::fs::write(folder.join(SECRET_FILE), "simulated-secret")?;
        std::fs::write(folder.join(NEXT_SECRET_FILE), "simulated-secret")?;
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

fn faketime() -> Option<&'static str> {
    FAKETIME.into_iter().find(|path| Path::new(path).is_file())
}

/// A clock of the proxy's own. Waits stay true: only the time of day jumps.
fn own_clock(folder: &Path) -> Vec<(&'static str, std::ffi::OsString)> {
    let Some(library) = faketime() else { return Vec::new() };
    vec![
        ("LD_PRELOAD", library.into()),
        ("FAKETIME_TIMESTAMP_FILE", folder.join(CLOCK_FILE).into()),
        ("FAKETIME_CACHE_DURATION", "1".into()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
    ]
}

/// Says how large the files of a process may become from now on; what it writes beyond fails. The answer is whether that can be said.
async fn limit_files(pid: u32, bytes: &str) -> bool {
    let limited = Command::new("prlimit")
        .args([format!("--pid={pid}"), format!("--fsize={bytes}:unlimited")])
        .stderr(Stdio::null())
        .status()
        .await;
    limited.is_ok_and(|status| status.success())
}

/// Starts a program whose log goes to a file.
///
/// The log goes through a pipe, so that it is whole even while the program may write to no file. The signal that comes with such a write
/// would end the program, which a disk that is full does not.
fn spawn(folder: &Path, name: &str, arguments: &[&str]) -> anyhow::Result<(Child, JoinHandle<()>)> {
    let log = folder.join(format!("{name}.log"));
    let path = crate::target_dir().join("debug").join(name);
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(&path)
        .current_dir(crate::root())
        .args(arguments)
        .envs(if name == "partner-case-proxy" {
            own_clock(folder)
        } else {
            Vec::new()
        })
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", path.display()))?;
    let mut written = child.stderr.take().context("what the program says")?;
    let copied = tokio::spawn(async move {
        let log = tokio::fs::OpenOptions::new().create(true).append(true).open(log).await;
        if let Ok(mut log) = log {
            let _ = tokio::io::copy(&mut written, &mut log).await;
            let _ = log.flush().await;
        }
    });
    Ok((child, copied))
}

/// Sends a signal. The answer is whether it was sent.
async fn signal(child: &Child, name: &str) -> bool {
    let Some(pid) = child.id() else { return false };
    let sent = Command::new("kill")
        .args([format!("-{name}"), pid.to_string()])
        .status()
        .await;
    sent.is_ok_and(|status| status.success())
}

fn free_ports() -> anyhow::Result<[SocketAddr; 3]> {
    let listeners = [(); 3].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    let mut ports = Vec::new();
    for listener in &listeners {
        ports.push(
            listener
                .as_ref()
                .map_err(|error| anyhow::anyhow!("no free port: {error}"))?
                .local_addr()?,
        );
    }
    ports.try_into().map_err(|_| anyhow::anyhow!("three ports"))
}

async fn listening(addr: SocketAddr) -> anyhow::Result<()> {
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(addr).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("nothing listens on {addr}")
}
