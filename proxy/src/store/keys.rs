//! The keys of the digests in the store: which ones there are, and whether the store was written with them.
//!
//! The store knows a submission by a keyed digest of its idempotency key. Under another key it knows none of them, and a case that Wise has
//! would be sent a second time. So the store holds the fingerprint of each key that it was written with, and a proxy without that key does not
//! start.

use std::path::{Path, PathBuf};

use partner_case_core::NewCase;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};

use super::record::{Digest, KeyId};
use crate::config::ConfigError;

/// How many random bytes a key has that the proxy makes for itself.
const KEY_BYTES: usize = 32;

/// What a digest stands for. It keeps a staff id from having the digest of an external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DigestKind {
    Key,
    Payload,
    Staff,
    ExternalId,
    Transfer,
    PlainForm,
    Fingerprint,
}

/// Keyed digests (HMAC-SHA256): without the key nobody can tell by trying whether a transfer or a person is in the store.
#[derive(Debug)]
pub(crate) struct Digests {
    key: hmac::Key,
    fingerprint: Digest,
}

impl Digests {
    pub(crate) fn new(key: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let fingerprint = digest(&key, DigestKind::Fingerprint, b"partner-case-proxy store key");
        Self { key, fingerprint }
    }

    /// The digest of `data`.
    pub(crate) fn of(&self, kind: DigestKind, data: &[u8]) -> Digest {
        digest(&self.key, kind, data)
    }

    /// What tells this key from another, and gives nothing of it away.
    pub(crate) fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    /// The short form of the fingerprint, which each row has.
    pub(crate) fn id(&self) -> KeyId {
        key_id(&self.fingerprint)
    }

    /// The digest of what a case says.
    pub(crate) fn of_case(&self, case: &NewCase) -> Digest {
        self.of(DigestKind::Payload, case.to_json().as_bytes())
    }
}

fn digest(key: &hmac::Key, kind: DigestKind, data: &[u8]) -> Digest {
    let mut context = hmac::Context::with_key(key);
    context.update(&[kind as u8]);
    context.update(data);
    let mut digest = [0; 32];
    digest.copy_from_slice(context.sign().as_ref());
    digest
}

/// The short form of a fingerprint.
pub(crate) fn key_id(fingerprint: &Digest) -> KeyId {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&fingerprint[..8]);
    KeyId::from_be_bytes(bytes)
}

/// The keys that this proxy knows: the one that it writes with, and while the key is rotated the one before or after it.
#[derive(Debug)]
pub(crate) struct Keyring(Vec<Digests>);

impl Keyring {
    pub(crate) fn new(current: Digests, other: Option<&SecretString>) -> Self {
        let other = other.map(|key| Digests::new(key.expose_secret().as_bytes()));
        let mut keys = vec![current];
        keys.extend(other.filter(|other| other.fingerprint != keys[0].fingerprint));
        Self(keys)
    }

    /// The key that new records are written with.
    pub(crate) fn current(&self) -> &Digests {
        &self.0[0]
    }

    /// Every key, the current one first.
    pub(crate) fn all(&self) -> &[Digests] {
        &self.0
    }

    pub(crate) fn knows(&self, id: KeyId) -> bool {
        self.0.iter().any(|key| key.id() == id)
    }
}

/// What a store says of the keys that it was written with.
#[derive(Debug, Default)]
pub(crate) struct KeyHistory {
    /// The fingerprints that were left in it.
    pub(crate) fingerprints: Vec<Digest>,
    /// For each key, how many records were written with it. A record of an older version does not say.
    pub(crate) records: Vec<(Option<KeyId>, i64)>,
}

/// How the fingerprints in a store have to change so that they are those of a keyring.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyChange {
    pub(crate) add: Option<Digest>,
    /// Fingerprints of keys that no record needs any more.
    pub(crate) remove: Vec<Digest>,
}

impl KeyHistory {
    /// Whether there are records of an earlier version, which do not say which key they were written with.
    pub(crate) fn has_unlabelled(&self) -> bool {
        self.records.iter().any(|(id, count)| id.is_none() && *count > 0)
    }

    pub(crate) fn has_records(&self) -> bool {
        self.records.iter().any(|(_, count)| *count > 0)
    }

    /// Whether a store may be used with these keys.
    ///
    /// # Errors
    /// When it has records that were written with a key that is not among them, in words for the operator.
    pub(crate) fn check(&self, keys: &Keyring) -> Result<KeyChange, String> {
        if self.has_unlabelled() && keys.all().len() > 1 {
            return Err(
                "the store has submissions of an earlier version, which do not say with which key they were written. Start once with the old key alone, \
                 and rotate the key then"
                    .to_owned(),
            );
        }
        let missing = |id: KeyId| self.records.iter().find(|(key, count)| *key == Some(id) && *count > 0);
        let unknown = self
            .records
            .iter()
            .filter_map(|(id, _)| *id)
            .chain(self.fingerprints.iter().map(key_id));
        for id in unknown.filter(|id| !keys.knows(*id)) {
            if let Some((_, count)) = missing(id) {
                return Err(format!(
                    "the store has {count} submissions that were written with another key, and without it cases that Wise has would be sent \
                     again. Put that key back, as `store.key_file` or, to rotate it, as `store.other_key_file`"
                ));
            }
        }
        let current = keys.current().fingerprint();
        let remove = self.fingerprints.iter().filter(|known| !keys.knows(key_id(known)));
        Ok(KeyChange {
            add: (!self.fingerprints.contains(&current)).then_some(current),
            remove: remove.copied().collect(),
        })
    }

    /// Whether another proxy uses the store with a key that is not among these, now.
    ///
    /// # Errors
    /// The same in words for the operator.
    pub(crate) fn check_running(fingerprints: &[Digest], keys: &Keyring) -> Result<(), String> {
        let all_known = fingerprints.iter().all(|known| keys.knows(key_id(known)));
        if all_known && fingerprints.contains(&keys.current().fingerprint()) {
            return Ok(());
        }
        Err("another proxy uses this store with another `store.key`: all of them need the same key, or both keys while it is rotated".to_owned())
    }
}

/// The place of the key that the proxy makes for itself: beside the store's file.
pub(crate) fn beside(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".key");
    PathBuf::from(path)
}

/// Reads the key beside the store, or makes it if the store is new.
///
/// # Errors
/// When it cannot be read or made; or when it is not there and the store has records, which only that key opens.
pub(crate) fn read_or_make(path: &Path, is_new: bool) -> Result<Digests, ConfigError> {
    let unusable = |reason: String| ConfigError::new("store.key_file", format!("{}: {reason}", path.display()));
    match std::fs::read(path) {
        Ok(bytes) => match usable(&bytes) {
            Some(key) => Ok(Digests::new(key)),
            None => Err(unusable("is too short to be the key of a store".to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_new => Err(unusable(
            "is not there, and the store has submissions that only this key opens. Bring it back from a backup; without it cases that Wise \
             has would be sent again"
                .to_owned(),
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = [0; KEY_BYTES];
            SystemRandom::new()
                .fill(&mut bytes)
                .map_err(|_| unusable("the system gives no random numbers".to_owned()))?;
            let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            write_private(path, format!("{key}\n").as_bytes()).map_err(|error| unusable(error.to_string()))?;
            Ok(Digests::new(key.as_bytes()))
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// The key in a file's bytes. Earlier versions wrote 32 random bytes; text has no line end and no byte order mark, whoever wrote them.
fn usable(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.len() == KEY_BYTES {
        return Some(bytes);
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let end = text
        .iter()
        .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
        .map_or(0, |last| last + 1);
    Some(&text[..end]).filter(|key| key.len() >= KEY_BYTES)
}

/// Writes a file that only its owner can read, and has it on the disk before it is used.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(current: &str, other: Option<&str>) -> Keyring {
        let other = other.map(SecretString::from);
        Keyring::new(Digests::new(current.as_bytes()), other.as_ref())
    }

    fn history(keys: &[(&str, i64)]) -> KeyHistory {
        let digests = keys.iter().map(|(key, count)| (Digests::new(key.as_bytes()), *count));
        let (fingerprints, records) = digests
            .map(|(key, count)| (key.fingerprint(), (Some(key.id()), count)))
            .unzip();
        KeyHistory { fingerprints, records }
    }

    #[test]
    fn a_store_with_submissions_of_another_key_is_refused() {
        for (keys, ring, may) in [
            (&[][..], ring("a", None), true),
            (&[("a", 3)], ring("a", None), true),
            (&[("a", 3)], ring("b", None), false),
            (&[("a", 3)], ring("a", Some("b")), true),
            (&[("a", 3)], ring("b", Some("a")), true),
            (&[("a", 3), ("b", 1)], ring("b", None), false),
            (&[("a", 0), ("b", 1)], ring("b", None), true),
            (&[("a", 0)], ring("b", None), true),
        ] {
            assert_eq!(history(keys).check(&ring).is_ok(), may, "{keys:?} {ring:?}");
        }
    }

    #[test]
    fn the_key_in_use_is_left_in_the_store_and_one_that_nothing_needs_is_forgotten() {
        let change = history(&[("a", 0)]).check(&ring("b", None)).unwrap();
        let fingerprint = |key: &str| Digests::new(key.as_bytes()).fingerprint();
        assert_eq!((change.add, change.remove), (Some(fingerprint("b")), vec![fingerprint("a")]));
        assert_eq!(history(&[("a", 1)]).check(&ring("a", None)), Ok(KeyChange::default()));
    }

    #[test]
    fn proxies_that_share_a_store_notice_that_their_keys_differ() {
        let fingerprints =
            |keys: &[&str]| -> Vec<Digest> { keys.iter().map(|key| Digests::new(key.as_bytes()).fingerprint()).collect() };
        let check = |left: &[&str], ring: &Keyring| KeyHistory::check_running(&fingerprints(left), ring).is_ok();
        assert!(check(&["a"], &ring("a", None)));
        assert!(!check(&["a", "b"], &ring("a", None)), "another has begun to rotate");
        assert!(check(&["a", "b"], &ring("a", Some("b"))));
        assert!(check(&["a", "b"], &ring("b", Some("a"))));
        assert!(!check(&["b"], &ring("a", None)));
        assert!(!check(&[], &ring("a", None)));
    }

    #[test]
    fn a_key_is_the_same_with_and_without_a_line_end_and_a_byte_order_mark() {
        let key = "0123456789abcdef0123456789abcdef0123";
        for text in [
            key.to_owned(),
            format!("{key}\n"),
            format!("{key}\r\n"),
            format!("\u{feff}{key}\n\n"),
        ] {
            assert_eq!(usable(text.as_bytes()), Some(key.as_bytes()), "{text:?}");
        }
        // Random bytes of an earlier version, one of which may look like a line end.
        let raw = [b'\n'; KEY_BYTES];
        assert_eq!(usable(&raw), Some(&raw[..]));
        for short in ["", "\n", "short\n"] {
            assert_eq!(usable(short.as_bytes()), None, "{short:?}");
        }
    }
}
