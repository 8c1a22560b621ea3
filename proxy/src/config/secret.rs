//! Where a secret comes from: the configuration itself, or better a file.

use std::path::Path;

use secrecy::SecretString;

use super::ConfigError;

/// Reads a secret from one of its two places. Line breaks at a file's end are not part of it.
pub(super) fn read_secret(key: &str, inline: Option<SecretString>, file: Option<&Path>) -> Result<SecretString, ConfigError> {
    let secret = match (inline, file) {
        (Some(secret), None) => secret,
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| ConfigError::new(&format!("{key}_file"), format!("cannot read {}: {error}", path.display())))?;
            SecretString::from(text.trim_end_matches(['\r', '\n']))
        }
        (None, None) => return Err(ConfigError::new(key, format!("is missing: set it or `{key}_file`"))),
        (Some(_), Some(_)) => return Err(ConfigError::new(key, format!("and `{key}_file` are both set"))),
    };
    if secrecy::ExposeSecret::expose_secret(&secret).is_empty() {
        return Err(ConfigError::new(key, "must not be empty"));
    }
    Ok(secret)
}
