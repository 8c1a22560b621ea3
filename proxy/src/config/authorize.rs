//! The partner's authorization hook: where it is, and how long the proxy waits for it.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use url::Url;

use super::file::AuthorizeFile;
use super::limits::secs;
use super::upstream::safe_url;
use super::{ConfigError, SecretSource};

/// The longest that the hook may take, in seconds. An agent waits for it before every case.
const AUTHORIZE_TIMEOUT_MAX_SECS: u64 = 10;

/// The longest that the hook and the call to Wise may take together. The form waits 45 s for the proxy, which must answer before.
const WAITED_FOR_MAX: Duration = Duration::from_secs(43);

/// Where the authorization hook is, and how long the proxy waits for it.
#[derive(Debug, Clone)]
pub struct AuthorizeConfig {
    /// Where the proxy posts the question.
    pub url: Url,
    /// How long the hook may take.
    pub timeout: Duration,
    /// The secret that the proxy sends as a bearer token.
    pub secret: Option<SecretSource>,
}

/// Checks the section. `upstream_timeout` and `drain_timeout_secs` are the settings that the hook's time must fit in with.
pub(super) fn checked(
    file: Option<AuthorizeFile>,
    upstream_timeout: Duration,
    drain_timeout_secs: u64,
) -> Result<Option<AuthorizeConfig>, ConfigError> {
    let Some(file) = file else {
        return Ok(None);
    };
    let timeout = secs("authorize.timeout_secs", file.timeout_secs, 1, AUTHORIZE_TIMEOUT_MAX_SECS)?;
    if timeout + upstream_timeout > WAITED_FOR_MAX {
        let reason = format!(
            "must be at most {} together with `upstream.timeout_secs`: the form waits 45 s for an answer",
            WAITED_FOR_MAX.as_secs()
        );
        return Err(ConfigError::new("authorize.timeout_secs", reason));
    }
    if Duration::from_secs(drain_timeout_secs) <= timeout + upstream_timeout {
        return Err(ConfigError::new(
            "limits.drain_timeout_secs",
            "must be more than `authorize.timeout_secs` and `upstream.timeout_secs` together, or a stop loses answers",
        ));
    }
    let secret = SecretSource::new("authorize.secret", file.secret, file.secret_file)?;
    if let Some(secret) = &secret
        && !secret
            .first_read()?
            .expose_secret()
            .bytes()
            .all(|byte| byte.is_ascii_graphic())
    {
        return Err(ConfigError::new(
            "authorize.secret",
            "must be visible ASCII characters without spaces: it is sent in a header",
        ));
    }
    Ok(Some(AuthorizeConfig {
        url: safe_url("authorize.url", &file.url)?,
        timeout,
        secret,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(section: &str, upstream_secs: u64, drain_secs: u64) -> Result<Option<AuthorizeConfig>, String> {
        let file = toml::from_str(section).unwrap();
        checked(Some(file), Duration::from_secs(upstream_secs), drain_secs).map_err(|error| error.key)
    }

    #[test]
    fn a_hook_that_is_not_safe_to_ask_is_refused_with_its_key() {
        for url in [
            "http://hook.example/may",
            "ftp://127.0.0.1/",
            "hook",
            "https://user:pass@hook.example/",
        ] {
            assert_eq!(
                check(&format!("url = {url:?}"), 30, 35).unwrap_err(),
                "authorize.url",
                "{url}"
            );
        }
        for url in [
            "https://hook.example/may",
            "http://127.0.0.1:9000/may",
            "http://localhost/may",
        ] {
            assert!(check(&format!("url = {url:?}"), 30, 35).is_ok(), "{url}");
        }
    }

    #[test]
    fn the_hooks_time_fits_into_what_the_form_and_a_stop_wait_for() {
        let url = "url = \"https://hook.example/may\"\n";
        let config = check(url, 30, 35).unwrap().unwrap();
        assert_eq!(config.timeout, Duration::from_secs(3));
        for (timeout, upstream, drain, key) in [
            (0, 30, 60, "authorize.timeout_secs"),
            (11, 30, 60, "authorize.timeout_secs"),
            (4, 40, 60, "authorize.timeout_secs"),
            (5, 30, 35, "limits.drain_timeout_secs"),
        ] {
            let section = format!("{url}timeout_secs = {timeout}");
            assert_eq!(
                check(&section, upstream, drain).unwrap_err(),
                key,
                "{timeout} {upstream} {drain}"
            );
        }
    }

    #[test]
    fn a_secret_of_the_hooks_that_no_header_can_carry_is_refused_without_being_shown() {
        let url = "url = \"https://hook.example/may\"\n";
        for secret in ["canary\\u0007", "canary secret", "canary-é", ""] {
            let file = toml::from_str(&format!("{url}secret = \"{secret}\"")).unwrap();
            let error = checked(Some(file), Duration::from_secs(30), 35).unwrap_err();
            assert_eq!(error.key, "authorize.secret", "{secret}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
        assert_eq!(
            check(&format!("{url}secret_file = \"/nowhere\""), 30, 35).unwrap_err(),
            "authorize.secret_file"
        );
    }
}
