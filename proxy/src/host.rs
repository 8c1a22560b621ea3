//! The `Host` header, which HTTP/1.1 asks for (RFC 9112 section 3.2).

use axum::http::{HeaderMap, Request, Uri, Version, header};
use partner_case_core::{Problem, ProblemCode};

/// What is wrong with a request's `Host`: an HTTP/1.1 request has exactly one, and it is a host with or without a port. Servers on the way that
/// understand a broken one differently could be played off against each other.
pub(crate) fn problem<B>(request: &Request<B>) -> Option<Problem> {
    let is_needed = request.version() == Version::HTTP_11;
    let is_good = match only_host(request.headers()) {
        Ok(Some(host)) => is_authority(host),
        Ok(None) => !is_needed,
        Err(()) => false,
    };
    (!is_good).then(|| Problem::new(ProblemCode::HostInvalid))
}

fn only_host(headers: &HeaderMap) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(header::HOST).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(());
    }
    first.map(|value| value.to_str().map_err(|_| ())).transpose()
}

fn is_authority(host: &str) -> bool {
    let authority = host.parse::<axum::http::uri::Authority>();
    // A port without digits, or a host without a name, is parsed as well.
    authority.is_ok_and(|authority| {
        !host.contains('@')
            && !authority.host().is_empty()
            && host
                .strip_prefix(authority.host())
                .is_some_and(|port| port.is_empty() || authority.port_u16().is_some())
    }) && Uri::builder()
        .scheme("http")
        .authority(host)
        .path_and_query("/")
        .build()
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(version: Version, hosts: &[&'static str]) -> Option<ProblemCode> {
        let mut request = Request::new(());
        *request.version_mut() = version;
        for host in hosts {
            request.headers_mut().append(header::HOST, host.parse().unwrap());
        }
        problem(&request).map(|problem| problem.code)
    }

    #[test]
    fn a_request_of_http_1_1_has_one_good_host() {
        for good in [
            "portal.example",
            "portal.example:8443",
            "127.0.0.1:8780",
            "[::1]:8780",
            "[::1]",
            "localhost",
        ] {
            assert_eq!(code(Version::HTTP_11, &[good]), None, "{good}");
        }
        for bad in [
            &[][..],
            &[""],
            &["portal.example", "portal.example"],
            &["portal.example, evil.example"],
            &["user@portal.example"],
            &["portal.example:"],
            &["portal.example:http"],
            &["portal.example:99999"],
            &["portal example"],
            &["portal.example/path"],
            &["http://portal.example"],
            &[":8780"],
            &["[::1"],
        ] {
            assert_eq!(code(Version::HTTP_11, bad), Some(ProblemCode::HostInvalid), "{bad:?}");
        }
        assert_eq!(code(Version::HTTP_10, &[]), None);
    }
}
