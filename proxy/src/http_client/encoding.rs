//! Answers that are compressed although nobody has asked for it, as a gateway may do.

use std::io::Read;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::read::{GzDecoder, ZlibDecoder};

/// The body as it was before it was encoded (RFC 9110 section 8.4), up to `max_bytes`.
///
/// # Errors
/// The encoding, when it is not one that is read here, or the body does not have it.
pub(super) fn decoded(headers: &HeaderMap, body: Bytes, max_bytes: usize) -> Result<Bytes, &'static str> {
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    match encoding.as_deref() {
        None | Some("" | "identity") => Ok(body),
        Some("gzip" | "x-gzip") => read(GzDecoder::new(&body[..]), max_bytes).ok_or("gzip"),
        Some("deflate") => read(ZlibDecoder::new(&body[..]), max_bytes).ok_or("deflate"),
        Some("br") => Err("br"),
        Some("zstd") => Err("zstd"),
        Some(_) => Err("unknown"),
    }
}

fn read(decoder: impl Read, max_bytes: usize) -> Option<Bytes> {
    let mut text = Vec::new();
    let limit = u64::try_from(max_bytes).ok()?;
    decoder.take(limit + 1).read_to_end(&mut text).ok()?;
    (text.len() <= max_bytes).then(|| Bytes::from(text))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn encoded(encoding: &'static str, body: &[u8]) -> Result<Bytes, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
        decoded(&headers, Bytes::copy_from_slice(body), 1000)
    }

    #[test]
    fn an_answer_that_is_compressed_unasked_is_read_or_named() {
        let gzip = |text: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        };
        assert_eq!(encoded("gzip", &gzip(b"{\"id\":7}")), Ok(Bytes::from("{\"id\":7}")));
        assert_eq!(encoded("GZIP", &gzip(b"x")), Ok(Bytes::from("x")));
        assert_eq!(encoded("identity", b"x"), Ok(Bytes::from("x")));
        assert_eq!(encoded("gzip", b"no gzip"), Err("gzip"));
        assert_eq!(encoded("gzip", &gzip(&[0; 1001])), Err("gzip"), "a bomb");
        assert_eq!(encoded("br", b"x"), Err("br"));
    }
}
