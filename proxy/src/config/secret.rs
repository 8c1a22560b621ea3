//! Where a secret comes from: the configuration itself, or better a file.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};
use subtle::{Choice, ConstantTimeEq as _};

use super::ConfigError;

/// Where a secret is read from, each time it is needed: a file may be replaced while the proxy runs.
#[derive(Debug, Clone)]
pub enum SecretSource {
    /// The configuration itself.
    Inline(SecretString),
    /// A file.
    File(PathBuf),
}

impl SecretSource {
    /// Takes the place, and reads it once to see that there is a secret.
    pub(super) fn new(key: &str, inline: Option<SecretString>, file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let secret = read_secret(key, inline, file.as_deref())?;
        Ok(file.map_or(Self::Inline(secret), Self::File))
    }

    /// The secret as it is now.
    ///
    /// # Errors
    /// When the file cannot be read any more, or is empty.
    pub(crate) fn read(&self) -> Result<SecretString, ConfigError> {
        match self {
            Self::Inline(secret) => Ok(secret.clone()),
            Self::File(path) => read_secret("credentials.client_secret", None, Some(path)),
        }
    }
}

/// A secret that the other side shows, and that may be replaced while the proxy runs. In a file each line is a good one, so that old and
/// new are both good while the other side changes.
#[derive(Debug)]
pub struct SharedSecret {
    file: Option<PathBuf>,
    min_chars: usize,
    state: Mutex<SharedState>,
}

#[derive(Debug)]
struct SharedState {
    secrets: Vec<SecretString>,
    read: Option<Instant>,
}

impl SharedSecret {
    /// Reads it for the first time; `min_chars` is the shortest that is taken.
    pub(super) fn new(
        key: &str,
        inline: Option<SecretString>,
        file: Option<PathBuf>,
        min_chars: usize,
    ) -> Result<Self, ConfigError> {
        let secret = read_secret(key, inline, file.as_deref())?;
        let secrets = lines(secret.expose_secret());
        if !all_long_enough(&secrets, min_chars) {
            return Err(ConfigError::new(key, format!("must have {min_chars} characters or more")));
        }
        let state = SharedState {
            secrets,
            read: Some(Instant::now()),
        };
        Ok(Self {
            file,
            min_chars,
            state: Mutex::new(state),
        })
    }

    /// Reads the file anew at the next use.
    pub(crate) fn reload(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.read = None;
    }

    /// Whether this is one of the secrets, compared in a time that does not depend on where they differ.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = &self.file
            && state.read.is_none_or(|read| read.elapsed() >= READ_EVERY)
        {
            state.read = Some(Instant::now());
            match std::fs::read_to_string(path).map(|text| lines(&text)) {
                Ok(secrets) if all_long_enough(&secrets, self.min_chars) => state.secrets = secrets,
                // While the file is being written, half a line is no secret, and what was good stays good.
                _ => tracing::error!("the file with the portal's secret cannot be read; the secret that was read before holds"),
            }
        }
        let mut good = Choice::from(0);
        for secret in &state.secrets {
            good |= secret.expose_secret().as_bytes().ct_eq(given);
        }
        good.into()
    }
}

/// How often a file is read, at the most.
const READ_EVERY: Duration = Duration::from_secs(5);

fn all_long_enough(secrets: &[SecretString], min_chars: usize) -> bool {
    !secrets.is_empty()
        && secrets
            .iter()
            .all(|secret| secret.expose_secret().chars().count() >= min_chars)
}

fn lines(text: &str) -> Vec<SecretString> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(SecretString::from)
        .collect()
}

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
    if secret.expose_secret().is_empty() {
        return Err(ConfigError::new(key, "must not be empty"));
    }
    Ok(secret)
}
