//! What a file holds that should hold PEM (RFC 7468), so that a message can say what is there in its place.

use std::fmt;

/// The first thing of interest in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Nothing,
    EncryptedKey,
    OpenSshKey,
    PrivateKey,
    Request,
    Certificate,
    PublicKey,
    RsaPublicKey,
    OtherPem,
    Der,
    NotPem,
}

impl Content {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let has = |label: &str| text.contains(&format!("-----BEGIN {label}-----"));
        if text.trim().is_empty() {
            Self::Nothing
        // The second is the older form, a header inside of "RSA PRIVATE KEY" (RFC 1421).
        } else if has("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            Self::EncryptedKey
        } else if has("OPENSSH PRIVATE KEY") {
            Self::OpenSshKey
        } else if text.contains("PRIVATE KEY-----") {
            Self::PrivateKey
        } else if text.contains("CERTIFICATE REQUEST-----") {
            Self::Request
        } else if text.contains("CERTIFICATE-----") {
            Self::Certificate
        } else if has("PUBLIC KEY") {
            Self::PublicKey
        } else if has("RSA PUBLIC KEY") {
            Self::RsaPublicKey
        } else if text.contains("-----BEGIN ") {
            Self::OtherPem
        // The tag and long length with which a DER file of some size begins.
        } else if bytes.starts_with(&[0x30, 0x81]) || bytes.starts_with(&[0x30, 0x82]) {
            Self::Der
        } else {
            Self::NotPem
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "is empty",
            Self::EncryptedKey => "holds an encrypted private key. Decrypt it with `openssl pkey`",
            Self::OpenSshKey => "holds an OpenSSH key. Convert it with `ssh-keygen -p -m PEM`",
            Self::PrivateKey => "holds a private key",
            Self::Request => "holds a certificate request, which is not a certificate yet",
            Self::Certificate => "holds a certificate",
            Self::PublicKey => "holds a public key",
            Self::RsaPublicKey => {
                "holds an RSA public key in the older form. Convert it with `openssl rsa -RSAPublicKey_in -pubout`"
            }
            Self::OtherPem => "holds PEM of another kind",
            Self::Der => "is binary (DER). Convert it to PEM with `openssl`",
            Self::NotPem => "holds no PEM, which begins with `-----BEGIN`",
        })
    }
}

/// The file without the byte order mark that some editors put before the first line, which would hide it.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}
