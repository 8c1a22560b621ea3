//! Checks a token of the portal's single sign-on: a signed JWT (RFC 7519). What is checked, and why, follows RFC 8725.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation};
use partner_case_core::ProblemCode;
use serde_json::Value;

use super::headers::only_value;
use super::id::StaffId;
use super::jwks::{Jwks, KeySet};
use crate::config::Jwt;
use crate::http_client::HttpClient;

/// The largest token that is read. Portals put groups into theirs, and the server bounds the headers anyway.
const TOKEN_MAX_BYTES: usize = 16 * 1024;

type Claims = HashMap<String, Value>;

/// Verifies tokens of one sign-on.
#[derive(Debug)]
pub(super) struct JwtVerifier {
    config: Jwt,
    jwks: Jwks,
}

/// What a set of keys says about a token.
enum Verdict {
    /// One of the keys has signed the token, and the sign-on vouches for the claims.
    Good(Claims),
    /// One of the keys has signed the token, or nobody can have; it is not good in another respect.
    Bad,
    /// None of the keys has signed the token.
    NotSigned,
}

/// Whether a token is one to sign in with. A token of another kind, such as a logout token (RFC 8725 section 3.11), is not, and neither is
/// one with an extension that must be understood (RFC 7515 section 4.1.11).
pub(crate) fn is_for_access(token: &str, kind: Option<&str>) -> bool {
    let known = kind.is_none_or(|kind| {
        // A media type may stand without its `application/` (RFC 7515 section 4.1.9).
        ["JWT", "application/jwt", "at+jwt", "application/at+jwt"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    });
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = header.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    known && header.is_some_and(|header| header.get("crit").is_none())
}

impl JwtVerifier {
    pub(super) fn new(config: Jwt, client: HttpClient) -> Self {
        let jwks = Jwks::new(config.jwks_url.clone(), config.algorithms.clone(), client);
        Self { config, jwks }
    }

    /// Returns the agent that the request's token names.
    ///
    /// # Errors
    /// [`ProblemCode::Unauthenticated`] for a token that is missing or not good in every respect. [`ProblemCode::SignInUnavailable`] when
    /// the sign-on's keys, which might make the token a good one, cannot be fetched.
    pub(super) async fn authenticate(&self, headers: &HeaderMap) -> Result<StaffId, ProblemCode> {
        let token = self.token(headers).ok_or(ProblemCode::Unauthenticated)?;
        let header = self.acceptable_header(token).ok_or(ProblemCode::Unauthenticated)?;
        let claims = self.verified_claims(token, &header).await?;
        let id = claims.get(&self.config.claim).and_then(Value::as_str);
        id.and_then(StaffId::new).ok_or(ProblemCode::Unauthenticated)
    }

    /// Checks whether there are keys to check tokens with.
    ///
    /// # Errors
    /// Returns the HTTP status or the reason, in words for the operator.
    pub(super) async fn check(&self) -> Result<(), String> {
        self.jwks.check().await
    }

    /// Returns the token: from the cookie if one is configured, else from `Authorization: Bearer`. A request with two has none.
    fn token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let token = match &self.config.cookie {
            Some(cookie) => {
                let mut found = headers
                    .get_all(header::COOKIE)
                    .iter()
                    .filter_map(|value| value.to_str().ok())
                    .flat_map(|value| value.split(';'))
                    .filter_map(|pair| pair.trim().split_once('='))
                    .filter(|(name, _)| name == cookie)
                    .map(|(_, token)| token);
                let first = found.next()?;
                found.next().is_none().then_some(first)?
            }
            None => bearer(only_value(headers, &header::AUTHORIZATION)?)?,
        };
        (token.len() <= TOKEN_MAX_BYTES).then_some(token)
    }

    /// Reads a token's header. Returns `None` for a token that no key could make good.
    fn acceptable_header(&self, token: &str) -> Option<Header> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        // The configuration, and not the token, chooses the algorithms (RFC 8725 section 3.1).
        let allowed = self.config.algorithms.contains(&header.alg);
        (allowed && is_for_access(token, header.typ.as_deref())).then_some(header)
    }

    /// Verifies a token with the keys at hand, and once more with newly fetched ones if none of them has signed it.
    async fn verified_claims(&self, token: &str, header: &Header) -> Result<Claims, ProblemCode> {
        let cached = self.jwks.usable();
        let mut verdict = self.judge(token, header, cached.as_deref());
        if matches!(verdict, Verdict::NotSigned) {
            // The sign-on may have a new key, under a new ID, under the old ID or under none.
            self.jwks.refresh().await;
            let fetched = self.jwks.usable();
            let is_new = fetched.as_ref().map(Arc::as_ptr) != cached.as_ref().map(Arc::as_ptr);
            if is_new {
                verdict = self.judge(token, header, fetched.as_deref());
            }
            let has_id = |keys: &KeySet| header.kid.as_deref().is_some_and(|id| keys.has(id));
            let is_known_key = fetched.as_deref().is_some_and(has_id);
            if matches!(verdict, Verdict::NotSigned) && !is_known_key && !self.jwks.is_up_to_date() {
                return Err(ProblemCode::SignInUnavailable);
            }
        }
        match verdict {
            Verdict::Good(claims) => Ok(claims),
            Verdict::Bad | Verdict::NotSigned => Err(ProblemCode::Unauthenticated),
        }
    }

    fn judge(&self, token: &str, header: &Header, keys: Option<&KeySet>) -> Verdict {
        let Some(keys) = keys else {
            return Verdict::NotSigned;
        };
        let mut validation = Validation::new(header.alg);
        validation.leeway = self.config.leeway.as_secs();
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&[&self.config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        for key in keys.candidates(header.kid.as_deref(), header.alg) {
            match jsonwebtoken::decode::<Claims>(token, key, &validation) {
                // The library ignores a time that is no number.
                Ok(decoded) if decoded.claims.get("nbf").is_some_and(|time| !time.is_number()) => return Verdict::Bad,
                Ok(decoded) => return Verdict::Good(decoded.claims),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
                Err(_) => return Verdict::Bad,
            }
        }
        Verdict::NotSigned
    }
}

/// Returns the token of a bearer credential. The scheme's letter case does not matter, and spaces follow it (RFC 9110 section 11).
fn bearer(credentials: &str) -> Option<&str> {
    let (scheme, token) = credentials.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start_matches(' '))
}
