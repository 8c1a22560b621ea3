use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};

use super::super::error::ConfigError;
use super::super::tests::folder;
use super::*;

const OLD: &str = "old-canary-secret-0123456789abcdef-1";
const NEW: &str = "new-canary-secret-0123456789abcdef-2";

fn file(content: &[u8]) -> PathBuf {
    let path = folder().join("secret");
    write(&path, content);
    path
}

fn write(path: &PathBuf, content: &[u8]) {
    std::fs::write(path, content).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn inline(text: &str) -> SecretSource {
    SecretSource::required("a.secret", Some(SecretString::from(text)), None).unwrap()
}

fn in_file(path: PathBuf) -> SecretSource {
    SecretSource::required("a.secret", None, Some(path)).unwrap()
}

fn shared(source: SecretSource) -> Result<(SharedSecret, Vec<String>), ConfigError> {
    let mut warnings = Vec::new();
    SharedSecret::new(source, 32, &mut warnings).map(|secret| (secret, warnings))
}

#[test]
fn what_an_editor_adds_is_no_part_of_a_secret_wherever_it_stands() {
    for saved in [
        "se cret",
        "se cret\n",
        "se cret\r\n",
        "se cret\n\n",
        "\u{feff}se cret",
        "\u{feff}se cret\r\n",
    ] {
        for source in [inline(saved), in_file(file(saved.as_bytes()))] {
            assert_eq!(source.first_read().unwrap().expose_secret(), "se cret", "{saved:?}");
        }
    }
}

#[test]
fn a_secret_that_is_none_is_refused_under_the_key_of_its_place() {
    for (saved, said) in [
        ("", "must not be empty"),
        ("\n", "must not be empty"),
        ("\u{feff}", "must not be empty"),
        ("canary\nsecond", "must be one line"),
        ("canary\rsecond", "must be one line"),
        ("replace-me", "placeholder"),
    ] {
        for (source, key) in [
            (inline(saved), "a.secret"),
            (in_file(file(saved.as_bytes())), "a.secret_file"),
        ] {
            let error = source.first_read().unwrap_err();
            assert!(error.key == key && error.reason.contains(said), "{saved:?}: {error}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }
    let binary = in_file(file(b"canary\xff")).first_read().unwrap_err();
    assert!(
        binary.reason.contains("is not UTF-8 text") && !binary.reason.contains("canary"),
        "{binary}"
    );
    let both = SecretSource::new("a.secret", Some(SecretString::from("canary")), Some("/x".into())).unwrap_err();
    assert!(both.key == "a.secret" && !both.reason.contains("canary"), "{both}");
    assert_eq!(SecretSource::required("a.secret", None, None).unwrap_err().key, "a.secret");
}

#[test]
fn a_secret_that_others_can_read_or_write_is_refused() {
    for (mode, is_good) in [
        (0o600, true),
        (0o400, true),
        (0o640, true),
        (0o440, true),
        (0o644, false),
        (0o444, false),
        (0o660, false),
        (0o620, false),
        (0o602, false),
        (0o601, false),
    ] {
        let path = file(OLD.as_bytes());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let read = in_file(path.clone()).first_read();
        assert_eq!(read.is_ok(), is_good, "{mode:o}");
        assert_eq!(shared(in_file(path)).is_ok(), is_good, "{mode:o}");
        if let Err(error) = read {
            assert!(
                error.key == "a.secret_file" && error.reason.contains(&format!("mode {mode:04o}")),
                "{error}"
            );
        }
    }
}

#[test]
fn one_bad_line_does_not_shut_the_portal_out() {
    for text in [
        format!("short-canary\n{OLD}\n{NEW}"),
        format!("\u{feff}replace-me-with-32-or-more-random-characters\r\n\r\n{OLD}\r\n  {NEW} \r\n"),
    ] {
        for source in [inline(&text), in_file(file(text.as_bytes()))] {
            let (secret, warnings) = shared(source).unwrap();
            assert!(secret.is(OLD.as_bytes()) && secret.is(NEW.as_bytes()));
            assert!(!secret.is(b"short-canary") && !secret.is(b""));
            assert!(!secret.is(b"replace-me-with-32-or-more-random-characters"));
            assert!(
                warnings.len() == 1 && warnings[0].contains("line 1 is not used"),
                "{warnings:?}"
            );
            assert!(!warnings[0].contains("canary"), "{warnings:?}");
        }
    }
    for (text, said) in [
        ("short-canary", "must have 32 characters or more"),
        ("short-canary\nshort-canary", "no line can be used"),
        ("\n\n", "must not be empty"),
        (" ", "must not be empty"),
    ] {
        let error = shared(in_file(file(text.as_bytes()))).unwrap_err();
        assert!(
            error.key == "a.secret_file" && error.reason.contains(said) && !error.reason.contains("canary"),
            "{error}"
        );
    }
}

#[test]
fn an_operator_who_asks_for_it_has_the_new_secret_at_once() {
    let path = file(OLD.as_bytes());
    let (secret, _) = shared(in_file(path.clone())).unwrap();
    write(&path, format!("{NEW}\nshort").as_bytes());
    assert!(secret.is(OLD.as_bytes()) && !secret.is(NEW.as_bytes()), "read a moment ago");
    secret.reload();
    assert!(!secret.is(OLD.as_bytes()) && secret.is(NEW.as_bytes()));
    write(&path, b"\n");
    secret.reload();
    assert!(secret.is(NEW.as_bytes()), "an empty file changes nothing");
}
