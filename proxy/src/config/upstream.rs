//! Where Wise is, and who the partner is to it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use url::Url;

use super::certificate::{ClientCertificate, check_trusted};
use super::error::ConfigError;
use super::file::{CredentialsFile, UpstreamFile};
use super::limits::secs;
use super::network::is_loopback;
use super::secret::{PLACEHOLDER, SecretSource, is_placeholder};

/// The longest that a call to Wise may take, in seconds. The form waits 45 s for the proxy, which should hear from Wise before.
const UPSTREAM_TIMEOUT_MAX_SECS: u64 = 40;

/// How long a connection may take unless the operator says otherwise, and at most half of the call: a few times of what TCP and TLS take
/// across the world.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Where Wise is and how long to wait for it.
#[derive(Debug, Clone)]
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
    /// Where the calls go instead of the network, in the simulation.
    #[cfg(feature = "simulation")]
    pub in_memory: Option<crate::in_memory::InMemoryNetwork>,
}

impl UpstreamConfig {
    /// Which of Wise's environments this is, by its host.
    pub fn environment(&self) -> &'static str {
        environment(&self.cases_url)
    }
}

fn environment(url: &Url) -> &'static str {
    match url.host_str() {
        Some("api.wise.com" | "api.transferwise.com" | "api-mtls.transferwise.com") => "production",
        Some(host) if host.contains("sandbox") => "sandbox",
        Some("localhost" | "127.0.0.1" | "[::1]") => "simulator",
        _ => "other",
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

pub(super) fn checked(file: UpstreamFile, warnings: &mut Vec<String>) -> Result<UpstreamConfig, ConfigError> {
    let url = safe_url("upstream.url", &file.url)?;
    if url.path() != "/" {
        return Err(ConfigError::new(
            "upstream.url",
            "must be an address without a path, such as `https://api.wise.com`. The version goes into `upstream.api_version`",
        ));
    }
    let token_url = match &file.token_url {
        Some(url) => safe_url("upstream.token_url", url)?,
        None => joined("upstream.url", &url, "oauth/token")?,
    };
    let (environment, of_tokens) = (environment(&url), environment(&token_url));
    if [(environment, of_tokens), (of_tokens, environment)].contains(&("production", "sandbox")) {
        return Err(ConfigError::new(
            "upstream.token_url",
            format!("is of Wise's {of_tokens}, and `upstream.url` of Wise's {environment}"),
        ));
    }
    let api_version = file.api_version;
    if api_version.is_empty() || !api_version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(ConfigError::new(
            "upstream.api_version",
            "must be letters and digits, such as `v1` or `2026Q4`",
        ));
    }
    let timeout = secs("upstream.timeout_secs", file.timeout_secs, 1, UPSTREAM_TIMEOUT_MAX_SECS)?;
    if let Some(path) = &file.ca_file {
        check_trusted("upstream.ca_file", path)?;
    }
    Ok(UpstreamConfig {
        cases_url: joined("upstream.url", &url, &format!("{api_version}/cases"))?,
        api_version,
        token_url,
        connect_timeout: connect_timeout(file.connect_timeout_secs, timeout)?,
        timeout,
        ca_file: file.ca_file,
        client_certificate: client_certificate(file.client_cert_file, file.client_key_file, warnings)?,
        #[cfg(feature = "simulation")]
        in_memory: None,
    })
}

/// A connection that takes as long as the whole call would leave no time to send anything, and a deadline that ends first would not tell
/// whether something was sent.
fn connect_timeout(given: Option<u64>, timeout: Duration) -> Result<Duration, ConfigError> {
    let Some(given) = given else {
        return Ok(CONNECT_TIMEOUT.min(timeout / 2));
    };
    let key = "upstream.connect_timeout_secs";
    let connect = secs(key, given, 1, UPSTREAM_TIMEOUT_MAX_SECS)?;
    if connect >= timeout {
        let reason = "must be less than `upstream.timeout_secs`, which is for connection and answer together. Without it the proxy chooses";
        return Err(ConfigError::new(key, reason));
    }
    Ok(connect)
}

pub(super) fn credentials(file: CredentialsFile, warnings: &mut Vec<String>) -> Result<Credentials, ConfigError> {
    let client_id = file.client_id.trim();
    if client_id.is_empty() {
        return Err(ConfigError::new("credentials.client_id", "must not be empty"));
    }
    if is_placeholder(client_id) {
        return Err(ConfigError::new("credentials.client_id", PLACEHOLDER));
    }
    Ok(Credentials {
        client_id: client_id.to_owned(),
        client_secrets: client_secrets(file, warnings)?,
    })
}

/// The two client secrets. One whose file does not exist (yet) is no obstacle while there is the other.
fn client_secrets(file: CredentialsFile, warnings: &mut Vec<String>) -> Result<Vec<SecretSource>, ConfigError> {
    let first = SecretSource::required("credentials.client_secret", file.client_secret, file.client_secret_file)?;
    let next = SecretSource::new(
        "credentials.next_client_secret",
        file.next_client_secret,
        file.next_client_secret_file,
    )?;
    let missing = first.missing_file().map(|path| path.display().to_string());
    let missing_next = next
        .as_ref()
        .and_then(SecretSource::missing_file)
        .map(|path| path.display().to_string());
    match (&next, missing) {
        (Some(_), Some(path)) => {
            if let Some(next) = &missing_next {
                let reason = format!("neither {path} nor {next}, the file of the next secret, exists");
                return Err(ConfigError::new("credentials.client_secret_file", reason));
            }
            warnings.push(format!(
                "`credentials.client_secret_file`: {path} does not exist. The proxy uses the next client secret"
            ));
        }
        _ => drop(first.first_read()?),
    }
    match (&next, missing_next) {
        (Some(_), Some(path)) => warnings.push(format!(
            "`credentials.next_client_secret_file`: {path} does not exist yet. The proxy reads it when Wise refuses the first secret"
        )),
        (Some(next), None) => drop(next.first_read()?),
        (None, _) => {}
    }
    Ok(std::iter::once(first).chain(next).collect())
}

fn client_certificate(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    warnings: &mut Vec<String>,
) -> Result<Option<ClientCertificate>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            let files = ClientCertificate::new(certificate, key);
            warnings.extend(files.load()?.warning(SystemTime::now()));
            Ok(Some(files))
        }
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

/// A URL of Wise's. Plain HTTP would carry the secret in the clear, so it is for a simulator on this machine only.
pub(super) fn safe_url(key: &str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| ConfigError::new(key, format!("is not a URL: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
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
