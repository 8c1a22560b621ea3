//! Who the staff member is, as far as the portal vouches for it.

use axum::http::{Extensions, HeaderMap, HeaderName};
use partner_case_core::{Problem, ProblemCode};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use crate::config::{StaffMode, TrustedHeader};
use crate::server::Peer;

/// The longest staff id that is taken, in characters. It goes into the audit line.
const STAFF_ID_MAX_CHARS: usize = 128;

/// The portal's id of the staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StaffId(pub(crate) String);

/// Tells who is calling.
///
/// # Errors
/// [`ProblemCode::Unauthenticated`], the same whatever is missing, so that nobody learns which part of a forged request was right.
pub(crate) fn authenticate(mode: &StaffMode, headers: &HeaderMap, extensions: &Extensions) -> Result<StaffId, Problem> {
    match mode {
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
    let same = secret.as_bytes().ct_eq(trusted.secret.expose_secret().as_bytes());
    if !bool::from(same) {
        return None;
    }
    let id = only_value(headers, &trusted.header)?.trim();
    let plain = !id.is_empty() && id.chars().count() <= STAFF_ID_MAX_CHARS && !id.chars().any(char::is_control);
    plain.then(|| StaffId(id.to_owned()))
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
