//! The configuration file as TOML has it.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::ConfigError;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    #[serde(default = "listen")]
    pub(super) listen: SocketAddr,
    #[serde(default = "base_path")]
    pub(super) base_path: String,
    pub(super) widget_dir: Option<PathBuf>,
    pub(super) upstream: UpstreamFile,
    pub(super) credentials: CredentialsFile,
    pub(super) staff: Option<StaffFile>,
    #[serde(default)]
    pub(super) store: StoreFile,
    #[serde(default)]
    pub(super) webhook: WebhookFile,
    #[serde(default)]
    pub(super) admin: AdminFile,
    #[serde(default)]
    pub(super) browser: BrowserFile,
    #[serde(default)]
    pub(super) limits: LimitsFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamFile {
    pub(super) url: String,
    pub(super) token_url: Option<String>,
    #[serde(default = "api_version")]
    pub(super) api_version: String,
    #[serde(default = "connect_timeout_secs")]
    pub(super) connect_timeout_secs: u64,
    #[serde(default = "timeout_secs")]
    pub(super) timeout_secs: u64,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) client_cert_file: Option<PathBuf>,
    pub(super) client_key_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialsFile {
    pub(super) client_id: String,
    pub(super) client_secret: Option<SecretString>,
    pub(super) client_secret_file: Option<PathBuf>,
    pub(super) next_client_secret: Option<SecretString>,
    pub(super) next_client_secret_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffFile {
    pub(super) mode: StaffModeFile,
    #[serde(default = "staff_header")]
    pub(super) header: String,
    #[serde(default = "staff_secret_header")]
    pub(super) secret_header: String,
    pub(super) secret: Option<SecretString>,
    pub(super) secret_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) trusted_peers: HashSet<IpAddr>,
    pub(super) jwks_url: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    #[serde(default = "algorithms")]
    pub(super) algorithms: Vec<String>,
    #[serde(default = "claim")]
    pub(super) claim: String,
    pub(super) cookie: Option<String>,
    #[serde(default = "leeway_secs")]
    pub(super) leeway_secs: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StaffModeFile {
    TrustedHeader,
    Jwt,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StoreFile {
    pub(super) path: PathBuf,
    pub(super) postgres_url: Option<SecretString>,
    pub(super) postgres_url_file: Option<PathBuf>,
    pub(super) key: Option<SecretString>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) retention_days: u64,
}

impl Default for StoreFile {
    fn default() -> Self {
        Self {
            path: "partner-case-proxy.sqlite".into(),
            postgres_url: None,
            postgres_url_file: None,
            key: None,
            key_file: None,
            retention_days: 90,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WebhookFile {
    pub(super) environment: WebhookEnvironment,
    pub(super) public_key_files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WebhookEnvironment {
    #[default]
    Production,
    Sandbox,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AdminFile {
    pub(super) listen: SocketAddr,
}

impl Default for AdminFile {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8781),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BrowserFile {
    #[serde(default)]
    pub(super) allowed_origins: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsFile {
    pub(super) connections: usize,
    pub(super) header_timeout_secs: u64,
    pub(super) body_timeout_secs: u64,
    pub(super) unread_timeout_secs: u64,
    pub(super) drain_timeout_secs: u64,
    pub(super) cases_per_minute: u32,
    pub(super) cases_per_minute_per_staff: u32,
}

impl Default for LimitsFile {
    fn default() -> Self {
        // The drain outlasts the 30 s that a call to Wise may take, so that no answer is lost.
        Self {
            connections: 1024,
            header_timeout_secs: 10,
            body_timeout_secs: 15,
            unread_timeout_secs: 30,
            drain_timeout_secs: 35,
            // Wise takes 1,000 calls a minute; the rest is for tokens and look-ups.
            cases_per_minute: 900,
            cases_per_minute_per_staff: 30,
        }
    }
}

const fn listen() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8780)
}

fn base_path() -> String {
    "/partner-cases".to_owned()
}

fn api_version() -> String {
    "v1".to_owned()
}

const fn connect_timeout_secs() -> u64 {
    3
}

const fn timeout_secs() -> u64 {
    30
}

fn algorithms() -> Vec<String> {
    vec!["RS256".to_owned(), "ES256".to_owned()]
}

fn claim() -> String {
    "sub".to_owned()
}

const fn leeway_secs() -> u64 {
    30
}

fn staff_header() -> String {
    "x-staff-id".to_owned()
}

fn staff_secret_header() -> String {
    "x-portal-secret".to_owned()
}

impl ConfigFile {
    pub(super) fn read(table: toml::Table) -> Result<Self, ConfigError> {
        serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
            // What stands in the place of a secret may be the secret, without its quotes.
            if error.path().to_string().ends_with("secret") || error.path().to_string().ends_with("postgres_url") {
                return ConfigError {
                    key: error.path().to_string(),
                    reason: "must be text in quotes".to_owned(),
                };
            }
            let reason = error.inner().message().to_owned();
            // A missing or unknown field is reported at its parent; its own name is in the message.
            let name = reason
                .split('`')
                .nth(1)
                .filter(|_| reason.starts_with("missing field") || reason.starts_with("unknown field"));
            let parent = error.path().to_string();
            let key = match name {
                Some(name) if parent == "." => name.to_owned(),
                Some(name) if !parent.ends_with(name) => format!("{parent}.{name}"),
                _ => parent,
            };
            ConfigError { key, reason }
        })
    }
}
