//! The real programs: a simulator behind its TLS, and one proxy or two that are killed and started again.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::complaints::Complaints;
use crate::database::Database;
use crate::files::{
    NEXT_SECRET_FILE, PORTAL_SECRET, SECRET_FILE, STORE_FOLDER, StoreFiles, config, new_store_key, write_private,
};
use crate::gate::Gate;
use crate::http::Http;
use crate::process::{Program, Running, free_ports, listening};
use crate::replica::Replica;
use crate::setup::Setup;

/// How long a client waits for an answer: longer than the proxy waits for Wise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a probe waits, as an orchestrator's does.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// Where the submissions are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Store {
    /// A SQLite file, and one proxy.
    Sqlite,
    /// A server with the programs in this folder, and two proxies.
    Postgres(PathBuf),
}

impl Store {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A call as the portal passes it on.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) agent: &'a str,
    pub(crate) method: Method,
    /// Below the proxy's base path.
    pub(crate) path: &'a str,
    /// The idempotency key of a submission.
    pub(crate) key: Option<&'a str>,
    pub(crate) body: String,
}

/// All programs of one part of the test.
#[derive(Debug)]
pub struct Servers {
    folder: PathBuf,
    store: StoreFiles,
    gate: Gate,
    http: Http,
    simulator: std::net::SocketAddr,
    simulator_process: Mutex<Option<Running>>,
    replicas: Vec<Replica>,
    database: Option<Database>,
    /// What went wrong beside the ledger.
    pub(crate) complaints: Complaints,
    kills: AtomicU32,
}

impl Servers {
    /// Starts one proxy on a new SQLite file.
    ///
    /// # Errors
    /// When a program does not start.
    pub async fn start(setup: &Setup) -> anyhow::Result<Self> {
        Self::start_on(setup, &Store::Sqlite, &setup.target.join("servers")).await
    }

    /// Starts all programs on free ports, with a new store, in a new folder.
    pub(crate) async fn start_on(setup: &Setup, store: &Store, folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder.join(STORE_FOLDER))?;
        let (database, files, replicas) = match store {
            Store::Sqlite => (None, StoreFiles::Sqlite, 1),
            Store::Postgres(bin) => {
                let database = Database::start(bin, setup.is_root).await?;
                let url = database.url();
                (Some(database), StoreFiles::Postgres { url }, 2)
            }
        };
        if database.is_some() {
            write_private(&files.key(folder), new_store_key())?;
        }
        let [simulator] = free_ports()?;
        let (gate, wise) = Gate::open(folder, simulator).await?;
        for name in [SECRET_FILE, NEXT_SECRET_FILE] {
            write_private(&folder.join(name), "simulated-secret")?;
        }
        let replicas = (1..=replicas)
            .map(|number| {
                let (name, ports) = (format!("partner-case-proxy-{number}"), free_ports()?);
                let file = folder.join(format!("{name}.toml"));
                write_private(&file, config(&setup.root, folder, &files, ports, wise))?;
                Replica::new(setup, folder, &name, ports, &file)
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let first = replicas.first().context("a proxy")?;
        let webhooks = format!("http://{}/partner-cases/webhooks/wise", first.addr);
        let arguments = ["--listen", &simulator.to_string(), "--webhook-url", &webhooks];
        let process = Program::new(setup, "wise-simulator", &arguments, folder.join("wise-simulator.log")).start()?;
        listening(simulator).await?;
        for replica in &replicas {
            let said = || format!("the proxy does not start; see {}", replica.log().display());
            replica.start().await.with_context(said)?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            store: files,
            gate,
            http: Http::new(),
            simulator,
            simulator_process: Mutex::new(Some(process)),
            replicas,
            database,
            complaints: Complaints::default(),
            kills: AtomicU32::new(0),
        })
    }

    pub(crate) fn kills(&self) -> u32 {
        self.kills.load(Ordering::Relaxed)
    }

    pub(crate) fn replicas(&self) -> &[Replica] {
        &self.replicas
    }

    pub(crate) fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// Returns the file with the key of the store's digests.
    pub(crate) fn store_key(&self) -> PathBuf {
        self.store.key(&self.folder)
    }

    /// Returns the file with the audit trail, where it has one of its own.
    pub(crate) fn audit_file(&self) -> Option<PathBuf> {
        self.store.audit(&self.folder)
    }

    /// Returns one proxy of them all, by chance.
    pub(crate) fn any_replica(&self, random: &mut fastrand::Rng) -> &Replica {
        &self.replicas[random.usize(..self.replicas.len())]
    }

    /// Ends a proxy as a power cut does, and starts it again.
    pub(crate) async fn kill(&self, replica: &Replica) {
        self.kills.fetch_add(1, Ordering::Relaxed);
        replica.kill().await;
        self.start_again(replica).await;
    }

    /// Ends a proxy as an update does.
    pub(crate) async fn stop_replica(&self, replica: &Replica) {
        if !replica.stop().await {
            self.complaints.add("the proxy did not end when it was asked to");
        }
    }

    /// Starts a proxy that was ended, and complains when it does not start.
    pub(crate) async fn start_again(&self, replica: &Replica) {
        if replica.start().await.is_err() {
            self.complaints.add("the proxy did not start again");
        }
    }

    /// Says whether a proxy's store can be used, as the proxy itself reports.
    pub(crate) async fn says_it_can_write(&self, replica: &Replica) -> bool {
        let answer = self.http.get(format!("http://{}/readyz", replica.admin), PATIENCE).await;
        answer.is_some_and(|(_, report)| report["store"] == "ok")
    }

    /// Waits until a proxy can do all it needs its own machine and store for. Returns whether it can, at once or within ten seconds.
    pub(crate) async fn becomes_ready(&self, replica: &Replica) -> bool {
        let url = format!("http://{}/readyz", replica.admin);
        let ten_seconds = tokio::time::Instant::now() + Duration::from_secs(10);
        while tokio::time::Instant::now() < ten_seconds {
            let answer = self.http.get(url.clone(), PATIENCE).await;
            // The token is not looked at: Wise may be refusing it on demand.
            if answer.is_some_and(|(_, report)| report["store"] == "ok" && (report["audit"] == "ok" || report["audit"].is_null()))
            {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        false
    }

    /// Says whether a proxy answers that it lives, in time.
    pub(crate) async fn says_it_lives(&self, replica: &Replica) -> bool {
        let answer = self.http.get(format!("http://{}/livez", replica.admin), PROBE_PATIENCE).await;
        answer.is_some_and(|(status, _)| status == StatusCode::OK)
    }

    /// Replaces the certificate by which Wise knows the proxies.
    pub(crate) async fn replace_certificate(&self) {
        if let Err(error) = self.gate.replace_certificate().await {
            self.complaints.add(format!("the certificate could not be replaced: {error}"));
        }
    }

    /// Returns how many of the proxies' certificates were shown, and how many were put in place.
    pub(crate) fn certificates_shown(&self) -> (usize, usize) {
        self.gate.shown()
    }

    /// Returns what the ledger does not show: a store that was not used again, a certificate that was shown after its time.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let mut complaints = self.gate.complaints();
        complaints.extend(self.complaints.list());
        complaints
    }

    /// Replaces the client secret as docs/operating.md says: the next one is put in place, Wise takes it, it becomes the present one.
    pub(crate) async fn rotate_secret(&self, secret: &str) {
        let _ = write_private(&self.folder.join(NEXT_SECRET_FILE), secret);
        self.tell("credentials", &serde_json::json!({ "clientSecret": secret })).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let _ = write_private(&self.folder.join(SECRET_FILE), secret);
    }

    /// Ends the proxies and the simulator. The database lives on until this is dropped.
    pub async fn stop(&self) {
        for replica in &self.replicas {
            replica.kill().await;
        }
        if let Some(simulator) = self.simulator_process.lock().await.take() {
            simulator.kill().await;
        }
    }

    /// Returns the files that may hold no marked value: logs, audit trail, and all that is stored.
    pub(crate) async fn written_files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut files: Vec<PathBuf> = self.replicas.iter().map(|replica| replica.log().to_owned()).collect();
        files.extend(self.audit_file());
        if let Some(database) = &self.database {
            files.extend(database.dump(&self.folder).await?);
        }
        for file in std::fs::read_dir(self.folder.join(STORE_FOLDER))? {
            files.push(file?.path());
        }
        Ok(files)
    }

    /// Calls one of the proxies, as the portal does for an agent. `None` when there was no whole answer.
    pub(crate) async fn call_proxy(&self, call: Call<'_>) -> Option<(StatusCode, Value)> {
        let replica = &self.replicas[fastrand::usize(..self.replicas.len())];
        self.call_replica(replica, call).await
    }

    /// Calls one proxy.
    pub(crate) async fn call_replica(&self, replica: &Replica, call: Call<'_>) -> Option<(StatusCode, Value)> {
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("http://{}/partner-cases/{}", replica.addr, call.path))
            .header("host", replica.addr.to_string())
            .header("sec-fetch-site", "same-origin")
            .header("x-partner-case-form", "1")
            .header("x-staff-id", call.agent)
            .header("x-portal-secret", PORTAL_SECRET);
        if let Some(key) = call.key {
            request = request
                .header("content-type", "application/json")
                .header("idempotency-key", format!("\"{key}\""));
        }
        self.http.send(request.body(Body::from(call.body)).ok()?, PATIENCE).await
    }

    /// Returns the URL of a path at the first proxy.
    pub fn proxy_url(&self, path: &str) -> String {
        let addr = self.replicas.first().map(|replica| replica.addr.to_string());
        format!("http://{}/partner-cases/{path}", addr.unwrap_or_default())
    }

    /// Tells the simulator something.
    pub(crate) async fn tell(&self, what: &str, body: &Value) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}/_simulator/{what}", self.simulator))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        if let Ok(request) = request {
            self.http.send(request, PATIENCE).await;
        }
    }

    /// Returns every case that the simulator has created.
    pub(crate) async fn ledger(&self) -> anyhow::Result<Vec<Value>> {
        let url = format!("http://{}/_simulator/ledger", self.simulator);
        // Ten thousand cases with their texts are some tens of megabytes.
        let (_, ledger) = self.http.get(url, 6 * PATIENCE).await.context("the simulator's ledger")?;
        Ok(ledger["cases"].as_array().cloned().unwrap_or_default())
    }
}
