//! `cargo xtask demo`: the whole chain on this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

use crate::command::{cargo, say, step};
use crate::portal::Portal;
use crate::widget::{self, Optimize};

/// How long a server may take to listen.
const START_TIMEOUT: Duration = Duration::from_secs(15);

/// Builds what is missing and serves until Ctrl-C.
pub(crate) fn run(port: u16, open: bool) -> anyhow::Result<()> {
    widget::build(&widget::dir(), Optimize::Compiler)?;
    step("Building proxy and simulator", build_servers)?;
    block_on(serve(port, open))
}

/// Builds the two servers.
pub(crate) fn build_servers() -> anyhow::Result<()> {
    crate::command::run(cargo().args([
        "build",
        "--locked",
        "--package",
        "partner-case-proxy",
        "--package",
        "wise-simulator",
    ]))
}

/// Runs a future on a runtime of its own.
pub(crate) fn block_on(future: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(future)
}

async fn serve(port: u16, open: bool) -> anyhow::Result<()> {
    let at = |offset: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port.saturating_add(offset)));
    let (portal_addr, proxy_addr, simulator_addr, admin_addr) = (at(0), at(1), at(2), at(3));
    for addr in [portal_addr, proxy_addr, simulator_addr, admin_addr] {
        if tokio::net::TcpStream::connect(addr).await.is_ok() {
            bail!(
                "{addr} is taken. Choose another port: cargo xtask demo --port {}",
                port.saturating_add(100)
            );
        }
    }
    let secret = secret()?;
    let store = new_store(port)?;
    let webhook_url = format!("http://{proxy_addr}/partner-cases/webhooks/wise");
    let mut simulator = start(
        "wise-simulator",
        &["--listen", &simulator_addr.to_string(), "--webhook-url", &webhook_url],
        &[],
    )?;
    let mut proxy = start(
        "partner-case-proxy",
        &["serve", "--config", &config()?],
        &[
            ("PARTNER_CASE_PROXY_LISTEN", &proxy_addr.to_string()),
            ("PARTNER_CASE_PROXY_UPSTREAM_URL", &format!("http://{simulator_addr}")),
            ("PARTNER_CASE_PROXY_WIDGET_DIR", &widget::dir().display().to_string()),
            ("PARTNER_CASE_PROXY_STAFF_SECRET", &secret),
            ("PARTNER_CASE_PROXY_STORE_PATH", &store),
            ("PARTNER_CASE_PROXY_ADMIN_LISTEN", &admin_addr.to_string()),
        ],
    )?;
    wait_for(simulator_addr, &mut simulator).await?;
    wait_for(proxy_addr, &mut proxy).await?;
    let portal = Portal::bind(portal_addr, proxy_addr, simulator_addr, &secret).await?;
    let url = format!("http://{portal_addr}/");
    say(&format!("The demo portal: {url}   (Ctrl-C stops it)"));
    if open {
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        let _ = Command::new(opener)
            .arg(&url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
    }
    let outcome = tokio::select! {
        // First: the other branches may be ready because of it.
        biased;
        _ = stopped() => Ok(()),
        outcome = portal.serve() => outcome,
        status = proxy.wait() => Err(anyhow::anyhow!("the proxy stopped: {}", status?)),
        status = simulator.wait() => Err(anyhow::anyhow!("the simulator stopped: {}", status?)),
    };
    say("Stopping");
    for child in [&mut proxy, &mut simulator] {
        let _ = child.kill().await;
    }
    outcome
}

async fn stopped() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

fn start(name: &str, arguments: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Child> {
    let path = crate::target_dir().join("debug").join(name);
    Command::new(&path)
        .current_dir(crate::root())
        .args(arguments)
        .envs(environment.iter().copied())
        .kill_on_drop(true)
        // A group of its own, so that Ctrl-C reaches this program alone, which then stops the others.
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", path.display()))
}

async fn wait_for(addr: SocketAddr, child: &mut Child) -> anyhow::Result<()> {
    let connected = async {
        while tokio::net::TcpStream::connect(addr).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        outcome = tokio::time::timeout(START_TIMEOUT, connected) => outcome.with_context(|| format!("nothing listens on {addr}")),
        status = child.wait() => bail!("a server stopped before it listened on {addr}: {}", status?),
    }
}

/// The proxy's configuration for the demo, but for what differs from run to run.
fn config() -> anyhow::Result<String> {
    let path = crate::root().join("demo/partner-case-proxy.toml");
    Ok(path.to_str().context("the path of the checkout is not Unicode")?.to_owned())
}

/// A folder for a new store: the simulator, too, starts with nothing.
fn new_store(port: u16) -> anyhow::Result<String> {
    let folder = crate::target_dir().join(format!("demo-{port}"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join("submissions.sqlite").display().to_string())
}

/// A new secret between portal and proxy for each run.
fn secret() -> anyhow::Result<String> {
    let mut bytes = [0; 24];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
