//! From the text of the configuration file to its keys. No message holds what stands in the file: it may be a secret.

use std::path::Path;

use toml::{Table, Value};

use super::error::ConfigError;
use super::file::ConfigFile;

/// Reads the file's text.
pub(super) fn text(path: &Path) -> Result<String, ConfigError> {
    let unusable = |reason: String| ConfigError::new("--config", format!("{}: {reason}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        unusable(format!("line {line} is not UTF-8 text"))
    })
}

/// Reads the text as TOML.
pub(super) fn table(text: &str) -> Result<Table, ConfigError> {
    text.parse().map_err(|error: toml::de::Error| {
        let place = error.span().map(|span| position(text, span.start)).unwrap_or_default();
        ConfigError::new("--config", format!("{place}{}", error.message()))
    })
}

/// Line and column of a byte, both from 1.
fn position(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    format!("line {line}, column {column}: ")
}

/// Whether a key of this name may hold a secret.
pub(super) fn is_secret(name: &str) -> bool {
    name.ends_with("secret") || name == "key" || name.ends_with("_key") || name == "postgres_url"
}

/// Whether a secret stands in the file itself.
pub(super) fn holds_secret(table: &Table) -> bool {
    table.iter().any(|(name, value)| match value {
        Value::Table(inner) => holds_secret(inner),
        Value::String(_) => is_secret(name),
        _ => false,
    })
}

/// Reads the keys.
pub(super) fn file(table: Table) -> Result<ConfigFile, ConfigError> {
    serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
        let message = error.inner().message();
        // Serde reports a missing or unknown field at its parent; the field's own name is in the message.
        let name = message
            .split('`')
            .nth(1)
            .filter(|_| message.starts_with("missing field") || message.starts_with("unknown field"));
        let parent = error.path().to_string();
        let key = match name {
            Some(name) if parent == "." => name.to_owned(),
            Some(name) if !parent.ends_with(name) => format!("{parent}.{name}"),
            _ => parent,
        };
        ConfigError::new(&key, without_value(message))
    })
}

/// What Serde says, less the value: of a wrong type `invalid type: integer 5, expected a string`, of a wrong word
/// `unknown variant x, expected y`. Only the end, which is ours, is taken over.
fn without_value(message: &str) -> String {
    // The value stands before, and could itself hold these words.
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| match expected {
        "a string" => "text in quotes",
        "a sequence" => "a list in brackets",
        "a boolean" => "`true` or `false`",
        "usize" | "u16" | "u32" | "u64" => "a whole number from 0 on",
        table if table.starts_with("struct ") => "a section with keys of its own",
        other => other,
    });
    match expected {
        _ if message.starts_with("missing field") => "is missing".to_owned(),
        Some(expected) if message.starts_with("unknown field") => {
            format!("is not a key that the proxy knows; there are {expected}")
        }
        _ if message.starts_with("unknown field") => "is not a key that the proxy knows".to_owned(),
        Some(expected) => format!("must be {expected}"),
        // Rust's own words about addresses, which hold no value.
        None if message == "invalid socket address syntax" => {
            "must be an address and a port, such as \"127.0.0.1:8780\"".to_owned()
        }
        None if message == "invalid IP address syntax" => "must be an IP address, such as \"10.0.0.1\"".to_owned(),
        None => "cannot be used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_the_toml_is_found_by_line_and_column_and_not_shown() {
        for (text, place) in [
            ("listen = 1\nsecret = canary", "line 2, column 10: "),
            ("[staff]\n  secret = \"canary\n", "line 2, column "),
            ("[a]\nsecret = 'canary' canary", "line 2, column "),
            ("secret = \"canary\"\nsecret = \"canary\"", "line 2, column 1: "),
            ("[staff\nsecret = \"canary\"", "line 1, column "),
            ("secret = \"canary\\q\"", "line 1, column "),
            ("ü = 'ä' canary", "line 1, column "),
            ("secret = 0canary", "line 1, column "),
            ("secret = {canary", "line 1, column "),
        ] {
            let error = table(text).unwrap_err().to_string();
            assert!(error.contains(place) && !error.contains("canary"), "{text}: {error}");
        }
    }

    #[test]
    fn a_byte_order_mark_before_the_configuration_does_no_harm() {
        assert_eq!(table("\u{feff}listen = 1\r\n").unwrap()["listen"].as_integer(), Some(1));
    }

    /// Whatever stands in the place of whatever key, no message shows it.
    #[test]
    fn no_value_of_the_wrong_type_is_echoed() {
        let values = [
            "8243561907",
            "\"canary, expected canary\"",
            "-8243561907",
            "8243561907.5",
            "[\"canary\"]",
            "{ canary = 1 }",
            "1979-05-27T07:32:00Z",
        ];
        for section in [
            "",
            "[upstream]",
            "[credentials]",
            "[staff]",
            "[store]",
            "[webhook]",
            "[limits]",
            "[audit]",
            "[cases]",
        ] {
            for key in [
                "listen",
                "url",
                "timeout_secs",
                "client_secret",
                "next_client_secret",
                "secret",
                "mode",
                "trusted_peers",
                "key",
                "other_key",
                "postgres_url",
                "retention_days",
                "environment",
                "public_key_files",
                "connections",
                "required",
                "visible",
            ] {
                for value in values {
                    let Err(error) = file(table(&format!("{section}\n{key} = {value}\n")).unwrap()) else {
                        continue;
                    };
                    let error = error.to_string();
                    assert!(
                        !["canary", "824356", "1979"].iter().any(|part| error.contains(part)),
                        "{section} {key} = {value}: {error}"
                    );
                }
            }
        }
        let numeric = file(table("upstream.url = ''\ncredentials.client_id = ''\nstore.key = 8243561907").unwrap()).unwrap_err();
        assert_eq!(
            (numeric.key.as_str(), numeric.reason.as_str()),
            ("store.key", "must be text in quotes")
        );
    }
}
