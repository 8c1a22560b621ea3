use super::*;

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
    ConfigFile::read(environment::put_over(table, environment)?).and_then(|file| Config::check(file, insecure_demo))
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
    for algorithms in ["[]", "[\"HS256\"]", "[\"none\"]"] {
        assert_eq!(
            key_at_fault(&format!("{JWT}algorithms = {algorithms}\n")),
            "staff.algorithms",
            "{algorithms}"
        );
    }
}

#[test]
fn the_store_and_the_limits_are_checked() {
    for (more, key) in [
        ("[store]\nkey = \"short\"", "store.key"),
        ("[store]\nretention_days = 0", "store.retention_days"),
        ("[limits]\ncases_per_minute = 0", "limits.cases_per_minute"),
        ("[webhook]\npublic_key_files = [\"/nowhere.pem\"]", "webhook.public_key_files"),
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
    let without_files = config.replace("widget_dir", "# widget_dir");
    assert_eq!(key_at_fault(&without_files), "credentials.client_secret_file");
}

#[test]
fn the_example_file_is_complete() {
    let config = load(include_str!("../../partner-case-proxy.example.toml")).expect("the example");
    assert_eq!(config.upstream.cases_url.as_str(), "https://api.wise.com/v1/cases");
    assert_eq!(config.upstream.token_url.as_str(), "https://api.wise.com/oauth/token");
}

#[test]
fn each_mistake_names_its_key() {
    for (from, to, key) in [
        ("https://api.wise.com", "api.wise.com", "upstream.url"),
        ("https://api.wise.com", "http://api.wise.com", "upstream.url"),
        ("https://api.wise.com", "https://user:pass@api.wise.com", "upstream.url"),
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
            "browser.allowed_origins",
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
