//! The configuration: a TOML file, environment variables over it, and the checks that make it usable.

mod authorize;
mod certificate;
mod environment;
mod error;
mod file;
mod limits;
mod network;
mod parse;
mod pem;
mod secret;
mod staff;
mod store;
mod upstream;
mod visible;
mod webhook;

use std::collections::HashSet;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use self::authorize::AuthorizeConfig;
pub use self::certificate::ClientCertificate;
pub(crate) use self::certificate::LoadedCertificate;
pub use self::error::ConfigError;
use self::file::ConfigFile;
pub use self::limits::Limits;
pub use self::secret::{SecretSource, SharedSecret};
pub use self::staff::{Jwt, StaffMode, TrustedHeader};
pub use self::store::{Database, StoreConfig};
pub use self::upstream::{Credentials, UpstreamConfig};
pub use self::visible::Visible;
pub(crate) use self::webhook::rsa_key;
#[cfg(test)]
pub(crate) use self::webhook::{PRODUCTION_KEY, SANDBOX_KEY};

/// A configuration that the proxy can run with.
#[derive(Debug)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The path that every call starts with, such as `/partner-cases`.
    pub base_path: String,
    /// The folder with the element's files, if the proxy serves them.
    pub widget_dir: Option<PathBuf>,
    /// Where Wise is.
    pub upstream: UpstreamConfig,
    /// Who the partner is to Wise.
    pub credentials: Credentials,
    /// How the proxy knows which agent calls.
    pub staff: StaffMode,
    /// The partner's service that decides who may raise a case.
    pub authorize: Option<AuthorizeConfig>,
    /// Where submissions are stored.
    pub store: StoreConfig,
    /// The keys in PEM that webhooks of Wise's may be signed with.
    pub webhook_keys: Vec<String>,
    /// The subscriptions whose webhooks count; all if there are none.
    pub subscription_ids: Vec<String>,
    /// The audit trail.
    pub audit: AuditConfig,
    /// Which cases an agent may look up.
    pub visible: Visible,
    /// Whether plain HTML forms are taken.
    pub plain_forms: bool,
    /// The address for probes and metrics.
    pub admin_listen: SocketAddr,
    /// Origins that may call beside the proxy's own host.
    pub allowed_origins: HashSet<String>,
    /// What is bounded, and by how much.
    pub limits: Limits,
    /// What is probably not meant, and does not keep the proxy from running. For the log, which is not there yet when the configuration is
    /// read.
    pub warnings: Vec<String>,
}

/// The audit trail.
#[derive(Debug, Clone)]
pub struct AuditConfig {
    /// The file that the audit lines are added to; without one they go to standard error.
    pub file: Option<PathBuf>,
    /// Whether the proxy sends no case while it cannot write audit lines.
    pub required: bool,
}

impl Config {
    /// Reads the file, puts the environment over it and checks the whole. `environment` is `std::env::vars_os()`: a variable of somebody
    /// else's need not be text.
    ///
    /// # Errors
    /// The first key that is missing, unknown or unusable. No error holds the value of a secret.
    ///
    /// # Examples
    /// ```
    /// use partner_case_proxy::config::Config;
    ///
    /// let error = Config::load(None, [("HOME", "/root")], false).unwrap_err();
    /// assert_eq!(error.key, "upstream");
    /// ```
    pub fn load<N, V>(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (N, V)>,
        insecure_demo: bool,
    ) -> Result<Self, ConfigError>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let text = path.map_or(Ok(String::new()), parse::text)?;
        let table = parse::table(&text)?;
        let secret_file = path.filter(|_| parse::holds_secret(&table));
        let mut warnings = Vec::new();
        let file = parse::file(environment::put_over(table, environment, &mut warnings)?)?;
        let mut config = Self::check(file, insecure_demo, warnings)?;
        // The demonstration's secrets open nothing anywhere else.
        if let Some(path) = secret_file.filter(|_| config.upstream.environment() != "simulator")
            && let Err(reason) = secret::check_private(path)
        {
            let warning = format!(
                "{} holds a secret: {reason}, or move the secret to a file of its own",
                path.display()
            );
            config.warnings.push(warning);
        }
        Ok(config)
    }

    fn check(file: ConfigFile, insecure_demo: bool, mut warnings: Vec<String>) -> Result<Self, ConfigError> {
        network::check_addresses(file.listen, file.admin.listen, file.allow_public_plain_http, &mut warnings)?;
        let staff = staff::checked(file.staff, insecure_demo, file.listen, &mut warnings)?;
        let upstream = upstream::checked(file.upstream, &mut warnings)?;
        if let Some(dir) = &file.widget_dir
            && !dir.join("partner-case-form.js").is_file()
        {
            let reason = format!(
                "there is no partner-case-form.js in {}; `cargo xtask build` makes it",
                dir.display()
            );
            return Err(ConfigError::new("widget_dir", reason));
        }
        Ok(Self {
            listen: file.listen,
            base_path: base_path(&file.base_path)?,
            widget_dir: file.widget_dir,
            credentials: upstream::credentials(file.credentials, &mut warnings)?,
            staff,
            authorize: authorize::checked(file.authorize, upstream.timeout, file.limits.drain_timeout_secs)?,
            store: store::checked(file.store)?,
            webhook_keys: webhook::keys(&file.webhook, upstream.environment())?,
            subscription_ids: file.webhook.subscription_ids,
            audit: AuditConfig {
                file: file.audit.file,
                required: file.audit.required,
            },
            visible: file.cases.visible,
            plain_forms: file.plain_form.enabled,
            admin_listen: file.admin.listen,
            allowed_origins: network::origins(&file.browser.allowed_origins)?,
            limits: limits::checked(&file.limits, upstream.timeout)?,
            upstream,
            warnings,
        })
    }

    /// Reads again, at once, what may have been replaced: the portal's secret and the client certificate. What cannot be used is logged, and
    /// what was read before stays in use. The proxy reads the client secret at each fetch of a token anyway.
    pub fn reload_secrets(&self) {
        if let StaffMode::TrustedHeader(trusted) = &self.staff {
            trusted.secret.reload();
        }
        if let Some(certificate) = &self.upstream.client_certificate {
            certificate.reload();
        }
    }
}

fn base_path(path: &str) -> Result<String, ConfigError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    if !path.starts_with('/') || path.len() < 2 || path.ends_with('/') || !path.chars().all(plain) || path.contains("//") {
        return Err(ConfigError::new(
            "base_path",
            "must start with `/`, not end with it, and hold plain characters only",
        ));
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod reference;
#[cfg(test)]
pub(crate) mod tests;
