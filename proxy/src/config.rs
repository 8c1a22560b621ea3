//! The configuration: a TOML file, environment variables over it, and the checks that make it usable.

mod environment;
mod file;
mod secret;

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::HeaderName;
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use url::Url;

use self::file::{ConfigFile, CredentialsFile, StaffFile, StaffModeFile, StoreFile, WebhookEnvironment, WebhookFile};
use self::secret::read_secret;
pub use self::secret::{SecretSource, SharedSecret};
use crate::webhook;

/// The shortest shared secret between portal and proxy, in characters: 32 of a base64 alphabet are 192 bits.
const STAFF_SECRET_MIN_CHARS: usize = 32;

/// The longest that a call to Wise may take, in seconds. The form waits 45 s for the proxy, which should hear from Wise before.
const UPSTREAM_TIMEOUT_MAX_SECS: u64 = 40;

/// The most connections that can be served at a time: as many as one address has ports.
const CONNECTIONS_MAX: usize = 65_535;

/// The longest that clocks may be apart. More would keep tokens alive that have ended.
const LEEWAY_MAX_SECS: u64 = 300;

/// The shortest key of the store's digests.
const STORE_KEY_MIN_BYTES: usize = 32;

/// The longest that submissions are remembered.
const RETENTION_MAX_DAYS: u64 = 3660;

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

/// Where Wise is and how long to wait for it.
#[derive(Debug)]
pub struct UpstreamConfig {
    /// Where cases are posted, API version and all, such as `https://api.wise.com/v1/cases`.
    pub cases_url: Url,
    /// The API version, the first part of the path.
    pub api_version: String,
    /// Where tokens come from.
    pub token_url: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a call may take in all.
    pub timeout: Duration,
    /// PEM certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The certificate that the proxy shows to Wise.
    pub client_certificate: Option<ClientCertificate>,
}

/// The files of a certificate for mutual TLS. They may be replaced while the proxy runs.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    /// The certificate and those above it, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

impl UpstreamConfig {
    /// Which of Wise's environments this is, by its host.
    pub fn environment(&self) -> &'static str {
        match self.cases_url.host_str() {
            Some("api.wise.com" | "api.transferwise.com" | "api-mtls.transferwise.com") => "production",
            Some(host) if host.contains("sandbox") => "sandbox",
            Some("localhost" | "127.0.0.1" | "[::1]") => "simulator",
            _ => "other",
        }
    }
}

/// The client credentials (RFC 6749 section 4.4). Debug output does not show the secret.
#[derive(Debug)]
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    /// The client secrets, each as a place to read it from. Two while a secret is being replaced; the second is tried when the first is
    /// refused.
    pub client_secrets: Vec<SecretSource>,
}

/// Where submissions are remembered.
#[derive(Debug)]
pub struct StoreConfig {
    /// The database.
    pub database: Database,
    /// The key of the digests in it; without one the proxy makes one and keeps it beside the file.
    pub key: Option<SecretString>,
    /// How long a submission is remembered after its last change.
    pub retention: Duration,
}

/// What keeps the submissions.
#[derive(Debug)]
pub enum Database {
    /// A file, for one proxy.
    Sqlite(PathBuf),
    /// A server, for several proxies. The URL holds the password.
    Postgres(SecretString),
}

/// How the staff member is known.
#[derive(Debug)]
pub enum StaffMode {
    /// The portal's server names the staff member in a header.
    TrustedHeader(TrustedHeader),
    /// The portal's single sign-on has signed who the staff member is.
    Jwt(Jwt),
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
    pub secret: SharedSecret,
    /// The addresses the portal's server calls from.
    pub trusted_peers: HashSet<IpAddr>,
}

/// Which tokens of the portal's single sign-on are believed.
#[derive(Debug, Clone)]
pub struct Jwt {
    /// Where the keys are published (RFC 7517).
    pub jwks_url: Url,
    /// The claim `iss` must be this.
    pub issuer: String,
    /// The claim `aud` must have this.
    pub audience: String,
    /// The algorithms a token may be signed by: public-key ones only.
    pub algorithms: Vec<Algorithm>,
    /// The claim that names the staff member.
    pub claim: String,
    /// The cookie that holds the token; without one it is a bearer token.
    pub cookie: Option<String>,
    /// How far the clocks may be apart.
    pub leeway: Duration,
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
                api_version: version,
                token_url,
                connect_timeout: secs("upstream.connect_timeout_secs", file.upstream.connect_timeout_secs, 600)?,
                timeout,
                ca_file: file.upstream.ca_file,
                client_certificate: client_certificate(file.upstream.client_cert_file, file.upstream.client_key_file)?,
            },
            credentials: Credentials {
                client_id: file.credentials.client_id.clone(),
                client_secrets: client_secrets(file.credentials)?,
            },
            staff,
            store: store(file.store)?,
            webhook_keys: webhook_keys(&file.webhook)?,
            admin_listen: file.admin.listen,
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
                cases_per_minute: at_least_one("limits.cases_per_minute", file.limits.cases_per_minute)?,
                cases_per_minute_per_staff: at_least_one(
                    "limits.cases_per_minute_per_staff",
                    file.limits.cases_per_minute_per_staff,
                )?,
            },
        })
    }
}

fn client_secrets(file: CredentialsFile) -> Result<Vec<SecretSource>, ConfigError> {
    let mut secrets = vec![SecretSource::new(
        "credentials.client_secret",
        file.client_secret,
        file.client_secret_file,
    )?];
    if file.next_client_secret.is_some() || file.next_client_secret_file.is_some() {
        secrets.push(SecretSource::new(
            "credentials.next_client_secret",
            file.next_client_secret,
            file.next_client_secret_file,
        )?);
    }
    Ok(secrets)
}

fn client_certificate(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<ClientCertificate>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(ClientCertificate { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigError::new(
            "upstream.client_key_file",
            "is missing: the certificate needs its key",
        )),
        (None, Some(_)) => Err(ConfigError::new(
            "upstream.client_cert_file",
            "is missing: the key needs its certificate",
        )),
    }
}

fn at_least_one(key: &str, number: u32) -> Result<NonZeroU32, ConfigError> {
    NonZeroU32::new(number).ok_or_else(|| ConfigError::new(key, "must be 1 or more"))
}

fn store(file: StoreFile) -> Result<StoreConfig, ConfigError> {
    let key = match (&file.key, &file.key_file) {
        (None, None) => None,
        _ => Some(read_secret("store.key", file.key, file.key_file.as_deref())?),
    };
    if let Some(key) = &key
        && key.expose_secret().len() < STORE_KEY_MIN_BYTES
    {
        return Err(ConfigError::new(
            "store.key",
            format!("must have {STORE_KEY_MIN_BYTES} characters or more"),
        ));
    }
    if !(1..=RETENTION_MAX_DAYS).contains(&file.retention_days) {
        return Err(ConfigError::new(
            "store.retention_days",
            format!("must be between 1 and {RETENTION_MAX_DAYS}"),
        ));
    }
    let postgres = file.postgres_url.is_some() || file.postgres_url_file.is_some();
    if postgres && key.is_none() {
        return Err(ConfigError::new(
            "store.key",
            "is missing: proxies that share a database share it",
        ));
    }
    let database = if postgres {
        Database::Postgres(read_secret(
            "store.postgres_url",
            file.postgres_url,
            file.postgres_url_file.as_deref(),
        )?)
    } else {
        Database::Sqlite(file.path)
    };
    Ok(StoreConfig {
        database,
        key,
        retention: Duration::from_hours(24 * file.retention_days),
    })
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

fn staff_mode(file: Option<StaffFile>, insecure_demo: bool, listen: SocketAddr) -> Result<StaffMode, ConfigError> {
    match (file, insecure_demo) {
        (None, false) => Err(ConfigError::new(
            "staff.mode",
            "is not set, so nobody could be let in. Set it to \"trusted-header\" or \"jwt\"",
        )),
        (Some(_), true) => Err(ConfigError::new("staff.mode", "and --insecure-demo exclude each other")),
        (None, true) if !listen.ip().is_loopback() => Err(ConfigError::new(
            "listen",
            format!("{} is not a loopback address, which --insecure-demo needs", listen.ip()),
        )),
        (None, true) => Ok(StaffMode::InsecureDemo),
        (Some(file), false) => match file.mode {
            StaffModeFile::TrustedHeader => trusted_header(file).map(StaffMode::TrustedHeader),
            StaffModeFile::Jwt => jwt(file).map(StaffMode::Jwt),
        },
    }
}

fn trusted_header(file: StaffFile) -> Result<TrustedHeader, ConfigError> {
    let secret = SharedSecret::new("staff.secret", file.secret, file.secret_file, STAFF_SECRET_MIN_CHARS)?;
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

fn jwt(file: StaffFile) -> Result<Jwt, ConfigError> {
    let required = |key: &str, value: Option<String>| {
        value
            .filter(|text| !text.is_empty())
            .ok_or_else(|| ConfigError::new(key, "is missing: staff.mode \"jwt\" needs it"))
    };
    let algorithms = file.algorithms.iter().map(|name| {
        let algorithm = name.parse().ok();
        let public = algorithm.filter(|algorithm| !matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512));
        public.ok_or_else(|| {
            let reason = format!("`{name}` is not a public-key algorithm such as RS256, PS256, ES256 or EdDSA");
            ConfigError::new("staff.algorithms", reason)
        })
    });
    let algorithms = algorithms.collect::<Result<Vec<Algorithm>, _>>()?;
    if algorithms.is_empty() {
        return Err(ConfigError::new("staff.algorithms", "must not be empty"));
    }
    Ok(Jwt {
        jwks_url: upstream_url("staff.jwks_url", &required("staff.jwks_url", file.jwks_url)?)?,
        issuer: required("staff.issuer", file.issuer)?,
        audience: required("staff.audience", file.audience)?,
        algorithms,
        claim: file.claim,
        cookie: file.cookie,
        leeway: Duration::from_secs(file.leeway_secs.min(LEEWAY_MAX_SECS)),
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
