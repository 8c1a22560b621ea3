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
    send(routes, DOCUMENTED_REQUEST).await.status().as_u16()
}

async fn send(routes: &axum::Router, text: &str) -> axum::response::Response {
    use tower::ServiceExt as _;
    let mut request = create_request().body(Body::from(text.to_owned())).expect("a request");
    let key = format!("\"{}\"", uuid::Uuid::new_v4());
    request.headers_mut().insert("idempotency-key", key.parse().expect("a key"));
    let peer = partner_case_proxy::Peer(SocketAddr::from(([127, 0, 0, 1], 50_000)));
    request.extensions_mut().insert(peer);
    routes.clone().oneshot(request).await.expect("an answer")
}

/// Under TLS 1.3 the refusal arrives after the handshake has ended here, when the case is on its way. A token may be in the cache for hours.
#[tokio::test]
async fn a_certificate_that_wise_refuses_is_not_sent_and_is_named_until_it_is_replaced() {
    let (trusted, other) = (Authority::new(), Authority::new());
    let (addr, _) = start_wise(&trusted).await;
    let folder = tempdir();
    std::fs::write(folder.join("ca.pem"), &trusted.pem).expect("a root");
    trusted.write_client(&folder);
    let file = |name: &str| folder.join(name).display().to_string();
    let upstream = format!(
        "ca_file = {:?}\nclient_cert_file = {:?}\nclient_key_file = {:?}",
        file("ca.pem"),
        file("client.pem"),
        file("client.key")
    );
    let setup = Setup {
        upstream: &upstream,
        limits: "[limits]\ncases_per_minute_per_staff = 1000",
        ..Setup::default()
    };
    let proxy = proxy(&format!("https://localhost:{}", addr.port()), &setup);
    assert_eq!(create(&proxy.routes).await, 200, "a token is in the cache");
    // Wise takes the certificates of another authority from now on; here, the proxy has one of those.
    other.write_client(&folder);
    tokio::time::sleep(Duration::from_millis(5200)).await;
    // A long text is still being written when the refusal arrives.
    let long = DOCUMENTED_REQUEST.replace("Initial summary", &"漢".repeat(60_000));
    for text in [DOCUMENTED_REQUEST, &long].repeat(22) {
        let answer = create_with_answer(&proxy.routes, text).await;
        assert_eq!(
            (answer["code"].as_str(), answer["outcome"].as_str()),
            (Some("upstream_certificate"), Some("not_created")),
            "{answer}"
        );
    }
    let (status, ready) = ready(&proxy).await;
    assert_eq!(status, 503, "{ready}");
    assert!(ready.contains("client certificate"), "{ready}");
    trusted.write_client(&folder);
    tokio::time::sleep(Duration::from_millis(5200)).await;
    let (status, body) = ready_again(&proxy).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(create(&proxy.routes).await, 200);
}

async fn create_with_answer(routes: &axum::Router, text: &str) -> serde_json::Value {
    use http_body_util::BodyExt as _;
    let response = send(routes, text).await;
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    serde_json::from_slice(&body).expect("JSON")
}

async fn ready(proxy: &crate::harness::Proxy) -> (u16, String) {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let request = Request::get("/readyz").body(Body::empty()).expect("a request");
    let response = proxy.admin.clone().oneshot(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// The first look may only find out that the certificate is accepted again.
async fn ready_again(proxy: &crate::harness::Proxy) -> (u16, String) {
    for _ in 0..20 {
        let found = ready(proxy).await;
        if found.0 == 200 {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    ready(proxy).await
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
