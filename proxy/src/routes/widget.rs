//! `GET {base}/widget/*`: the element's files.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use partner_case_core::{Problem, ProblemCode};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tower::service_fn;
use tower_http::services::ServeDir;

use crate::problem_response::problem_response;

/// The endings of the compressed files that [`ServeDir`] may serve in place of the file beside them.
const COMPRESSED: [&str; 2] = [".br", ".gz"];

/// Serves a folder. Without a folder, answers 404 to every path.
pub(crate) fn files(dir: Option<&Path>) -> Router {
    let not_found = service_fn(async |_: Request| Ok::<_, Infallible>(not_found()));
    match dir {
        None => Router::new().fallback_service(not_found),
        Some(dir) => Router::new()
            .fallback_service(
                ServeDir::new(dir)
                    .append_index_html_on_directories(false)
                    .precompressed_br()
                    .precompressed_gzip()
                    .fallback(not_found),
            )
            .layer(middleware::from_fn_with_state(Arc::<Path>::from(dir), serve_own)),
    }
}

fn not_found() -> Response {
    problem_response(Problem::new(ProblemCode::NotFound))
}

/// Lets through what the folder itself holds, and says how long a browser may keep it.
///
/// The files keep their names from one version to the next. A browser may keep a file for a year only if it asks with `?v=` for the
/// version that is in the folder now; otherwise it keeps the file and asks each time whether it is still good.
async fn serve_own(State(dir): State<Arc<Path>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let version = asked_version(request.uri().query().unwrap_or_default()).map(str::to_owned);
    let found = tokio::task::spawn_blocking(move || find(&dir, &path, version.as_deref())).await;
    let Ok(Some(found)) = found else { return not_found() };
    if !found.may_be_compressed {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let caching = if found.is_of_version {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    }
    response
}

/// The version that a query asks for: its first `v`, as the loader reads its own URL.
fn asked_version(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("v="))
}

/// A file that may be served.
struct Found {
    /// Whether the compressed files beside it may be served in its place.
    may_be_compressed: bool,
    /// Whether the file belongs to the version that was asked for.
    is_of_version: bool,
}

/// Finds the file for a path. It is there only if it lies in the folder after all symbolic links, and no name on its way is hidden.
fn find(dir: &Path, path: &str, version: Option<&str>) -> Option<Found> {
    let name = path.strip_prefix('/').filter(|name| is_plain(name))?;
    // At each request, so that an operator may point a link at another folder while the proxy runs.
    let dir = dir.canonicalize().ok()?;
    let file = dir.join(name).canonicalize().ok()?;
    if !is_own(&dir, &file) {
        tracing::warn!(
            name,
            "a link in widget_dir leads out of the folder or to a hidden file, so the proxy does not serve it"
        );
        return None;
    }
    let may_be_compressed = COMPRESSED
        .iter()
        .all(|ending| match dir.join(format!("{name}{ending}")).canonicalize() {
            Ok(compressed) => is_own(&dir, &compressed) && compressed.is_file(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        });
    file.is_file().then(|| Found {
        may_be_compressed,
        is_of_version: version.is_some_and(|version| is_of_version(&dir, name, version)),
    })
}

/// Whether a path stands for itself, and no segment is empty or hidden. The element's own files have plain names: nothing has to be
/// decoded, so no two readers can decode a path differently.
fn is_plain(name: &str) -> bool {
    !name.contains(['%', '\\'])
        && name
            .split('/')
            .all(|segment| !segment.is_empty() && !segment.starts_with('.'))
}

/// Whether a canonical path is in a canonical folder, and not hidden there.
fn is_own(dir: &Path, file: &Path) -> bool {
    let hidden = |component: Component<'_>| {
        let name = component.as_os_str().as_encoded_bytes();
        // Kubernetes mounts a ConfigMap's files as links into a folder such as `..2026_01_31_10_00_00.123`.
        name.starts_with(b".") && !name.starts_with(b"..")
    };
    file.strip_prefix(dir).is_ok_and(|name| !name.components().any(hidden))
}

/// The part of `package.json` that names the version.
#[derive(Deserialize)]
struct Package {
    version: String,
}

/// Whether a file is one of a version's own: `package.json` names the version, and `integrity.json` the files that a browser may load.
///
/// The proxy reads both at each request with `?v=`, which a browser makes once a version. It does not cache them: npm gives the files of all
/// versions the same time, so a change would not show.
fn is_of_version(dir: &Path, name: &str, version: &str) -> bool {
    read::<Package>(&dir.join("package.json")).is_some_and(|package| package.version == version)
        && read::<HashMap<String, IgnoredAny>>(&dir.join("integrity.json")).is_some_and(|files| files.contains_key(name))
}

/// Reads a JSON file. One that cannot be read says nothing, and the browser then asks each time.
fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
