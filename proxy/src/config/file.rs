//! The configuration file as TOML has it.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::ConfigError;

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    /// The address and port of the form's calls, the widget's files and Wise's webhooks. Plain HTTP: the portal's server is in
    /// front of it.
    #[serde(default = "listen")]
    pub(super) listen: SocketAddr,
    /// The path that every call starts with: `/` and plain characters, no `/` at the end. The element's `endpoint` is the same.
    #[serde(default = "base_path")]
    pub(super) base_path: String,
    /// The folder that `cargo xtask build` fills. Without it the proxy serves no widget.
    pub(super) widget_dir: Option<PathBuf>,
    /// Where Wise is, and how long to wait for it.
    pub(super) upstream: UpstreamFile,
    /// Who the partner is to Wise (OAuth client credentials, RFC 6749 section 4.4).
    pub(super) credentials: CredentialsFile,
    /// How the member of staff is known. Without it the proxy does not start.
    pub(super) staff: Option<StaffFile>,
    /// The partner's own service that decides which agent may raise a case for which customer. Without this section every agent may.
    pub(super) authorize: Option<AuthorizeFile>,
    /// Where submissions are remembered.
    #[serde(default)]
    pub(super) store: StoreFile,
    /// Whose webhooks are believed.
    #[serde(default)]
    pub(super) webhook: WebhookFile,
    /// Probes and numbers, for the orchestrator and the monitoring.
    #[serde(default)]
    pub(super) admin: AdminFile,
    /// Pages of other origins.
    #[serde(default)]
    pub(super) browser: BrowserFile,
    /// What is bounded, so that one client cannot keep the others waiting.
    #[serde(default)]
    pub(super) limits: LimitsFile,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamFile {
    /// Wise's address, without a version or a path: `https://api.wise.com`, or what Wise gave for mutual TLS. Plain HTTP is for a
    /// simulator on this machine.
    pub(super) url: String,
    /// Where tokens come from, if that is not `oauth/token` below `url`.
    pub(super) token_url: Option<String>,
    /// The first part of the path, letters and digits: `v1`, or `2026Q4` and its like.
    #[serde(default = "api_version")]
    pub(super) api_version: String,
    /// How long a connection may take, with name lookup and TLS: 1 to 600.
    #[serde(default = "connect_timeout_secs")]
    pub(super) connect_timeout_secs: u64,
    /// How long a call may take in all: 1 to 40. The form gives up after 45.
    #[serde(default = "timeout_secs")]
    pub(super) timeout_secs: u64,
    /// PEM certificates to trust beside the system's.
    pub(super) ca_file: Option<PathBuf>,
    /// The certificate by which Wise knows the proxy (mutual TLS), in PEM. A replaced file is taken up within seconds.
    pub(super) client_cert_file: Option<PathBuf>,
    /// The key of that certificate, in PEM.
    pub(super) client_key_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialsFile {
    /// The client id that Wise gave.
    pub(super) client_id: String,
    /// The client secret. Better in a file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) client_secret: Option<SecretString>,
    /// The file with the client secret, read at each fetch of a token.
    pub(super) client_secret_file: Option<PathBuf>,
    /// Tried when the first is refused: for the time in which a secret is replaced.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) next_client_secret: Option<SecretString>,
    /// The same in a file.
    pub(super) next_client_secret_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct StaffFile {
    /// `trusted-header`: the portal's server names the member of staff in a header. `jwt`: the single sign-on has signed who it is.
    pub(super) mode: StaffModeFile,
    /// `trusted-header`: the header with the id of the member of staff.
    #[serde(default = "staff_header")]
    pub(super) header: String,
    /// `trusted-header`: the header with the secret between portal and proxy.
    #[serde(default = "staff_secret_header")]
    pub(super) secret_header: String,
    /// `trusted-header`: that secret, 32 characters or more. Better in a file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) secret: Option<SecretString>,
    /// `trusted-header`: the file with the secret, read anew within 5 s of a change. Each line is a good one, so that old and new
    /// hold while the portal changes.
    pub(super) secret_file: Option<PathBuf>,
    /// `trusted-header`: the IP addresses that the portal's server calls from. At least one.
    #[serde(default)]
    pub(super) trusted_peers: HashSet<IpAddr>,
    /// `jwt`: where the sign-on publishes its keys (RFC 7517).
    pub(super) jwks_url: Option<String>,
    /// `jwt`: what the claim `iss` must be.
    pub(super) issuer: Option<String>,
    /// `jwt`: what the claim `aud` must have.
    pub(super) audience: Option<String>,
    /// `jwt`: what a token may be signed with: public-key algorithms only.
    #[serde(default = "algorithms")]
    pub(super) algorithms: Vec<String>,
    /// `jwt`: the claim that names the member of staff.
    #[serde(default = "claim")]
    pub(super) claim: String,
    /// `jwt`: the cookie that holds the token. Without it the token is in `Authorization: Bearer`.
    pub(super) cookie: Option<String>,
    /// `jwt`: how far apart the clocks may be, 300 at the most.
    #[serde(default = "leeway_secs")]
    pub(super) leeway_secs: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum StaffModeFile {
    TrustedHeader,
    Jwt,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorizeFile {
    /// Where the proxy asks before a case leaves. It must be https (http only on a loopback address), with a certificate that the system
    /// or `upstream.ca_file` trusts. [The calls](api.md#the-authorization-hook) have the question and the answers.
    pub(super) url: String,
    /// How long the proxy waits for the answer: 1 to 10, and at most 43 together with `upstream.timeout_secs`. Without an answer the
    /// proxy sends nothing.
    #[serde(default = "authorize_timeout_secs")]
    pub(super) timeout_secs: u64,
    /// The secret that the proxy sends as `Authorization: Bearer`. Better in a file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) secret: Option<SecretString>,
    /// The file with that secret. The proxy reads it for each question, so a replaced file needs no restart.
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct StoreFile {
    /// One SQLite file, for one proxy. Its folder must be writable.
    pub(super) path: PathBuf,
    /// A PostgreSQL database in the place of the file, for several proxies. It has `sslmode=require` unless the database is on this
    /// machine. Needs `key`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) postgres_url: Option<SecretString>,
    /// The file with that URL, which holds a password.
    pub(super) postgres_url_file: Option<PathBuf>,
    /// The key of the digests in the store, 32 characters or more. Without it the proxy makes one and keeps it beside the SQLite
    /// file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) key: Option<SecretString>,
    /// The file with that key.
    pub(super) key_file: Option<PathBuf>,
    /// How long a submission is remembered after its last change: 1 to 3660.
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct WebhookFile {
    /// `production` or `sandbox`: by which of Wise's published keys a webhook is signed.
    pub(super) environment: WebhookEnvironment,
    /// Other keys, in PEM, in the place of Wise's.
    pub(super) public_key_files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "kebab-case")]
pub(super) enum WebhookEnvironment {
    #[default]
    Production,
    Sandbox,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct AdminFile {
    /// The address and port of `/livez`, `/readyz` and `/metrics`. Not for browsers.
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct BrowserFile {
    /// Origins beside the proxy's own whose pages may call (CORS), such as `https://portal.example`, letter by letter.
    #[serde(default)]
    pub(super) allowed_origins: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsFile {
    /// How many connections are served at a time: 1 to 65535. The others wait.
    pub(super) connections: usize,
    /// How long the headers of a request may take, and a new connection until it has sent the first: 1 to 600.
    pub(super) header_timeout_secs: u64,
    /// How long a connection may rest between two requests: 1 to 600, and longer than the portal's server keeps it, such as 60 s of
    /// nginx, or a call is now and then sent on a connection that is just being closed.
    pub(super) idle_timeout_secs: u64,
    /// How long its body may take: 1 to 600.
    pub(super) body_timeout_secs: u64,
    /// How long a client may leave its answer unread: 1 to 600.
    pub(super) unread_timeout_secs: u64,
    /// How long a stop waits for what is under way: up to 600, and more than `upstream.timeout_secs`.
    pub(super) drain_timeout_secs: u64,
    /// Cases in a minute, of this proxy in all. Wise takes 1,000 calls a minute; the rest is for tokens and looks.
    pub(super) cases_per_minute: u32,
    /// Cases in a minute of one member of staff.
    pub(super) cases_per_minute_per_staff: u32,
}

impl Default for LimitsFile {
    fn default() -> Self {
        // The drain outlasts the 30 s that a call to Wise may take, so that no answer is lost.
        Self {
            connections: 1024,
            header_timeout_secs: 10,
            idle_timeout_secs: 75,
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

const fn authorize_timeout_secs() -> u64 {
    3
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
