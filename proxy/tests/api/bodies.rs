//! Requests whose bodies are refused, over real sockets: nobody else's request is hurt by them.

use std::net::SocketAddr;
use std::time::Duration;

use partner_case_core::limits::CREATE_BODY_MAX_BYTES;
use partner_case_proxy::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{DOCUMENTED_REQUEST, Harness, KEY, STAFF_SECRET};
use crate::serving::LIMITS;

async fn listen(harness: &Harness) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (routes, calls) = (harness.routes(), harness.calls());
    tokio::spawn(serve(listener, routes, LIMITS, calls, std::future::pending()));
    addr
}

/// A create call as the portal's server passes it on, with a body of so many bytes.
fn head(secret: &str, length: usize, more: &str) -> String {
    format!(
        "POST /partner-cases/cases HTTP/1.1\r\nhost: p\r\ncontent-type: application/json\r\nsec-fetch-site: same-origin\r\n\
         x-partner-case-form: 1\r\nidempotency-key: {KEY}\r\nx-staff-id: agent-7\r\nx-portal-secret: {secret}\r\n\
         content-length: {length}\r\n{more}\r\n"
    )
}

/// Reads one answer: its head, and its body by the length that it names.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(1) => text.push(byte[0]),
            _ => return String::from_utf8_lossy(&text).into_owned(),
        }
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a length"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.expect("the body");
    text.extend(body);
    String::from_utf8_lossy(&text).into_owned()
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("in time")
}

/// A server in front sends the next agent's request on the same connection.
#[tokio::test]
async fn a_refused_body_leaves_the_connection_to_the_next_request() {
    let harness = Harness::start().await;
    let addr = listen(&harness).await;
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let text = "x".repeat(100_000);
    for _ in 0..3 {
        let refused = head("wrong-secret-0123456789abcdef-0123456789", text.len(), "");
        stream.write_all(refused.as_bytes()).await.expect("a head");
        stream.write_all(text.as_bytes()).await.expect("a body");
        let answer = soon(read_answer(&mut stream)).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        assert!(!answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    }
    let good = head(STAFF_SECRET, DOCUMENTED_REQUEST.len(), "") + DOCUMENTED_REQUEST;
    stream.write_all(good.as_bytes()).await.expect("a request");
    assert!(soon(read_answer(&mut stream)).await.starts_with("HTTP/1.1 200"));
}

/// It is answered before it is read, and the answer arrives although the client goes on sending for a while.
#[tokio::test]
async fn a_body_that_is_much_too_long_is_answered_and_the_close_is_announced() {
    let harness = Harness::start().await;
    let addr = listen(&harness).await;
    for secret in [STAFF_SECRET, "wrong-secret-0123456789abcdef-0123456789"] {
        let mut stream = TcpStream::connect(addr).await.expect("a connection");
        let length = 2 * CREATE_BODY_MAX_BYTES;
        stream.write_all(head(secret, length, "").as_bytes()).await.expect("a head");
        // All of it is sent before anything is read, as a simple client does.
        let text = vec![b'x'; length];
        soon(stream.write_all(&text)).await.expect("nobody breaks the connection");
        let answer = soon(read_answer(&mut stream)).await;
        let expected = if secret == STAFF_SECRET { "413" } else { "401" };
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
        assert_eq!(soon(read_answer(&mut stream)).await, "", "and then it is closed");
    }
}

#[tokio::test]
async fn a_client_that_waits_for_a_word_is_not_asked_for_a_body_that_is_refused() {
    let harness = Harness::start().await;
    let addr = listen(&harness).await;
    let wrong = "wrong-secret-0123456789abcdef-0123456789";
    for (secret, length, status) in [(STAFF_SECRET, 2 * CREATE_BODY_MAX_BYTES, 413), (wrong, 10, 401)] {
        let mut stream = TcpStream::connect(addr).await.expect("a connection");
        let request = head(secret, length, "expect: 100-continue\r\n");
        stream.write_all(request.as_bytes()).await.expect("a head");
        let answer = soon(read_answer(&mut stream)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
    }
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let request = head(STAFF_SECRET, DOCUMENTED_REQUEST.len(), "expect: 100-continue\r\n");
    stream.write_all(request.as_bytes()).await.expect("a head");
    assert!(soon(read_answer(&mut stream)).await.starts_with("HTTP/1.1 100"));
    stream.write_all(DOCUMENTED_REQUEST.as_bytes()).await.expect("a body");
    assert!(soon(read_answer(&mut stream)).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_has_nothing_more_to_send_gets_its_answer() {
    let harness = Harness::start().await;
    harness.fault(
        wise_simulator::Target::Create,
        wise_simulator::FaultKind::Slow { millis: 200 },
    );
    let addr = listen(&harness).await;
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let request = head(STAFF_SECRET, DOCUMENTED_REQUEST.len(), "") + DOCUMENTED_REQUEST;
    stream.write_all(request.as_bytes()).await.expect("a request");
    stream.shutdown().await.expect("half a close");
    assert!(soon(read_answer(&mut stream)).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_request_without_one_good_host_is_refused() {
    let harness = Harness::start().await;
    let addr = listen(&harness).await;
    for (hosts, status) in [
        ("", 400),
        ("host: a\r\nhost: b\r\n", 400),
        ("host: a b\r\n", 400),
        ("host: p\r\n", 403),
    ] {
        let mut stream = TcpStream::connect(addr).await.expect("a connection");
        let request = format!("GET /partner-cases/context HTTP/1.1\r\n{hosts}\r\n");
        stream.write_all(request.as_bytes()).await.expect("a request");
        let answer = soon(read_answer(&mut stream)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{hosts}: {answer}");
    }
}
