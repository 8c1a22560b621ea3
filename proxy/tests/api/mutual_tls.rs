//! A Wise that asks for a client certificate.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::harness::{DOCUMENTED_REQUEST, Setup, create_request, proxy, tempdir, write_secret};

/// A certificate authority of the test's own.
struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let key = KeyPair::generate().expect("a key");
        (params.signed_by(&key, &self.issuer).expect("a certificate"), key)
    }

    /// Writes a client's certificate and key, and gives the certificate.
    fn write_client(&self, folder: &Path) -> CertificateDer<'static> {
        let (certificate, key) = self.issue("proxy.partner.example");
        std::fs::write(folder.join("client.pem"), certificate.pem()).expect("a certificate");
        write_secret(&folder.join("client.key"), &key.serialize_pem());
        certificate.der().clone()
    }
}

type Seen = Arc<Mutex<Vec<CertificateDer<'static>>>>;

/// A server that answers as Wise does, closes after each answer, and notes who called.
async fn start_wise(authority: &Authority) -> (SocketAddr, Seen) {
    let (certificate, key) = authority.issue("localhost");
    let mut roots = RootCertStore::empty();
    roots.add(authority.der.clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .expect("a verifier");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let seen = Seen::default();
    let noted = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let client = stream.get_ref().1.peer_certificates().and_then(<[_]>::first).cloned();
            noted.lock().expect("the list").extend(client.map(CertificateDer::into_owned));
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .keep_alive(false)
                    .serve_connection(TokioIo::new(stream), service_fn(answer)),
            );
        }
    });
    (addr, seen)
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, std::convert::Infallible> {
    let body = if request.uri().path() == "/oauth/token" {
        r#"{"access_token":"t","token_type":"bearer","expires_in":100}"#
    } else {
        r#"{"id":7,"status":"CREATING"}"#
    };
    Ok(Response::new(Body::from(body)))
}

async fn create(routes: &axum::Router) -> u16 {
    use tower::ServiceExt as _;
    let mut request = create_request().body(Body::from(DOCUMENTED_REQUEST)).expect("a request");
    let key = format!("\"{}\"", uuid::Uuid::new_v4());
    request.headers_mut().insert("idempotency-key", key.parse().expect("a key"));
    let peer = partner_case_proxy::Peer(SocketAddr::from(([127, 0, 0, 1], 50_000)));
    request.extensions_mut().insert(peer);
    routes.clone().oneshot(request).await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn wise_sees_the_partners_certificate_and_the_new_one_after_it_was_replaced() {
    let authority = Authority::new();
    let (addr, seen) = start_wise(&authority).await;
    let folder = tempdir();
    std::fs::write(folder.join("ca.pem"), &authority.pem).expect("a root");
    let first = authority.write_client(&folder);
    let file = |name: &str| folder.join(name).display().to_string();
    let upstream = format!(
        "ca_file = {:?}\nclient_cert_file = {:?}\nclient_key_file = {:?}",
        file("ca.pem"),
        file("client.pem"),
        file("client.key")
    );
    let setup = Setup {
        upstream: &upstream,
        ..Setup::default()
    };
    let proxy = proxy(&format!("https://localhost:{}", addr.port()), &setup);
    assert_eq!(create(&proxy.routes).await, 200);
    assert!(seen.lock().expect("the list").iter().all(|client| *client == first));

    let second = authority.write_client(&folder);
    tokio::time::sleep(Duration::from_millis(5200)).await;
    assert_eq!(create(&proxy.routes).await, 200);
    assert_eq!(seen.lock().expect("the list").last(), Some(&second));

    // Half a change: the old certificate holds.
    std::fs::write(folder.join("client.key"), "nonsense").expect("a file");
    tokio::time::sleep(Duration::from_millis(5200)).await;
    assert_eq!(create(&proxy.routes).await, 200);
    assert_eq!(seen.lock().expect("the list").last(), Some(&second));
}
