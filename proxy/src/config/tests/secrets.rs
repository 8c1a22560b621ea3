//! Secrets in the configuration and in files.

use super::*;

fn secret_file(content: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder().join("secret");
    std::fs::write(&path, content).expect("a secret");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    path.display().to_string()
}

#[test]
fn a_client_secret_whose_file_is_missing_is_no_obstacle_while_there_is_the_other() {
    let good = secret_file("s\n");
    for (first, next, expected) in [
        (good.as_str(), "", Ok(0)),
        (&good, &good, Ok(0)),
        ("/nonexistent", &good, Ok(1)),
        (&good, "/nonexistent", Ok(1)),
        ("/nonexistent", "", Err("credentials.client_secret_file")),
        ("/nonexistent", "/nonexistent", Err("credentials.client_secret_file")),
    ] {
        let next_key = match next {
            "" => String::new(),
            next => format!("next_client_secret_file = {next:?}"),
        };
        let text = GOOD.replace(
            "client_secret = \"canary-client-secret\"",
            &format!("client_secret_file = {first:?}\n{next_key}"),
        );
        let loaded = load(&text);
        match expected {
            Ok(warnings) => assert_eq!(loaded.expect("a secret").warnings.len(), warnings, "{first} {next}"),
            Err(key) => assert_eq!(loaded.expect_err("no secret").key, key, "{first} {next}"),
        }
    }
}

#[test]
fn a_key_of_the_store_is_the_same_with_or_without_a_line_end() {
    let key = "a-key-of-a-test-0123456789abcdefghij";
    let texts = [
        format!("key = \"{key}\""),
        format!("key = \"{key}\\n\""),
        format!("key_file = {:?}", secret_file(key)),
        format!("key_file = {:?}", secret_file(&format!("\u{feff}{key}\r\n"))),
    ];
    for text in texts {
        let other = "other_key = \"another-key-of-a-test-0123456789abcdef\\n\"";
        let store = load(&format!("{GOOD}[store]\n{text}\n{other}\n")).expect("good").store;
        assert_eq!(store.key.expect("a key").expose_secret(), key, "{text}");
        let other = store.other_key.expect("a key");
        assert_eq!(other.expose_secret(), "another-key-of-a-test-0123456789abcdef");
        let twice = format!("{GOOD}[store]\n{text}\nother_key = \"{key}\"\n");
        assert_eq!(key_at_fault(&twice), "store.other_key");
    }
}

#[test]
fn a_configuration_with_a_secret_in_it_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder().join("proxy.toml");
    let warnings = |text: &str, mode: u32| {
        std::fs::write(&path, text).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("a mode");
        let config = Config::load(Some(&path), std::iter::empty::<(String, String)>(), false).expect("good");
        config.warnings.join(" ")
    };
    assert!(warnings(GOOD, 0o644).contains("holds a secret"));
    assert_eq!(warnings(GOOD, 0o640), "");
    let in_files = GOOD
        .replace(
            "secret = \"canary-client-secret\"",
            &format!("secret_file = {:?}", secret_file("s")),
        )
        .replace(
            "secret = \"canary-portal-secret-0123456789abcdef\"",
            &format!("secret_file = {:?}", secret_file("canary-portal-secret-0123456789abcdef")),
        );
    assert_eq!(warnings(&in_files, 0o644), "");
    // The simulator's secrets open nothing.
    assert_eq!(
        warnings(&GOOD.replace("https://api.wise.com", "http://127.0.0.1:1"), 0o644),
        ""
    );
}
