//! The URL of the database.

use std::error::Error as _;
use std::net::IpAddr;

use tokio_postgres::config::{Host, SslMode};

/// Options of libpq's that the proxy does not have, and what to do in their place. Their names are shown; another name may be a piece of
/// the password.
const OTHERS: &[(&str, &str)] = &[
    (
        "sslrootcert",
        "Put the certificates that the database's is to be checked by into `store.ca_file`",
    ),
    ("sslcert", "The proxy shows the database no certificate. Use a password"),
    ("sslkey", "The proxy shows the database no certificate. Use a password"),
    ("sslpassword", "The proxy shows the database no certificate. Use a password"),
    ("sslcrl", REMOVE),
    ("sslcrldir", REMOVE),
    ("sslsni", REMOVE),
    ("sslcompression", REMOVE),
    ("sslcertmode", REMOVE),
    ("ssl_min_protocol_version", "TLS is 1.2 or later here. Remove it"),
    ("ssl_max_protocol_version", REMOVE),
    ("requiressl", "Use sslmode=require"),
    ("requirepeer", REMOVE),
    ("require_auth", REMOVE),
    ("gssencmode", REMOVE),
    ("krbsrvname", REMOVE),
    ("gsslib", REMOVE),
    ("gssdelegation", REMOVE),
    ("service", "Put the service's host, port and database into the URL"),
    (
        "passfile",
        "Put the password into the URL, and the URL into `store.postgres_url_file`",
    ),
    ("client_encoding", REMOVE),
    ("fallback_application_name", "Use application_name"),
    ("replication", REMOVE),
    ("pgbouncer", REMOVE),
    ("connection_limit", REMOVE),
    ("schema", "Use options=-csearch_path=NAME"),
];

const REMOVE: &str = "Remove it";

/// Checks that the URL can be used, and that the password and what is stored travel where nobody can listen: encrypted, or within this
/// machine.
///
/// # Errors
/// What is wrong, without the URL, which holds the password.
pub(super) fn check(url: &str) -> Result<(), String> {
    let config: tokio_postgres::Config = url.parse().map_err(|error| why(&error))?;
    let is_within_machine = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Host::Unix(_) => true,
    };
    let named = !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_within_machine);
    let within_machine = named && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    if config.get_ssl_mode() == SslMode::Require || within_machine {
        Ok(())
    } else {
        Err("must have sslmode=require: the database is on another machine".to_owned())
    }
}

/// What the library says of a URL, as far as it cannot be a piece of the URL.
fn why(error: &tokio_postgres::Error) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let option = cause.split('`').nth(1).unwrap_or_default();
    if cause.starts_with("invalid value for option") {
        // Of these the library has a list of its own.
        return match option {
            "sslmode" => "has an sslmode that the proxy does not have. Use sslmode=require: it always checks the database's certificate and \
                          host name here, as verify-full does elsewhere"
                .to_owned(),
            option => format!("has an option `{option}` with a value that cannot be used"),
        };
    }
    if cause.starts_with("unknown option") {
        return match OTHERS.iter().find(|(name, _)| *name == option) {
            Some((name, instead)) => format!("has the option `{name}`, which the proxy does not have. {instead}"),
            None => {
                "has an option that the proxy does not know, or a password with characters that must be written as %XX".to_owned()
            }
        };
    }
    "is not a URL such as postgres://USER:PASSWORD@HOST/DATABASE?sslmode=require".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_another_machine_is_reached_encrypted_or_not_at_all() {
        for (url, expected) in [
            ("postgres://u:p@db.example/cases?sslmode=require", true),
            ("postgres://u:p@db.example/cases", false),
            ("postgres://u:p@db.example/cases?sslmode=prefer", false),
            ("postgres://u:p@db.example/cases?sslmode=disable", false),
            ("postgres://u:p@127.0.0.1:5433/cases", true),
            ("postgres://u:p@localhost/cases?sslmode=disable", true),
            ("postgres://u:p@localhost,db.example/cases", false),
            ("host=/run/postgresql user=u", true),
            ("postgres://u:p@localhost/cases?hostaddr=10.0.0.5", false),
            ("hostaddr=10.0.0.5 user=u", false),
            ("nonsense", false),
        ] {
            assert_eq!(check(url).is_ok(), expected, "{url}");
        }
    }

    #[test]
    fn an_option_from_another_client_is_named_with_what_to_do_and_without_the_url() {
        for (options, said) in [
            ("?sslmode=verify-full", "sslmode=require"),
            ("?sslmode=verify-ca", "verify-full does elsewhere"),
            ("?sslmode=require&sslrootcert=/canary.pem", "store.ca_file"),
            ("?sslmode=require&sslcert=/canary.pem", "`sslcert`"),
            ("?pgbouncer=true", "`pgbouncer`"),
            ("?canary=1", "does not know"),
            ("?connect_timeout=canary", "`connect_timeout`"),
        ] {
            let error = check(&format!("postgres://canary:canary@db.example/canary{options}")).unwrap_err();
            assert!(error.contains(said) && !error.contains("canary"), "{options}: {error}");
        }
        for url in [
            "host=db.example password=canary canary=1",
            "host=db.example password='canary",
            "postgres://u:canary?canary@db.example/x",
            "postgres://u:can%ary@db.example/x",
            "https://canary",
        ] {
            let error = check(url).unwrap_err();
            assert!(!error.contains("canary"), "{url}: {error}");
        }
    }
}
