//! Environment variables over the file.

use toml::{Table, Value};

use super::ConfigError;

const PREFIX: &str = "PARTNER_CASE_PROXY_";

/// The variables, without the prefix, and the keys they stand for.
pub(super) const VARIABLES: &[(&str, &[&str])] = &[
    ("LISTEN", &["listen"]),
    ("BASE_PATH", &["base_path"]),
    ("WIDGET_DIR", &["widget_dir"]),
    ("UPSTREAM_URL", &["upstream", "url"]),
    ("TOKEN_URL", &["upstream", "token_url"]),
    ("API_VERSION", &["upstream", "api_version"]),
    ("CLIENT_ID", &["credentials", "client_id"]),
    ("CLIENT_SECRET", &["credentials", "client_secret"]),
    ("CLIENT_SECRET_FILE", &["credentials", "client_secret_file"]),
    ("ADMIN_LISTEN", &["admin", "listen"]),
    ("STORE_PATH", &["store", "path"]),
    ("STORE_POSTGRES_URL", &["store", "postgres_url"]),
    ("STORE_POSTGRES_URL_FILE", &["store", "postgres_url_file"]),
    ("STORE_KEY", &["store", "key"]),
    ("STORE_KEY_FILE", &["store", "key_file"]),
    ("STAFF_SECRET", &["staff", "secret"]),
    ("STAFF_SECRET_FILE", &["staff", "secret_file"]),
];

/// Puts the variables over the table. A variable with our prefix that means nothing is a slip, and refused.
pub(super) fn put_over(mut table: Table, environment: impl IntoIterator<Item = (String, String)>) -> Result<Table, ConfigError> {
    for (name, value) in environment {
        let Some(short) = name.strip_prefix(PREFIX) else { continue };
        let Some((_, path)) = VARIABLES.iter().find(|(variable, _)| *variable == short) else {
            return Err(ConfigError::new(&name, "is not a variable that the proxy knows"));
        };
        set(&mut table, path, value);
    }
    Ok(table)
}

fn set(table: &mut Table, path: &[&str], value: String) {
    match path {
        [] => {}
        [key] => drop(table.insert((*key).to_owned(), Value::String(value))),
        [key, rest @ ..] => {
            let inner = table.entry(*key).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}
