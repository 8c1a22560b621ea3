//! Two proxies on one PostgreSQL: a throw-away server of the test's own.
//!
//! `cargo xtask test` installs PostgreSQL and says where its programs are; without that word these tests say so and end.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use uuid::Uuid;

use crate::site::{Site, free_addr};

/// A database server, stopped when dropped.
pub(crate) struct Server {
    pub(crate) bin: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) async fn start() -> Option<Self> {
        let Some(bin) = std::env::var_os("PARTNER_CASE_TEST_POSTGRES_BIN").map(PathBuf::from) else {
            eprintln!("PARTNER_CASE_TEST_POSTGRES_BIN is not set: the tests with PostgreSQL are left out");
            return None;
        };
        // Not below the target folder: the server's own user may not be let into that.
        let folder = std::env::temp_dir().join(format!("partner-case-postgres-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).expect("a folder for all");
        let server = Self {
            bin,
            folder,
            port: free_addr().await.port(),
        };
        let data = server.data();
        server.run("initdb", &["-D", &data, "-A", "trust", "-U", "proxy", "--no-sync"]);
        server.resume();
        Some(server)
    }

    pub(crate) fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    pub(crate) fn resume(&self) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -k {}", self.port, self.folder.display());
        let log = self.folder.join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-D", &self.data(), "-o", &options, "-l", &log]);
    }

    pub(crate) fn stop(&self) {
        self.run("pg_ctl", &["stop", "-m", "immediate", "-D", &self.data()]);
    }

    /// A command of the server's user, where the tests run as root: the server's programs refuse root.
    pub(crate) fn as_its_user(&self, program: &Path) -> Command {
        let mut command = if Path::new("/root").read_dir().is_ok() {
            // It becomes the program, so that whoever ends it ends the program.
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder);
        command
    }

    /// Runs one of the server's programs.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = self.as_its_user(&self.bin.join(program));
        succeeds(command.args(arguments));
    }

    /// Has the server go on with some statements until the test has ended.
    pub(crate) fn hold(&self, statements: &str) -> Held {
        let child = self.psql(statements).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let held = Held(child.expect("the program"));
        // Until the server has begun with them.
        std::thread::sleep(std::time::Duration::from_millis(500));
        held
    }

    /// Has the server carry out a statement.
    pub(crate) fn sql(&self, statement: &str) {
        succeeds(&mut self.psql(statement));
    }

    fn psql(&self, statements: &str) -> Command {
        let mut command = self.as_its_user(&self.bin.join("psql"));
        command.args(["-q", "-h", "127.0.0.1", "-U", "proxy", "-d", "postgres"]);
        command.args(["-p", &self.port.to_string(), "-c", statements]);
        command
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://proxy@127.0.0.1:{}/postgres", self.port)
    }
}

fn succeeds(command: &mut Command) {
    let ran = command.stdout(Stdio::null()).status().expect("the program");
    assert!(ran.success(), "{command:?}");
}

/// A client of the server's, ended when dropped.
pub(crate) struct Held(std::process::Child);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.stop()));
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Two sites with one Wise and one database.
pub(crate) async fn two_sites(server: &Server) -> (Site, Site) {
    let environment = [
        ("PARTNER_CASE_PROXY_STORE_POSTGRES_URL", server.url()),
        (
            "PARTNER_CASE_PROXY_STORE_KEY",
            "canary-store-key-0123456789abcdef-01".to_owned(),
        ),
    ];
    let mut first = Site::new().await;
    first.environment = environment.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let second = first.beside().await;
    (first, second)
}

#[tokio::test]
async fn one_key_sent_to_two_proxies_at_once_makes_one_case() {
    let Some(server) = Server::start().await else { return };
    let (first, second) = two_sites(&server).await;
    let _proxies = (first.start().await, second.start().await);
    for _ in 0..10 {
        let key = Uuid::new_v4();
        let before = first.simulator.cases().len();
        let (one, two, three, four) = tokio::join!(first.create(key), second.create(key), first.create(key), second.create(key));
        let answers = [one, two, three, four].map(|answer| answer.expect("an answer"));
        assert_eq!(first.simulator.cases().len(), before + 1);
        let id = first.simulator.cases()[before].case_id;
        for (status, answer) in &answers {
            match status {
                200 => assert_eq!(answer["id"], id),
                409 => assert_eq!(answer["code"], "submission_in_flight"),
                other => panic!("{other} {answer}"),
            }
        }
        let (status, again) = second.create(key).await.expect("an answer");
        assert_eq!((status, &again["id"]), (200, &id.into()));
    }
}

#[tokio::test]
async fn one_proxy_killed_at_any_time_the_other_sends_nothing_twice() {
    let Some(server) = Server::start().await else { return };
    let (first, second) = two_sites(&server).await;
    let _second = second.start().await;
    for round in 0..15 {
        let proxy = first.start().await;
        if round % 2 == 1 {
            // It fetches a token, so that the case leaves as soon as it is noted.
            assert_eq!(first.ready().await.0, 200);
        }
        let key = Uuid::new_v4();
        let before = first.simulator.cases().len();
        let delay = std::time::Duration::from_micros(round * 1500);
        let (told, ()) = tokio::join!(first.create(key), async {
            tokio::time::sleep(delay).await;
            drop(proxy);
        });
        let (status, again) = second.create(key).await.expect("an answer");
        let made = first.simulator.cases().len() - before;
        assert!(made <= 1, "round {round}: {made} cases");
        match status {
            200 => assert_eq!(again["id"].as_i64(), first.simulator.cases().last().map(|case| case.case_id)),
            409 | 504 => assert_eq!(again["outcome"], "unknown", "round {round}"),
            other => panic!("round {round}: {other} {again}"),
        }
        if let Some((200, told)) = told {
            assert_eq!((status, &told["id"]), (200, &again["id"]), "round {round}");
        }
    }
}

#[tokio::test]
async fn without_the_database_nothing_leaves_and_with_it_all_goes_on() {
    let Some(server) = Server::start().await else { return };
    let (site, _) = two_sites(&server).await;
    let _proxy = site.start().await;
    assert_eq!(site.create(Uuid::new_v4()).await.expect("an answer").0, 200);
    server.stop();
    let key = Uuid::new_v4();
    let (status, problem) = site.create(key).await.expect("an answer");
    assert_eq!((status, &problem["code"]), (503, &"store_unavailable".into()));
    assert_eq!(site.simulator.counts().create, 1);
    assert_eq!(site.ready().await.0, 503);
    server.resume();
    // Under the same key: what was not noted for certain is taken back.
    assert_eq!(site.create(key).await.expect("an answer").0, 200);
    assert_eq!(site.ready().await.0, 200);
}
