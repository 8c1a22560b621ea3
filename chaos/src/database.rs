//! A PostgreSQL server of the test's own, thrown away afterwards.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::process::free_ports;

/// A database server. It is stopped and its folder removed when dropped.
#[derive(Debug)]
pub(crate) struct Database {
    /// The folder with `initdb` and `pg_ctl`.
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    /// The server refuses to run as root; then it runs as the distribution's user.
    as_postgres: bool,
}

impl Database {
    /// Makes a new database and starts its server.
    pub(crate) async fn start(bin: &Path, is_root: bool) -> anyhow::Result<Self> {
        // Not below the target folder: the server's own user may not be let into that.
        let folder = std::env::temp_dir().join(format!("partner-case-chaos-{:016x}", fastrand::u64(..)));
        std::fs::create_dir_all(&folder)?;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777))?;
        let [addr] = free_ports()?;
        // Where `initdb` is a link, the other programs are beside what it leads to.
        let initdb = bin.join("initdb").canonicalize().context("initdb")?;
        let server = Self {
            bin: initdb.parent().map_or_else(|| bin.to_owned(), Path::to_owned),
            folder,
            port: addr.port(),
            as_postgres: is_root,
        };
        server
            .run("initdb", &["-D", &server.data(), "-A", "trust", "-U", "proxy", "--no-sync"])
            .await?;
        server.resume().await?;
        Ok(server)
    }

    /// Returns the URL for the proxies. There is no password.
    pub(crate) fn url(&self) -> String {
        format!("postgres://proxy@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server in the middle of everything, as a crash does, and starts it again.
    pub(crate) async fn restart(&self, away: Duration) -> anyhow::Result<()> {
        self.run("pg_ctl", &["stop", "-m", "immediate", "-D", &self.data()]).await?;
        tokio::time::sleep(away).await;
        self.resume().await
    }

    /// Writes all that is stored, and what the server said, into two files.
    pub(crate) async fn dump(&self, into: &Path) -> anyhow::Result<[PathBuf; 2]> {
        let [dump, log] = ["database.sql", "database.log"].map(|name| into.join(name));
        let mut command = tokio::process::Command::from(self.command("pg_dump", &["-d", &self.url()]));
        // Bytes as text, so that a marked value in them is seen.
        let output = command
            .env("PGOPTIONS", "-c bytea_output=escape")
            .stdout(Stdio::piped())
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "pg_dump ended with {}: {said}", output.status);
        std::fs::write(&dump, output.stdout)?;
        std::fs::copy(self.folder.join("log"), &log)?;
        Ok([dump, log])
    }

    async fn resume(&self) -> anyhow::Result<()> {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -k {}", self.port, self.folder.display());
        let log = self.folder.join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-D", &self.data(), "-o", &options, "-l", &log])
            .await
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    async fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let status = tokio::process::Command::from(self.command(program, arguments)).status().await;
        let status = status.with_context(|| format!("cannot start {program}"))?;
        ensure!(status.success(), "{program} ended with {status}");
        Ok(())
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let path = self.bin.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let data = self.data();
        let _ = self.command("pg_ctl", &["stop", "-m", "immediate", "-D", &data]).status();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
