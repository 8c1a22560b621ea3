//! The programs of the campaign as processes: started, told, and kept from writing.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// The file that says by how much the proxy's clock is wrong.
pub(super) const CLOCK_FILE: &str = "clock";

/// Debian's libfaketime, which gives a program a clock of its own.
const FAKETIME: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

/// The library that gives a program a clock of its own, if it is installed.
pub(super) fn faketime() -> Option<&'static str> {
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
pub(super) async fn limit_files(pid: u32, bytes: &str) -> bool {
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
pub(super) fn spawn(folder: &Path, name: &str, arguments: &[&str]) -> anyhow::Result<(Child, JoinHandle<()>)> {
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
pub(super) async fn signal(child: &Child, name: &str) -> bool {
    let Some(pid) = child.id() else { return false };
    let sent = Command::new("kill")
        .args([format!("-{name}"), pid.to_string()])
        .status()
        .await;
    sent.is_ok_and(|status| status.success())
}

/// Ports that nobody listens on now.
pub(super) fn free_ports() -> anyhow::Result<[SocketAddr; 3]> {
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

/// Waits until somebody listens.
pub(super) async fn listening(addr: SocketAddr) -> anyhow::Result<()> {
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(addr).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("nothing listens on {addr}")
}
