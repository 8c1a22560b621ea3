//! Who the staff member is, as far as the portal vouches for it.

pub(crate) mod jwt;

use axum::http::{Extensions, HeaderMap, HeaderName};
use partner_case_core::{Problem, ProblemCode};

use self::jwt::JwtVerifier;
use crate::config::{StaffMode, TrustedHeader};
use crate::http_client::HttpClient;
use crate::server::Peer;

/// The longest staff id that is taken, in characters. It goes into the audit line.
const STAFF_ID_MAX_CHARS: usize = 128;

/// The portal's id of the staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StaffId(pub(crate) String);

impl StaffId {
    /// An id as the portal or the sign-on has it; none for one that does not belong into an audit line.
    fn new(id: &str) -> Option<Self> {
        let id = id.trim();
        let plain = !id.is_empty() && id.chars().count() <= STAFF_ID_MAX_CHARS && !id.chars().any(char::is_control);
        plain.then(|| Self(id.to_owned()))
    }
}

/// Tells who is calling.
#[derive(Debug)]
pub(crate) struct Staff {
    jwt: Option<JwtVerifier>,
}

impl Staff {
    /// `client` is for fetching the keys of a sign-on.
    pub(crate) fn new(mode: &StaffMode, client: HttpClient) -> Self {
        let jwt = match mode {
            StaffMode::Jwt(jwt) => Some(JwtVerifier::new(jwt.clone(), client)),
            StaffMode::TrustedHeader(_) | StaffMode::InsecureDemo => None,
        };
        Self { jwt }
    }

    /// stub
    pub(crate) async fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// Tells who is calling.
    ///
    /// # Errors
    /// [`ProblemCode::Unauthenticated`], the same whatever is missing, so that nobody learns which part of a forged request was right.
    pub(crate) async fn authenticate(
        &self,
        mode: &StaffMode,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<StaffId, Problem> {
        match &self.jwt {
            // On the heap, as the other ways to know somebody need no room for it.
            Some(jwt) => Box::pin(jwt.staff(headers))
                .await
                .ok_or_else(|| Problem::new(ProblemCode::Unauthenticated)),
            None => from_request(mode, headers, extensions),
        }
    }
}

fn from_request(mode: &StaffMode, headers: &HeaderMap, extensions: &Extensions) -> Result<StaffId, Problem> {
    match mode {
        StaffMode::Jwt(_) => Err(Problem::new(ProblemCode::Unauthenticated)),
        // A page of another site can have its name point at this machine; the name still shows in Host.
        StaffMode::InsecureDemo if is_loopback_host(headers) => Ok(StaffId("demo".to_owned())),
        StaffMode::InsecureDemo => Err(Problem::new(ProblemCode::Unauthenticated)),
        StaffMode::TrustedHeader(trusted) => from_trusted_header(trusted, headers, extensions.get::<Peer>().copied())
            .ok_or_else(|| Problem::new(ProblemCode::Unauthenticated)),
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
    // A server between that joins two headers of one name puts a comma between their values.
    StaffId::new(id).filter(|_| !id.contains(','))
}

/// The value of a header that is there exactly once. A second one may be a forgery that got past the portal.
fn only_value<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return None;
    }
    first.to_str().ok()
}
