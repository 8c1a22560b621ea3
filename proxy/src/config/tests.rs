use secrecy::ExposeSecret as _;
use std::sync::atomic::{AtomicU32, Ordering};

mod secrets;

use super::*;

/// A new folder of a test's own.
pub(super) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "partner-case-proxy-config-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The files of a client certificate, and how to replace both.
pub(crate) fn client_certificate() -> (ClientCertificate, impl Fn()) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let files = ClientCertificate::new(folder.join("client.pem"), folder.join("client.key"));
    let (certificate, key) = (files.certificate.clone(), files.key.clone());
    let replace = move || {
        let pair = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::default();
        std::fs::write(&certificate, params.self_signed(&pair).expect("a certificate").pem()).expect("a file");
        std::fs::write(&key, pair.serialize_pem()).expect("a file");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    };
    replace();
    (files, replace)
}

const GOOD: &str = r#"
    [upstream]
    url = "https://api.wise.com"
    [credentials]
    client_id = "id"
    client_secret = "canary-client-secret"
    [staff]
    mode = "trusted-header"
    secret = "canary-portal-secret-0123456789abcdef"
    trusted_peers = ["10.0.0.1"]
"#;

fn load(text: &str) -> Result<Config, ConfigError> {
    load_with(text, &[], false)
}

fn load_with(text: &str, environment: &[(&str, &str)], insecure_demo: bool) -> Result<Config, ConfigError> {
    let table = text.parse().expect("the test's TOML");
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut warnings = Vec::new();
    let file = parse::file(environment::put_over(table, environment, &mut warnings)?)?;
    Config::check(file, insecure_demo, warnings)
}

fn key_at_fault(text: &str) -> String {
    load(text).expect_err("a mistake").key
}

const JWT: &str = r#"
    [upstream]
    url = "https://api.wise.com"
    [credentials]
    client_id = "id"
    client_secret = "canary-client-secret"
    [staff]
    mode = "jwt"
    jwks_url = "https://sso.example/jwks"
    issuer = "https://sso.example"
    audience = "partner-cases"
"#;

#[test]
fn a_sign_on_is_named_in_full_and_signs_with_public_keys() {
    assert!(load(JWT).is_ok());
    for (removed, key) in [
        ("jwks_url", "staff.jwks_url"),
        ("issuer", "staff.issuer"),
        ("audience", "staff.audience"),
    ] {
        let text: String = JWT
            .lines()
            .filter(|line| !line.contains(removed))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(key_at_fault(&text), key);
    }
    assert_eq!(
        key_at_fault(&JWT.replace("https://sso.example/jwks", "http://sso.example/jwks")),
        "staff.jwks_url"
    );
    for (algorithms, key) in [
        ("[]", "staff.algorithms"),
        ("[\"HS256\"]", "staff.algorithms[0]"),
        ("[\"RS256\", \"none\"]", "staff.algorithms[1]"),
    ] {
        assert_eq!(
            key_at_fault(&format!("{JWT}algorithms = {algorithms}\n")),
            key,
            "{algorithms}"
        );
    }
}

#[test]
fn a_number_out_of_its_range_is_refused_and_not_moved() {
    assert_eq!(key_at_fault(&format!("{JWT}leeway_secs = 301\n")), "staff.leeway_secs");
    let config = load(&format!("{JWT}leeway_secs = 300\n")).expect("good");
    assert!(matches!(config.staff, StaffMode::Jwt(jwt) if jwt.leeway.as_secs() == 300));
}

/// A test's upstream has one second; the default of three would be refused.
#[test]
fn the_connect_timeout_that_nobody_set_fits_the_timeout_that_somebody_did() {
    for (timeout, millis) in [(1, 500), (2, 1000), (5, 2500), (6, 3000), (40, 3000)] {
        let text = GOOD.replace(
            "[upstream]",
            &format!("limits.drain_timeout_secs = 60\n[upstream]\ntimeout_secs = {timeout}"),
        );
        let config = load(&text).expect("good");
        assert_eq!(config.upstream.connect_timeout.as_millis(), millis, "{timeout}");
    }
}

#[test]
fn the_store_and_the_limits_are_checked() {
    for (more, key) in [
        ("[store]\nkey = \"short\"", "store.key"),
        ("[store]\nretention_days = 0", "store.retention_days"),
        ("[limits]\ncases_per_minute = 0", "limits.cases_per_minute"),
        (
            "[limits]\nlookups_per_minute_per_staff = 0",
            "limits.lookups_per_minute_per_staff",
        ),
        ("[limits]\nidle_timeout_secs = 601", "limits.idle_timeout_secs"),
        ("[cases]\nvisible = \"some\"", "cases.visible"),
        ("[audit]\nrequired = \"no\"", "audit.required"),
        ("[store]\nca_file = \"/nowhere.pem\"", "store.ca_file"),
        (
            "[webhook]\npublic_key_files = [\"/nowhere.pem\"]",
            "webhook.public_key_files[0]",
        ),
        ("[webhook]\nenvironment = \"moon\"", "webhook.environment"),
    ] {
        assert_eq!(key_at_fault(&format!("{GOOD}{more}\n")), key, "{more}");
    }
}

/// The secrets are not there, but every key is one that the proxy knows.
#[test]
fn the_kubernetes_manifest_holds_a_configuration_that_is_understood() {
    let manifest = include_str!("../../../deploy/kubernetes.yaml");
    let (_, config) = manifest.split_once("config.toml: |\n").expect("the configuration");
    let config: String = config
        .lines()
        .take_while(|line| line.starts_with("    "))
        .map(|line| format!("{}\n", &line[4..]))
        .collect();
    let without_files = config.replace("widget_dir", "# widget_dir").replace("your-client-id", "id");
    assert_eq!(key_at_fault(&without_files), "credentials.client_secret_file");
}

/// Someone who starts from the example is led from placeholder to placeholder.
#[test]
fn the_example_file_is_complete_but_for_three_placeholders() {
    let mut text = include_str!("../../partner-case-proxy.example.toml").to_owned();
    for (key, placeholder, own) in [
        ("staff.secret", "secret = \"replace-me-with", "secret = \"my-own-"),
        ("credentials.client_id", "\"your-client-id\"", "\"id\""),
        (
            "credentials.client_secret",
            "client_secret = \"replace-me\"",
            "client_secret = \"my-own\"",
        ),
    ] {
        let error = load(&text).expect_err("a placeholder");
        assert!(error.key == key && error.reason.contains("placeholder"), "{error}");
        text = text.replace(placeholder, own);
    }
    let config = load(&text).expect("the example");
    assert_eq!(config.upstream.cases_url.as_str(), "https://api.wise.com/v1/cases");
    assert_eq!(config.upstream.token_url.as_str(), "https://api.wise.com/oauth/token");
    assert_eq!((config.visible, config.audit.required), (Visible::RaisedHere, true));
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    for (key, placeholder) in [
        ("store.key", "[store]\nkey = \"replace-me-with-32-or-more-random-characters\""),
        (
            "credentials.next_client_secret",
            "[credentials]\nnext_client_secret = \"replace-me\"",
        ),
    ] {
        let section = placeholder.split('\n').next().expect("a section");
        let error = load(&text.replace(section, placeholder)).expect_err("a placeholder");
        assert!(error.key == key && error.reason.contains("placeholder"), "{error}");
    }
}

#[test]
fn each_mistake_names_its_key() {
    for (from, to, key) in [
        ("https://api.wise.com", "api.wise.com", "upstream.url"),
        ("https://api.wise.com", "http://api.wise.com", "upstream.url"),
        ("https://api.wise.com", "https://user:pass@api.wise.com", "upstream.url"),
        ("https://api.wise.com", "https://api.wise.com/v1", "upstream.url"),
        ("https://api.wise.com", "https://api.wise.com/gateway/", "upstream.url"),
        (
            "[credentials]",
            "token_url = \"https://api.wise-sandbox.com/oauth/token\"\n[credentials]",
            "upstream.token_url",
        ),
        (
            "[upstream]",
            "[upstream]\ntimeout_secs = 5\nconnect_timeout_secs = 5",
            "upstream.connect_timeout_secs",
        ),
        (
            "[upstream]",
            "[upstream]\nconnect_timeout_secs = 30",
            "upstream.connect_timeout_secs",
        ),
        (
            "[upstream]",
            "[upstream]\nconnect_timeout_secs = 0",
            "upstream.connect_timeout_secs",
        ),
        ("[upstream]", "[upstream]\nca_file = \"/nonexistent\"", "upstream.ca_file"),
        ("[upstream]", "listen = \"127.0.0.1:8781\"\n[upstream]", "admin.listen"),
        ("[upstream]", "listen = \"8.8.8.8:8780\"\n[upstream]", "listen"),
        ("[upstream]", "[upstream]\ntimeout_secs = -1", "upstream.timeout_secs"),
        ("url =", "uri =", "upstream.uri"),
        ("client_id = \"id\"", "client_id = \"\"", "credentials.client_id"),
        ("client_id = \"id\"", "", "credentials.client_id"),
        ("client_id = \"id\"", "client_id = 7", "credentials.client_id"),
        ("client_secret = \"canary-client-secret\"", "", "credentials.client_secret"),
        (
            "client_secret = \"canary-client-secret\"",
            "client_secret_file = \"/nonexistent\"",
            "credentials.client_secret_file",
        ),
        ("mode = \"trusted-header\"", "mode = \"none\"", "staff.mode"),
        ("[\"10.0.0.1\"]", "[]", "staff.trusted_peers"),
        ("canary-portal-secret-0123456789abcdef", "short", "staff.secret"),
        ("[upstream]", "base_path = \"cases/\"\n[upstream]", "base_path"),
        ("[upstream]", "widget_dir = \"/nonexistent\"\n[upstream]", "widget_dir"),
        ("[upstream]", "[upstream]\napi_version = \"v1/../v2\"", "upstream.api_version"),
        ("[upstream]", "[upstream]\ntimeout_secs = 0", "upstream.timeout_secs"),
        ("[upstream]", "[upstream]\ntimeout_secs = 41", "upstream.timeout_secs"),
        (
            "[upstream]",
            "[limits]\ndrain_timeout_secs = 30\n[upstream]",
            "limits.drain_timeout_secs",
        ),
        ("[upstream]", "[limits]\nconnections = 0\n[upstream]", "limits.connections"),
        ("[\"10.0.0.1\"]", "[\"portal.internal\"]", "staff.trusted_peers[0]"),
        ("mode =", "secret_header = \"X-Staff-Id\"\nmode =", "staff.secret_header"),
        (
            "[upstream]",
            "[browser]\nallowed_origins = [\"https://a.example/\"]\n[upstream]",
            "browser.allowed_origins[0]",
        ),
    ] {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD, "{to}");
        assert_eq!(key_at_fault(&text), key, "{to}");
    }
}

#[test]
fn without_a_staff_mode_it_does_not_start() {
    let text = GOOD.split("[staff]").next().expect("the first part");
    assert_eq!(key_at_fault(text), "staff.mode");
}

#[test]
fn the_insecure_demo_listens_on_loopback_only() {
    let text = GOOD.split("[staff]").next().expect("the first part");
    assert!(matches!(
        load_with(text, &[], true).expect("loopback").staff,
        StaffMode::InsecureDemo
    ));
    let everywhere = [("PARTNER_CASE_PROXY_LISTEN", "0.0.0.0:8780")];
    assert_eq!(load_with(text, &everywhere, true).expect_err("a mistake").key, "listen");
    assert_eq!(load_with(GOOD, &[], true).expect_err("a mistake").key, "staff.mode");
}

#[test]
fn the_environment_wins_over_the_file() {
    let config = load_with(GOOD, &[("PARTNER_CASE_PROXY_API_VERSION", "2026Q4"), ("HOME", "/x")], false).expect("good");
    assert_eq!(config.upstream.cases_url.path(), "/2026Q4/cases");
    let slip = load_with(GOOD, &[("PARTNER_CASE_PROXY_CLIENTID", "x")], false).expect_err("a mistake");
    assert_eq!(slip.key, "PARTNER_CASE_PROXY_CLIENTID");
}

#[test]
fn no_secret_is_in_the_debug_output_or_in_an_error() {
    let shown = format!("{:?}", load(GOOD).expect("good"));
    assert!(!shown.contains("canary"), "{shown}");
    for unquoted in [
        GOOD.replace("\"canary-client-secret\"", "8243561907"),
        GOOD.replace("\"canary-portal-secret-0123456789abcdef\"", "8243561907"),
    ] {
        let error = load(&unquoted).expect_err("no text").to_string();
        assert!(error.contains("secret") && !error.contains("8243561907"), "{error}");
    }
    let error = load(&format!("{GOOD}\nsecret_file = \"/nonexistent\""))
        .expect_err("both are set")
        .to_string();
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn a_file_that_is_no_text_or_no_toml_is_said_with_the_place() {
    let path = folder().join("proxy.toml");
    for (content, said) in [
        (b"listen = 1\nsecret = \"canary\xff\"".as_slice(), "line 2 is not UTF-8 text"),
        (b"[staff]\nsecret = canary", "line 2, column "),
    ] {
        std::fs::write(&path, content).expect("a file");
        let error = Config::load(Some(&path), std::iter::empty::<(String, String)>(), false).expect_err("no configuration");
        let error = error.to_string();
        assert!(error.contains(said) && !error.contains("canary"), "{error}");
    }
}
