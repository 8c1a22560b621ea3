//! Signs the list of hashes with a key that the operator of the release supplies.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::command::{find, program, run};

/// What the signature is for. `ssh-keygen` puts it into the signature, so that a signature of something else does not pass for one of a
/// release.
const NAMESPACE: &str = "partner-case-form";

/// Whether a file can be signed with the key. Asked before anything is built.
///
/// # Errors
/// When the key is not there, or `ssh-keygen` is not installed.
pub(super) fn check(key: &Path) -> anyhow::Result<()> {
    if find("ssh-keygen").is_none() {
        bail!("ssh-keygen is needed to sign: install OpenSSH 8.1 or later");
    }
    if !key.is_file() {
        bail!("--sign-with: there is no file {}", key.display());
    }
    Ok(())
}

/// Signs a file. The signature is beside it, under its name and `.sig`. A public key stands for its private half in the SSH agent or on a
/// hardware token.
///
/// # Errors
/// When the file cannot be signed, or the signature does not hold.
pub(super) fn sign(file: &Path, key: &Path) -> anyhow::Result<PathBuf> {
    discard(file)?;
    run(program("ssh-keygen")
        .args(["-Y", "sign", "-n", NAMESPACE, "-f"])
        .arg(key)
        .arg(file))?;
    let signature = path_beside(file);
    let signed = fs::File::open(file).with_context(|| file.display().to_string())?;
    // This says whether the signature fits the file, not whose it is: whoever verifies a release knows the key.
    run(program("ssh-keygen")
        .args(["-Y", "check-novalidate", "-n", NAMESPACE, "-s"])
        .arg(&signature)
        .stdin(signed))?;
    Ok(signature)
}

/// Removes the signature of an earlier build.
///
/// # Errors
/// When it is there and cannot be removed.
pub(super) fn discard(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path_beside(file)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn path_beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".sig");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What CONTRIBUTING.md tells the receiver of a release to run.
    fn verify(dir: &Path, file: &Path, signature: &Path) -> bool {
        program("ssh-keygen")
            .args(["-Y", "verify", "-n", NAMESPACE, "-I", "release", "-f"])
            .arg(dir.join("allowed_signers"))
            .arg("-s")
            .arg(signature)
            .stdin(fs::File::open(file).expect("the signed file"))
            .output()
            .expect("ssh-keygen")
            .status
            .success()
    }

    #[test]
    fn a_receiver_sees_whether_the_list_of_hashes_is_the_one_that_was_signed() {
        let dir = std::env::temp_dir().join(format!("partner-case-release-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a folder");
        let key = dir.join("key");
        let made = program("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "release", "-f"])
            .arg(&key)
            .status()
            .expect("ssh-keygen");
        assert!(made.success());
        let public = fs::read_to_string(dir.join("key.pub")).expect("the public key");
        fs::write(dir.join("allowed_signers"), format!("release {public}")).expect("the signers");
        let sums = dir.join("SHA256SUMS");
        fs::write(&sums, "00  an-artefact\n").expect("the list");

        check(&key).expect("a key that is there");
        assert!(check(&dir.join("no-key")).is_err());
        let signature = sign(&sums, &key).expect("a signature");
        assert_eq!(signature, dir.join("SHA256SUMS.sig"));
        assert!(verify(&dir, &sums, &signature));
        // A second release in the same folder signs anew.
        sign(&sums, &key).expect("another signature");
        fs::write(&sums, "01  an-artefact\n").expect("another list");
        assert!(!verify(&dir, &sums, &signature));
        discard(&sums).expect("removed");
        assert!(!signature.exists());
        discard(&sums).expect("nothing to remove");
        fs::remove_dir_all(dir).expect("tidied");
    }
}
