//! Where Wise is, and who the partner is to it.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::file::{CredentialsFile, UpstreamFile};
use super::{ConfigError, SecretSource, secs};

/// The longest that a call to Wise may take, in seconds. The form waits 45 s for the proxy, which should hear from Wise before.
const UPSTREAM_TIMEOUT_MAX_SECS: u64 = 40;

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

pub(super) fn checked(file: UpstreamFile) -> Result<UpstreamConfig, ConfigError> {
    let url = safe_url("upstream.url", &file.url)?;
    let token_url = match &file.token_url {
        Some(url) => safe_url("upstream.token_url", url)?,
        None => joined("upstream.url", &url, "oauth/token")?,
    };
    let api_version = file.api_version;
    if api_version.is_empty() || !api_version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(ConfigError::new(
            "upstream.api_version",
            "must be letters and digits, such as `v1` or `2026Q4`",
        ));
    }
    Ok(UpstreamConfig {
        cases_url: joined("upstream.url", &url, &format!("{api_version}/cases"))?,
        api_version,
        token_url,
        connect_timeout: secs("upstream.connect_timeout_secs", file.connect_timeout_secs, 600)?,
        timeout: secs("upstream.timeout_secs", file.timeout_secs, UPSTREAM_TIMEOUT_MAX_SECS)?,
        ca_file: file.ca_file,
        client_certificate: client_certificate(file.client_cert_file, file.client_key_file)?,
    })
}

pub(super) fn credentials(file: CredentialsFile) -> Result<Credentials, ConfigError> {
    if file.client_id.is_empty() {
        return Err(ConfigError::new("credentials.client_id", "must not be empty"));
    }
    Ok(Credentials {
        client_id: file.client_id.clone(),
        client_secrets: client_secrets(file)?,
    })
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

/// A URL of Wise's. Plain HTTP would carry the secret in the clear, so it is for a simulator on this machine only.
pub(super) fn safe_url(key: &str, text: &str) -> Result<Url, ConfigError> {
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
