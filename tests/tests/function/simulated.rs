//! The simulated EC2 over HTTP, in whatever mood a test needs. Its clock stands still until a test moves it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use ec2_sim::{ACCOUNT, Policy, Seen, World, WorldOptions, http};
use pushbox_shared::checked;
use pushbox_shared::ec2::Tag;
use pushbox_shared::export::policy::policy;
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;
use tests::pushbox::CONFIG;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How EC2 answers.
#[derive(Clone, Copy)]
pub(crate) enum Mood {
    Well,
    /// It acts, and the answer comes that much later.
    Slow(Duration),
    /// It acts, and the next answer to this action never arrives.
    Losing(&'static str),
    /// It answers DescribeInstances in pages of five.
    Paging,
    /// It does nothing and says this code.
    Refusing(&'static str),
    /// It does nothing, and what it says is not of EC2.
    Broken,
}

pub(crate) struct Simulated {
    pub(crate) address: String,
    pub(crate) world: Arc<Mutex<World>>,
    mood: Arc<Mutex<Mood>>,
    requests: Arc<AtomicU64>,
    /// Milliseconds since 1970.
    clock: Arc<AtomicU64>,
    server: JoinHandle<()>,
}

impl Simulated {
    /// It lets the function do what the policy of the tests' config says.
    pub(crate) async fn start() -> Simulated {
        let mut world = World::new(WorldOptions::default());
        let config = checked::load(CONFIG.as_bytes()).expect("a config");
        govern(&mut world, &Setup { config, ..Setup::default() });
        let world = Arc::new(Mutex::new(world));
        let mood = Arc::new(Mutex::new(Mood::Well));
        let clock = Arc::new(AtomicU64::new(1_800_000_000_000));
        let time = Arc::clone(&clock);
        let router = http::router(Arc::clone(&world), move || at(time.load(Ordering::Relaxed)));
        let requests = Arc::new(AtomicU64::default());
        let (of_requests, count) = (Arc::clone(&mood), Arc::clone(&requests));
        let router = router.layer(from_fn(move |request, next| {
            count.fetch_add(1, Ordering::Relaxed);
            moody(Arc::clone(&of_requests), request, next)
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let server =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("the server runs") });
        Simulated { address, world, mood, requests, clock, server }
    }

    pub(crate) fn be(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// How often it was asked for anything.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn now(&self) -> UnixTime {
        at(self.clock.load(Ordering::Relaxed))
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// The names of all calls so far.
    pub(crate) fn all_calls(&self) -> Vec<String> {
        let world = lock(&self.world);
        world.calls().iter().map(|logged| logged.call["call"].as_str().unwrap_or("?").to_string()).collect()
    }

    /// Those that change something.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.all_calls().into_iter().filter(|name| name != "DescribeInstances").collect()
    }

    pub(crate) fn boxes(&self) -> Vec<Seen> {
        lock(&self.world).instances(self.now())
    }

    #[track_caller]
    pub(crate) fn the_box(&self) -> Seen {
        let mut all = self.boxes();
        assert_eq!(all.len(), 1, "one box");
        all.remove(0)
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// From now on that world lets the function do what the policy of that setup says, and nothing else.
pub(crate) fn govern(world: &mut World, setup: &Setup) {
    let policy = Policy::parse(&policy(setup, ACCOUNT)).expect("the exported policy is understood");
    world.govern(&setup.config.box_.region, policy);
}

#[track_caller]
pub(crate) fn tag<'a>(tags: &'a [Tag], key: &str) -> &'a str {
    let found = tags.iter().find(|tag| tag.key == key);
    found.map(|tag| tag.value.as_str()).unwrap_or_else(|| panic!("no tag {key}"))
}

async fn moody(mood: Arc<Mutex<Mood>>, request: Request, next: Next) -> Response {
    let now = *lock(&mood);
    match now {
        Mood::Well => next.run(request).await,
        Mood::Slow(delay) => late(request, next, delay).await,
        Mood::Losing(action) => {
            let (request, form) = read(request).await;
            if !form.contains(&format!("Action={action}&")) {
                return next.run(request).await;
            }
            *lock(&mood) = Mood::Well;
            late(request, next, Duration::from_secs(60)).await
        }
        Mood::Paging => {
            let (mut request, form) = read(request).await;
            if form.contains("Action=DescribeInstances&") {
                *request.body_mut() = format!("{form}&MaxResults=5").into();
                request.headers_mut().remove(CONTENT_LENGTH);
            }
            next.run(request).await
        }
        Mood::Refusing(code) => {
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code>\
                 <Message>No.</Message></Error></Errors><RequestID>0</RequestID></Response>"
            );
            (StatusCode::FORBIDDEN, body).into_response()
        }
        Mood::Broken => {
            (StatusCode::INTERNAL_SERVER_ERROR, "<!doctype html><title>500</title>").into_response()
        }
    }
}

/// A request and the form in it.
async fn read(request: Request) -> (Request, String) {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a small body");
    let form = String::from_utf8_lossy(&body).into_owned();
    (Request::from_parts(head, body.into()), form)
}

/// The world acts as soon as the request is there; only its answer waits.
async fn late(request: Request, next: Next, delay: Duration) -> Response {
    let response = next.run(request).await;
    tokio::time::sleep(delay).await;
    response
}

/// A test that failed elsewhere must not hide its reason behind a second one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn at(millis: u64) -> UnixTime {
    UnixTime::EPOCH + Duration::from_millis(millis)
}
