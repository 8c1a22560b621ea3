//! One proxy, alone on its store or beside others. It is stopped, killed and started again, and has a clock of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::process::{Program, Running, listening};
use crate::setup::Setup;

/// How long the proxy may take to end: the five seconds of its configuration here, and as many again for a busy machine.
const LONGEST_END: Duration = Duration::from_secs(10);

/// How long a proxy that has to refuse may take to say so.
const LONGEST_REFUSAL: Duration = Duration::from_secs(10);

/// A proxy.
#[derive(Debug)]
pub(crate) struct Replica {
    pub(crate) addr: SocketAddr,
    pub(crate) admin: SocketAddr,
    program: Program,
    clock: PathBuf,
    running: Mutex<Option<Running>>,
}

impl Replica {
    /// Describes a proxy by its name and its configuration; [`Self::start`] starts it.
    pub(crate) fn new(
        setup: &Setup,
        folder: &Path,
        name: &str,
        [addr, admin]: [SocketAddr; 2],
        config: &Path,
    ) -> anyhow::Result<Self> {
        let clock = folder.join(format!("{name}.clock"));
        std::fs::write(&clock, "+0s")?;
        let config = config.display().to_string();
        let log = folder.join(format!("{name}.log"));
        Ok(Self {
            addr,
            admin,
            program: Program::new(setup, "partner-case-proxy", &["serve", "--config", &config], log).with_clock(clock.clone()),
            clock,
            running: Mutex::new(None),
        })
    }

    /// Returns the file with what the proxy said.
    pub(crate) fn log(&self) -> &Path {
        self.program.log()
    }

    /// Starts the proxy and waits until it listens.
    ///
    /// # Errors
    /// When it cannot be started or does not listen in time.
    pub(crate) async fn start(&self) -> anyhow::Result<()> {
        let mut running = self.running.lock().await;
        *running = Some(self.program.start()?);
        listening(self.addr).await
    }

    /// Starts the proxy where it has to refuse: [`Program::start_in_vain`].
    pub(crate) async fn start_in_vain(&self) -> anyhow::Result<Option<(ExitStatus, String)>> {
        self.program.start_in_vain(LONGEST_REFUSAL).await
    }

    /// Ends the proxy as a power cut does.
    pub(crate) async fn kill(&self) {
        if let Some(running) = self.running.lock().await.take() {
            running.kill().await;
        }
    }

    /// Ends the proxy as an update does: it is asked to, and has to let what is under way end. Returns whether it ended in time.
    pub(crate) async fn stop(&self) -> bool {
        match self.running.lock().await.take() {
            Some(running) => running.stop(LONGEST_END).await,
            None => true,
        }
    }

    /// Has the proxy stand still for a while, as on a machine that is moved or has too much to do. Afterwards it goes on where it was,
    /// and does not know.
    pub(crate) async fn suspend(&self, time: Duration) -> bool {
        let running = self.running.lock().await;
        let Some(running) = running.as_ref() else { return false };
        if !running.signal("STOP").await {
            return false;
        }
        tokio::time::sleep(time).await;
        running.signal("CONT").await
    }

    /// Says whether the proxy may write to files. Returns whether this machine can forbid it.
    pub(crate) async fn allow_writing(&self, is_allowed: bool) -> bool {
        match &*self.running.lock().await {
            Some(running) => running.limit_files(if is_allowed { "unlimited" } else { "0" }).await,
            None => false,
        }
    }

    /// Says whether anybody reads the proxy's log.
    pub(crate) async fn read_log(&self, is_read: bool) {
        if let Some(running) = &*self.running.lock().await {
            running.read_log(is_read);
        }
    }

    /// Makes the proxy's clock wrong by so many seconds from now on, over restarts, too. It sees that within a second.
    pub(crate) fn set_clock(&self, secs: i64) {
        // A file that is half written would end the proxy: libfaketime accepts nothing that it cannot read.
        let next = self.clock.with_extension("next");
        let _ = std::fs::write(&next, format!("{secs:+}s")).and_then(|()| std::fs::rename(&next, &self.clock));
    }
}
