//! Environment variables, which win over the file.

use std::ffi::{OsStr, OsString};

use toml::{Table, Value};

use super::error::ConfigError;

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
    ("AUDIT_FILE", &["audit", "file"]),
    ("STAFF_SECRET", &["staff", "secret"]),
    ("STAFF_SECRET_FILE", &["staff", "secret_file"]),
];

/// Puts the variables over the table. Refuses a variable with the proxy's prefix that the proxy does not know: it is a slip.
///
/// Ignores the variables that Kubernetes sets for a Service named `partner-case-proxy`, and says so in one warning.
pub(super) fn put_over<N, V>(
    mut table: Table,
    environment: impl IntoIterator<Item = (N, V)>,
    warnings: &mut Vec<String>,
) -> Result<Table, ConfigError>
where
    N: Into<OsString>,
    V: Into<OsString>,
{
    let mut service_links = Vec::new();
    for (name, value) in environment {
        let (name, value) = (name.into(), value.into());
        if !name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            continue;
        }
        let known = name.to_str().and_then(key_of);
        match known {
            Some(path) => {
                let value = value
                    .into_string()
                    .map_err(|_value| ConfigError::new(&name.to_string_lossy(), "is not UTF-8 text"))?;
                set(&mut table, path, value);
            }
            None if is_service_link(&name, &value) => service_links.push(name.to_string_lossy().into_owned()),
            None => {
                return Err(ConfigError::new(
                    &name.to_string_lossy(),
                    "is not a variable that the proxy knows. docs/configuration.md lists them",
                ));
            }
        }
    }
    if !service_links.is_empty() {
        service_links.sort_unstable();
        warnings.push(format!(
            "ignored what Kubernetes sets for a Service named partner-case-proxy ({}). Set `enableServiceLinks: false` in the pod",
            service_links.join(", ")
        ));
    }
    Ok(table)
}

fn key_of(name: &str) -> Option<&'static [&'static str]> {
    let short = name.strip_prefix(PREFIX)?;
    VARIABLES
        .iter()
        .find(|(variable, _)| *variable == short)
        .map(|(_, path)| *path)
}

/// Whether Kubernetes sets this variable for a Service whose name is `partner-case-proxy`, or starts with it: `..._SERVICE_HOST`,
/// `..._SERVICE_PORT`, `..._SERVICE_PORT_HTTP`, `..._PORT`, `..._PORT_8780_TCP`, `..._PORT_8780_TCP_ADDR` and so on.
fn is_service_link(name: &OsStr, value: &OsStr) -> bool {
    let Some(short) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
        return false;
    };
    // The marks may be the whole of what follows the Service's name, which may be longer than the prefix.
    let after = |mark: &str| {
        short
            .strip_prefix(mark)
            .or_else(|| short.rsplit_once(&format!("_{mark}")).map(|(_, rest)| rest))
    };
    if matches!(after("SERVICE_HOST"), Some("")) {
        return true;
    }
    if let Some(rest) = after("SERVICE_PORT") {
        return rest.is_empty() || rest.starts_with('_');
    }
    let is_address = ["tcp://", "udp://", "sctp://"]
        .iter()
        .any(|scheme| value.as_encoded_bytes().starts_with(scheme.as_bytes()));
    // `..._PORT = 8780` would be the slip of somebody who thinks it sets the port.
    if short == "PORT" || short.ends_with("_PORT") && !is_port_member(short) {
        return is_address;
    }
    is_port_member(short)
}

/// Whether this is `PORT_<number>_<protocol>`, or one of its three members.
fn is_port_member(short: &str) -> bool {
    let parts: Vec<&str> = short.split('_').collect();
    let parts = match parts.as_slice() {
        [front @ .., "PROTO" | "PORT" | "ADDR"] if front.len() >= 3 => front,
        all => all,
    };
    matches!(parts, [.., "PORT", number, "TCP" | "UDP" | "SCTP"] if number.parse::<u16>().is_ok())
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

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    fn read(variables: &[(&str, &str)]) -> (Result<Table, ConfigError>, Vec<String>) {
        let mut warnings = Vec::new();
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        (put_over(Table::new(), variables, &mut warnings), warnings)
    }

    #[test]
    fn a_pod_beside_the_service_of_its_own_name_starts_and_says_what_it_ignored() {
        let (table, warnings) = read(&[
            ("PARTNER_CASE_PROXY_PORT", "tcp://10.0.0.1:80"),
            ("PARTNER_CASE_PROXY_SERVICE_HOST", "10.0.0.1"),
            ("PARTNER_CASE_PROXY_SERVICE_PORT", "80"),
            ("PARTNER_CASE_PROXY_SERVICE_PORT_HTTP", "80"),
            ("PARTNER_CASE_PROXY_PORT_8780_TCP", "tcp://10.0.0.1:8780"),
            ("PARTNER_CASE_PROXY_PORT_8780_TCP_PROTO", "tcp"),
            ("PARTNER_CASE_PROXY_PORT_8780_TCP_PORT", "8780"),
            ("PARTNER_CASE_PROXY_PORT_8780_TCP_ADDR", "10.0.0.1"),
            // A second Service, whose name only starts with it.
            ("PARTNER_CASE_PROXY_ADMIN_PORT", "tcp://10.0.0.2:81"),
            ("PARTNER_CASE_PROXY_ADMIN_SERVICE_HOST", "10.0.0.2"),
            ("PARTNER_CASE_PROXY_ADMIN_SERVICE_PORT_METRICS", "81"),
            ("PARTNER_CASE_PROXY_ADMIN_PORT_81_TCP_ADDR", "10.0.0.2"),
            ("PARTNER_CASE_PROXY_CLIENT_ID", "x"),
        ]);
        assert_eq!(table.unwrap()["credentials"]["client_id"].as_str(), Some("x"));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("enableServiceLinks: false") && warnings[0].contains("PARTNER_CASE_PROXY_PORT_8780_TCP,"));
    }

    #[test]
    fn none_of_our_own_variables_looks_like_one_of_kubernetes() {
        for (short, _) in VARIABLES {
            let name = format!("{PREFIX}{short}");
            assert!(!is_service_link(name.as_ref(), "tcp://10.0.0.1:80".as_ref()), "{name}");
        }
    }

    #[test]
    fn a_slip_in_a_variables_name_is_still_refused() {
        for name in [
            "PARTNER_CASE_PROXY_PORT",
            "PARTNER_CASE_PROXY_ADMIN_PORT",
            "PARTNER_CASE_PROXY_CLIENTID",
            "PARTNER_CASE_PROXY_PORT_X_TCP",
            "PARTNER_CASE_PROXY_SERVICE_HOSTNAME",
        ] {
            let (table, _) = read(&[(name, "8780")]);
            assert_eq!(table.unwrap_err().key, name);
        }
    }

    #[test]
    fn only_our_own_variables_have_to_be_text_and_none_is_echoed() {
        let broken = || OsString::from_vec(b"canary-\xff".to_vec());
        let mut warnings = Vec::new();
        let of_others = [(OsString::from("LESSOPEN"), broken()), (broken(), OsString::from("x"))];
        assert!(put_over(Table::new(), of_others, &mut warnings).unwrap().is_empty());
        let ours = [(OsString::from("PARTNER_CASE_PROXY_CLIENT_SECRET"), broken())];
        let error = put_over(Table::new(), ours, &mut warnings).unwrap_err().to_string();
        assert!(
            error.contains("PARTNER_CASE_PROXY_CLIENT_SECRET") && !error.contains("canary"),
            "{error}"
        );
    }
}
