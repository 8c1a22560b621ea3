//! The widget's files, and no others.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::harness::{Answer, Harness, tempdir};

async fn get(harness: &Harness, path: &str, accept_encoding: &str) -> Answer {
    let request = Request::get(path)
        .header("accept-encoding", accept_encoding)
        .body(Body::empty())
        .expect("a request");
    harness.send(request).await
}

#[tokio::test]
async fn files_are_served_with_their_types_and_precompressed() {
    let dir = tempdir();
    for (name, text) in [
        ("partner-case-form.js", "loader"),
        ("widget_bg.wasm", "plain"),
        ("widget_bg.wasm.br", "brotli"),
    ] {
        std::fs::write(dir.join(name), text).expect("a file");
    }
    std::fs::write(dir.parent().expect("a parent").join("secret.txt"), "canary").expect("a file");
    let harness = Harness::start_with("", Some(&dir)).await;

    let loader = get(&harness, "/partner-cases/widget/partner-case-form.js", "").await;
    assert_eq!((loader.status, loader.body.as_str()), (StatusCode::OK, "loader"));
    assert!(
        loader.headers["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/javascript")
    );
    assert_eq!(loader.headers["x-content-type-options"], "nosniff");
    assert_eq!(loader.headers["cache-control"], "no-cache");

    for (query, caching) in [
        ("?v=0.1.0", "public, max-age=31536000, immutable"),
        ("?v=", "no-cache"),
        ("?glue=v=1", "no-cache"),
    ] {
        let answer = get(&harness, &format!("/partner-cases/widget/partner-case-form.js{query}"), "").await;
        assert_eq!(answer.headers["cache-control"], caching, "{query}");
    }
    let missing = get(&harness, "/partner-cases/widget/missing.js?v=1", "").await;
    assert_eq!(missing.headers["cache-control"], "no-store");

    let wasm = get(&harness, "/partner-cases/widget/widget_bg.wasm", "gzip, br").await;
    assert_eq!(wasm.body, "brotli");
    assert_eq!(wasm.headers["content-encoding"], "br");
    assert_eq!(wasm.headers["content-type"], "application/wasm");

    for path in [
        "missing.js",
        "",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "%2e%2e%2f%2e%2e%2fetc/passwd",
        "/etc/passwd",
    ] {
        let answer = get(&harness, &format!("/partner-cases/widget/{path}"), "").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{path}"
        );
        assert!(!answer.body.contains("canary"));
    }
}

#[tokio::test]
async fn without_a_folder_there_are_no_files() {
    let harness = Harness::start().await;
    assert_eq!(
        get(&harness, "/partner-cases/widget/partner-case-form.js", "").await.code(),
        "not_found"
    );
}
