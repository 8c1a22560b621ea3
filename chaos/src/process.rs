//! The programs of the test as processes: started, stopped, and kept from writing.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::setup::Setup;

/// Debian's libfaketime, which gives a program a clock of its own.
const FAKETIME: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

/// Returns the library that gives a program a clock of its own, if it is installed.
fn faketime() -> Option<&'static str> {
    FAKETIME.into_iter().find(|path| Path::new(path).is_file())
}

/// Says whether the proxies' clocks can be made to jump: whether libfaketime is installed.
pub fn has_clock() -> bool {
    faketime().is_some()
}

/// A program of this project's, with its arguments and the file for its log.
#[derive(Debug)]
pub(crate) struct Program {
    path: PathBuf,
    /// The folder in which it runs: the root of the checkout.
    root: PathBuf,
    arguments: Vec<String>,
    log: PathBuf,
    /// The file that says by how much the program's clock is wrong.
    clock: Option<PathBuf>,
}

impl Program {
    pub(crate) fn new(setup: &Setup, name: &str, arguments: &[&str], log: PathBuf) -> Self {
        Self {
            path: setup.target.join("debug").join(name),
            root: setup.root.clone(),
            arguments: arguments.iter().copied().map(ToOwned::to_owned).collect(),
            log,
            clock: None,
        }
    }

    /// Gives the program a clock of its own.
    pub(crate) fn with_clock(mut self, file: PathBuf) -> Self {
        self.clock = Some(file);
        self
    }

    /// Returns the file with what the program said.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// The signal for a write beyond the limit (`XFSZ`) would end the program, which a full disk does not, so the program ignores it.
    fn command(&self) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(&self.path)
            .args(&self.arguments)
            .current_dir(&self.root)
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // Waits stay true: only the time of day jumps.
        if let (Some(library), Some(clock)) = (faketime(), &self.clock) {
            command
                .env("LD_PRELOAD", library)
                .env("FAKETIME_TIMESTAMP_FILE", clock)
                .env("FAKETIME_CACHE_DURATION", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
    }

    /// Starts the program. Its log goes through a pipe, so that the log is whole even while the program may write to no file.
    pub(crate) fn start(&self) -> anyhow::Result<Running> {
        let mut child = self.spawn()?;
        let from = child.stderr.take().context("standard error")?;
        let (reading, is_reading) = watch::channel(true);
        let copied = tokio::spawn(copy_log(from, self.log.clone(), is_reading));
        Ok(Running { child, reading, copied })
    }

    /// Starts the program where it has to refuse to. Returns how it ended and what it said, or `None` when it did not end in time and was
    /// killed.
    pub(crate) async fn start_in_vain(&self, patience: Duration) -> anyhow::Result<Option<(ExitStatus, String)>> {
        let mut child = self.spawn()?;
        let mut from = child.stderr.take().context("standard error")?;
        let mut said = Vec::new();
        let ended = tokio::time::timeout(patience, async {
            let (status, _) = tokio::join!(child.wait(), from.read_to_end(&mut said));
            status
        })
        .await;
        if ended.is_err() {
            let _ = child.kill().await;
            let _ = from.read_to_end(&mut said).await;
        }
        append(&self.log, &said).await?;
        let status = ended.ok().transpose()?;
        Ok(status.map(|status| (status, String::from_utf8_lossy(&said).into_owned())))
    }

    fn spawn(&self) -> anyhow::Result<Child> {
        let cannot = || format!("cannot start {}", self.path.display());
        self.command().spawn().with_context(cannot)
    }
}

/// A program that runs.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    reading: watch::Sender<bool>,
    copied: JoinHandle<()>,
}

impl Running {
    /// Ends the program as a power cut does. Its log is written down afterwards.
    pub(crate) async fn kill(mut self) {
        let _ = self.child.kill().await;
        self.finish_log().await;
    }

    /// Asks the program to end, and kills it when it takes longer. Returns whether it ended in time.
    pub(crate) async fn stop(mut self, patience: Duration) -> bool {
        self.signal("TERM").await;
        let ended = tokio::time::timeout(patience, self.child.wait()).await.is_ok();
        if !ended {
            let _ = self.child.kill().await;
        }
        self.finish_log().await;
        ended
    }

    async fn finish_log(self) {
        let _ = self.reading.send(true);
        let _ = self.copied.await;
    }

    /// Says whether the program's log is read. While it is not, the pipe fills.
    pub(crate) fn read_log(&self, is_read: bool) {
        let _ = self.reading.send(is_read);
    }

    /// Sends a signal. Returns whether it was sent.
    pub(crate) async fn signal(&self, name: &str) -> bool {
        let Some(pid) = self.child.id() else { return false };
        succeeds(Command::new("kill").args([format!("-{name}"), pid.to_string()])).await
    }

    /// Limits how large the program's files may become; what it writes beyond fails. Returns whether this machine can do that.
    pub(crate) async fn limit_files(&self, bytes: &str) -> bool {
        let Some(pid) = self.child.id() else { return false };
        succeeds(Command::new("prlimit").args([format!("--pid={pid}"), format!("--fsize={bytes}:unlimited")])).await
    }
}

async fn succeeds(command: &mut Command) -> bool {
    let status = command.stderr(Stdio::null()).status().await;
    status.is_ok_and(|status| status.success())
}

/// Copies a program's standard error to a file while `reading` says so, until the program has ended.
async fn copy_log(mut from: ChildStderr, to: PathBuf, mut reading: watch::Receiver<bool>) {
    let mut bytes = vec![0; 8 * 1024];
    loop {
        // An error means that nobody can ask for a stall any more.
        let _ = reading.wait_for(|reading| *reading).await;
        match from.read(&mut bytes).await {
            Ok(length) if length > 0 && append(&to, &bytes[..length]).await.is_ok() => {}
            _ => return,
        }
    }
}

async fn append(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(file).await?;
    file.write_all(bytes).await?;
    file.flush().await
}

/// Returns ports that nobody listens on now.
pub(crate) fn free_ports<const N: usize>() -> anyhow::Result<[SocketAddr; N]> {
    // All are held until each is known, so that no two are the same.
    let listeners = (0..N)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<Vec<_>, _>>()
        .context("no free port")?;
    let ports = listeners.iter().map(TcpListener::local_addr).collect::<Result<Vec<_>, _>>()?;
    ports.try_into().map_err(|_| anyhow::anyhow!("too few ports"))
}

/// Waits until somebody listens.
pub(crate) async fn listening(addr: SocketAddr) -> anyhow::Result<()> {
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(addr).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("nothing listens on {addr}")
}
