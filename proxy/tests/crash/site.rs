//! A proxy as a program of its own, in front of a simulated Wise.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;
use wise_simulator::{Fault, FaultKind, Settings, Simulator, Target};

/// The key that verifies what the simulator signs.
const WEBHOOK_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../simulator/keys/webhook-public.pem");

pub(crate) const SECRET: &str = "canary-portal-secret-0123456789abcdef";
pub(crate) const BODY: &str =
    r#"{"type":"GENERAL_ENQUIRY","subject":"s","details":{"transferId":null,"profileId":null,"userId":1},"description":"d"}"#;

/// A simulated Wise, and a folder for a proxy in front of it.
pub(crate) struct Site {
    pub(crate) simulator: Arc<Simulator>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) folder: PathBuf,
    /// More sections of the configuration.
    pub(crate) more_config: String,
    pub(crate) addr: SocketAddr,
    pub(crate) admin: SocketAddr,
}

/// A running proxy, killed when dropped.
pub(crate) struct Proxy(pub(crate) Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        // SIGKILL: it gets no chance to put anything in order.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Site {
    pub(crate) async fn new() -> Self {
        let simulator = Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), Settings::default())
            .await
            .expect("a port");
        Self::around(Arc::new(simulator), Vec::new()).await
    }

    /// Another proxy in front of the same Wise.
    pub(crate) async fn beside(&self) -> Self {
        Self::around(self.simulator.clone(), self.environment.clone()).await
    }

    pub(crate) async fn around(simulator: Arc<Simulator>, environment: Vec<(String, String)>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string());
        std::fs::create_dir_all(&folder).expect("a folder");
        Self {
            simulator,
            environment,
            folder,
            more_config: String::new(),
            addr: free_addr().await,
            admin: free_addr().await,
        }
    }

    /// The file of the audit trail.
    pub(crate) fn audit_file(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }

    /// The audit trail so far.
    pub(crate) fn audit_lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.audit_file()).expect("the audit trail");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("an object"))
            .collect()
    }

    /// Where the program's log goes.
    fn log(&self) -> Stdio {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"));
        Stdio::from(file.expect("a log"))
    }

    /// What the program has logged so far.
    pub(crate) fn logged(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).expect("the log")
    }

    /// Runs the program with another command than `serve`, or with `serve` where it must not start. Answers whether it was content, and what it said.
    pub(crate) async fn run(&self, arguments: &[&str], change: &[(&str, &str)]) -> (bool, String) {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"));
        command
            .args(arguments)
            .arg("--config")
            .arg(self.folder.join("proxy.toml"))
            .env("PARTNER_CASE_PROXY_LISTEN", self.addr.to_string())
            .env("PARTNER_CASE_PROXY_ADMIN_LISTEN", self.admin.to_string())
            .env("PARTNER_CASE_PROXY_STORE_PATH", self.folder.join("submissions.sqlite"))
            .envs(self.environment.iter().cloned())
            .envs(change.iter().copied())
            .kill_on_drop(true);
        let output = tokio::time::timeout(Duration::from_secs(20), command.output()).await;
        let output = output.expect("it ends").expect("the program");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Asks the admin port, and gives the answer's body.
    pub(crate) async fn admin_text(&self, path: &str) -> String {
        let exchange = async {
            let mut stream = TcpStream::connect(self.admin).await.expect("a connection");
            let request = format!("GET {path} HTTP/1.1\r\nhost: p\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.expect("a request");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer");
            answer
        };
        tokio::time::timeout(Duration::from_secs(5), exchange).await.expect("in time")
    }

    pub(crate) async fn ready(&self) -> (u16, Value) {
        let request = "GET /readyz HTTP/1.1\r\nhost: p\r\nconnection: close\r\n\r\n".to_owned();
        self.send(self.admin, request).await.expect("an answer")
    }

    pub(crate) fn fault(&self, on: Target, kind: FaultKind) {
        self.simulator.add_fault(Fault { on, times: 1, kind });
    }

    pub(crate) async fn start(&self) -> Proxy {
        self.start_as(Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"))).await
    }

    pub(crate) async fn start_as(&self, command: Command) -> Proxy {
        let log = self.log();
        self.start_with(command, log).await
    }

    /// Starts the program with its log at a place of the test's choice.
    pub(crate) async fn start_with(&self, mut command: Command, log: Stdio) -> Proxy {
        let config = format!(
            "[upstream]\nurl = {:?}\ntimeout_secs = 5\n[credentials]\nclient_id = \"simulated-client\"\nclient_secret = \"simulated-secret\"\n\
             [staff]\nmode = \"trusted-header\"\nsecret = \"{SECRET}\"\ntrusted_peers = [\"127.0.0.1\"]\n\
             [webhook]\npublic_key_files = [{WEBHOOK_KEY:?}]\n[audit]\nfile = {:?}\n\
             [limits]\nlookups_per_minute_per_staff = 100000\ncases_per_minute = 100000\ncases_per_minute_per_staff = 100000\n{}",
            self.simulator.url(),
            self.audit_file(),
            self.more_config
        );
        let file = self.folder.join("proxy.toml");
        std::fs::write(&file, config).expect("a configuration");
        let child = command
            .args(["serve", "--config"])
            .arg(&file)
            .env("PARTNER_CASE_PROXY_LISTEN", self.addr.to_string())
            .env("PARTNER_CASE_PROXY_ADMIN_LISTEN", self.admin.to_string())
            .env("PARTNER_CASE_PROXY_STORE_PATH", self.folder.join("submissions.sqlite"))
            .envs(self.environment.iter().cloned())
            .stderr(log)
            .spawn()
            .expect("the program");
        let proxy = Proxy(child);
        for _ in 0..1000 {
            if TcpStream::connect(self.addr).await.is_ok() {
                return proxy;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the proxy does not listen");
    }

    /// Sends a request, and reads the answer if one comes.
    pub(crate) async fn send(&self, addr: SocketAddr, request: String) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(addr).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }

    pub(crate) async fn create(&self, key: Uuid) -> Option<(u16, Value)> {
        self.send(self.addr, create_request(key)).await
    }

    pub(crate) async fn report(&self, key: Uuid) -> String {
        let request = format!(
            "GET /partner-cases/submissions/{key} HTTP/1.1\r\nhost: p\r\nconnection: close\r\nx-partner-case-form: 1\r\n\
             x-staff-id: agent-7\r\nx-portal-secret: {SECRET}\r\n\r\n"
        );
        let (_, report) = self.send(self.addr, request).await.expect("an answer");
        report["state"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn waits_for(&self, calls: impl Fn(&Simulator) -> bool) {
        for _ in 0..1000 {
            if calls(&self.simulator) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the call did not arrive");
    }
}

pub(crate) async fn free_addr() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

pub(crate) fn create_request(key: Uuid) -> String {
    format!(
        "POST /partner-cases/cases HTTP/1.1\r\nhost: p\r\nconnection: close\r\ncontent-type: application/json\r\n\
         sec-fetch-site: same-origin\r\nx-partner-case-form: 1\r\nidempotency-key: \"{key}\"\r\nx-staff-id: agent-7\r\n\
         x-portal-secret: {SECRET}\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}
