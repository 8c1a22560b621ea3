//! The keys that Wise's webhooks may be signed with.

use std::path::Path;

use spki::der::Decode as _;

use super::error::ConfigError;
use super::file::{WebhookEnvironment, WebhookFile};
use super::pem::{Content, without_mark};

/// Wise's key for webhooks of the production environment, from its documentation ("Event handling").
pub(crate) const PRODUCTION_KEY: &str = include_str!("../webhook/production.pem");

/// Wise's key for webhooks of the sandbox.
pub(crate) const SANDBOX_KEY: &str = include_str!("../webhook/sandbox.pem");

/// The shortest public key, in bytes: of 2048 bits. The signatures of a shorter one are never accepted (ring's
/// `RSA_PKCS1_2048_8192_SHA256`).
const KEY_MIN_BYTES: usize = 2048 / 8;

/// The keys in PEM, each checked. `upstream` is the environment of Wise's that the proxy calls.
pub(super) fn keys(file: &WebhookFile, upstream: &str) -> Result<Vec<String>, ConfigError> {
    let environment = match file.environment {
        Some(environment) => environment,
        None if upstream == "sandbox" => WebhookEnvironment::Sandbox,
        None => WebhookEnvironment::Production,
    };
    if file.public_key_files.is_empty() {
        let built_in = match environment {
            WebhookEnvironment::Production => PRODUCTION_KEY,
            WebhookEnvironment::Sandbox => SANDBOX_KEY,
        };
        check_environment("webhook.environment", built_in, upstream)?;
        return Ok(vec![built_in.to_owned()]);
    }
    let keys = file.public_key_files.iter().enumerate();
    keys.map(|(index, path)| {
        let key = format!("webhook.public_key_files[{index}]");
        let pem = read(path).map_err(|reason| ConfigError::new(&key, format!("{}: {reason}", path.display())))?;
        check_environment(&key, &pem, upstream)?;
        Ok(pem)
    })
    .collect()
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let pem = String::from_utf8_lossy(without_mark(&bytes)).into_owned();
    match Content::of(&bytes) {
        Content::PublicKey => rsa_key(&pem).map(|_key| pem),
        content => Err(format!("there is no public key; the file {content}")),
    }
}

/// The key inside the PEM's envelope (RFC 5280 section 4.1.2.7), as ring takes it.
///
/// # Errors
/// What is in the PEM's place, in words for the operator.
pub(crate) fn rsa_key(pem: &str) -> Result<Vec<u8>, String> {
    if pem.matches("-----BEGIN ").count() > 1 {
        return Err("there are several keys. Give each a file of its own".to_owned());
    }
    let (label, der) =
        spki::der::pem::decode_vec(pem.trim().as_bytes()).map_err(|_error| "the PEM of the key is damaged".to_owned())?;
    let info = spki::SubjectPublicKeyInfoRef::from_der(&der)
        .ok()
        .filter(|_| label == "PUBLIC KEY")
        .ok_or("is not a public key")?;
    if info.algorithm.oid != spki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1") {
        return Err("is a public key of another kind than RSA, with which Wise signs".to_owned());
    }
    let key = info.subject_public_key.raw_bytes();
    if key.len() < KEY_MIN_BYTES {
        return Err("is an RSA key of fewer than 2048 bits, which is not accepted".to_owned());
    }
    Ok(key.to_vec())
}

/// Refuses the published key of one of Wise's environments for the other: every event of the sandbox would be believed, or none of
/// production.
fn check_environment(key: &str, pem: &str, upstream: &str) -> Result<(), ConfigError> {
    let (other, name) = match upstream {
        "production" => (SANDBOX_KEY, "sandbox"),
        "sandbox" => (PRODUCTION_KEY, "production"),
        _ => return Ok(()),
    };
    if rsa_key(pem) == rsa_key(other) {
        return Err(ConfigError::new(
            key,
            format!("is the key of Wise's {name}, and `upstream.url` is Wise's {upstream}"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_files(upstream: &str, contents: &[&[u8]]) -> Result<usize, ConfigError> {
        let folder = super::super::tests::folder();
        let paths = contents.iter().enumerate().map(|(index, content)| {
            let path = folder.join(format!("{index}.pem"));
            std::fs::write(&path, content).unwrap();
            path
        });
        let file = WebhookFile {
            subscription_ids: Vec::new(),
            environment: None,
            public_key_files: paths.collect(),
        };
        keys(&file, upstream).map(|keys| keys.len())
    }

    #[test]
    fn the_sandboxs_key_is_not_for_production_nor_the_reverse() {
        for (upstream, environment, is_good) in [
            ("production", None, true),
            ("production", Some(WebhookEnvironment::Sandbox), false),
            ("sandbox", None, true),
            ("sandbox", Some(WebhookEnvironment::Production), false),
            ("simulator", Some(WebhookEnvironment::Production), true),
            ("other", Some(WebhookEnvironment::Sandbox), true),
        ] {
            let file = WebhookFile {
                subscription_ids: Vec::new(),
                environment,
                public_key_files: Vec::new(),
            };
            let read = keys(&file, upstream);
            assert_eq!(read.is_ok(), is_good, "{upstream} {environment:?}");
            assert!(is_good || read.unwrap_err().key == "webhook.environment");
        }
        let both = [PRODUCTION_KEY.as_bytes(), SANDBOX_KEY.as_bytes()];
        assert_eq!(with_files("other", &both), Ok(2));
        for (upstream, key) in [
            ("production", "webhook.public_key_files[1]"),
            ("sandbox", "webhook.public_key_files[0]"),
        ] {
            assert_eq!(with_files(upstream, &both).unwrap_err().key, key);
        }
    }

    #[test]
    fn of_several_key_files_the_wrong_one_is_named_and_what_it_holds() {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap().pem();
        let twice = format!("{PRODUCTION_KEY}{SANDBOX_KEY}");
        let private = key.serialize_pem();
        let damaged = PRODUCTION_KEY.replace("MIIB", "MIIA");
        for (content, said) in [
            (private.as_bytes(), "private key"),
            (certificate.as_bytes(), "certificate"),
            (key.public_key_pem().as_bytes(), "another kind than RSA"),
            (b"nonsense".as_slice(), "no PEM"),
            (b"", "empty"),
            (&[0x30, 0x82, 1, 2], "DER"),
            (twice.as_bytes(), "several keys"),
            (
                b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                "not a public key",
            ),
            (damaged.as_bytes(), "not a public key"),
        ] {
            let error = with_files("other", &[PRODUCTION_KEY.as_bytes(), content]).unwrap_err();
            assert_eq!(error.key, "webhook.public_key_files[1]");
            assert!(
                error.reason.contains("1.pem: ") && error.reason.contains(said),
                "{said}: {error}"
            );
            assert!(!error.reason.contains(private.lines().nth(1).unwrap()), "{error}");
        }
    }

    #[test]
    fn a_key_file_saved_on_windows_is_read() {
        let saved = format!("\u{feff}{}", SANDBOX_KEY.replace('\n', "\r\n"));
        assert_eq!(with_files("sandbox", &[saved.as_bytes()]), Ok(1));
    }
}
