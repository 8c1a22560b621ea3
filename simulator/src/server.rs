//! The server: routes, and an accept loop that can close a connection without an answer.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};
use tower::ServiceExt as _;

use crate::fault::DropConnection;
use crate::generation::Generation;
use crate::state::SharedState;
use crate::{Counts, Fault, LedgerEntry, Settings, admin, cases, token, trace};

/// A running simulator. It stops when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    state: SharedState,
    routes: Router,
    addr: SocketAddr,
    /// The loop that accepts connections, if there is one.
    accepting: Option<AbortHandle>,
}

impl Simulator {
    /// Starts a simulator on an address; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start(addr: SocketAddr, settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let mut simulator = Self::in_memory(settings);
        simulator.addr = addr;
        simulator.accepting = Some(tokio::spawn(accept(listener, simulator.routes.clone())).abort_handle());
        Ok(simulator)
    }

    /// A simulator that listens nowhere: what it is asked comes through [`Self::answer`].
    pub fn in_memory(settings: Settings) -> Self {
        let state = SharedState::new(settings);
        Self {
            routes: routes(state.clone()),
            state,
            addr: SocketAddr::from(([0, 0, 0, 0], 0)),
            accepting: None,
        }
    }

    /// Answers a request, wherever it comes from.
    ///
    /// # Errors
    /// When a fault closes the connection without a byte.
    pub async fn answer(&self, request: Request) -> io::Result<Response> {
        answer(self.routes.clone(), request).await
    }

    /// The address it listens on; port 0 if it listens nowhere.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Queues a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.state.lock().faults.push(fault);
    }

    /// Every case created so far.
    pub fn cases(&self) -> Vec<LedgerEntry> {
        self.state.lock().ledger.clone()
    }

    /// How often each call was heard.
    pub fn counts(&self) -> Counts {
        self.state.lock().counts
    }

    /// Holds back what a fault answers after a call was carried out, until this is called again with `false`.
    pub fn hold_answers(&self, hold: bool) {
        self.state.lock().holds_answers = hold;
    }

    /// Ends the setting-up of every case created so far.
    pub fn set_up_cases(&self) {
        for entry in &mut self.state.lock().ledger {
            entry.set_up = true;
        }
    }

    /// Makes every token given out so far worthless, as a revocation does.
    pub fn revoke_tokens(&self) {
        self.state.lock().tokens.clear();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

fn routes(state: SharedState) -> Router {
    Router::new()
        .route("/oauth/token", post(token::grant))
        .merge(
            Generation::ALL
                .into_iter()
                .map(case_routes)
                .fold(Router::new(), Router::merge),
        )
        .route("/_simulator/ledger", get(admin::ledger).delete(admin::forget))
        .route("/_simulator/received", get(admin::received))
        .route("/_simulator/faults", post(admin::add_fault))
        .route("/_simulator/becomes", post(admin::becomes))
        .route("/_simulator/credentials", post(admin::credentials))
        .route("/_simulator/webhooks", post(admin::webhooks))
        .layer(middleware::from_fn(trace::add_trace_id))
        .with_state(state)
}

/// The case routes of one API version.
fn case_routes(generation: Generation) -> Router<SharedState> {
    let version = generation.version();
    Router::new()
        .route(&format!("/{version}/cases"), post(cases::create))
        .route(&format!("/{version}/cases/{{id}}"), get(cases::get))
        .layer(Extension(generation))
}

async fn accept(listener: TcpListener, routes: Router) {
    // The set ends the connections together with the loop, so that a stopped simulator answers nobody.
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else { continue };
        let routes = routes.clone();
        connections.spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| answer(routes.clone(), request.map(Body::new)));
            // An error here is a connection that the caller, or a fault, has closed.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Answers a request; an error makes hyper close the connection without a byte.
async fn answer(routes: Router, request: Request) -> io::Result<Response> {
    let response = routes
        .oneshot(request)
        .await
        .unwrap_or_else(|never: Infallible| match never {});
    if response.extensions().get::<DropConnection>().is_some() {
        return Err(io::Error::other("the connection is dropped on demand"));
    }
    Ok(response)
}
