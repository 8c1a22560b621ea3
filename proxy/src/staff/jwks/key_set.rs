//! A published set of keys, and which of its keys may verify a token.

use std::fmt;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// How many keys are tried for one token, each at the cost of a signature verification. Sign-ons publish two or three; 16 leaves room for
/// one that serves several tenants.
const KEYS_TRIED_MAX: usize = 16;

/// The keys of one published document that may verify a token.
#[derive(Debug)]
pub(in crate::staff) struct KeySet(Vec<Key>);

/// A public key.
struct Key {
    /// The key's `kid`, which is optional and need not be the only one of its name (RFC 7517 section 4.5).
    id: Option<String>,
    /// The configured algorithms that the key may verify.
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

/// A JWK Set (RFC 7517 section 5).
#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a JWK Set and keeps the keys that verify one of `allowed`. Returns `None` if the document is no JWK Set.
    pub(super) fn read(document: &[u8], allowed: &[Algorithm]) -> Option<Self> {
        let document: Document = serde_json::from_slice(document).ok()?;
        // RFC 7517 section 5 asks to ignore keys of an unknown type.
        let keys = document.keys.into_iter().filter_map(|key| usable(key, allowed));
        Some(Self(keys.collect()))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a key has this ID.
    pub(in crate::staff) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id.as_deref() == Some(id))
    }

    /// Returns the keys that may have signed a token: those with the token's key ID, or every key if the token names none.
    pub(in crate::staff) fn candidates(&self, id: Option<&str>, algorithm: Algorithm) -> impl Iterator<Item = &DecodingKey> {
        self.0
            .iter()
            .filter(move |key| id.is_none() || key.id.as_deref() == id)
            .filter(move |key| key.algorithms.contains(&algorithm))
            .map(|key| &key.key)
            .take(KEYS_TRIED_MAX)
    }
}

fn usable(key: Value, allowed: &[Algorithm]) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    let algorithms: Vec<Algorithm> = allowed.iter().copied().filter(|algorithm| fits(&jwk, *algorithm)).collect();
    if algorithms.is_empty() || !is_for_signatures(&jwk) {
        return None;
    }
    Some(Key {
        key: DecodingKey::from_jwk(&jwk).ok()?,
        id: jwk.common.key_id,
        algorithms,
    })
}

/// Whether `use` and `key_ops`, where the key has them, allow it to verify signatures (RFC 7517 sections 4.2 and 4.3).
fn is_for_signatures(jwk: &Jwk) -> bool {
    let by_use = matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let operations = jwk.common.key_operations.as_ref();
    by_use && operations.is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

/// Whether a key may verify an algorithm: its type must fit, and its `alg`, if it has one, must be that algorithm (RFC 7517 section 4.4).
fn fits(jwk: &Jwk, algorithm: Algorithm) -> bool {
    let type_fits = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => matches!(
            algorithm,
            Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512 | Algorithm::PS256 | Algorithm::PS384 | Algorithm::PS512
        ),
        AlgorithmParameters::EllipticCurve(key) => match algorithm {
            Algorithm::ES256 => key.curve == EllipticCurve::P256,
            Algorithm::ES384 => key.curve == EllipticCurve::P384,
            _ => false,
        },
        AlgorithmParameters::OctetKeyPair(key) => algorithm == Algorithm::EdDSA && key.curve == EllipticCurve::Ed25519,
        // A symmetric key in a public document is no secret.
        AlgorithmParameters::OctetKey(_) => false,
    };
    let named = jwk.common.key_algorithm.map(|named| named.to_string());
    type_fits && named.is_none_or(|named| named == format!("{algorithm:?}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALLOWED: &[Algorithm] = &[Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];

    fn algorithms(key: &Value) -> Vec<Algorithm> {
        let document = json!({ "keys": [key] }).to_string();
        let set = KeySet::read(document.as_bytes(), ALLOWED).unwrap();
        set.0.into_iter().flat_map(|key| key.algorithms).collect()
    }

    #[test]
    fn a_key_without_an_algorithm_verifies_every_configured_one_of_its_type() {
        let rsa = |more: Value| {
            let mut key = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" });
            for (name, value) in more.as_object().unwrap() {
                key[name] = value.clone();
            }
            algorithms(&key)
        };
        assert_eq!(rsa(json!({})), [Algorithm::RS256, Algorithm::PS256]);
        assert_eq!(rsa(json!({ "use": "sig" })), [Algorithm::RS256, Algorithm::PS256]);
        assert_eq!(rsa(json!({ "alg": "PS256" })), [Algorithm::PS256]);
        assert_eq!(rsa(json!({ "key_ops": ["verify"] })).len(), 2);
        for refused in [
            json!({ "alg": "RS512" }), // not configured
            json!({ "alg": "ES256" }), // another type of key
            json!({ "alg": "HS256" }),
            json!({ "alg": "new" }),
            json!({ "use": "enc" }),
            json!({ "use": "tls" }),
            json!({ "key_ops": ["encrypt"] }),
        ] {
            assert_eq!(rsa(refused.clone()), [], "{refused}");
        }
    }

    #[test]
    fn the_curve_of_a_key_decides_what_it_verifies() {
        let ec = |curve| algorithms(&json!({ "kty": "EC", "crv": curve, "x": "AA", "y": "AA" }));
        assert_eq!(ec("P-256"), [Algorithm::ES256]);
        assert_eq!(ec("P-384"), []);
        assert_eq!(ec("P-521"), []);
        let okp = |curve| algorithms(&json!({ "kty": "OKP", "crv": curve, "x": "AA" }));
        assert_eq!(okp("Ed25519"), [Algorithm::EdDSA]);
        assert_eq!(okp("P-256"), []);
        assert_eq!(okp("X25519"), []);
        assert_eq!(algorithms(&json!({ "kty": "oct", "k": "c2VjcmV0" })), []);
    }

    #[test]
    fn a_document_that_is_no_jwk_set_is_told_from_one_without_keys() {
        for document in ["", "<html>", "[]", "{}", r#"{"keys":{}}"#] {
            assert!(KeySet::read(document.as_bytes(), ALLOWED).is_none(), "{document}");
        }
        assert_eq!(KeySet::read(br#"{"keys":[]}"#, ALLOWED).unwrap().len(), 0);
    }

    #[test]
    fn one_token_never_costs_more_than_sixteen_verifications() {
        let key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "AA" });
        let document = json!({ "keys": vec![key; 40] }).to_string();
        let set = KeySet::read(document.as_bytes(), ALLOWED).unwrap();
        for id in [None, Some("k")] {
            assert_eq!(set.candidates(id, Algorithm::EdDSA).count(), 16);
        }
        assert_eq!(set.candidates(Some("other"), Algorithm::EdDSA).count(), 0);
        assert_eq!(set.candidates(None, Algorithm::ES256).count(), 0);
    }
}
