//! The certificate by which Wise knows the partner's server (mutual TLS), read anew when its files change.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::config::{ClientCertificate, ConfigError};

/// How often the files are looked at, at the most. They are small, and it happens at a handshake only.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Gives the present certificate to each new connection.
#[derive(Debug)]
pub(crate) struct ReloadedCertificate {
    files: ClientCertificate,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    key: Arc<CertifiedKey>,
    changed: [Option<SystemTime>; 2],
    looked: Option<Instant>,
}

impl ReloadedCertificate {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// When they cannot be read, or do not belong together.
    pub(crate) fn new(files: ClientCertificate) -> Result<Self, ConfigError> {
        let state = State {
            key: read(&files).map_err(|reason| ConfigError::new("upstream.client_cert_file", reason))?,
            changed: times(&files),
            looked: Some(Instant::now()),
        };
        Ok(Self {
            files,
            state: Mutex::new(state),
        })
    }

    /// Looks at the files at the next connection.
    pub(crate) fn reload(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.looked = None;
    }

    fn current(&self) -> Arc<CertifiedKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) {
            state.looked = Some(Instant::now());
            let changed = times(&self.files);
            if changed != state.changed {
                // While the two files are being replaced they may not fit; the old ones hold until they do.
                match read(&self.files) {
                    Ok(key) => {
                        tracing::info!("the client certificate was read anew");
                        state.key = key;
                        state.changed = changed;
                    }
                    Err(reason) => tracing::error!(reason, "the changed client certificate cannot be used; the old one is"),
                }
            }
        }
        state.key.clone()
    }
}

impl ResolvesClientCert for ReloadedCertificate {
    fn resolve(&self, _root_hint_subjects: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let key = self.current();
        key.key.choose_scheme(schemes).is_some().then_some(key)
    }

    fn has_certs(&self) -> bool {
        true
    }
}

fn times(files: &ClientCertificate) -> [Option<SystemTime>; 2] {
    let time = |path: &PathBuf| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    [time(&files.certificate), time(&files.key)]
}

fn read(files: &ClientCertificate) -> Result<Arc<CertifiedKey>, String> {
    let named = |path: &PathBuf, reason: String| format!("{}: {reason}", path.display());
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| named(&files.certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(named(&files.certificate, "there is no certificate in it".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| named(&files.key, error.to_string()))?;
    let key = any_supported_type(&key).map_err(|error| named(&files.key, error.to_string()))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(Arc::new(certified)),
        Err(error) => Err(named(&files.key, error.to_string())),
    }
}
