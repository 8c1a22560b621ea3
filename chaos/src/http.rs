//! The test's own calls, to the proxies and to the simulator.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A client with a pool of connections.
#[derive(Debug)]
pub(crate) struct Http(Client<HttpConnector, Body>);

impl Http {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Returns the whole answer, or `None` when there was none in time. A body that is no JSON is null.
    pub(crate) async fn send(&self, request: Request<Body>, patience: Duration) -> Option<(StatusCode, Value)> {
        let exchange = async {
            let response = self.0.request(request).await.ok()?;
            let status = response.status();
            let body = response.into_body().collect().await.ok()?.to_bytes();
            Some((status, serde_json::from_slice(&body).unwrap_or_default()))
        };
        tokio::time::timeout(patience, exchange).await.ok().flatten()
    }

    /// Asks for a URL.
    pub(crate) async fn get(&self, url: String, patience: Duration) -> Option<(StatusCode, Value)> {
        self.send(Request::get(url).body(Body::empty()).ok()?, patience).await
    }
}
