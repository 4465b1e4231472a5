//! The built page, with a script that loads it again when it was built again.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http;
use axum::response::{Html, IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::Local;
use super::function::text;

const RELOAD: &str = r#"<script src="/local/reload.js" defer></script>"#;

/// A file of the page.
pub(super) async fn file(State(local): State<Arc<Local>>, request: http::Request<Body>) -> Response {
    let Some(page) = &local.page else {
        return text(404, "no page is served here; `cargo xtask run` builds and serves it\n".into());
    };
    if matches!(request.uri().path(), "/" | "/index.html") {
        return index(page);
    }
    let mut response = match ServeDir::new(page).oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    // The next build has the same names.
    response.headers_mut().insert("cache-control", http::HeaderValue::from_static("no-cache"));
    response
}

fn index(page: &Path) -> Response {
    match std::fs::read_to_string(page.join("index.html")) {
        Ok(html) => Html(html.replace("</body>", &format!("{RELOAD}</body>"))).into_response(),
        Err(error) => {
            text(404, format!("{}: {error}; `cargo xtask build` builds the page\n", page.display()))
        }
    }
}

/// `xtask` leaves the hash of all files beside them.
pub(super) fn build(page: Option<&Path>) -> String {
    page.and_then(|page| std::fs::read_to_string(page.join("build.txt")).ok()).unwrap_or_default()
}

/// `xtask` says that there is a new build.
pub(super) async fn rebuilt(State(local): State<Arc<Local>>) {
    local.build.send_replace(build(local.page.as_deref()));
}

pub(super) async fn reload_js() -> impl IntoResponse {
    ([("content-type", "text/javascript")], include_str!("reload.js"))
}
