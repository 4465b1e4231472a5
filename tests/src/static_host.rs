//! A host of static files as they are everywhere: it serves a folder below a path, gets a new version of it at any time, and can
//! be unreachable.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The path below which everything is.
const BELOW: &str = "/a/page/";

pub struct StaticHost {
    served: Arc<Mutex<Served>>,
    port: u16,
    task: JoinHandle<()>,
}

struct Served {
    folder: PathBuf,
    /// The paths that were asked for and not there.
    missed: Vec<String>,
}

impl StaticHost {
    pub async fn start(folder: &Path) -> StaticHost {
        let served = Served { folder: folder.into(), missed: Vec::new() };
        let served = Arc::new(Mutex::new(served));
        let app = Router::new().fallback(file).with_state(Arc::clone(&served));
        // Also under addresses that are not those of this machine alone.
        let listener = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
        let port = listener.local_addr().expect("it listens").port();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        StaticHost { served, port, task }
    }

    /// The page under one of this machine's names.
    pub fn page(&self, host: &str) -> String {
        format!("http://{host}:{}{BELOW}", self.port)
    }

    /// Another version is there, all at once.
    pub fn serve(&self, folder: &Path) {
        let mut served = self.served.lock().expect("no thread panics with it");
        folder.clone_into(&mut served.folder);
        served.missed.clear();
    }

    /// Whether a file with such a name was asked for in vain since the version changed.
    pub fn has_missed(&self, name: &str) -> bool {
        self.served.lock().expect("no thread panics with it").missed.iter().any(|path| path.contains(name))
    }

    /// From now on nobody answers.
    pub async fn stop(self) {
        self.task.abort();
        // The port is free once the task is gone.
        let _ = self.task.await;
    }
}

async fn file(State(served): State<Arc<Mutex<Served>>>, request: Request) -> Response {
    let path = request.uri().path().to_string();
    let mut served = served.lock().expect("no thread panics with it");
    let name = match path.strip_prefix(BELOW) {
        Some("") => Some("index.html"),
        Some(name) if !name.split('/').any(|part| part == "..") => Some(name),
        Some(_) | None => None,
    };
    // No connection outlives its request, so that a host that stops is silent at once.
    let closed = [("connection", "close")];
    match name.and_then(|name| Some((name, std::fs::read(served.folder.join(name)).ok()?))) {
        Some((name, content)) => (closed, [("content-type", kind(name))], content).into_response(),
        None => {
            served.missed.push(path);
            (StatusCode::NOT_FOUND, closed).into_response()
        }
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
