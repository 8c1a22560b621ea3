//! Who the agent is, as far as the portal or its sign-on vouches for it.

mod headers;
mod id;
mod jwks;
pub(crate) mod jwt;

use axum::http::{Extensions, HeaderMap};
use partner_case_core::{Problem, ProblemCode};

use self::headers::only_value;
pub(crate) use self::id::StaffId;
use self::jwt::JwtVerifier;
use crate::config::{StaffMode, TrustedHeader};
use crate::http_client::HttpClient;
use crate::server::Peer;

/// Identifies the agent behind a request.
#[derive(Debug)]
pub(crate) struct Staff {
    jwt: Option<JwtVerifier>,
}

impl Staff {
    /// Prepares the configured mode. The sign-on's keys are fetched with `client`, when the first token needs them.
    pub(crate) fn new(mode: &StaffMode, client: HttpClient) -> Self {
        let jwt = match mode {
            StaffMode::Jwt(jwt) => Some(JwtVerifier::new(jwt.clone(), client)),
            StaffMode::TrustedHeader(_) | StaffMode::InsecureDemo => None,
        };
        Self { jwt }
    }

    /// Returns the agent behind a request.
    ///
    /// # Errors
    /// [`ProblemCode::Unauthenticated`], the same whatever is missing, so that nobody learns which part of a forged request was right.
    /// [`ProblemCode::SignInUnavailable`] when the proxy has no keys of the sign-on to check the token with.
    pub(crate) async fn authenticate(
        &self,
        mode: &StaffMode,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<StaffId, Problem> {
        match &self.jwt {
            // On the heap: the other modes need no room for this future.
            Some(jwt) => Box::pin(jwt.authenticate(headers)).await.map_err(Problem::new),
            None => from_request(mode, headers, extensions).ok_or_else(|| Problem::new(ProblemCode::Unauthenticated)),
        }
    }

    /// Checks whether agents can sign in: with `mode = "jwt"`, whether the proxy has, or can fetch, the sign-on's keys.
    ///
    /// A fetch takes up to five seconds. A caller may stop waiting; the fetch goes on.
    ///
    /// # Errors
    /// Returns the HTTP status or the reason, in words for the operator.
    pub(crate) async fn check(&self) -> Result<(), String> {
        match &self.jwt {
            Some(jwt) => jwt.check().await,
            None => Ok(()),
        }
    }
}

fn from_request(mode: &StaffMode, headers: &HeaderMap, extensions: &Extensions) -> Option<StaffId> {
    match mode {
        StaffMode::Jwt(_) => None,
        // A page of another site can point its own host name at this machine (DNS rebinding). The name still shows in `Host`.
        StaffMode::InsecureDemo => is_loopback_host(headers).then(|| StaffId("demo".to_owned())),
        StaffMode::TrustedHeader(trusted) => from_trusted_header(trusted, headers, extensions.get::<Peer>().copied()),
    }
}

fn is_loopback_host(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok()) else {
        return false;
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    name == "localhost"
        || name
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

fn from_trusted_header(trusted: &TrustedHeader, headers: &HeaderMap, peer: Option<Peer>) -> Option<StaffId> {
    let Peer(addr) = peer?;
    if !trusted.trusted_peers.contains(&addr.ip().to_canonical()) {
        return None;
    }
    let secret = only_value(headers, &trusted.secret_header)?;
    if !trusted.secret.is(secret.as_bytes()) {
        return None;
    }
    let id = only_value(headers, &trusted.header)?;
    // A server on the way that merges two headers of one name puts a comma between their values.
    StaffId::new(id).filter(|_| !id.contains(','))
}
