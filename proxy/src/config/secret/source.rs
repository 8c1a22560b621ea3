//! The place of one secret.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::super::error::ConfigError;
use super::{PLACEHOLDER, is_placeholder};

/// Who beside the owner may not touch a secret's file: everybody may do nothing with it, its group may not write.
const FORBIDDEN_MODE: u32 = 0o027;

/// A group may read, so that a supervisor may hand the file to the proxy's user.
const GROUP_READ: u32 = 0o040;

/// Where a secret is read from, each time it is needed: a file may be replaced while the proxy runs. Debug output does not show the secret.
#[derive(Debug, Clone)]
pub struct SecretSource {
    key: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Inline(SecretString),
    File(PathBuf),
}

impl SecretSource {
    /// Takes the one of the two keys that is set, `key` or `key_file`. Nothing is read yet.
    pub(in super::super) fn new(
        key: &str,
        inline: Option<SecretString>,
        file: Option<PathBuf>,
    ) -> Result<Option<Self>, ConfigError> {
        let (key, place) = match (inline, file) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(ConfigError::new(key, format!("and `{key}_file` are both set. Remove one"))),
            (Some(secret), None) => (key.to_owned(), Place::Inline(secret)),
            (None, Some(path)) => (format!("{key}_file"), Place::File(path)),
        };
        Ok(Some(Self { key, place }))
    }

    /// Takes the one of the two keys that is set, which must be.
    pub(in super::super) fn required(
        key: &str,
        inline: Option<SecretString>,
        file: Option<PathBuf>,
    ) -> Result<Self, ConfigError> {
        Self::new(key, inline, file)?.ok_or_else(|| ConfigError::new(key, format!("is missing: set it or `{key}_file`")))
    }

    /// An error about this secret, under the key that names its place.
    pub(in super::super) fn error(&self, reason: impl Into<String>) -> ConfigError {
        match &self.place {
            Place::Inline(_) => ConfigError::new(&self.key, reason),
            Place::File(path) => ConfigError::new(&self.key, format!("{}: {}", path.display(), reason.into())),
        }
    }

    /// The file that does not exist (yet), if that is what is wrong.
    pub(in super::super) fn missing_file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) if std::fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) => Some(path),
            Place::File(_) | Place::Inline(_) => None,
        }
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    /// Reads the secret for the first time: whoever may read its file is checked, and that it is not the example's.
    pub(in super::super) fn first_read(&self) -> Result<SecretString, ConfigError> {
        self.check_mode()?;
        let secret = self.read()?;
        if is_placeholder(secret.expose_secret()) {
            return Err(self.error(PLACEHOLDER));
        }
        Ok(secret)
    }

    /// Refuses a file that other users of the machine can read or write.
    pub(super) fn check_mode(&self) -> Result<(), ConfigError> {
        match &self.place {
            Place::Inline(_) => Ok(()),
            Place::File(path) => check_private(path).map_err(|reason| self.error(reason)),
        }
    }

    /// The secret as it is now: one line.
    ///
    /// # Errors
    /// When the file cannot be read, or the secret is empty, not UTF-8, or longer than one line.
    pub(crate) fn read(&self) -> Result<SecretString, ConfigError> {
        let secret = self.read_text()?;
        if secret.expose_secret().contains(['\n', '\r']) {
            return Err(self.error("must be one line"));
        }
        Ok(secret)
    }

    /// The secret as it is now; none, with a line in the log, when it cannot be read.
    pub(crate) fn read_or_log(&self) -> Option<SecretString> {
        self.read()
            .inspect_err(|error| tracing::error!(%error, "the client secret cannot be read"))
            .ok()
    }

    /// All lines, without what an editor adds: a byte order mark before them, and line ends after them.
    pub(super) fn read_text(&self) -> Result<SecretString, ConfigError> {
        let text = match &self.place {
            Place::Inline(secret) => secret.expose_secret().to_owned(),
            Place::File(path) => {
                let bytes = std::fs::read(path).map_err(|error| self.error(error.to_string()))?;
                String::from_utf8(bytes).map_err(|_bytes| self.error("is not UTF-8 text"))?
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(self.error("must not be empty"));
        }
        Ok(SecretString::from(text))
    }
}

/// Refuses a file with a secret that other users of the machine can read or write.
pub(in super::super) fn check_private(path: &Path) -> Result<(), String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    let mode = metadata.permissions().mode() & 0o777;
    // What is no file, such as a pipe, is gone once it was read.
    if !metadata.is_file() || mode & FORBIDDEN_MODE == 0 {
        return Ok(());
    }
    let good = mode & !FORBIDDEN_MODE & 0o666;
    let with_group = if mode & GROUP_READ == 0 {
        ""
    } else {
        ", which its group may still read"
    };
    Err(format!(
        "other users can read or write it (mode {mode:04o}). Make that {good:04o}{with_group}: `chmod`, or `defaultMode` in Kubernetes, or \
         `mode` of the secret in Compose"
    ))
}
