//! The secret between portal and proxy.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};
use subtle::{Choice, ConstantTimeEq as _};

use super::super::error::ConfigError;
use super::{PLACEHOLDER, SecretSource, is_placeholder};

/// How often the file is read, at the most.
const READ_EVERY: Duration = Duration::from_secs(5);

/// A secret that the other side shows, and that may be replaced while the proxy runs. Each line is a good one, so that old and new are both
/// good while the other side changes.
#[derive(Debug)]
pub struct SharedSecret {
    source: SecretSource,
    min_chars: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    secrets: Vec<SecretString>,
    /// What was wrong when it was read last, so that each complaint is logged once.
    complaints: Vec<String>,
    read: Instant,
}

/// The good lines, and what is wrong with the others.
#[derive(Debug)]
struct Lines {
    secrets: Vec<SecretString>,
    complaints: Vec<String>,
}

impl SharedSecret {
    /// Reads the secret for the first time; `min_chars` is the shortest line that is taken. A line that is not goes into the warnings.
    pub(in super::super) fn new(source: SecretSource, min_chars: usize, warnings: &mut Vec<String>) -> Result<Self, ConfigError> {
        source.check_mode()?;
        let Lines { secrets, complaints } = read(&source, min_chars)?;
        warnings.extend(complaints.iter().cloned());
        let state = State {
            secrets,
            complaints,
            read: Instant::now(),
        };
        Ok(Self {
            source,
            min_chars,
            state: Mutex::new(state),
        })
    }

    /// Whether this is one of the secrets, compared in a time that does not depend on where they differ.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self.source.is_file() && state.read.elapsed() >= READ_EVERY {
            state.read_again(&self.source, self.min_chars);
        }
        let mut good = Choice::from(0);
        for secret in &state.secrets {
            good |= secret.expose_secret().as_bytes().ct_eq(given);
        }
        good.into()
    }

    /// Reads the file at once, however short ago it was read last.
    pub(crate) fn reload(&self) {
        if !self.source.is_file() {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // What was complained of before is said again: somebody waits for it.
        state.complaints.clear();
        state.read_again(&self.source, self.min_chars);
        if state.complaints.is_empty() {
            tracing::info!(secrets = state.secrets.len(), "read the portal's secret again");
        }
    }
}

impl State {
    fn read_again(&mut self, source: &SecretSource, min_chars: usize) {
        self.read = Instant::now();
        let complaints = match read(source, min_chars) {
            Ok(Lines { secrets, mut complaints }) => {
                self.secrets = secrets;
                // A running proxy goes on; the next start would be refused.
                complaints.extend(source.check_mode().err().map(|error| error.to_string()));
                complaints
            }
            // While the file is being written it may be empty. The secrets read before stay good.
            Err(error) => vec![format!("{error}. The secret that was read before stays valid")],
        };
        for complaint in complaints.iter().filter(|complaint| !self.complaints.contains(complaint)) {
            tracing::error!("{complaint}");
        }
        self.complaints = complaints;
    }
}

fn read(source: &SecretSource, min_chars: usize) -> Result<Lines, ConfigError> {
    let text = source.read_text()?;
    let lines: Vec<(usize, &str)> = text
        .expose_secret()
        .lines()
        .map(str::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let mut read = Lines {
        secrets: Vec::new(),
        complaints: Vec::new(),
    };
    let mut first_reason = None;
    for (index, line) in &lines {
        let reason = if is_placeholder(line) {
            PLACEHOLDER.to_owned()
        } else if line.chars().count() < min_chars {
            format!("must have {min_chars} characters or more")
        } else {
            read.secrets.push(SecretString::from(*line));
            continue;
        };
        let complaint = source.error(format!("line {} is not used: it {reason}", index + 1));
        read.complaints.push(complaint.to_string());
        first_reason.get_or_insert(reason);
    }
    match first_reason {
        _ if !read.secrets.is_empty() => Ok(read),
        Some(reason) if lines.len() == 1 => Err(source.error(reason)),
        Some(reason) => Err(source.error(format!("no line can be used; the first {reason}"))),
        None => Err(source.error("must not be empty")),
    }
}
