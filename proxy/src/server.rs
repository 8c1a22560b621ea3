//! The accept loop: how many connections, how slow they may be, and how they end.
//!
//! `axum::serve` has no header timer, so a client that sends half a header would hold its connection for ever.

mod head_timeout;
mod kept_body;
mod linger;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use self::head_timeout::{HeadTimeout, InFlight};
use self::kept_body::keep;
use self::linger::{Linger, LingeringStream};
use crate::config::Limits;

/// How long to wait after the system refuses a connection, typically for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How much of a request is read ahead, in bytes: enough for the headers of a portal with large cookies. The library's own bound is four
/// hundred thousand, for each connection and before anybody has said who they are.
const READ_AHEAD_MAX_BYTES: usize = 64 * 1024;

/// The address a connection comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Serves until `stop` ends, then lets the requests and the calls to Wise in flight end.
pub async fn serve(listener: TcpListener, routes: Router, limits: Limits, calls: TaskTracker, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(limits.connections));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let Some((stream, peer, slot)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Without it a small answer would wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        // A client that asks and does not read the answer would hold its place for ever.
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.unread_timeout));
        let in_flight = InFlight::default();
        let stream = HeadTimeout::new(Box::pin(stream), limits.header_timeout, in_flight.clone());
        let linger = Linger::default();
        let stream = LingeringStream::new(stream, linger.clone());
        let routes = routes.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            in_flight
                .clone()
                .during(answer(routes.clone(), request, peer, linger.clone()))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle_timeout)
            .max_buf_size(READ_AHEAD_MAX_BYTES)
            // A client that has nothing more to send still waits for its answer.
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // An error is a client that went away or was too slow; there is nobody to tell.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    calls.close();
    let drained = async {
        graceful.shutdown().await;
        // A browser that went away has left its call behind; what becomes of it is to be written down.
        calls.wait().await;
    };
    if tokio::time::timeout(limits.drain_timeout, drained).await.is_err() {
        tracing::warn!("requests were still in flight when the drain time ended");
    }
}

/// Answers a request. A body that was refused is read to its end where that is little, so that the connection can be used again; else the answer
/// says that the connection is closed. A server in front would send its next request on a connection that is closed without a word, and its
/// agent would see 502.
async fn answer(
    routes: Router,
    request: Request<Incoming>,
    peer: Peer,
    linger: Linger,
) -> Result<axum::response::Response, std::convert::Infallible> {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(peer);
    let waits = parts.headers.contains_key(header::EXPECT);
    let (kept, body) = keep(body);
    let mut response = routes.oneshot(Request::from_parts(parts, Body::new(body))).await?;
    if !kept.read_to_end(waits).await {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        linger.set();
    }
    Ok(response)
}

type Accepted = (TcpStream, Peer, tokio::sync::OwnedSemaphorePermit);

/// Waits for a free slot, then for a connection: beyond the cap, connections wait in the system's queue.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, addr)) => Some((stream, Peer(addr), slot)),
        Err(error) => {
            tracing::error!(%error, "cannot accept a connection");
            None
        }
    }
}
