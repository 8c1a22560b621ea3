//! The accept loop, over real sockets.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use partner_case_proxy::config::Limits;
use partner_case_proxy::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use wise_simulator::{FaultKind, Target};

use crate::harness::{DOCUMENTED_REQUEST, Harness, KEY, STAFF_SECRET, tempdir};

pub(crate) const LIMITS: Limits = Limits {
    connections: 3,
    header_timeout: Duration::from_millis(300),
    idle_timeout: Duration::from_millis(1200),
    body_timeout: Duration::from_secs(1),
    unread_timeout: Duration::from_millis(300),
    drain_timeout: Duration::from_secs(5),
    cases_per_minute: NonZeroU32::MAX,
    cases_per_minute_per_staff: NonZeroU32::MAX,
    lookups_per_minute_per_staff: NonZeroU32::MAX,
};

async fn listen(harness: &Harness) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let calls = harness.calls();
    let serving = tokio::spawn(serve(listener, harness.routes(), LIMITS, calls, async {
        drop(stopped.await)
    }));
    (addr, stop, serving)
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    // A reset is an end, too.
    let _ = stream.read_to_string(&mut text).await;
    text
}

fn whole_request() -> String {
    format!(
        "POST /partner-cases/cases HTTP/1.1\r\nhost: p\r\nconnection: close\r\ncontent-type: application/json\r\n\
         sec-fetch-site: same-origin\r\nx-partner-case-form: 1\r\nidempotency-key: {KEY}\r\nx-staff-id: agent-7\r\n\
         x-portal-secret: {STAFF_SECRET}\r\ncontent-length: {}\r\n\r\n{DOCUMENTED_REQUEST}",
        DOCUMENTED_REQUEST.len()
    )
}

#[tokio::test]
async fn half_a_header_is_cut_off_while_another_request_is_answered() {
    let harness = Harness::start().await;
    let (addr, _stop, _serving) = listen(&harness).await;
    let started = Instant::now();
    let mut slow = TcpStream::connect(addr).await.expect("a connection");
    slow.write_all(b"POST /partner-cases/cases HTTP/1.1\r\nhost: p\r\nx-")
        .await
        .expect("half a header");
    let mut good = TcpStream::connect(addr).await.expect("a connection");
    good.write_all(whole_request().as_bytes()).await.expect("a request");
    assert!(read_to_end(&mut good).await.starts_with("HTTP/1.1 200"));
    read_to_end(&mut slow).await;
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// Asks on a connection that stays, and reads the answer.
async fn ask(stream: &mut TcpStream) -> String {
    let request = b"GET /partner-cases/context HTTP/1.1\r\nhost: p\r\n\r\n";
    stream.write_all(request).await.expect("a request");
    let mut answer = String::new();
    while !answer.ends_with('}') {
        let mut bytes = [0; 4096];
        match stream.read(&mut bytes).await {
            Ok(count @ 1..) => answer.push_str(&String::from_utf8_lossy(&bytes[..count])),
            Ok(0) | Err(_) => break,
        }
    }
    answer
}

/// A portal's server keeps its connections, and uses them again after a while. A head must be whole as soon as on a new connection.
#[tokio::test]
async fn a_connection_rests_longer_than_a_head_may_take() {
    let harness = Harness::start().await;
    let (addr, _stop, _serving) = listen(&harness).await;
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    for _ in 0..2 {
        assert!(ask(&mut stream).await.starts_with("HTTP/1.1 "));
        tokio::time::sleep(LIMITS.header_timeout * 2).await;
    }
    stream.write_all(b"GET /partner-cases/context HT").await.expect("half a head");
    let started = Instant::now();
    assert_eq!(read_to_end(&mut stream).await, "");
    assert!(started.elapsed() < LIMITS.idle_timeout);
}

#[tokio::test]
async fn a_connection_does_not_rest_for_ever() {
    let harness = Harness::start().await;
    let (addr, _stop, _serving) = listen(&harness).await;
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    assert!(ask(&mut stream).await.starts_with("HTTP/1.1 "));
    let ended = tokio::time::timeout(Duration::from_secs(10), read_to_end(&mut stream)).await;
    assert_eq!(ended.as_deref(), Ok(""));
}

#[tokio::test]
async fn a_stop_waits_for_the_request_in_flight() {
    let harness = Harness::start().await;
    let (addr, stop, serving) = listen(&harness).await;
    harness.fault(Target::Create, FaultKind::Slow { millis: 300 });
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    stream.write_all(whole_request().as_bytes()).await.expect("a request");
    harness.created_calls(1).await;
    stop.send(()).expect("still serving");
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 200"));
    serving.await.expect("it ends");
    assert!(TcpStream::connect(addr).await.is_err());
}

/// The browser is gone and its connection closed, but the call to Wise is still under way: a stop waits for it, too.
#[tokio::test]
async fn a_stop_waits_for_a_call_that_nobody_waits_for() {
    let harness = Harness::start().await;
    let (addr, stop, serving) = listen(&harness).await;
    harness.fault(Target::Create, FaultKind::Slow { millis: 400 });
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    stream.write_all(whole_request().as_bytes()).await.expect("a request");
    harness.created_calls(1).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send(()).expect("still serving");
    serving.await.expect("it ends");
    assert_eq!(harness.simulator.cases().len(), 1);
    assert!(harness.calls().is_empty());
}

/// A client that asks for a large file and does not read it must not keep its place.
#[tokio::test]
async fn an_answer_that_is_not_read_is_given_up() {
    let dir = tempdir();
    // More than the system's buffers between two sockets take.
    std::fs::write(dir.join("partner-case-form.js"), vec![b'x'; 32 * 1024 * 1024]).expect("a file");
    let harness = Harness::start_with("", Some(&dir)).await;
    let (addr, _stop, _serving) = listen(&harness).await;
    let request = b"GET /partner-cases/widget/partner-case-form.js HTTP/1.1\r\nhost: p\r\n\r\n";
    let mut idle = Vec::new();
    for _ in 0..LIMITS.connections {
        let mut stream = TcpStream::connect(addr).await.expect("a connection");
        stream.write_all(request).await.expect("a request");
        idle.push(stream);
    }
    let mut good = TcpStream::connect(addr).await.expect("a connection");
    good.write_all(whole_request().as_bytes()).await.expect("a request");
    let answer = tokio::time::timeout(Duration::from_secs(10), read_to_end(&mut good)).await;
    assert!(answer.expect("a free place").starts_with("HTTP/1.1 200"));
}

/// A connection that says nothing, and a body that drips, are cut off while others are served.
#[tokio::test]
async fn silence_and_a_dripping_body_are_cut_off_while_another_request_is_answered() {
    let harness = Harness::start_with("[limits]\nbody_timeout_secs = 1", None).await;
    let (addr, _stop, _serving) = listen(&harness).await;
    let started = Instant::now();
    let mut silent = TcpStream::connect(addr).await.expect("a connection");
    let mut dripping = TcpStream::connect(addr).await.expect("a connection");
    let request = whole_request();
    let (head, body) = request.split_once("\r\n\r\n").expect("a request");
    dripping
        .write_all(format!("{head}\r\n\r\n").as_bytes())
        .await
        .expect("a head");
    let (mut answers, mut drops) = dripping.split();
    let drip = async {
        for byte in body.as_bytes() {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if drops.write_all(&[*byte]).await.is_err() {
                break;
            }
        }
    };
    let answer = async {
        let mut text = String::new();
        let _ = answers.read_to_string(&mut text).await;
        text
    };
    let served = async {
        let mut good = TcpStream::connect(addr).await.expect("a connection");
        good.write_all(whole_request().as_bytes()).await.expect("a request");
        read_to_end(&mut good).await
    };
    let cut = async {
        tokio::select! {
            text = answer => text,
            () = drip => String::new(),
        }
    };
    let (served, cut) = tokio::join!(served, cut);
    assert!(served.starts_with("HTTP/1.1 200"), "{served}");
    assert!(cut.contains("body_timeout"), "{cut}");
    assert_eq!(read_to_end(&mut silent).await, "");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
