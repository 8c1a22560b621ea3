//! The way to the simulated Wise, as Wise has it: TLS that asks for the partner's certificate, and takes the newest alone.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::files::{CA_FILE, CERTIFICATE_FILE, KEY_FILE, write_private};

/// How long the certificate before is still taken. The proxy looks at its files every five seconds (docs/operating.md).
pub(crate) const OVERLAP: Duration = Duration::from_secs(9);

/// How long the two files do not fit, as when somebody copies one after the other.
const BETWEEN_THE_FILES: Duration = Duration::from_millis(200);

/// A TLS end in front of the simulator. It is a handle, so it is cloned freely.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    /// Every certificate that was laid down, the newest last.
    certificates: Mutex<Vec<Laid>>,
    /// How many connections showed one whose time was over.
    outdated: AtomicU32,
    /// How many handshakes failed for what was shown, not for a connection that broke.
    unfit: AtomicU32,
}

/// A certificate that was laid down for the proxy.
struct Laid {
    certificate: CertificateDer<'static>,
    /// The end of its time, once there is a newer one.
    until: Option<Instant>,
    shown: bool,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// Opens at a free port, and lays the first certificate down in `folder`. The answer is the port's address, too.
    pub(crate) async fn open(folder: &Path, simulator: SocketAddr) -> anyhow::Result<(Self, SocketAddr)> {
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate()?;
        let authority = params.self_signed(&key)?;
        std::fs::write(folder.join(CA_FILE), authority.pem())?;
        let gate = Self(Arc::new(Inner {
            folder: folder.to_owned(),
            issuer: Issuer::new(params, key),
            certificates: Mutex::default(),
            outdated: AtomicU32::new(0),
            unfit: AtomicU32::new(0),
        }));
        gate.replace_certificate().await?;
        let acceptor = gate.acceptor(authority.der())?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let entrance = gate.clone();
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    // The system may be out of files for a moment.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                let (gate, acceptor) = (entrance.clone(), acceptor.clone());
                tokio::spawn(async move { gate.pass(stream, &acceptor, simulator).await });
            }
        });
        Ok((gate, addr))
    }

    fn acceptor(&self, authority: &CertificateDer<'static>) -> anyhow::Result<TlsAcceptor> {
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
        let (certificate, key) = self.issue("127.0.0.1")?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], key)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn issue(&self, name: &str) -> anyhow::Result<(rcgen::Certificate, KeyPair)> {
        let key = KeyPair::generate()?;
        let params = CertificateParams::new(vec![name.to_owned()])?;
        Ok((params.signed_by(&key, &self.0.issuer)?, key))
    }

    /// Replaces the proxy's certificate as docs/operating.md says: new files in the places of the old. The one before is taken for a while
    /// yet, and then no more.
    pub(crate) async fn replace_certificate(&self) -> anyhow::Result<()> {
        let (certificate, key) = self.issue("proxy.partner.example")?;
        self.certificates().push(Laid {
            certificate: certificate.der().clone(),
            until: None,
            shown: false,
        });
        std::fs::write(self.0.folder.join(CERTIFICATE_FILE), certificate.pem())?;
        tokio::time::sleep(BETWEEN_THE_FILES).await;
        write_private(&self.0.folder.join(KEY_FILE), key.serialize_pem())?;
        let mut certificates = self.certificates();
        let (_, before) = certificates.split_last_mut().context("the new one")?;
        for laid in before {
            laid.until.get_or_insert(Instant::now() + OVERLAP);
        }
        Ok(())
    }

    fn certificates(&self) -> MutexGuard<'_, Vec<Laid>> {
        self.0.certificates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many certificates were shown, and how many were laid down.
    pub(crate) fn shown(&self) -> (usize, usize) {
        let certificates = self.certificates();
        (certificates.iter().filter(|laid| laid.shown).count(), certificates.len())
    }

    /// What was not as it has to be.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let told = |count: u32, what: &str| (count > 0).then(|| format!("{count} times {what}"));
        let (shown, laid) = self.shown();
        // One may be replaced before there is a connection to show it on, while the proxy stands still or spares the token endpoint.
        let ignored = laid > 3 && shown < laid / 2;
        [
            told(
                self.0.outdated.load(Ordering::Relaxed),
                "the proxy showed a certificate that had been replaced",
            ),
            told(
                self.0.unfit.load(Ordering::Relaxed),
                "the proxy's certificate was not one that can be taken",
            ),
            ignored.then(|| format!("of {laid} certificates that were laid down for the proxy it showed {shown}")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn takes(&self, shown: &CertificateDer<'_>) -> bool {
        let mut certificates = self.certificates();
        let known = certificates.iter_mut().find(|laid| laid.certificate == *shown);
        known.is_some_and(|laid| {
            laid.shown = true;
            laid.until.is_none_or(|until| Instant::now() < until)
        })
    }

    async fn pass(&self, stream: TcpStream, acceptor: &TlsAcceptor, simulator: SocketAddr) {
        // Without it a small answer would wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        let begun = Instant::now();
        let mut stream = match acceptor.accept(stream).await {
            Ok(stream) => stream,
            Err(error) => {
                // A proxy that is killed in the middle breaks off; it does not send what makes no sense.
                if error.kind() == std::io::ErrorKind::InvalidData {
                    self.0.unfit.fetch_add(1, Ordering::Relaxed);
                }
                return;
            }
        };
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        if !shown.is_some_and(|shown| self.takes(shown)) {
            // A handshake that the machine held up says nothing of the proxy.
            if begun.elapsed() < Duration::from_secs(2) {
                self.0.outdated.fetch_add(1, Ordering::Relaxed);
            }
            return;
        }
        let Ok(mut behind) = TcpStream::connect(simulator).await else {
            return;
        };
        let _ = behind.set_nodelay(true);
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut behind).await;
    }
}
