//! The encoding of a request's body: only one that is sent as it is can be read.

use axum::http::{HeaderMap, header};
use partner_case_core::{Problem, ProblemCode};

/// Refuses a body that is compressed or encoded in another way. A small one could become a very large one, and no client needs it.
///
/// # Errors
/// [`ProblemCode::UnsupportedMediaType`].
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let plain = headers.get_all(header::CONTENT_ENCODING).iter().all(|value| {
        value.to_str().is_ok_and(|list| {
            list.split(',')
                .map(str::trim)
                .all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity"))
        })
    });
    if plain {
        Ok(())
    } else {
        Err(Problem::new(ProblemCode::UnsupportedMediaType).with_detail("Content-Encoding must be left out, or identity"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_body_that_is_sent_as_it_is_passes() {
        for (values, passes) in [
            (&[][..], true),
            (&["identity"], true),
            (&["Identity, identity"], true),
            (&[""], true),
            (&["gzip"], false),
            (&["identity, br"], false),
            (&["identity", "deflate"], false),
            (&["\u{fc}"], false),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(
                    header::CONTENT_ENCODING,
                    axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                );
            }
            assert_eq!(check(&headers).is_ok(), passes, "{values:?}");
        }
    }
}
