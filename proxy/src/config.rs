//! The configuration: a TOML file, environment variables over it, and the checks that make it usable.

mod environment;
mod file;
mod secret;

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::HeaderName;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use url::Url;

use self::file::{ConfigFile, StaffFile, StaffModeFile};
use self::secret::read_secret;

/// The shortest shared secret between portal and proxy, in characters: 32 of a base64 alphabet are 192 bits.
const STAFF_SECRET_MIN_CHARS: usize = 32;

/// The longest that a call to Wise may take, in seconds. The form waits 45 s for the proxy, which should hear from Wise before.
const UPSTREAM_TIMEOUT_MAX_SECS: u64 = 40;

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
    /// Origins that may call beside the proxy's own host.
    pub allowed_origins: HashSet<String>,
    /// What is bounded, and by how much.
    pub limits: Limits,
}

/// Where Wise is and how long to wait for it.
#[derive(Debug)]
pub struct UpstreamConfig {
    /// Where cases are posted, API version and all, such as `https://api.wise.com/v1/cases`.
    pub cases_url: Url,
    /// Where tokens come from.
    pub token_url: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a call may take in all.
    pub timeout: Duration,
    /// PEM certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// The client credentials (RFC 6749 section 4.4). Debug output does not show the secret.
#[derive(Debug)]
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
}

/// How the staff member is known.
#[derive(Debug)]
pub enum StaffMode {
    /// The portal's server names the staff member in a header.
    TrustedHeader(TrustedHeader),
    /// Nobody is asked who they are. Loopback only.
    InsecureDemo,
}

/// When the portal's word about the staff member is believed.
#[derive(Debug)]
pub struct TrustedHeader {
    /// The header that names the staff member.
    pub header: HeaderName,
    /// The header with the shared secret.
    pub secret_header: HeaderName,
    /// The shared secret.
    pub secret: SecretString,
    /// The addresses the portal's server calls from.
    pub trusted_peers: HashSet<IpAddr>,
}

/// What is bounded, and by how much.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many connections are served at a time.
    pub connections: usize,
    /// How long a request's headers may take to arrive.
    pub header_timeout: Duration,
    /// How long a request's body may take to arrive.
    pub body_timeout: Duration,
    /// How long requests in flight may take to end after SIGTERM.
    pub drain_timeout: Duration,
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
        let staff = staff_mode(file.staff, insecure_demo, file.listen)?;
        let upstream_url = upstream_url("upstream.url", &file.upstream.url)?;
        let token_url = match &file.upstream.token_url {
            Some(url) => self::upstream_url("upstream.token_url", url)?,
            None => joined("upstream.url", &upstream_url, "oauth/token")?,
        };
        let version = file.upstream.api_version;
        if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ConfigError::new(
                "upstream.api_version",
                "must be letters and digits, such as `v1` or `2026Q4`",
            ));
        }
        if let Some(dir) = &file.widget_dir
            && !dir.join("partner-case-form.js").is_file()
        {
            let reason = format!(
                "there is no partner-case-form.js in {}; `cargo xtask build` makes it",
                dir.display()
            );
            return Err(ConfigError::new("widget_dir", reason));
        }
        if file.credentials.client_id.is_empty() {
            return Err(ConfigError::new("credentials.client_id", "must not be empty"));
        }
        if !(1..=CONNECTIONS_MAX).contains(&file.limits.connections) {
            return Err(ConfigError::new(
                "limits.connections",
                format!("must be between 1 and {CONNECTIONS_MAX}"),
            ));
        }
        let timeout = secs("upstream.timeout_secs", file.upstream.timeout_secs, UPSTREAM_TIMEOUT_MAX_SECS)?;
        let drain_timeout = secs("limits.drain_timeout_secs", file.limits.drain_timeout_secs, 600)?;
        if drain_timeout <= timeout {
            return Err(ConfigError::new(
                "limits.drain_timeout_secs",
                "must be more than `upstream.timeout_secs`, or a stop loses answers",
            ));
        }
        Ok(Self {
            listen: file.listen,
            base_path: base_path(&file.base_path)?,
            widget_dir: file.widget_dir,
            upstream: UpstreamConfig {
                cases_url: joined("upstream.url", &upstream_url, &format!("{version}/cases"))?,
                token_url,
                connect_timeout: secs("upstream.connect_timeout_secs", file.upstream.connect_timeout_secs, 600)?,
                timeout,
                ca_file: file.upstream.ca_file,
            },
            credentials: Credentials {
                client_id: file.credentials.client_id,
                client_secret: read_secret(
                    "credentials.client_secret",
                    file.credentials.client_secret,
                    file.credentials.client_secret_file.as_deref(),
                )?,
            },
            staff,
            allowed_origins: file
                .browser
                .allowed_origins
                .iter()
                .map(|origin| checked_origin(origin))
                .collect::<Result<_, _>>()?,
            limits: Limits {
                connections: file.limits.connections,
                header_timeout: secs("limits.header_timeout_secs", file.limits.header_timeout_secs, 600)?,
                body_timeout: secs("limits.body_timeout_secs", file.limits.body_timeout_secs, 600)?,
                drain_timeout,
            },
        })
    }
}

fn staff_mode(file: Option<StaffFile>, insecure_demo: bool, listen: SocketAddr) -> Result<StaffMode, ConfigError> {
    match (file, insecure_demo) {
        (None, false) => Err(ConfigError::new(
            "staff.mode",
            "is not set, so nobody could be let in. Set it to \"trusted-header\"",
        )),
        (Some(_), true) => Err(ConfigError::new("staff.mode", "and --insecure-demo exclude each other")),
        (None, true) if !listen.ip().is_loopback() => Err(ConfigError::new(
            "listen",
            format!("{} is not a loopback address, which --insecure-demo needs", listen.ip()),
        )),
        (None, true) => Ok(StaffMode::InsecureDemo),
        (Some(file), false) => match file.mode {
            StaffModeFile::TrustedHeader => trusted_header(file).map(StaffMode::TrustedHeader),
        },
    }
}

fn trusted_header(file: StaffFile) -> Result<TrustedHeader, ConfigError> {
    let secret = read_secret("staff.secret", file.secret, file.secret_file.as_deref())?;
    if secret.expose_secret().chars().count() < STAFF_SECRET_MIN_CHARS {
        return Err(ConfigError::new(
            "staff.secret",
            format!("must have {STAFF_SECRET_MIN_CHARS} characters or more"),
        ));
    }
    if file.trusted_peers.is_empty() {
        return Err(ConfigError::new(
            "staff.trusted_peers",
            "must list the address the portal's server calls from",
        ));
    }
    let header = header_name("staff.header", &file.header)?;
    let secret_header = header_name("staff.secret_header", &file.secret_header)?;
    if header == secret_header {
        return Err(ConfigError::new(
            "staff.secret_header",
            "must differ from `staff.header`, or the secret becomes the staff id",
        ));
    }
    Ok(TrustedHeader {
        header,
        secret_header,
        secret,
        trusted_peers: file.trusted_peers,
    })
}

fn header_name(key: &str, name: &str) -> Result<HeaderName, ConfigError> {
    name.parse()
        .map_err(|_| ConfigError::new(key, format!("`{name}` is not a header name")))
}

/// A URL of Wise's. Plain HTTP would carry the secret in the clear, so it is for a simulator on this machine only.
fn upstream_url(key: &str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| ConfigError::new(key, format!("is not a URL: {error}")))?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => {
            return Err(ConfigError::new(
                key,
                "must be https (http only for a simulator on a loopback address)",
            ));
        }
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(ConfigError::new(key, "must have no user name, password, query or fragment"));
    }
    Ok(url)
}

fn joined(key: &str, base: &Url, path: &str) -> Result<Url, ConfigError> {
    let text = format!("{}/{path}", base.as_str().trim_end_matches('/'));
    Url::parse(&text).map_err(|error| ConfigError::new(key, format!("is not a URL: {error}")))
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
mod tests;
