//! The token endpoint's answer.

use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;

/// How long before its end a token is no longer used. For a short-lived token it is a quarter of its life.
const LEEWAY: Duration = Duration::from_secs(60);

/// The life of a token whose answer names none. RFC 6749 section 5.1 leaves `expires_in` optional; Wise sends 43199.
const DEFAULT_LIFE: Duration = Duration::from_mins(5);

/// The longest that a token is used, whatever its answer says: twice what Wise gives.
const LIFE_MAX: Duration = Duration::from_hours(24);

/// A token, ready to be sent. Debug output does not show it.
#[derive(Debug)]
pub(crate) struct Token {
    authorization: HeaderValue,
    /// From when a new one is fetched, while this one serves.
    pub(super) renew_from: Instant,
    pub(super) usable_until: Instant,
}

impl Token {
    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> HeaderValue {
        self.authorization.clone()
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    token_type: String,
    expires_in: Option<Value>,
}

/// Reads an answer that was received at a time; `None` if it holds no bearer token that can be sent.
pub(super) fn parse(body: &[u8], received: Instant) -> Option<Token> {
    let granted: Granted = serde_json::from_slice(body).ok()?;
    if !granted.token_type.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let life = granted.expires_in.as_ref().map_or(DEFAULT_LIFE, life);
    let mut authorization = HeaderValue::from_str(&format!("Bearer {}", granted.access_token.expose_secret())).ok()?;
    authorization.set_sensitive(true);
    let usable = life.saturating_sub(LEEWAY.min(life / 4));
    Some(Token {
        authorization,
        renew_from: received + renewal(usable, random_byte()),
        usable_until: received + usable,
    })
}

/// The life that `expires_in` names. Servers write it as a number, with a fraction, or as text; what is none of these says nothing.
fn life(expires_in: &Value) -> Duration {
    let secs = match expires_in {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match secs {
        Some(secs) if secs <= 0.0 => Duration::ZERO,
        Some(secs) => Duration::try_from_secs_f64(secs).unwrap_or(LIFE_MAX).min(LIFE_MAX),
        None => DEFAULT_LIFE,
    }
}

/// After which part of its usable life a token is renewed: between 75 and 90 %, by chance, so that several proxies do not all ask at once.
fn renewal(usable: Duration, chance: u8) -> Duration {
    usable * (7500 + 1500 * u32::from(chance) / 255) / 10_000
}

fn random_byte() -> u8 {
    let mut byte = [0];
    // Without random numbers the renewal comes early, which does no harm.
    let _ = SystemRandom::new().fill(&mut byte);
    byte[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_not_in_the_debug_output() {
        let body = r#"{"access_token":"canary","token_type":"bearer","expires_in":100}"#;
        let token = parse(body.as_bytes(), Instant::now()).unwrap();
        assert!(!format!("{token:?}").contains("canary"));
        assert_eq!(token.authorization().to_str().unwrap(), "Bearer canary");
    }

    #[test]
    fn a_token_is_given_up_before_its_end_whatever_its_answer_says_of_it() {
        let received = Instant::now();
        let usable = |expires_in: &str| {
            let body = format!(r#"{{"access_token":"t","token_type":"Bearer"{expires_in}}}"#);
            let token = parse(body.as_bytes(), received).unwrap();
            (token.usable_until - received).as_secs()
        };
        for (expires_in, secs) in [
            (r#","expires_in":43199"#, 43_139),
            (r#","expires_in":8"#, 6),
            (r#","expires_in":0"#, 0),
            ("", 240),
            (r#","expires_in":"43199""#, 43_139),
            (r#","expires_in":8.9"#, 6),
            (r#","expires_in":-1"#, 0),
            (r#","expires_in":null"#, 240),
            (r#","expires_in":true"#, 240),
            (r#","expires_in":"soon""#, 240),
            (r#","expires_in":18446744073709551615"#, 86_340),
            (r#","expires_in":1e300"#, 86_340),
            (r#","expires_in":"NaN""#, 86_340),
        ] {
            assert_eq!(usable(expires_in), secs, "{expires_in}");
        }
    }

    #[test]
    fn the_renewal_comes_late_in_life_and_not_for_all_at_once() {
        let life = Duration::from_secs(1000);
        assert_eq!(
            (renewal(life, 0), renewal(life, 255)),
            (Duration::from_secs(750), Duration::from_secs(900))
        );
    }

    #[test]
    fn an_answer_that_is_no_bearer_token_is_none() {
        for body in [
            "",
            "<html>",
            r#"{"access_token":"t","token_type":"mac"}"#,
            r#"{"access_token":"a\nb","token_type":"bearer"}"#,
        ] {
            assert!(parse(body.as_bytes(), Instant::now()).is_none(), "{body}");
        }
    }
}
