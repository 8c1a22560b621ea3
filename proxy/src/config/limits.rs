//! What is bounded, and by how much.

use std::num::NonZeroU32;
use std::time::Duration;

use super::error::ConfigError;
use super::file::LimitsFile;

/// The most connections that can be served at a time: as many as one address has ports.
const CONNECTIONS_MAX: usize = 65_535;

/// The longest of the time limits, in seconds. What waits longer is not served any more.
const TIMEOUT_MAX_SECS: u64 = 600;

/// What is bounded, and by how much.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many connections are served at a time.
    pub connections: usize,
    /// How long a request's headers may take to arrive.
    pub header_timeout: Duration,
    /// How long a connection may rest between two requests.
    pub idle_timeout: Duration,
    /// How long a request's body may take to arrive.
    pub body_timeout: Duration,
    /// How long an answer may stay unread, in whole or in part.
    pub unread_timeout: Duration,
    /// How long requests in flight may take to end after SIGTERM.
    pub drain_timeout: Duration,
    /// How many cases may be raised in a minute, in all.
    pub cases_per_minute: NonZeroU32,
    /// How many cases one agent may raise in a minute.
    pub cases_per_minute_per_staff: NonZeroU32,
    /// How many lookups of cases and submissions one agent may make in a minute.
    pub lookups_per_minute_per_staff: NonZeroU32,
}

pub(super) fn checked(file: &LimitsFile, upstream_timeout: Duration) -> Result<Limits, ConfigError> {
    if !(1..=CONNECTIONS_MAX).contains(&file.connections) {
        return Err(ConfigError::new(
            "limits.connections",
            format!("must be between 1 and {CONNECTIONS_MAX}"),
        ));
    }
    let secs = |key: &str, number: u64| secs(&format!("limits.{key}"), number, 1, TIMEOUT_MAX_SECS);
    let drain_timeout = secs("drain_timeout_secs", file.drain_timeout_secs)?;
    if drain_timeout <= upstream_timeout {
        return Err(ConfigError::new(
            "limits.drain_timeout_secs",
            "must be more than `upstream.timeout_secs`, or a stop loses answers",
        ));
    }
    Ok(Limits {
        connections: file.connections,
        header_timeout: secs("header_timeout_secs", file.header_timeout_secs)?,
        idle_timeout: secs("idle_timeout_secs", file.idle_timeout_secs)?,
        body_timeout: secs("body_timeout_secs", file.body_timeout_secs)?,
        unread_timeout: secs("unread_timeout_secs", file.unread_timeout_secs)?,
        drain_timeout,
        cases_per_minute: at_least_one("cases_per_minute", file.cases_per_minute)?,
        cases_per_minute_per_staff: at_least_one("cases_per_minute_per_staff", file.cases_per_minute_per_staff)?,
        lookups_per_minute_per_staff: at_least_one("lookups_per_minute_per_staff", file.lookups_per_minute_per_staff)?,
    })
}

fn at_least_one(key: &str, number: u32) -> Result<NonZeroU32, ConfigError> {
    NonZeroU32::new(number).ok_or_else(|| ConfigError::new(&format!("limits.{key}"), "must be 1 or more"))
}

/// A number of seconds within its bounds. One outside of them is refused, not moved.
pub(super) fn secs(key: &str, secs: u64, min: u64, max: u64) -> Result<Duration, ConfigError> {
    if (min..=max).contains(&secs) {
        Ok(Duration::from_secs(secs))
    } else {
        Err(ConfigError::new(key, format!("must be between {min} and {max} seconds")))
    }
}
