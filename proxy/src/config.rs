//! The configuration: a TOML file, environment variables over it, and the checks that make it usable.

mod authorize;
mod environment;
mod file;
mod secret;
mod staff;
mod store;
mod upstream;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use url::Url;

pub use self::authorize::AuthorizeConfig;
use self::file::{ConfigFile, LimitsFile, WebhookEnvironment, WebhookFile};
pub use self::secret::{SecretSource, SharedSecret};
pub use self::staff::{Jwt, StaffMode, TrustedHeader};
pub use self::store::{Database, StoreConfig};
pub use self::upstream::{ClientCertificate, Credentials, UpstreamConfig};
use crate::webhook;

/// The most connections that can be served at a time: as many as one address has ports.
const CONNECTIONS_MAX: usize = 65_535;

/// What is wrong with the configuration, and with which key.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("configuration key `{key}`: {reason}")]
pub struct ConfigError {
    /// The key, such as `upstream.url`.
    pub key: String,
    /// What is wrong, without the value of a secret.
    pub reason: String,
}

impl ConfigError {
    pub(crate) fn new(key: &str, reason: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            reason: reason.into(),
        }
    }
}

/// A configuration that the proxy can run with.
#[derive(Debug)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The path that every call starts with, such as `/partner-cases`.
    pub base_path: String,
    /// The folder with the widget's files, if the proxy serves them.
    pub widget_dir: Option<PathBuf>,
    /// Where Wise is.
    pub upstream: UpstreamConfig,
    /// Who the partner is to Wise.
    pub credentials: Credentials,
    /// How the staff member is known.
    pub staff: StaffMode,
    /// The partner's service that decides who may raise a case.
    pub authorize: Option<AuthorizeConfig>,
    /// Where submissions are remembered.
    pub store: StoreConfig,
    /// The keys in PEM that webhooks of Wise's may be signed with.
    pub webhook_keys: Vec<String>,
    /// The address for probes and metrics.
    pub admin_listen: SocketAddr,
    /// Origins that may call beside the proxy's own host.
    pub allowed_origins: HashSet<String>,
    /// What is bounded, and by how much.
    pub limits: Limits,
}

/// What is bounded, and by how much.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many connections are served at a time.
    pub connections: usize,
    /// How long a request's headers may take to arrive.
    pub header_timeout: Duration,
    /// How long a connection may rest between two requests.
    pub idle_timeout: Duration,
    /// How long a request's body may take to arrive.
    pub body_timeout: Duration,
    /// How long an answer may stay unread, in whole or in part.
    pub unread_timeout: Duration,
    /// How long requests in flight may take to end after SIGTERM.
    pub drain_timeout: Duration,
    /// How many cases may be raised in a minute, in all.
    pub cases_per_minute: NonZeroU32,
    /// How many cases one member of staff may raise in a minute.
    pub cases_per_minute_per_staff: NonZeroU32,
}

impl Config {
    /// Reads the file, puts the environment over it and checks the whole.
    ///
    /// # Errors
    /// The first key that is missing, unknown or unusable.
    ///
    /// # Examples
    /// ```
    /// use partner_case_proxy::config::Config;
    ///
    /// let error = Config::load(None, std::iter::empty(), false).unwrap_err();
    /// assert_eq!(error.key, "upstream");
    /// ```
    pub fn load(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        insecure_demo: bool,
    ) -> Result<Self, ConfigError> {
        let text = match path {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| ConfigError::new("--config", format!("cannot read {}: {error}", path.display())))?,
            None => String::new(),
        };
        let table = text
            .parse()
            .map_err(|error: toml::de::Error| ConfigError::new("--config", error.message()))?;
        let file = ConfigFile::read(environment::put_over(table, environment)?)?;
        Self::check(file, insecure_demo)
    }

    fn check(file: ConfigFile, insecure_demo: bool) -> Result<Self, ConfigError> {
        let staff = staff::checked(file.staff, insecure_demo, file.listen)?;
        let upstream = upstream::checked(file.upstream)?;
        if let Some(dir) = &file.widget_dir
            && !dir.join("partner-case-form.js").is_file()
        {
            let reason = format!(
                "there is no partner-case-form.js in {}; `cargo xtask build` makes it",
                dir.display()
            );
            return Err(ConfigError::new("widget_dir", reason));
        }
        let origins = file.browser.allowed_origins.iter();
        Ok(Self {
            listen: file.listen,
            base_path: base_path(&file.base_path)?,
            widget_dir: file.widget_dir,
            credentials: upstream::credentials(file.credentials)?,
            staff,
            authorize: authorize::checked(file.authorize, upstream.timeout, file.limits.drain_timeout_secs)?,
            store: store::checked(file.store)?,
            webhook_keys: webhook_keys(&file.webhook)?,
            admin_listen: file.admin.listen,
            allowed_origins: origins.map(|origin| checked_origin(origin)).collect::<Result<_, _>>()?,
            limits: limits(&file.limits, upstream.timeout)?,
            upstream,
        })
    }
}

fn limits(file: &LimitsFile, upstream_timeout: Duration) -> Result<Limits, ConfigError> {
    if !(1..=CONNECTIONS_MAX).contains(&file.connections) {
        return Err(ConfigError::new(
            "limits.connections",
            format!("must be between 1 and {CONNECTIONS_MAX}"),
        ));
    }
    let drain_timeout = secs("limits.drain_timeout_secs", file.drain_timeout_secs, 600)?;
    if drain_timeout <= upstream_timeout {
        return Err(ConfigError::new(
            "limits.drain_timeout_secs",
            "must be more than `upstream.timeout_secs`, or a stop loses answers",
        ));
    }
    Ok(Limits {
        connections: file.connections,
        header_timeout: secs("limits.header_timeout_secs", file.header_timeout_secs, 600)?,
        idle_timeout: secs("limits.idle_timeout_secs", file.idle_timeout_secs, 600)?,
        body_timeout: secs("limits.body_timeout_secs", file.body_timeout_secs, 600)?,
        unread_timeout: secs("limits.unread_timeout_secs", file.unread_timeout_secs, 600)?,
        drain_timeout,
        cases_per_minute: at_least_one("limits.cases_per_minute", file.cases_per_minute)?,
        cases_per_minute_per_staff: at_least_one("limits.cases_per_minute_per_staff", file.cases_per_minute_per_staff)?,
    })
}

fn at_least_one(key: &str, number: u32) -> Result<NonZeroU32, ConfigError> {
    NonZeroU32::new(number).ok_or_else(|| ConfigError::new(key, "must be 1 or more"))
}

fn webhook_keys(file: &WebhookFile) -> Result<Vec<String>, ConfigError> {
    if file.public_key_files.is_empty() {
        let built_in = match file.environment {
            WebhookEnvironment::Production => webhook::PRODUCTION_KEY,
            WebhookEnvironment::Sandbox => webhook::SANDBOX_KEY,
        };
        return Ok(vec![built_in.to_owned()]);
    }
    file.public_key_files
        .iter()
        .map(|path| {
            std::fs::read_to_string(path)
                .map_err(|error| ConfigError::new("webhook.public_key_files", format!("cannot read {}: {error}", path.display())))
        })
        .collect()
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

fn checked_origin(text: &str) -> Result<String, ConfigError> {
    let exact = Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text);
    if !exact {
        let reason = format!("`{text}` is not an origin such as `https://portal.example`");
        return Err(ConfigError::new("browser.allowed_origins", reason));
    }
    Ok(text.to_owned())
}

fn secs(key: &str, secs: u64, max: u64) -> Result<Duration, ConfigError> {
    if (1..=max).contains(&secs) {
        Ok(Duration::from_secs(secs))
    } else {
        Err(ConfigError::new(key, format!("must be between 1 and {max} seconds")))
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
