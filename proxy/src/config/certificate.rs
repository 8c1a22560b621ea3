//! Certificates: the one by which Wise knows the partner's server (mutual TLS), and those that the operator trusts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::RootCertStore;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_cert::der::{DateTime, Decode as _};
use x509_cert::{Certificate, Version};

use super::error::ConfigError;
use super::pem::{Content, without_mark};
use super::secret::check_private;

const CERTIFICATE_KEY: &str = "upstream.client_cert_file";
const KEY_KEY: &str = "upstream.client_key_file";

/// How long before a certificate's end the proxy warns: time enough to get another.
pub(crate) const WARN_BEFORE_END: Duration = Duration::from_hours(14 * 24);

/// How far this machine's clock may be behind that of the authority that has just issued a certificate.
const CLOCKS_APART: Duration = Duration::from_mins(5);

/// The files of a certificate for mutual TLS. They may be replaced while the proxy runs.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    /// The certificate and those above it, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    state: Arc<State>,
}

/// What all clones share.
#[derive(Debug, Default)]
struct State {
    reloads: AtomicU64,
    ends_at: AtomicI64,
}

/// A certificate and its key, ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct LoadedCertificate {
    pub(crate) key: Arc<CertifiedKey>,
    pub(crate) ends: SystemTime,
}

impl LoadedCertificate {
    /// A warning when the certificate ends within two weeks, or has ended.
    pub(crate) fn warning(&self, now: SystemTime) -> Option<String> {
        let left = self.ends.duration_since(now).unwrap_or_default();
        let verb = if left.is_zero() { "ended" } else { "ends" };
        (left <= WARN_BEFORE_END).then(|| {
            format!(
                "the client certificate in `{CERTIFICATE_KEY}` {verb} on {}. Put a new one in its place",
                date(self.ends)
            )
        })
    }
}

impl ClientCertificate {
    pub(super) fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self {
            certificate,
            key,
            state: Arc::default(),
        }
    }

    /// When the certificate that was read last ends, in seconds since 1970. 0 before it was read.
    pub fn ends_at(&self) -> i64 {
        self.state.ends_at.load(Ordering::Relaxed)
    }

    /// Reads the files at once, and has new connections use them. Unusable files change nothing but the log.
    pub fn reload(&self) {
        match self.load() {
            Ok(_) => {
                self.state.reloads.fetch_add(1, Ordering::Relaxed);
                tracing::info!("read the client certificate again; new connections show it");
            }
            Err(error) => {
                tracing::error!(%error, "the client certificate cannot be used; the one that was read before stays in use")
            }
        }
    }

    /// How often the files were asked to be read again.
    pub(crate) fn reloads(&self) -> u64 {
        self.state.reloads.load(Ordering::Relaxed)
    }

    /// Reads the files.
    ///
    /// # Errors
    /// Which of the two cannot be used, and why.
    pub(crate) fn load(&self) -> Result<LoadedCertificate, ConfigError> {
        let loaded = load(self, SystemTime::now())?;
        let ends_at = loaded.ends.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        self.state
            .ends_at
            .store(i64::try_from(ends_at).unwrap_or(i64::MAX), Ordering::Relaxed);
        Ok(loaded)
    }
}

fn load(files: &ClientCertificate, now: SystemTime) -> Result<LoadedCertificate, ConfigError> {
    let wrong_certificate =
        |reason: String| ConfigError::new(CERTIFICATE_KEY, format!("{}: {reason}", files.certificate.display()));
    let wrong_key = |reason: String| ConfigError::new(KEY_KEY, format!("{}: {reason}", files.key.display()));
    let chain = certificates(&files.certificate).map_err(wrong_certificate)?;
    let ends = check_chain(&chain, now).map_err(wrong_certificate)?;
    check_private(&files.key).map_err(wrong_key)?;
    let key = private_key(&files.key).map_err(wrong_key)?;
    let key = any_supported_type(&key).map_err(|error| wrong_key(format!("is of a kind that TLS cannot use here: {error}")))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(LoadedCertificate {
            key: Arc::new(certified),
            ends,
        }),
        Err(rustls::Error::InconsistentKeys(_)) => Err(wrong_key(format!(
            "is not the key of the (first) certificate in {}",
            files.certificate.display()
        ))),
        Err(error) => Err(wrong_certificate(error.to_string())),
    }
}

/// Checks the versions and times of a certificate and those above it; the first end of them all.
fn check_chain(chain: &[CertificateDer<'_>], now: SystemTime) -> Result<SystemTime, String> {
    let mut first_end = None;
    for (index, der) in chain.iter().enumerate() {
        let name = match chain.len() {
            1 => "the certificate".to_owned(),
            _ => format!("certificate {} of {}", index + 1, chain.len()),
        };
        let certificate = Certificate::from_der(der)
            .map_err(|error| format!("{name} is not an X.509 certificate that can be read: {error}"))?;
        let certificate = certificate.tbs_certificate;
        if index == 0 && certificate.version != Version::V3 {
            return Err(format!(
                "{name} is of an old version of X.509; TLS needs version 3. Have it issued again, with extensions"
            ));
        }
        let begins = certificate.validity.not_before.to_unix_duration();
        let ends = UNIX_EPOCH + certificate.validity.not_after.to_unix_duration();
        if now >= ends {
            return Err(format!("{name} ended on {}", date(ends)));
        }
        if now + CLOCKS_APART < UNIX_EPOCH + begins {
            return Err(format!(
                "{name} is not valid before {}. Is this machine's clock right?",
                date(UNIX_EPOCH + begins)
            ));
        }
        first_end = Some(first_end.map_or(ends, |first: SystemTime| first.min(ends)));
    }
    first_end.ok_or_else(|| "there is no certificate".to_owned())
}

fn date(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_unix_duration(since).map_or_else(|_| "a day too far away".to_owned(), |date| date.to_string())
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    match Content::of(&bytes) {
        Content::PrivateKey => {
            PrivateKeyDer::from_pem_slice(without_mark(&bytes)).map_err(|_error| "the private key is damaged".to_owned())
        }
        Content::EncryptedKey => Err(Content::EncryptedKey.to_string()),
        content => Err(format!("there is no private key; the file {content}")),
    }
}

/// Every certificate in a file; at least one.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let chain = CertificateDer::pem_slice_iter(without_mark(&bytes))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_error| "a certificate is damaged".to_owned())?;
    if chain.is_empty() {
        return Err(format!("there is no certificate; the file {}", Content::of(&bytes)));
    }
    Ok(chain)
}

/// Checks a file of certificates that are to be trusted.
pub(super) fn check_trusted(key: &str, path: &Path) -> Result<(), ConfigError> {
    let unusable = |reason: String| ConfigError::new(key, format!("{}: {reason}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path).map_err(unusable)? {
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
