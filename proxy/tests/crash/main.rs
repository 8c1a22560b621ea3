//! The real program, killed at every step of a submission: never two cases for a key, never an outcome told wrong.

#![allow(clippy::expect_used, reason = "a test ends where an expectation fails")]

mod postgres;

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

const SECRET: &str = "canary-portal-secret-0123456789abcdef";
const BODY: &str =
    r#"{"type":"GENERAL_ENQUIRY","subject":"s","details":{"transferId":null,"profileId":null,"userId":1},"description":"d"}"#;

/// A simulated Wise, and a folder for a proxy in front of it.
struct Site {
    simulator: Arc<Simulator>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    addr: SocketAddr,
    admin: SocketAddr,
}

/// A running proxy, killed when dropped.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        // SIGKILL: it gets no chance to put anything in order.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Site {
    async fn new() -> Self {
        let simulator = Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), Settings::default())
            .await
            .expect("a port");
        Self::around(Arc::new(simulator), Vec::new()).await
    }

    /// Another proxy in front of the same Wise.
    async fn beside(&self) -> Self {
        Self::around(self.simulator.clone(), self.environment.clone()).await
    }

    async fn around(simulator: Arc<Simulator>, environment: Vec<(String, String)>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string());
        std::fs::create_dir_all(&folder).expect("a folder");
        Self {
            simulator,
            environment,
            folder,
            addr: free_addr().await,
            admin: free_addr().await,
        }
    }

    async fn ready(&self) -> (u16, Value) {
        let request = "GET /readyz HTTP/1.1\r\nhost: p\r\nconnection: close\r\n\r\n".to_owned();
        self.send(self.admin, request).await.expect("an answer")
    }

    fn fault(&self, on: Target, kind: FaultKind) {
        self.simulator.add_fault(Fault { on, times: 1, kind });
    }

    async fn start(&self) -> Proxy {
        self.start_as(Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"))).await
    }

    async fn start_as(&self, mut command: Command) -> Proxy {
        let config = format!(
            "[upstream]\nurl = {:?}\ntimeout_secs = 5\n[credentials]\nclient_id = \"simulated-client\"\nclient_secret = \"simulated-secret\"\n\
             [staff]\nmode = \"trusted-header\"\nsecret = \"{SECRET}\"\ntrusted_peers = [\"127.0.0.1\"]\n\
             [limits]\ncases_per_minute = 100000\ncases_per_minute_per_staff = 100000\n",
            self.simulator.url()
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
            .stderr(Stdio::null())
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
    async fn send(&self, addr: SocketAddr, request: String) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(addr).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }

    async fn create(&self, key: Uuid) -> Option<(u16, Value)> {
        self.send(self.addr, create_request(key)).await
    }

    async fn report(&self, key: Uuid) -> String {
        let request = format!(
            "GET /partner-cases/submissions/{key} HTTP/1.1\r\nhost: p\r\nconnection: close\r\nx-partner-case-form: 1\r\n\
             x-staff-id: agent-7\r\nx-portal-secret: {SECRET}\r\n\r\n"
        );
        let (_, report) = self.send(self.addr, request).await.expect("an answer");
        report["state"].as_str().unwrap_or_default().to_owned()
    }

    async fn waits_for(&self, calls: impl Fn(&Simulator) -> bool) {
        for _ in 0..1000 {
            if calls(&self.simulator) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the call did not arrive");
    }
}

async fn free_addr() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

fn create_request(key: Uuid) -> String {
    format!(
        "POST /partner-cases/cases HTTP/1.1\r\nhost: p\r\nconnection: close\r\ncontent-type: application/json\r\n\
         sec-fetch-site: same-origin\r\nx-partner-case-form: 1\r\nidempotency-key: \"{key}\"\r\nx-staff-id: agent-7\r\n\
         x-portal-secret: {SECRET}\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}

#[tokio::test]
async fn killed_before_it_has_noted_anything_the_key_is_free() {
    let site = Site::new().await;
    let proxy = site.start().await;
    let key = Uuid::new_v4();
    let request = create_request(key);
    let mut half = TcpStream::connect(site.addr).await.expect("a connection");
    half.write_all(&request.as_bytes()[..request.len() - 10])
        .await
        .expect("most of it");
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(proxy);
    let _proxy = site.start().await;
    assert_eq!(site.create(key).await.expect("an answer").0, 200);
    assert_eq!(site.simulator.cases().len(), 1);
}

#[tokio::test]
async fn killed_between_the_reservation_and_the_sending_the_key_is_free() {
    let site = Site::new().await;
    let proxy = site.start().await;
    let key = Uuid::new_v4();
    site.fault(Target::Token, FaultKind::Slow { millis: 3000 });
    let (_, ()) = tokio::join!(site.create(key), async {
        site.waits_for(|simulator| simulator.counts().token == 1).await;
        drop(proxy);
    });
    let _proxy = site.start().await;
    assert_eq!(site.create(key).await.expect("an answer").0, 200);
    assert_eq!(site.simulator.counts().create, 1);
}

#[tokio::test]
async fn killed_after_the_sending_the_outcome_is_unknown_and_nothing_is_sent_again() {
    for token_at_hand in [false, true] {
        killed_after_the_sending(token_at_hand).await;
    }
}

/// With a token at hand the case is noted as sent from the start.
async fn killed_after_the_sending(token_at_hand: bool) {
    let site = Site::new().await;
    let proxy = site.start().await;
    if token_at_hand {
        assert_eq!(site.ready().await.0, 200);
    }
    let key = Uuid::new_v4();
    site.fault(Target::Create, FaultKind::Slow { millis: 1000 });
    let (_, ()) = tokio::join!(site.create(key), async {
        site.waits_for(|simulator| simulator.counts().create == 1).await;
        drop(proxy);
    });
    let _proxy = site.start().await;
    let (status, problem) = site.create(key).await.expect("an answer");
    assert_eq!((status, &problem["code"]), (504, &"outcome_unknown".into()));
    assert_eq!(site.report(key).await, "unknown");
    assert_eq!(site.simulator.counts().create, 1);
}

/// Killed at a moment that nobody chose, often about the time at which Wise's answer is noted and passed on.
#[tokio::test]
async fn killed_at_any_time_a_key_makes_one_case_and_is_told_truly() {
    let site = Site::new().await;
    let mut told_created = 0;
    for round in 0..25 {
        let proxy = site.start().await;
        if round % 2 == 1 {
            // It fetches a token, so that the case leaves as soon as it is noted.
            assert_eq!(site.ready().await.0, 200);
        }
        let key = Uuid::new_v4();
        let before = site.simulator.cases().len();
        let delay = Duration::from_micros(round * 700);
        let (first, ()) = tokio::join!(site.create(key), async {
            tokio::time::sleep(delay).await;
            drop(proxy);
        });
        let _proxy = site.start().await;
        let (status, again) = site.create(key).await.expect("an answer");
        let made = site.simulator.cases().len() - before;
        assert!(made <= 1, "round {round}: {made} cases");
        match status {
            200 => {
                let last = site.simulator.cases().last().map(|case| case.case_id);
                assert_eq!((made, again["id"].as_i64()), (1, last), "round {round}");
                told_created += 1;
            }
            504 => assert_eq!(again["outcome"], "unknown", "round {round}"),
            other => panic!("round {round}: {other} {again}"),
        }
        if let Some((200, first)) = first {
            assert_eq!(first["id"], again["id"], "round {round}");
        }
    }
    assert!(told_created > 0, "every round was too late or too early to tell anything");
}

#[tokio::test]
async fn a_second_proxy_on_the_same_store_does_not_start() {
    let site = Site::new().await;
    let _first = site.start().await;
    let output = Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"))
        .args(["serve", "--config"])
        .arg(site.folder.join("proxy.toml"))
        .env("PARTNER_CASE_PROXY_STORE_PATH", site.folder.join("submissions.sqlite"))
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("store.path") && said.contains("locked"),
        "{said}"
    );
}

/// A disk without room: nothing leaves, and the probe says why.
#[tokio::test]
async fn a_store_that_cannot_be_written_to_fails_closed() {
    let site = Site::new().await;
    // The file may grow to 64 KiB; a larger write fails as on a full disk.
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_partner-case-proxy"),
    ]);
    let _proxy = site.start_as(limited).await;
    let mut refused = None;
    for _ in 0..400 {
        let (status, answer) = site.create(Uuid::new_v4()).await.expect("an answer");
        if status != 200 {
            refused = Some((status, answer));
            break;
        }
    }
    let (status, problem) = refused.expect("the disk is full at last");
    assert_eq!((status, &problem["code"]), (503, &"store_unavailable".into()), "{problem}");
    // Whether the reservation or the step after it was the first that did not fit.
    assert!(
        ["not_sent", "not_created"].contains(&problem["outcome"].as_str().unwrap_or_default()),
        "{problem}"
    );
    let sent = site.simulator.counts().create;
    site.create(Uuid::new_v4()).await;
    assert_eq!(site.simulator.counts().create, sent, "nothing leaves that was not noted");
    let (status, readiness) = site.ready().await;
    assert_eq!((status, &readiness["token"]), (503, &"ok".into()), "{readiness}");
    assert_ne!(readiness["store"], "ok");
}

/// What `doctor` says, and whether it is content.
fn doctor(site: &Site, change: &[(&str, &str)]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_partner-case-proxy"))
        .args(["doctor", "--config"])
        .arg(site.folder.join("proxy.toml"))
        .env("PARTNER_CASE_PROXY_STORE_PATH", site.folder.join("submissions.sqlite"))
        .envs(change.iter().copied())
        .output()
        .expect("the program");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// On several threads: the simulator answers while the program is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_the_step_that_fails_and_creates_no_case() {
    let site = Site::new().await;
    let proxy = site.start().await;
    let (content, said) = doctor(&site, &[]);
    assert!(
        !content && said.contains("store.path"),
        "the store belongs to the proxy that runs: {said}"
    );
    drop(proxy);
    let (content, said) = doctor(&site, &[]);
    assert!(
        content && said.contains("given a token") && said.contains("No case was created"),
        "{said}"
    );
    let (content, said) = doctor(&site, &[("PARTNER_CASE_PROXY_CLIENT_SECRET", "canary-wrong")]);
    assert!(
        !content && said.contains("refused the credentials") && !said.contains("canary"),
        "{said}"
    );
    let (content, said) = doctor(&site, &[("PARTNER_CASE_PROXY_TOKEN_URL", "http://127.0.0.1:1/oauth/token")]);
    assert!(!content && said.contains("gives no token"), "{said}");
    assert_eq!(site.simulator.counts().create, 0);
}
