//! Everything that a box calls by HTTPS: Parameter Store, git hosts, and whoever is told of a deploy. One server is all of
//! these hosts, and notes what each is asked.

mod git;
mod parameter_store;
mod tls;

use std::collections::HashMap;
use std::future::pending;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::runtime::Runtime;

pub use git::Repository;
pub use parameter_store::{HOST as PARAMETER_STORE, ParameterStore};

/// The hosts that are there.
const HOSTS: [&str; 10] = [
    PARAMETER_STORE,
    "github.com",
    "api.github.com",
    "gitlab.example.org",
    "bitbucket.org",
    "api.bitbucket.org",
    "git.test",
    "hooks.slack.com",
    "discord.com",
    "chat.test",
];

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub host: String,
    pub method: Method,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub struct Cloud {
    runtime: Runtime,
    hosts: Arc<Mutex<Hosts>>,
    tls: tls::Identity,
}

#[derive(Default)]
struct Hosts {
    parameter_store: ParameterStore,
    /// By its path: `/usil/foo.git`.
    repositories: HashMap<String, Repository>,
    silent: Vec<String>,
    requests: Vec<Request>,
}

impl Request {
    /// A header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Default for Cloud {
    fn default() -> Cloud {
        Cloud::new()
    }
}

impl Cloud {
    pub fn new() -> Cloud {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("threads for the cloud");
        Cloud { runtime, hosts: Arc::default(), tls: tls::Identity::of(&HOSTS) }
    }

    /// Answers there, until this value goes.
    pub fn serve(&self, listener: TcpListener) {
        listener.set_nonblocking(true).expect("a listener of ours");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&self.hosts));
        let server = self.tls.server();
        self.runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it does not block");
            axum::serve(server.on(listener), router).await.expect("it serves until it is ended");
        });
    }

    /// The certificate that a client must trust, as PEM.
    pub fn authority(&self) -> &str {
        &self.tls.authority
    }

    /// The lines of `/etc/hosts` by which clients find all hosts at that address.
    pub fn hosts_file(address: &str) -> String {
        HOSTS.map(|host| format!("{address} {host}\n")).concat()
    }

    pub fn parameter_store<T>(&self, work: impl FnOnce(&mut ParameterStore) -> T) -> T {
        work(&mut lock(&self.hosts).parameter_store)
    }

    /// Every git host has it, at that path: `/usil/foo.git`.
    pub fn add_repository(&self, path: &str, repository: Repository) {
        lock(&self.hosts).repositories.insert(path.into(), repository);
    }

    /// From now on that host takes requests and never answers.
    pub fn silence(&self, host: &str) {
        lock(&self.hosts).silent.push(host.into());
    }

    /// What that host was asked so far.
    pub fn requests(&self, host: &str) -> Vec<Request> {
        let hosts = lock(&self.hosts);
        hosts.requests.iter().filter(|request| request.host == host).cloned().collect()
    }
}

async fn answer(
    State(hosts): State<Arc<Mutex<Hosts>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_string();
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_string();
    let request = Request { host, method, path, headers, body };
    let (is_silent, repository) = {
        let mut hosts = lock(&hosts);
        hosts.requests.push(request.clone());
        if request.host == PARAMETER_STORE {
            return hosts.parameter_store.answer(&request);
        }
        let repository = hosts.repositories.iter().find(|(path, _)| request.path.starts_with(*path));
        (hosts.silent.contains(&request.host), repository.map(|(_, repository)| repository.clone()))
    };
    if is_silent {
        return pending().await;
    }
    match repository {
        Some(repository) => repository.answer(&request).await,
        // Statuses and messages are created.
        None if request.method == Method::POST => (StatusCode::CREATED, "{}").into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn lock(hosts: &Mutex<Hosts>) -> MutexGuard<'_, Hosts> {
    hosts.lock().unwrap_or_else(PoisonError::into_inner)
}
