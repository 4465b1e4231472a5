//! A small AWS Lambda: events wait in one queue, whichever process of the function asks next gets the next one.
//!
//! Source: "Using the Lambda runtime API", version 2018-06-01, and "Invoke" in the Lambda API reference.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// What a test waits for at most.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the function gave back: its answer, or its error.
pub type Outcome = Result<Value, Value>;

pub struct Lambda {
    pub address: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

/// An asynchronous invocation that somebody asked for.
#[derive(Clone, Debug)]
pub struct Invocation {
    pub function: String,
    pub headers: HeaderMap,
    pub payload: Value,
}

struct Inner {
    put: mpsc::UnboundedSender<Event>,
    next: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    count: AtomicU64,
    invocations: Mutex<Vec<Invocation>>,
    /// What the Invoke call answers, and how late.
    invoke_status: Mutex<StatusCode>,
    invoke_delay: Mutex<Duration>,
    /// Why processes did not start.
    init_errors: Mutex<Vec<(HeaderMap, Value)>>,
}

struct Event {
    id: String,
    payload: Value,
}

impl Lambda {
    pub async fn start() -> Lambda {
        let (put, next) = mpsc::unbounded_channel();
        let inner = Arc::new(Inner {
            put,
            next: next.into(),
            waiting: Mutex::default(),
            count: AtomicU64::default(),
            invocations: Mutex::default(),
            invoke_status: Mutex::new(StatusCode::ACCEPTED),
            invoke_delay: Mutex::default(),
            init_errors: Mutex::default(),
        });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_event))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .route("/2015-03-31/functions/{name}/invocations", post(invoke))
            .with_state(Arc::clone(&inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("the server runs") });
        Lambda { address, inner, server }
    }

    /// Gives the function an event and waits for what comes of it.
    pub async fn invoke(&self, payload: Value) -> Outcome {
        let id = format!("00000000-0000-4000-8000-{:012x}", self.inner.count.fetch_add(1, Ordering::Relaxed));
        let (outcome, wait) = oneshot::channel();
        lock(&self.inner.waiting).insert(id.clone(), outcome);
        self.inner.put.send(Event { id, payload }).expect("the server holds the other end");
        let outcome = tokio::time::timeout(PATIENCE, wait).await.expect("the function answers in time");
        outcome.expect("answered once")
    }

    /// The asynchronous invocations so far. They wait here: a test that wants one to happen invokes it.
    pub fn invocations(&self) -> Vec<Invocation> {
        lock(&self.inner.invocations).clone()
    }

    /// From now on, the Invoke call is answered so.
    pub fn answer_invoke_with(&self, status: u16) {
        *lock(&self.inner.invoke_status) = StatusCode::from_u16(status).expect("a status");
    }

    /// From now on, the Invoke call is answered that late.
    pub fn answer_invoke_after(&self, delay: Duration) {
        *lock(&self.inner.invoke_delay) = delay;
    }

    /// Headers and body of what processes said that did not start.
    pub fn init_errors(&self) -> Vec<(HeaderMap, Value)> {
        lock(&self.inner.init_errors).clone()
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next_event(State(inner): State<Arc<Inner>>) -> Response {
    let event = inner.next.lock().await.recv().await.expect("the sender is beside it");
    let in_five_minutes =
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + Duration::from_secs(300);
    let headers = [
        ("lambda-runtime-aws-request-id", event.id),
        ("lambda-runtime-deadline-ms", in_five_minutes.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:pushbox-my_app".to_string(),
        ),
        ("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000".to_string()),
    ];
    (headers, Json(event.payload)).into_response()
}

async fn response(State(inner): State<Arc<Inner>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    inner.finish(&id, Ok(json(&body)))
}

async fn error(State(inner): State<Arc<Inner>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    inner.finish(&id, Err(json(&body)))
}

async fn init_error(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    lock(&inner.init_errors).push((headers, json(&body)));
    StatusCode::ACCEPTED
}

async fn invoke(
    State(inner): State<Arc<Inner>>,
    Path(function): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    lock(&inner.invocations).push(Invocation { function, headers, payload: json(&body) });
    let (status, delay) = (*lock(&inner.invoke_status), *lock(&inner.invoke_delay));
    tokio::time::sleep(delay).await;
    let kind = if status.is_success() { "" } else { "AccessDeniedException:http://internal.amazon.com/" };
    (status, [("x-amzn-errortype", kind)]).into_response()
}

impl Inner {
    fn finish(&self, id: &str, outcome: Outcome) -> StatusCode {
        match lock(&self.waiting).remove(id) {
            // A test that no longer waits has failed already.
            Some(waiting) => waiting.send(outcome).map_or(StatusCode::GONE, |()| StatusCode::ACCEPTED),
            None => StatusCode::BAD_REQUEST,
        }
    }
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned().into())
}

/// A test that failed elsewhere must not hide its reason behind a second one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
