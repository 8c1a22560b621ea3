//! The SQLite file on the disk: who may read it, and whether it is still the one that was opened.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// SQLite's own name for a store that is not on the disk.
const IN_MEMORY: &str = ":memory:";

/// Makes a new file that only its owner can read, whatever the umask; SQLite gives the files beside it the same mode. A file that is there
/// keeps the mode that the operator gave it.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    if path.as_os_str() == IN_MEMORY {
        return Ok(());
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The files of an open store by their inodes.
///
/// A file that is deleted or replaced under a running proxy goes on to be written to, and is gone with the process: every submission that it
/// holds would be forgotten at the next start.
#[derive(Debug)]
pub(super) struct StoreFiles(Vec<(PathBuf, u64, u64)>);

impl StoreFiles {
    /// The files as they are now: the store's own, and its write-ahead log.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == IN_MEMORY {
            return Ok(Self(Vec::new()));
        }
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let files = [path.to_owned(), PathBuf::from(log)].into_iter().map(|path| {
            let metadata = std::fs::metadata(&path)?;
            Ok((path, metadata.dev(), metadata.ino()))
        });
        files.collect::<io::Result<_>>().map(Self)
    }

    /// Whether every file is still at its place.
    ///
    /// # Errors
    /// Which one is not, in words for the operator.
    pub(super) fn check(&self) -> Result<(), String> {
        for (path, device, inode) in &self.0 {
            let same = std::fs::metadata(path).is_ok_and(|now| (now.dev(), now.ino()) == (*device, *inode) && now.nlink() > 0);
            if !same {
                return Err(format!(
                    "{} was deleted or replaced while the proxy runs. Nothing is sent. Stop the proxy, put the file back, and start again",
                    path.display()
                ));
            }
        }
        Ok(())
    }
}
