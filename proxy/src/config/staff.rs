//! How the staff member is known.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::http::HeaderName;
use jsonwebtoken::Algorithm;
use url::Url;

use super::error::ConfigError;
use super::file::{StaffFile, StaffModeFile};
use super::limits::secs;
use super::network::peers;
use super::secret::{SecretSource, SharedSecret};
use super::upstream::safe_url;

/// The shortest shared secret between portal and proxy, in characters: 32 of a base64 alphabet are 192 bits.
const STAFF_SECRET_MIN_CHARS: usize = 32;

/// The most that clocks may be apart, in seconds. More would keep tokens alive that have ended.
const LEEWAY_MAX_SECS: u64 = 300;

/// How the staff member is known.
#[derive(Debug)]
pub enum StaffMode {
    /// The portal's server names the staff member in a header.
    TrustedHeader(TrustedHeader),
    /// The portal's single sign-on has signed who the staff member is.
    Jwt(Jwt),
    /// Nobody is asked who they are. Loopback only.
    InsecureDemo,
}

/// When the portal's word about the staff member is believed.
#[derive(Debug)]
pub struct TrustedHeader {
    /// The header that names the staff member.
    pub header: HeaderName,
    /// The header with the shared secret.
    pub secret_header: HeaderName,
    /// The shared secret.
    pub secret: SharedSecret,
    /// The addresses the portal's server calls from.
    pub trusted_peers: HashSet<IpAddr>,
}

/// Which tokens of the portal's single sign-on are believed.
#[derive(Debug, Clone)]
pub struct Jwt {
    /// Where the keys are published (RFC 7517).
    pub jwks_url: Url,
    /// The claim `iss` must be this.
    pub issuer: String,
    /// The claim `aud` must have this.
    pub audience: String,
    /// The algorithms a token may be signed by: public-key ones only.
    pub algorithms: Vec<Algorithm>,
    /// The claim that names the staff member.
    pub claim: String,
    /// The cookie that holds the token; without one it is a bearer token.
    pub cookie: Option<String>,
    /// How far the clocks may be apart.
    pub leeway: Duration,
}

pub(super) fn checked(
    file: Option<StaffFile>,
    insecure_demo: bool,
    listen: SocketAddr,
    warnings: &mut Vec<String>,
) -> Result<StaffMode, ConfigError> {
    match (file, insecure_demo) {
        (None, false) => Err(ConfigError::new(
            "staff.mode",
            "is not set, so nobody could be let in. Set it to \"trusted-header\" or \"jwt\"",
        )),
        (Some(_), true) => Err(ConfigError::new("staff.mode", "and --insecure-demo exclude each other")),
        (None, true) if !listen.ip().is_loopback() => Err(ConfigError::new(
            "listen",
            format!("{} is not a loopback address, which --insecure-demo needs", listen.ip()),
        )),
        (None, true) => Ok(StaffMode::InsecureDemo),
        (Some(file), false) => match file.mode {
            StaffModeFile::TrustedHeader => trusted_header(file, warnings).map(StaffMode::TrustedHeader),
            StaffModeFile::Jwt => jwt(file).map(StaffMode::Jwt),
        },
    }
}

fn trusted_header(file: StaffFile, warnings: &mut Vec<String>) -> Result<TrustedHeader, ConfigError> {
    let source = SecretSource::required("staff.secret", file.secret, file.secret_file)?;
    let secret = SharedSecret::new(source, STAFF_SECRET_MIN_CHARS, warnings)?;
    let trusted_peers = peers(&file.trusted_peers)?;
    let header = header_name("staff.header", &file.header)?;
    let secret_header = header_name("staff.secret_header", &file.secret_header)?;
    if header == secret_header {
        return Err(ConfigError::new(
            "staff.secret_header",
            "must differ from `staff.header`, or the secret becomes the agent's ID",
        ));
    }
    Ok(TrustedHeader {
        header,
        secret_header,
        secret,
        trusted_peers,
    })
}

fn jwt(file: StaffFile) -> Result<Jwt, ConfigError> {
    let required = |key: &str, value: Option<String>| {
        value
            .filter(|text| !text.is_empty())
            .ok_or_else(|| ConfigError::new(key, "is missing: staff.mode \"jwt\" needs it"))
    };
    let algorithms = file.algorithms.iter().enumerate().map(|(index, name)| {
        let algorithm = name.parse().ok();
        let public = algorithm.filter(|algorithm| !matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512));
        public.ok_or_else(|| {
            let reason = "is not a public-key algorithm such as RS256, PS256, ES256 or EdDSA";
            ConfigError::new(&format!("staff.algorithms[{index}]"), reason)
        })
    });
    let algorithms = algorithms.collect::<Result<Vec<Algorithm>, _>>()?;
    if algorithms.is_empty() {
        return Err(ConfigError::new("staff.algorithms", "must not be empty"));
    }
    Ok(Jwt {
        jwks_url: safe_url("staff.jwks_url", &required("staff.jwks_url", file.jwks_url)?)?,
        issuer: required("staff.issuer", file.issuer)?,
        audience: required("staff.audience", file.audience)?,
        algorithms,
        claim: file.claim,
        cookie: file.cookie,
        leeway: secs("staff.leeway_secs", file.leeway_secs, 0, LEEWAY_MAX_SECS)?,
    })
}

fn header_name(key: &str, name: &str) -> Result<HeaderName, ConfigError> {
    name.parse()
        .map_err(|_| ConfigError::new(key, "is not a header name, such as `x-staff-id`"))
}
