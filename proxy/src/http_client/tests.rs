use std::net::SocketAddr;

use rustls::RootCertStore;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::connect::Names;
use super::*;

fn client(addresses: Vec<SocketAddr>, connect_timeout: Duration) -> HttpClient {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    HttpClient::with(Connector::with(Names::Fixed(addresses), connect_timeout, tls), false)
}

/// An address that takes no connection and refuses none: its queue is full. The queue has to be held.
async fn silent_address() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let addr = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(addr)).await {
        queue.push(stream);
    }
    (addr, listener, queue)
}

async fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let routes = axum::Router::new().fallback(async || "here");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    addr
}

async fn post(client: &HttpClient, within: Duration) -> Result<Answer, HttpError> {
    let request = Request::post("http://wise.example/").body(Full::from("a case")).unwrap();
    client.send(request, Instant::now() + within).await
}

#[tokio::test]
async fn an_address_that_does_not_answer_costs_its_share_of_the_time_and_not_the_call() {
    let (silent, _listener, _queue) = silent_address().await;
    let alive = server().await;
    let client = client(vec![silent, alive], Duration::from_secs(2));
    let begun = Instant::now();
    let answer = post(&client, Duration::from_secs(5)).await.unwrap();
    assert_eq!(&answer.body[..], b"here");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

/// Whatever the two timeouts are: a call that ends before its connection stands has sent nothing.
#[tokio::test]
async fn a_deadline_that_ends_before_the_connection_stands_is_not_sent() {
    let (silent, _listener, _queue) = silent_address().await;
    for (connect_timeout, within) in [(10_000, 200), (200, 10_000)] {
        let client = client(vec![silent], Duration::from_millis(connect_timeout));
        let answer = post(&client, Duration::from_millis(within)).await;
        assert_eq!(answer.err(), Some(HttpError::NotSent), "{connect_timeout} {within}");
    }
}

#[tokio::test]
async fn a_deadline_that_ends_after_the_request_has_left_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let held = tokio::spawn(async move { listener.accept().await });
    let client = client(vec![addr], Duration::from_secs(1));
    let answer = post(&client, Duration::from_millis(300)).await;
    assert_eq!(answer.err(), Some(HttpError::NoAnswer));
    drop(held);
}
