//! Whether a request comes from the portal's own pages.
//!
//! RFC 10017 asks a backend for browser-based applications for a defence against cross-site request forgery. This one has three parts:
//! Fetch Metadata, the origin where a browser sends no Fetch Metadata, and a header that another origin cannot send unasked.

use std::collections::HashSet;

use axum::http::{HeaderMap, header};
use partner_case_core::{Problem, ProblemCode};

/// The header that the widget sends with every call. A page of another origin can send it only after a CORS preflight, which fails.
pub(crate) const CUSTOM_HEADER: &str = "x-partner-case-form";

/// Checks a request that changes something.
///
/// # Errors
/// [`ProblemCode::CrossSite`] or [`ProblemCode::CustomHeaderMissing`].
pub(crate) fn check(headers: &HeaderMap, allowed_origins: &HashSet<String>) -> Result<(), Problem> {
    if !comes_from_own_page(headers, allowed_origins) {
        return Err(Problem::new(ProblemCode::CrossSite));
    }
    if !headers.contains_key(CUSTOM_HEADER) {
        return Err(Problem::new(ProblemCode::CustomHeaderMissing));
    }
    Ok(())
}

/// Checks a plain HTML form, which can carry no header: the browser's own word about where it comes from has to do. A browser that says
/// nothing is refused.
///
/// # Errors
/// [`ProblemCode::CrossSite`].
pub(crate) fn check_page(headers: &HeaderMap, allowed_origins: &HashSet<String>) -> Result<(), Problem> {
    if comes_from_own_page(headers, allowed_origins) {
        Ok(())
    } else {
        Err(Problem::new(ProblemCode::CrossSite))
    }
}

/// Checks a request that only reads. A browser sends no origin with it, so where there is no Fetch Metadata the header alone decides:
/// another origin can send it only after a preflight.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_read(headers: &HeaderMap, allowed_origins: &HashSet<String>) -> Result<(), Problem> {
    if headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN) {
        return check(headers, allowed_origins);
    }
    if headers.contains_key(CUSTOM_HEADER) {
        Ok(())
    } else {
        Err(Problem::new(ProblemCode::CustomHeaderMissing))
    }
}

fn comes_from_own_page(headers: &HeaderMap, allowed_origins: &HashSet<String>) -> bool {
    let site = header::HeaderName::from_static("sec-fetch-site");
    // A browser sends each of them once; which of two would count is anybody's guess.
    if [&site, &header::ORIGIN, &header::HOST]
        .iter()
        .any(|name| headers.get_all(*name).iter().nth(1).is_some())
    {
        return false;
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN);
    let listed = origin.is_some_and(|origin| allowed_origins.contains(origin));
    match text(site) {
        Some("same-origin") => true,
        Some(_) => listed,
        None => listed || origin.is_some_and(|origin| is_own_host(origin, text(header::HOST))),
    }
}

/// Whether an origin's host and port are those the request was sent to.
fn is_own_host(origin: &str, host: Option<&str>) -> bool {
    match (origin.split_once("://"), host) {
        (Some(("http" | "https", authority)), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        comes_from_own_page(&map, &HashSet::from(["https://portal.example".to_owned()]))
    }

    #[test]
    fn only_the_portals_own_pages_pass() {
        for (headers, expected) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
            (
                &[("sec-fetch-site", "cross-site"), ("origin", "https://portal.example")],
                true,
            ),
            (
                &[("sec-fetch-site", "same-site"), ("origin", "https://other.portal.example")],
                false,
            ),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://portal.example")], true),
            (&[("origin", "https://portal.example.evil.example")], false),
            (&[("origin", "https://proxy.example"), ("host", "proxy.example")], true),
            (&[("origin", "https://proxy.example:444"), ("host", "proxy.example")], false),
            (&[("origin", "null"), ("host", "null")], false),
            (&[("host", "proxy.example")], false),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (
                &[("origin", "https://portal.example"), ("origin", "https://evil.example")],
                false,
            ),
            (&[], false),
        ] {
            assert_eq!(passes(headers), expected, "{headers:?}");
        }
    }
}
