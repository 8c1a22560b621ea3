//! The configuration file as TOML has it.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::visible::Visible;

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    /// The address and port for the form's calls, the element's files and Wise's webhooks. The proxy speaks plain HTTP there: the
    /// portal's server is in front of it.
    #[serde(default = "listen")]
    pub(super) listen: SocketAddr,
    /// Allows `listen` to be a public address. Only for an address that others reach encrypted all the same.
    #[serde(default)]
    pub(super) allow_public_plain_http: bool,
    /// The path that every call starts with: `/` and plain characters, no `/` at the end. Give the element's `endpoint` the same path.
    #[serde(default = "base_path")]
    pub(super) base_path: String,
    /// The folder that `cargo xtask build` fills. Without it the proxy does not serve the element.
    pub(super) widget_dir: Option<PathBuf>,
    /// Where Wise is, and how long to wait for it.
    pub(super) upstream: UpstreamFile,
    /// Who the partner is to Wise (OAuth client credentials, RFC 6749 section 4.4).
    pub(super) credentials: CredentialsFile,
    /// How the proxy knows which agent calls. Without this section it does not start.
    pub(super) staff: Option<StaffFile>,
    /// The partner's own service that decides which agent may raise a case for which customer. Without this section every agent may.
    pub(super) authorize: Option<AuthorizeFile>,
    /// Where the proxy stores submissions.
    #[serde(default)]
    pub(super) store: StoreFile,
    /// Whose webhooks the proxy believes.
    #[serde(default)]
    pub(super) webhook: WebhookFile,
    /// The audit trail: who raised, sent and looked up which case.
    #[serde(default)]
    pub(super) audit: AuditFile,
    /// What agents see of cases.
    #[serde(default)]
    pub(super) cases: CasesFile,
    /// Plain HTML forms, for pages on which the element cannot run.
    #[serde(default)]
    pub(super) plain_form: PlainFormFile,
    /// Probes and metrics, for the orchestrator and the monitoring.
    #[serde(default)]
    pub(super) admin: AdminFile,
    /// Pages of other origins.
    #[serde(default)]
    pub(super) browser: BrowserFile,
    /// Bounds, so that one client cannot keep the others waiting.
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
    /// How long a connection may take, with name lookup and TLS: 1 or more, and less than `timeout_secs`. Without it 3, and at most half of
    /// `timeout_secs`.
    pub(super) connect_timeout_secs: Option<u64>,
    /// How long a call may take in all: 1 to 40. The form gives up after 45.
    #[serde(default = "timeout_secs")]
    pub(super) timeout_secs: u64,
    /// PEM certificates to trust beside the system's.
    pub(super) ca_file: Option<PathBuf>,
    /// The certificate by which Wise knows the proxy (mutual TLS), in PEM. The proxy notices a replaced file within seconds.
    pub(super) client_cert_file: Option<PathBuf>,
    /// The key of that certificate, in PEM.
    pub(super) client_key_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialsFile {
    /// The client ID that Wise gave.
    pub(super) client_id: String,
    /// The client secret. Better in a file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) client_secret: Option<SecretString>,
    /// The file with the client secret, on one line. The proxy reads it at each fetch of a token.
    pub(super) client_secret_file: Option<PathBuf>,
    /// The proxy uses it when Wise refuses the first secret, or when the first secret's file is missing: for the time in which the secret
    /// is replaced.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) next_client_secret: Option<SecretString>,
    /// The file with the next secret. It may be named before it exists.
    pub(super) next_client_secret_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct StaffFile {
    /// `trusted-header`: the portal's server names the agent in a header. `jwt`: the single sign-on has signed who the agent is.
    pub(super) mode: StaffModeFile,
    /// `trusted-header`: the header with the agent's ID.
    #[serde(default = "staff_header")]
    pub(super) header: String,
    /// `trusted-header`: the header with the secret between portal and proxy.
    #[serde(default = "staff_secret_header")]
    pub(super) secret_header: String,
    /// `trusted-header`: that secret, 32 characters or more. Better in a file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) secret: Option<SecretString>,
    /// `trusted-header`: the file with the secret, read again within 5 s of a change. Each line is a secret, so that old and new are both
    /// valid while the portal changes.
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
    /// `jwt`: the claim that names the agent.
    #[serde(default = "claim")]
    pub(super) claim: String,
    /// `jwt`: the cookie that holds the token. Without it the token is in `Authorization: Bearer`.
    pub(super) cookie: Option<String>,
    /// `jwt`: how many seconds the clocks may be apart: 0 to 300.
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
    /// A PostgreSQL database in the place of the file, for several proxies. It has `sslmode=require`, which always checks certificate
    /// and host name, unless the database is on this machine. Needs `key`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) postgres_url: Option<SecretString>,
    /// The file with that URL, which holds a password.
    pub(super) postgres_url_file: Option<PathBuf>,
    /// The key of the digests in the store, 32 characters or more. Without it the proxy makes one and keeps it beside the SQLite
    /// file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) key: Option<SecretString>,
    /// The file with that key, on one line.
    pub(super) key_file: Option<PathBuf>,
    /// A second key, under which the proxy looks submissions up as well: for the time in which the key is replaced.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) other_key: Option<SecretString>,
    /// The file with the second key.
    pub(super) other_key_file: Option<PathBuf>,
    /// PEM certificates to trust for PostgreSQL beside the system's.
    pub(super) ca_file: Option<PathBuf>,
    /// How many days a submission is stored after its last change: 1 to 3660.
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
            other_key: None,
            other_key_file: None,
            ca_file: None,
            retention_days: 90,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct WebhookFile {
    /// `production` or `sandbox`: which of Wise's published keys signs the webhooks. Without it that of `upstream.url`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) environment: Option<WebhookEnvironment>,
    /// Files with other RSA public keys, in PEM, one each, in the place of Wise's.
    pub(super) public_key_files: Vec<PathBuf>,
    /// The IDs of your subscriptions at Wise. Events of another subscription change nothing. Without any, every event that Wise has signed counts.
    pub(super) subscription_ids: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WebhookEnvironment {
    Production,
    Sandbox,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct AuditFile {
    /// The file that the audit lines are added to. Without it they go to standard error.
    pub(super) file: Option<PathBuf>,
    /// Whether the proxy stops sending cases, and is not ready, while it cannot write audit lines.
    pub(super) required: bool,
}

impl Default for AuditFile {
    fn default() -> Self {
        Self {
            file: None,
            required: true,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct CasesFile {
    /// Which cases an agent may look up: `own`, those that the agent raised; `raised-here`, those that were raised through this proxy's
    /// store; `all`, those that Wise shows.
    pub(super) visible: Visible,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct PlainFormFile {
    /// Whether the proxy takes plain HTML forms. With `false` it answers each of them with 415.
    pub(super) enabled: bool,
}

impl Default for PlainFormFile {
    fn default() -> Self {
        Self { enabled: true }
    }
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct AdminFile {
    /// The address and port of `/livez`, `/readyz` and `/metrics`, another port than that of `listen`. Not for browsers.
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
    /// Origins beside the proxy's own whose pages may call (CORS), such as `https://portal.example`, exactly as browsers write them.
    /// Plain HTTP is for pages of this machine.
    #[serde(default)]
    pub(super) allowed_origins: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsFile {
    /// How many connections are served at a time: 1 to 65535. The others wait.
    pub(super) connections: usize,
    /// How many seconds the headers of a request may take, and a new connection until it has sent the first: 1 to 600.
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
    /// Cases a minute, of this proxy in all. Wise takes 1,000 calls a minute; the others are for tokens and lookups.
    pub(super) cases_per_minute: u32,
    /// Cases a minute of one agent.
    pub(super) cases_per_minute_per_staff: u32,
    /// Lookups of cases and submissions a minute of one agent.
    pub(super) lookups_per_minute_per_staff: u32,
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
            // Wise takes 1,000 calls a minute; the others are for tokens and lookups.
            cases_per_minute: 900,
            cases_per_minute_per_staff: 30,
            // The form looks twelve times in nine minutes after each new case, so this is for some ninety cases that are open at a time.
            lookups_per_minute_per_staff: 120,
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
