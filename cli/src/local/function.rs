//! The function, with the simulated EC2 in the place of AWS: it does what the handler says, and decides nothing.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http;
use ec2_sim::{ACCOUNT, Action, AllocateAddress, Policy};
use pushbox_shared::checked;
use pushbox_shared::config::Address;
use pushbox_shared::ec2::{Reply, Tag, TagSpecification};
use pushbox_shared::export::policy::policy;
use pushbox_shared::handler::{Do, Event, Handler, Input};
use pushbox_shared::http::{Headers, Request, Response};
use pushbox_shared::protocol::mailbox::APP;
use pushbox_shared::setup::Setup;

use super::Local;
use crate::input::now;

/// More than any delivery that Lambda lets through; the handler refuses what is over its own limit.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

pub(super) async fn answer(
    State(local): State<Arc<Local>>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    let request = match read(request).await {
        Ok(request) => request,
        Err(error) => return text(413, format!("the body is larger than {BODY_LIMIT} bytes: {error}\n")),
    };
    match setup(&local).and_then(|setup| govern(&local, &setup).map(|()| setup)) {
        Ok(setup) => {
            install_address(&local, &setup);
            into_http(run(local, setup, Input::Http(request)).await)
        }
        Err(message) => text(503, message),
    }
}

/// The simulated EC2 lets the function do what its policy would let it do in AWS, and nothing else.
fn govern(local: &Local, setup: &Setup) -> Result<(), String> {
    let policy = Policy::parse(&policy(setup, ACCOUNT))
        .map_err(|problem| format!("the policy of the config is not understood: {problem}\n"))?;
    local.world().govern(&setup.config.box_.region, policy);
    Ok(())
}

/// As the function does at its start; here a better config may come at any time.
fn setup(local: &Local) -> Result<Setup, String> {
    let path = local.config.display();
    let text = std::fs::read(&local.config)
        .map_err(|error| format!("{path}: {error}; save the config from the page to this file\n"))?;
    let config = checked::load(&text).map_err(|problems| {
        problems.iter().map(|problem| format!("{path}: {problem}\n")).collect::<String>()
    })?;
    Ok(Setup { config, secrets: local.secrets.clone(), ..Setup::default() })
}

/// What an installer would have made.
fn install_address(local: &Local, setup: &Setup) {
    let (app, mut world) = (&setup.config.app, local.world());
    if setup.config.box_.address != Address::Elastic || world.has_address(APP, app) {
        return;
    }
    let tags = vec![Tag::new(APP, app.as_str())];
    let tag_specifications = vec![TagSpecification { resource_type: "elastic-ip".into(), tags }];
    // The simulated EC2 refuses no such request.
    let _ = world.act_as_owner(now(), &Action::AllocateAddress(AllocateAddress { tag_specifications }));
}

/// Boxed, because a reconcile is such a run again.
fn run(local: Arc<Local>, setup: Setup, input: Input) -> Pin<Box<dyn Future<Output = Response> + Send>> {
    Box::pin(async move {
        let mut handler = Handler::new(&setup, &input, now());
        let mut event = Event::Start;
        loop {
            event = match handler.step(now(), event) {
                Do::Call(call) => {
                    let reply = local.world().call(now(), &call);
                    local.calls.send_modify(|count| *count += 1);
                    Event::Reply(reply)
                }
                Do::Wait(time) => {
                    tokio::time::sleep(time).await;
                    Event::Waited
                }
                Do::Reconcile => {
                    tokio::spawn(run(Arc::clone(&local), setup.clone(), Input::Reconcile));
                    Event::Reply(Ok(Reply::Done))
                }
                Do::Answer(response) => return response,
            };
        }
    })
}

async fn read(request: http::Request<Body>) -> Result<Request, axum::Error> {
    let (head, body) = request.into_parts();
    let path = if head.uri.path() == "/function" { "/" } else { head.uri.path() };
    let headers: Headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Ok(Request {
        method: head.method.to_string(),
        path: path.to_string(),
        query: head.uri.query().unwrap_or_default().to_string(),
        headers,
        body: to_bytes(body, BODY_LIMIT).await?.to_vec(),
    })
}

fn into_http(response: Response) -> http::Response<Body> {
    let mut built = http::Response::builder().status(response.status);
    for (name, value) in response.headers() {
        built = built.header(name, value);
    }
    let built = built.body(Body::from(response.body));
    built.unwrap_or_else(|error| text(500, error.to_string()))
}

pub(super) fn text(status: u16, message: String) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(message));
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert("content-type", http::HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
