//! The addresses to listen on, and the origins that may call.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use super::error::ConfigError;

/// Checks the two addresses against each other, and whether plain HTTP may be spoken there.
pub(super) fn check_addresses(
    listen: SocketAddr,
    admin: SocketAddr,
    allow_public: bool,
    warnings: &mut Vec<String>,
) -> Result<(), ConfigError> {
    if overlap(listen, admin) {
        return Err(ConfigError::new(
            "admin.listen",
            "is the address of `listen`. Give it another port, which browsers cannot reach",
        ));
    }
    if is_public(listen.ip()) && !allow_public {
        return Err(ConfigError::new(
            "listen",
            "is a public address, and the proxy speaks plain HTTP: the portal's secret and the agents' texts could be read on the way. \
             Listen on a private address, or set `allow_public_plain_http = true` if something else encrypts the way",
        ));
    }
    if !listen.ip().to_canonical().is_loopback() {
        warnings.push(format!(
            "`listen` is {listen}, and the proxy speaks plain HTTP: the way from the portal's server to it must be encrypted or private"
        ));
    }
    if is_public(admin.ip()) {
        warnings.push(format!(
            "`admin.listen` is {admin}, a public address: everybody can read the metrics"
        ));
    }
    Ok(())
}

/// Whether one listener would be in the other's way. The unspecified address stands for every address.
fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    let (first, second) = (one.ip().to_canonical(), other.ip().to_canonical());
    // Port 0 is a free port, another one for each.
    one.port() != 0 && one.port() == other.port() && (first == second || first.is_unspecified() || second.is_unspecified())
}

/// Whether the address can be reached from the internet (the registries of RFC 6890, as far as a server may listen there).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && second & 0b1100_0000 == 64;
            let benchmark = first == 198 && second & 0b1111_1110 == 18;
            !(first == 0
                || shared
                || benchmark
                || ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_documentation()
                || ip.is_multicast()
                || ip >= Ipv4Addr::new(240, 0, 0, 0))
        }
        IpAddr::V6(ip) => {
            let is_documentation = ip.segments()[..2] == [0x2001, 0xdb8];
            // 2000::/3 is what the registry gives out.
            ip.segments()[0] & 0xe000 == 0x2000 && !is_documentation
        }
    }
}

/// The peers as they are compared: IPv4 addresses as such, also where they are written as IPv6.
pub(super) fn peers(peers: &HashSet<IpAddr>) -> Result<HashSet<IpAddr>, ConfigError> {
    let wrong = |reason: &str| Err(ConfigError::new("staff.trusted_peers", reason));
    if peers.is_empty() {
        return wrong("must list the address that the portal's server calls from");
    }
    let peers: HashSet<IpAddr> = peers.iter().map(IpAddr::to_canonical).collect();
    if peers.contains(&IpAddr::V4(Ipv4Addr::UNSPECIFIED)) || peers.contains(&IpAddr::V6(Ipv6Addr::UNSPECIFIED)) {
        return wrong("lists 0.0.0.0 or ::, from which nobody calls. List the address that the portal's server calls from");
    }
    Ok(peers)
}

/// The origins that may call, each as browsers write it.
pub(super) fn origins(texts: &[String]) -> Result<HashSet<String>, ConfigError> {
    let checked = texts.iter().enumerate().map(|(index, text)| {
        let wrong = |reason: &str| ConfigError::new(&format!("browser.allowed_origins[{index}]"), reason);
        let url = Url::parse(text).map_err(|_error| wrong("is not an origin such as `https://portal.example`"))?;
        if url.origin().ascii_serialization() != *text {
            return Err(wrong(
                "is not an origin such as `https://portal.example`, without a path or a `/` at the end",
            ));
        }
        match url.scheme() {
            "https" => Ok(text.clone()),
            "http" if is_loopback(&url) => Ok(text.clone()),
            _ => Err(wrong(
                "must be https (http only on this machine): a page that came unencrypted may have been changed",
            )),
        }
    });
    checked.collect()
}

/// Whether the URL is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: &str, admin: &str, allow_public: bool) -> Result<Vec<String>, String> {
        let mut warnings = Vec::new();
        let (listen, admin) = (listen.parse().unwrap(), admin.parse().unwrap());
        check_addresses(listen, admin, allow_public, &mut warnings)
            .map(|()| warnings)
            .map_err(|error| error.key)
    }

    #[test]
    fn the_admin_port_is_another_one() {
        for (listen, admin, is_good) in [
            ("127.0.0.1:8780", "127.0.0.1:8781", true),
            ("127.0.0.1:8780", "127.0.0.1:8780", false),
            ("0.0.0.0:8780", "127.0.0.1:8780", false),
            ("10.0.0.1:8780", "[::]:8780", false),
            ("[::ffff:10.0.0.1]:8780", "10.0.0.1:8780", false),
            ("10.0.0.1:8780", "10.0.0.2:8780", true),
            ("127.0.0.1:0", "127.0.0.1:0", true),
        ] {
            let checked = check(listen, admin, false);
            assert_eq!(checked.is_ok(), is_good, "{listen} {admin}");
            assert!(is_good || checked == Err("admin.listen".to_owned()));
        }
    }

    #[test]
    fn plain_http_on_a_public_address_needs_a_word_and_elsewhere_a_warning() {
        let admin = "127.0.0.1:1";
        for listen in ["127.0.0.1:8780", "[::1]:8780"] {
            assert_eq!(check(listen, admin, false), Ok(Vec::new()), "{listen}");
        }
        for listen in [
            "0.0.0.0:8780",
            "[::]:8780",
            "10.1.2.3:8780",
            "192.168.0.1:8780",
            "172.16.0.1:8780",
            "100.64.0.1:8780",
            "169.254.0.1:8780",
            "[fd00::1]:8780",
            "[fe80::1]:8780",
        ] {
            let warnings = check(listen, admin, false).unwrap();
            assert!(warnings.len() == 1 && warnings[0].contains("encrypted"), "{listen}");
        }
        for listen in [
            "8.8.8.8:8780",
            "100.128.0.1:80",
            "198.20.0.1:80",
            "[2a00::1]:80",
            "[::ffff:8.8.8.8]:80",
        ] {
            assert_eq!(check(listen, admin, false), Err("listen".to_owned()), "{listen}");
            assert_eq!(check(listen, admin, true).map(|warnings| warnings.len()), Ok(1), "{listen}");
        }
        let warnings = check("127.0.0.1:1", "8.8.8.8:2", false).unwrap();
        assert!(warnings[0].contains("metrics"), "{warnings:?}");
    }

    #[test]
    fn a_page_that_came_unencrypted_may_not_call() {
        for (origin, is_good) in [
            ("https://portal.example", true),
            ("https://portal.example:8443", true),
            ("http://127.0.0.1:8701", true),
            ("http://localhost:8701", true),
            ("http://[::1]", true),
            ("http://portal.example", false),
            ("http://localhost.evil.example", false),
            ("https://portal.example/", false),
            ("https://portal.example/x", false),
            ("https://PORTAL.example", false),
            ("ftp://portal.example", false),
            ("null", false),
            ("*", false),
        ] {
            let checked = origins(&["https://first.example".to_owned(), origin.to_owned()]);
            assert_eq!(checked.is_ok(), is_good, "{origin}");
            assert!(is_good || checked.unwrap_err().key == "browser.allowed_origins[1]");
        }
    }

    #[test]
    fn a_peer_written_as_ipv6_is_the_ipv4_address_that_calls() {
        let listed = |text: &str| peers(&HashSet::from([text.parse().unwrap()]));
        assert!(listed("::ffff:10.0.0.1").unwrap().contains(&"10.0.0.1".parse().unwrap()));
        assert!(listed("fd00::1").is_ok());
        for nobody in ["0.0.0.0", "::", "::ffff:0.0.0.0"] {
            assert_eq!(listed(nobody).unwrap_err().key, "staff.trusted_peers", "{nobody}");
        }
    }
}
