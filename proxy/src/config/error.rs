//! What is wrong with the configuration.

use thiserror::Error;

/// What is wrong with the configuration, and with which key.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("configuration key `{key}`: {reason}")]
pub struct ConfigError {
    /// The key, such as `upstream.url`.
    pub key: String,
    /// What is wrong, without the value of a secret.
    pub reason: String,
}

impl ConfigError {
    pub(crate) fn new(key: &str, reason: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            reason: reason.into(),
        }
    }
}
