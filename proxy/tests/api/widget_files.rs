//! The element's files, and no others.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::harness::{Answer, Harness, tempdir};

const A_YEAR: &str = "public, max-age=31536000, immutable";

async fn get(harness: &Harness, path: &str, accept_encoding: &str) -> Answer {
    let request = Request::get(format!("/partner-cases/widget/{path}"))
        .header("accept-encoding", accept_encoding)
        .body(Body::empty())
        .expect("a request");
    harness.send(request).await
}

async fn expect_not_found(harness: &Harness, path: &str) {
    for accept_encoding in ["", "gzip, br"] {
        let answer = get(harness, path, accept_encoding).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert!(!answer.body.contains("canary"), "{path}");
    }
}

fn write(path: PathBuf, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

/// A folder as `cargo xtask build` fills it, and beside it a file that nobody may have.
fn package(version: &str) -> PathBuf {
    let dir = tempdir().join("partner-case-form");
    write_package(&dir, version);
    write(dir.with_file_name("secret.txt"), "canary");
    dir
}

fn write_package(dir: &Path, version: &str) {
    for (name, text) in [
        ("partner-case-form.js", "loader"),
        ("partner_case_form_bg.wasm", "plain"),
        ("partner_case_form_bg.wasm.br", "brotli"),
        ("locales/de.json", "{}"),
        (
            "integrity.json",
            r#"{"partner-case-form.js":"sha384-1","partner_case_form_bg.wasm":"sha384-2","locales/de.json":"sha384-3"}"#,
        ),
    ] {
        write(dir.join(name), text);
    }
    write(
        dir.join("package.json"),
        format!(r#"{{"name":"partner-case-form","version":"{version}"}}"#),
    );
}

#[tokio::test]
async fn files_are_served_with_their_types_and_precompressed() {
    let harness = Harness::start_with("", Some(&package("0.1.0"))).await;

    let loader = get(&harness, "partner-case-form.js", "").await;
    assert_eq!((loader.status, loader.body.as_str()), (StatusCode::OK, "loader"));
    assert!(
        loader.headers["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/javascript")
    );
    assert_eq!(loader.headers["x-content-type-options"], "nosniff");
    assert_eq!(loader.headers["cache-control"], "no-cache");

    let wasm = get(&harness, "partner_case_form_bg.wasm", "gzip, br").await;
    assert_eq!(wasm.body, "brotli");
    assert_eq!(wasm.headers["content-encoding"], "br");
    assert_eq!(wasm.headers["content-type"], "application/wasm");

    let locale = get(&harness, "locales/de.json", "br").await;
    assert_eq!((locale.status, locale.body.as_str()), (StatusCode::OK, "{}"));
}

#[tokio::test]
async fn a_browser_keeps_for_a_year_what_is_of_the_version_it_asked_for_and_nothing_else() {
    let dir = package("0.1.0");
    // A language of the operator's own: no new version of the element announces its next change.
    write(dir.join("locales/xx.json"), "{}");
    let harness = Harness::start_with("", Some(&dir)).await;
    for (path, caching) in [
        ("partner-case-form.js?v=0.1.0", A_YEAR),
        ("partner_case_form_bg.wasm?v=0.1.0", A_YEAR),
        ("locales/de.json?try=2&v=0.1.0", A_YEAR),
        ("partner-case-form.js", "no-cache"),
        ("partner-case-form.js?v=", "no-cache"),
        ("partner-case-form.js?v=0.2.0", "no-cache"),
        ("partner-case-form.js?v=0.1", "no-cache"),
        ("partner-case-form.js?v=0.1.00", "no-cache"),
        ("partner-case-form.js?v=0.2.0&v=0.1.0", "no-cache"),
        ("partner-case-form.js?glue=v=0.1.0", "no-cache"),
        ("locales/xx.json?v=0.1.0", "no-cache"),
        ("package.json?v=0.1.0", "no-cache"),
    ] {
        for accept_encoding in ["", "br"] {
            let answer = get(&harness, path, accept_encoding).await;
            assert_eq!(
                (answer.status, &answer.headers["cache-control"]),
                (StatusCode::OK, &caching.parse().expect("a header")),
                "{path}"
            );
        }
    }
    expect_not_found(&harness, "missing.js?v=0.1.0").await;
}

#[tokio::test]
async fn files_that_an_operator_replaces_are_of_their_new_version_at_once() {
    let dir = package("0.1.0");
    let harness = Harness::start_with("", Some(&dir)).await;
    let caching = async |version: &str| {
        let answer = get(&harness, &format!("partner-case-form.js?v={version}"), "").await;
        answer.headers["cache-control"].to_str().expect("text").to_owned()
    };
    assert_eq!(caching("0.1.0").await, A_YEAR);
    // As npm unpacks a package: the files of each version have the same time and the same length.
    let times = std::fs::metadata(dir.join("package.json"))
        .and_then(|file| file.modified())
        .expect("a time");
    write_package(&dir, "0.2.0");
    std::fs::File::options()
        .write(true)
        .open(dir.join("package.json"))
        .and_then(|file| file.set_modified(times))
        .expect("the same time");
    assert_eq!(caching("0.1.0").await, "no-cache");
    assert_eq!(caching("0.2.0").await, A_YEAR);
}

#[tokio::test]
async fn a_folder_that_does_not_say_its_version_is_kept_for_no_year() {
    for (name, text) in [
        ("package.json", "{"),
        ("package.json", "{}"),
        ("integrity.json", "[]"),
        ("integrity.json", ""),
    ] {
        let dir = package("0.1.0");
        write(dir.join(name), text);
        let harness = Harness::start_with("", Some(&dir)).await;
        let answer = get(&harness, "partner-case-form.js?v=0.1.0", "").await;
        assert_eq!(answer.headers["cache-control"], "no-cache", "{name} {text}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_and_nothing_hidden_in_it_is_served() {
    let dir = package("0.1.0");
    for name in [
        ".env",
        ".built-from",
        ".git/config",
        "locales/.de.json.swp",
        "%2eenv",
        "a\\b.js",
        "..data/de.json",
    ] {
        write(dir.join(name), "canary");
    }
    let harness = Harness::start_with("", Some(&dir)).await;
    for path in [
        "",
        "missing.js",
        "locales",
        "locales/",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "..%5csecret.txt",
        "%252e%252e%252fsecret.txt",
        "%2e%2e%2f%2e%2e%2fetc/passwd",
        "/etc/passwd",
        "locales/../../secret.txt",
        "locales//de.json",
        "./partner-case-form.js",
        "partner-case-form.js/",
        "partner-case-form.js%00",
        "partner-case-form%2ejs",
        "locales%2fde.json",
        ".env",
        "%2eenv",
        "%252eenv",
        ".env?v=0.1.0",
        ".built-from",
        ".git/config",
        ".git%2fconfig",
        "%2egit/config",
        "%2Egit%2Fconfig",
        "locales/.de.json.swp",
        "locales/%2ede.json.swp",
        "a%5cb.js",
        "..data/de.json",
        "..%64ata/de.json",
    ] {
        expect_not_found(&harness, path).await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_followed_inside_the_folder_and_not_out_of_it() {
    use std::os::unix::fs::symlink;

    let dir = package("0.1.0");
    let outside = dir.with_file_name("outside");
    write(outside.join("de.json"), "canary");
    write(dir.join(".git/config"), "canary");
    write(dir.with_file_name("partner-case-form-old").join("x.js"), "canary");
    for (target, name) in [
        ("../secret.txt", "relative.txt"),
        ("../outside", "folder"),
        ("../partner-case-form-old/x.js", "sibling.js"),
        (".git/config", "config.txt"),
        (".git", "repository"),
        ("relative.txt", "twice.txt"),
        ("nowhere", "dangling.js"),
        ("loop.js", "loop.js"),
        ("partner-case-form.js", "latest.js"),
        ("locales", "languages"),
    ] {
        symlink(target, dir.join(name)).expect("a link");
    }
    symlink(dir.with_file_name("secret.txt"), dir.join("absolute.txt")).expect("a link");
    // The compressed files beside a file are files, too.
    write(dir.join("compressed.js"), "plain");
    symlink("../secret.txt", dir.join("compressed.js.br")).expect("a link");
    write(dir.join("hidden.js"), "plain");
    symlink(".git/config", dir.join("hidden.js.gz")).expect("a link");
    symlink("partner_case_form_bg.wasm", dir.join("linked.wasm")).expect("a link");
    symlink("partner_case_form_bg.wasm.br", dir.join("linked.wasm.br")).expect("a link");

    // The folder itself may be a link, which an operator points at another version.
    let current = dir.with_file_name("current");
    symlink(&dir, &current).expect("a link");
    for served in [&dir, &current] {
        let harness = Harness::start_with("", Some(served)).await;
        for path in [
            "relative.txt",
            "absolute.txt",
            "folder/de.json",
            "sibling.js",
            "config.txt",
            "repository/config",
            "twice.txt",
            "dangling.js",
            "loop.js",
            "compressed.js.br",
            "hidden.js.gz",
        ] {
            expect_not_found(&harness, path).await;
        }
        for (path, accept_encoding, body) in [
            ("latest.js", "", "loader"),
            ("languages/de.json", "", "{}"),
            ("compressed.js", "br, gzip", "plain"),
            ("hidden.js", "br, gzip", "plain"),
            ("linked.wasm", "br", "brotli"),
        ] {
            let answer = get(&harness, path, accept_encoding).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, body), "{path}");
        }
    }
}

/// Kubernetes mounts the files of a `ConfigMap` so, and exchanges them all at once.
#[cfg(unix)]
#[tokio::test]
async fn files_that_kubernetes_mounts_are_served() {
    use std::os::unix::fs::symlink;

    let dir = tempdir().join("mounted");
    write(dir.join("..2026_01_31_10_00_00.123/partner-case-form.js"), "loader");
    symlink("..2026_01_31_10_00_00.123", dir.join("..data")).expect("a link");
    symlink("..data/partner-case-form.js", dir.join("partner-case-form.js")).expect("a link");
    let harness = Harness::start_with("", Some(&dir)).await;
    assert_eq!(get(&harness, "partner-case-form.js", "").await.body, "loader");
    expect_not_found(&harness, "..data/partner-case-form.js").await;
}

/// A pipe would hold a request for as long as nobody writes to it.
#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_not_opened() {
    let dir = package("0.1.0");
    let made = std::process::Command::new("mkfifo").arg(dir.join("pipe.js")).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe");
    let harness = Harness::start_with("", Some(&dir)).await;
    let answered = tokio::time::timeout(std::time::Duration::from_secs(5), expect_not_found(&harness, "pipe.js")).await;
    if answered.is_err() {
        // Lets go of who waits for the pipe, so that the test ends.
        let _writer = std::fs::File::options().write(true).open(dir.join("pipe.js"));
        panic!("the proxy waits for a pipe");
    }
}

#[tokio::test]
async fn without_a_folder_there_are_no_files() {
    let harness = Harness::start().await;
    expect_not_found(&harness, "partner-case-form.js").await;
}
