//! The proxy and Wise in this process: the real router on the real store, and the simulator, with nothing but memory between them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use partner_case_core::CaseStatus;
use partner_case_model::Answer;
use partner_case_proxy::config::Config;
use partner_case_proxy::in_memory::InMemoryNetwork;
use partner_case_proxy::{App, Peer, app};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use wise_simulator::{Fault, FaultKind, LedgerEntry, Settings, Simulator, Target, Webhook};

use crate::folder::{SECRET, expect, new_folder};

/// The most bytes on their way between proxy and Wise.
const BUFFER_BYTES: usize = 64 * 1024;

/// How long a call may take while Wise does not hold it.
const CALL_MAX: Duration = Duration::from_secs(20);

/// Wise: the simulator, and the calls that it is slow to answer.
struct Wise {
    simulator: Simulator,
    gate: Mutex<Gate>,
}

#[derive(Default)]
struct Gate {
    is_shut: bool,
    waiting: Vec<Waiting>,
}

/// A case that has reached Wise, and is not looked at yet.
struct Waiting {
    request: (axum::http::request::Parts, Bytes),
    go_on: oneshot::Sender<Release>,
}

/// What becomes of a call that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// It is carried out and answered.
    Answer,
    /// It is carried out, and the answer is lost.
    LoseAnswer,
    /// It is not carried out, and the connection is closed.
    Drop,
}

/// The proxy and Wise.
pub(crate) struct Server {
    // In the order in which they end: the tasks, then what they use.
    calls: Vec<(usize, JoinHandle<Answer>)>,
    next_call: usize,
    proxy: Option<Router>,
    runtime: Option<Runtime>,
    wise: Arc<Wise>,
    folder: PathBuf,
    told: usize,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_proxy();
        // What is left behind is a temporary folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut server = Self {
            calls: Vec::new(),
            next_call: 0,
            proxy: None,
            runtime: None,
            wise: Arc::new(Wise {
                simulator: Simulator::in_memory(Settings::default()),
                gate: Mutex::default(),
            }),
            folder: new_folder(),
            told: 0,
        };
        server.start_proxy();
        server
    }

    fn start_proxy(&mut self) {
        let runtime = expect(Builder::new_current_thread().enable_time().build(), "a runtime");
        let mut config = expect(
            Config::load(Some(&self.folder.join("proxy.toml")), NO_ENVIRONMENT, false),
            "a configuration",
        );
        let wise = self.wise.clone();
        config.upstream.in_memory = Some(InMemoryNetwork::new(move || connect(wise.clone())));
        self.proxy = Some(app(expect(App::new(config), "a proxy")));
        self.runtime = Some(runtime);
    }

    fn stop_proxy(&mut self) {
        self.calls.clear();
        self.proxy = None;
        // Dropped, it drops its tasks where they stand, as a kill does.
        self.runtime = None;
    }

    /// Kills the proxy and starts it again. Cases that have reached Wise are carried out all the same, or not.
    pub(crate) fn kill(&mut self, reaches_wise: bool) {
        self.stop_proxy();
        let waiting = std::mem::take(&mut self.gate().waiting);
        self.start_proxy();
        for Waiting { request, .. } in waiting {
            if reaches_wise {
                let wise = self.wise.clone();
                let _ = self.block_on(async move { wise.carry_out(request).await });
            }
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.wise.gate()
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        let Some(runtime) = &self.runtime else {
            panic!("the proxy runs");
        };
        runtime.block_on(work)
    }

    /// A request reaches the proxy. The answer is its number.
    pub(crate) fn arrive(&mut self, request: Request<Body>) -> usize {
        let (Some(runtime), Some(proxy)) = (&self.runtime, self.proxy.clone()) else {
            panic!("the proxy runs");
        };
        let call = runtime.spawn(async move {
            match proxy.oneshot(request).await {
                Ok(response) => read(response).await,
                Err(never) => match never {},
            }
        });
        self.next_call += 1;
        self.calls.push((self.next_call, call));
        self.go_on();
        self.next_call
    }

    /// Lets everything happen that can, until each call is answered or waits for Wise.
    fn go_on(&self) {
        self.block_on(async {
            let since = Instant::now();
            loop {
                let open = self.calls.iter().filter(|(_, call)| !call.is_finished()).count();
                if open <= self.gate().waiting.len() {
                    return;
                }
                assert!(since.elapsed() < CALL_MAX, "the proxy does not answer");
                tokio::task::yield_now().await;
                // The store has a thread of its own.
                std::thread::yield_now();
            }
        });
    }

    /// The answer to a call: none while it is on its way. A call that died with its proxy has an empty one.
    pub(crate) fn answer(&mut self, number: usize) -> Option<Option<Answer>> {
        let Some(at) = self.calls.iter().position(|(known, _)| *known == number) else {
            return Some(None);
        };
        if !self.calls[at].1.is_finished() {
            return None;
        }
        let (_, call) = self.calls.remove(at);
        Some(self.block_on(call).ok())
    }

    /// Wise takes its time from now on, or no longer.
    pub(crate) fn hold(&self, hold: bool) {
        self.gate().is_shut = hold;
    }

    /// A call that waited for Wise goes on. The answer is whether there was one.
    pub(crate) fn release(&self, which: usize, how: Release) -> bool {
        let waiting = {
            let mut gate = self.gate();
            let count = gate.waiting.len();
            if count == 0 {
                return false;
            }
            gate.waiting.remove(which % count)
        };
        // Who waited may be gone with its proxy.
        let _ = waiting.go_on.send(how);
        self.go_on();
        true
    }

    /// Wise does something else at the next call.
    pub(crate) fn fault(&self, on: Target, kind: FaultKind) {
        self.wise.simulator.add_fault(Fault { on, times: 1, kind });
    }

    /// The cases that Wise has.
    pub(crate) fn cases(&self) -> Vec<LedgerEntry> {
        self.wise.simulator.cases()
    }

    /// Everything that the proxy has written to its disk.
    pub(crate) fn written(&self) -> Vec<u8> {
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let files = files.filter(|file| file.file_name() != "proxy.toml");
        files
            .flat_map(|file| std::fs::read(file.path()).unwrap_or_default())
            .collect()
    }

    /// Wise tells of every case that it has not told of yet.
    pub(crate) fn webhooks(&mut self, status: &CaseStatus) -> usize {
        let cases = self.cases();
        let news: Vec<LedgerEntry> = cases.iter().skip(self.told).cloned().collect();
        self.told = cases.len();
        for case in &news {
            let webhook = Webhook::case_changed(case, status, "2026-01-01T00:00:00Z");
            let request = Request::post("/partner-cases/webhooks/wise")
                .header("host", "portal.example")
                .header("content-type", "application/json")
                .header("x-signature-sha256", &webhook.signature)
                .header("x-delivery-id", format!("0f8fad5b-d9cb-469f-a165-{:012x}", case.case_id));
            let request = expect(request.body(Body::from(webhook.body)), "a request");
            let call = self.arrive(from_portal(request));
            let _ = self.answer(call);
        }
        news.len()
    }
}

const NO_ENVIRONMENT: [(&str, &str); 0] = [];

/// A request of a form, as the portal's server passes it on.
pub(crate) fn request(agent: usize, method: &str, path: &str, key: Option<&str>, body: String) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "portal.example")
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("x-partner-case-form", "1")
        .header("x-staff-id", format!("agent-{agent}"))
        .header("x-portal-secret", SECRET);
    if let Some(key) = key {
        request = request.header("idempotency-key", format!("\"{key}\""));
    }
    from_portal(expect(request.body(Body::from(body)), "a request"))
}

fn from_portal(mut request: Request<Body>) -> Request<Body> {
    let peer = Peer(SocketAddr::from(([127, 0, 0, 1], 50_000)));
    request.extensions_mut().insert(peer);
    request
}

async fn read(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let text = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    Answer {
        status: parts.status.as_u16(),
        retry_after_secs: text("retry-after").and_then(|secs| secs.parse().ok()),
        trace_id: text("x-trace-id"),
        request_id: text("x-request-id"),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// Makes a connection to Wise, and returns the proxy's end of it.
fn connect(wise: Arc<Wise>) -> tokio::io::DuplexStream {
    let (near, far) = tokio::io::duplex(BUFFER_BYTES);
    tokio::spawn(async move {
        let service = service_fn(move |request: Request<Incoming>| {
            let wise = wise.clone();
            async move { wise.hear(request).await }
        });
        // An error here is a connection that the proxy, or a fault, has closed.
        let _ = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(far), service)
            .await;
    });
    near
}

impl Wise {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn hear(&self, request: Request<Incoming>) -> std::io::Result<Response<Body>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
        let is_case = parts.method == "POST" && parts.uri.path().ends_with("/cases");
        let released = {
            let mut gate = self.gate();
            (is_case && gate.is_shut).then(|| {
                let (go_on, released) = oneshot::channel();
                let request = (parts.clone(), body.clone());
                gate.waiting.push(Waiting { request, go_on });
                released
            })
        };
        let how = match released {
            // A call that nobody releases dies with its proxy.
            Some(released) => released.await.unwrap_or(Release::Drop),
            None => Release::Answer,
        };
        let lost = || Err(std::io::Error::other("lost on purpose"));
        match how {
            Release::Drop => lost(),
            Release::LoseAnswer => {
                let _ = self.carry_out((parts, body)).await;
                lost()
            }
            Release::Answer => self.carry_out((parts, body)).await,
        }
    }

    async fn carry_out(&self, (parts, body): (axum::http::request::Parts, Bytes)) -> std::io::Result<Response<Body>> {
        self.simulator.answer(Request::from_parts(parts, Body::from(body))).await
    }
}
