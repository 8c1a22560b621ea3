//! The certificate by which Wise knows the partner's server (mutual TLS), read again when its files change.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;

use crate::config::{ClientCertificate, ConfigError, LoadedCertificate};

/// How often the files are looked at, at the most. They are small, and it happens at a handshake only.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How often the log warns of a certificate that ends soon.
const WARN_EVERY: Duration = Duration::from_hours(24);

/// Shows the current certificate at each new connection.
#[derive(Debug)]
pub(crate) struct ReloadedCertificate {
    files: ClientCertificate,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    loaded: LoadedCertificate,
    version: Version,
    looked: Instant,
    warned: Option<Instant>,
}

/// By what a change of the files shows: when they were written, and how often an operator asked for them to be read again.
type Version = ([Option<SystemTime>; 2], u64);

impl ReloadedCertificate {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// Which of the files cannot be used, and why.
    pub(crate) fn new(files: ClientCertificate) -> Result<Self, ConfigError> {
        let version = version(&files);
        let state = State {
            loaded: files.load()?,
            version,
            looked: Instant::now(),
            // The configuration has warned already.
            warned: Some(Instant::now()),
        };
        Ok(Self {
            files,
            state: Mutex::new(state),
        })
    }

    fn current(&self) -> Arc<CertifiedKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = self.files.reloads() != state.version.1;
        if asked || state.looked.elapsed() >= LOOK_EVERY {
            state.looked = Instant::now();
            state.look(&self.files);
        }
        state.loaded.key.clone()
    }
}

impl State {
    fn look(&mut self, files: &ClientCertificate) {
        let version = version(files);
        if version != self.version {
            // While the two files are being replaced they may not fit each other; the old ones are shown until they do.
            match files.load() {
                Ok(loaded) => {
                    tracing::info!("the client certificate was replaced");
                    self.loaded = loaded;
                    self.warned = None;
                    self.version = version;
                }
                Err(error) => {
                    // The times stay as they were, so the files are tried again.
                    self.version.1 = version.1;
                    tracing::error!(%error, "the changed client certificate cannot be used; the old one is");
                }
            }
        }
        if self.warned.is_none_or(|warned| warned.elapsed() >= WARN_EVERY)
            && let Some(warning) = self.loaded.warning(SystemTime::now())
        {
            self.warned = Some(Instant::now());
            tracing::warn!("{warning}");
        }
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

fn version(files: &ClientCertificate) -> Version {
    let written = |path: &PathBuf| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    ([written(&files.certificate), written(&files.key)], files.reloads())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::client_certificate;

    #[test]
    fn an_operator_who_asks_for_it_has_the_new_certificate_shown_at_once() {
        let (files, replace) = client_certificate();
        let shown = ReloadedCertificate::new(files.clone()).unwrap();
        let first = shown.current().cert.clone();
        replace();
        assert_eq!(shown.current().cert, first, "looked at a moment ago");
        files.reload();
        let second = shown.current().cert.clone();
        assert_ne!(second, first);
        std::fs::write(&files.key, "nonsense").unwrap();
        files.reload();
        assert_eq!(shown.current().cert, second, "what cannot be used changes nothing");
    }
}
