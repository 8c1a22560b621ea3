use std::os::unix::fs::PermissionsExt as _;

use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, date_time_ymd};

use super::super::tests::folder;
use super::*;

/// An X.509 v1 certificate, as `openssl x509 -req` of older versions makes it: EC P-256, until 2126.
const VERSION_1: &str = include_str!("version_1.pem");

fn pair(change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
    let mut params = CertificateParams::new(vec!["proxy.partner.example".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn files(certificate: &[u8], key: &[u8]) -> ClientCertificate {
    let folder = folder();
    let files = ClientCertificate::new(folder.join("client.pem"), folder.join("client.key"));
    std::fs::write(&files.certificate, certificate).unwrap();
    std::fs::write(&files.key, key).unwrap();
    std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o600)).unwrap();
    files
}

fn at(year: i32, month: u8, day: u8) -> SystemTime {
    date_time_ymd(year, month, day).into()
}

#[test]
fn which_of_certificate_and_key_is_wrong_is_said_and_why() {
    let (certificate, key) = pair(|_| {});
    let (_, other_key) = pair(|_| {});
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let older = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let damaged = key.replace("\nM", "\n*");
    for (certificate, key, at_fault, said) in [
        (
            certificate.as_str(),
            encrypted.as_str(),
            KEY_KEY,
            "encrypted private key. Decrypt it",
        ),
        (&certificate, older, KEY_KEY, "encrypted private key. Decrypt it"),
        (
            &certificate,
            &certificate,
            KEY_KEY,
            "no private key; the file holds a certificate",
        ),
        (&certificate, &other_key, KEY_KEY, "is not the key of the"),
        (&certificate, &damaged, KEY_KEY, "damaged"),
        (&certificate, "nonsense", KEY_KEY, "no PEM"),
        (&certificate, "", KEY_KEY, "is empty"),
        (&key, &key, CERTIFICATE_KEY, "no certificate; the file holds a private key"),
        ("nonsense", &key, CERTIFICATE_KEY, "no PEM"),
        ("", &key, CERTIFICATE_KEY, "is empty"),
        (VERSION_1, &key, CERTIFICATE_KEY, "old version of X.509"),
    ] {
        let error = files(certificate.as_bytes(), key.as_bytes()).load().unwrap_err();
        assert!(error.key == at_fault && error.reason.contains(said), "{said}: {error}");
        assert!(!key.lines().nth(1).is_some_and(|line| error.reason.contains(line)), "{error}");
    }
    let der = files(&[0x30, 0x82, 1, 2], key.as_bytes()).load().unwrap_err();
    assert!(der.key == CERTIFICATE_KEY && der.reason.contains("binary (DER)"), "{der}");
    let mut missing = files(certificate.as_bytes(), key.as_bytes());
    missing.key = "/nonexistent".into();
    assert!(
        missing
            .load()
            .unwrap_err()
            .to_string()
            .contains("client_key_file`: /nonexistent: No such file")
    );
    missing.certificate = "/nonexistent".into();
    assert_eq!(missing.load().unwrap_err().key, CERTIFICATE_KEY);
}

#[test]
fn a_certificate_that_ended_or_did_not_begin_is_refused_with_the_day() {
    let (certificate, key) = pair(|params| {
        params.not_before = date_time_ymd(2030, 3, 1);
        params.not_after = date_time_ymd(2030, 4, 1);
    });
    let files = files(certificate.as_bytes(), key.as_bytes());
    for (now, said) in [
        (at(2030, 2, 28), "is not valid before 2030-03-01T00:00:00Z"),
        (at(2030, 4, 1), "ended on 2030-04-01T00:00:00Z"),
        (at(2031, 1, 1), "ended on 2030-04-01T00:00:00Z"),
    ] {
        let error = load(&files, now).unwrap_err();
        assert!(error.key == CERTIFICATE_KEY && error.reason.contains(said), "{error}");
    }
    // A clock that is a minute behind.
    assert!(load(&files, at(2030, 3, 1) - Duration::from_secs(60)).is_ok());
    let loaded = load(&files, at(2030, 3, 10)).unwrap();
    assert_eq!(loaded.warning(at(2030, 3, 10)), None);
    let warning = loaded.warning(at(2030, 3, 20)).unwrap();
    assert!(warning.contains("ends on 2030-04-01"), "{warning}");
    assert!(loaded.warning(at(2030, 4, 2)).unwrap().contains("ended on 2030-04-01"));
}

#[test]
fn in_a_chain_the_certificate_that_ended_is_named() {
    let (certificate, key) = pair(|_| {});
    let (ended, _) = pair(|params| params.not_after = date_time_ymd(2020, 1, 1));
    let error = files(format!("{certificate}{ended}").as_bytes(), key.as_bytes())
        .load()
        .unwrap_err();
    assert!(error.reason.contains("certificate 2 of 2 ended on 2020-01-01"), "{error}");
}

#[test]
fn the_end_of_the_certificate_is_known_and_follows_a_replaced_file() {
    let (certificate, key) = pair(|params| params.not_after = date_time_ymd(2090, 1, 1));
    let files = files(certificate.as_bytes(), key.as_bytes());
    assert_eq!(files.ends_at(), 0);
    files.load().unwrap();
    assert_eq!(files.ends_at(), date_time_ymd(2090, 1, 1).unix_timestamp());
    let (certificate, key) = pair(|params| params.not_after = date_time_ymd(2091, 1, 1));
    std::fs::write(&files.certificate, certificate).unwrap();
    files.reload();
    assert_eq!(
        (files.ends_at(), files.reloads()),
        (date_time_ymd(2090, 1, 1).unix_timestamp(), 0),
        "the key is still the old one"
    );
    std::fs::write(&files.key, key).unwrap();
    // Whoever holds another handle sees it.
    files.clone().reload();
    assert_eq!(
        (files.ends_at(), files.reloads()),
        (date_time_ymd(2091, 1, 1).unix_timestamp(), 1)
    );
}

#[test]
fn files_saved_on_windows_and_other_kinds_of_keys_are_read() {
    let (certificate, key) = pair(|_| {});
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    files(windows(&certificate).as_bytes(), windows(&key).as_bytes())
        .load()
        .unwrap();
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap().pem();
    files(certificate.as_bytes(), key.serialize_pem().as_bytes()).load().unwrap();
}

#[test]
fn a_private_key_that_others_can_read_is_refused() {
    let (certificate, key) = pair(|_| {});
    let files = files(certificate.as_bytes(), key.as_bytes());
    std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = files.load().unwrap_err();
    assert!(error.key == KEY_KEY && error.reason.contains("mode 0644"), "{error}");
}

#[test]
fn a_file_of_trusted_certificates_without_one_is_refused() {
    let (certificate, key) = pair(|_| {});
    let path = folder().join("ca.pem");
    for (content, said) in [
        ("", "is empty"),
        (key.as_str(), "no certificate; the file holds a private key"),
        ("nonsense", "no PEM"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "ca.pem: "),
    ] {
        std::fs::write(&path, content).unwrap();
        let error = check_trusted("upstream.ca_file", &path).unwrap_err();
        assert!(error.key == "upstream.ca_file" && error.reason.contains(said), "{error}");
    }
    std::fs::write(&path, format!("{certificate}{certificate}")).unwrap();
    check_trusted("upstream.ca_file", &path).unwrap();
}
