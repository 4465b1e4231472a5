//! The simulated EC2 as a person sees it: the boxes, what runs on them, and the calls that were made.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Redirect, Response};
use ec2_sim::{Logged, Seen};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio_stream::wrappers::WatchStream;

use super::Local;
use super::function::text;
use crate::input::now;

/// Calls that the page shows; the JSON has all that are kept.
const SHOWN: usize = 50;

pub(super) async fn json(State(local): State<Arc<Local>>) -> Response {
    let world = local.world();
    let instances: Vec<Value> = world.instances(now()).iter().map(instance_json).collect();
    let calls: Vec<Value> = world.calls().iter().map(call_json).collect();
    axum::Json(json!({ "instances": instances, "calls": calls })).into_response()
}

fn instance_json(seen: &Seen) -> Value {
    let one = &seen.instance;
    let tags: serde_json::Map<String, Value> =
        one.tags.iter().map(|tag| (tag.key.clone(), Value::from(tag.value.as_str()))).collect();
    json!({
        "id": one.id,
        "state": one.state.name(),
        "type": one.instance_type,
        "image": seen.launch.image_id,
        "address": one.public_ip,
        "tags": tags,
        "user_data": seen.user_data_text(),
    })
}

fn call_json(logged: &Logged) -> Value {
    let (ok, result) = outcome(logged);
    json!({ "at": logged.at.since_epoch().as_secs_f64(), "call": logged.call, "ok": ok, "result": result })
}

fn outcome(logged: &Logged) -> (bool, String) {
    match &logged.result {
        Ok(said) => (true, said.clone()),
        Err(error) => (false, error.to_string()),
    }
}

/// What a person does in the console.
pub(super) async fn act(
    State(local): State<Arc<Local>>,
    Path((act, id)): Path<(String, String)>,
) -> Response {
    let done = {
        let mut world = local.world();
        match act.as_str() {
            "stop" => world.stop(now(), &id),
            "terminate" => world.terminate(now(), &id),
            _ => return text(404, "there is only stop and terminate\n".into()),
        }
    };
    local.calls.send_modify(|count| *count += 1);
    match done {
        Ok(()) => Redirect::to("/local/ec2").into_response(),
        Err(error) => text(400, format!("{error}\n")),
    }
}

/// `calls` after something happened to the simulated EC2; `build` with the page's build at first and after every other.
pub(super) async fn events(
    State(local): State<Arc<Local>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let event = |name: &str, data: String| Ok(Event::default().event(name).data(data));
    let calls = WatchStream::from_changes(local.calls.subscribe());
    let builds = WatchStream::new(local.build.subscribe());
    let calls = calls.map(move |count| event("calls", count.to_string()));
    let builds = builds.map(move |build| event("build", build));
    Sse::new(stream::select(calls, builds)).keep_alive(KeepAlive::default())
}

pub(super) async fn css() -> impl IntoResponse {
    ([("content-type", "text/css")], include_str!("view.css"))
}

pub(super) async fn js() -> impl IntoResponse {
    ([("content-type", "text/javascript")], include_str!("view.js"))
}

pub(super) async fn page(State(local): State<Arc<Local>>) -> Html<String> {
    let world = local.world();
    let mut boxes = String::new();
    for seen in world.instances(now()) {
        write_box(&mut boxes, &seen);
    }
    if boxes.is_empty() {
        boxes = "<p>No instance yet. The first push of a wanted ref launches one.</p>".into();
    }
    let mut calls = String::new();
    for logged in world.calls().iter().rev().take(SHOWN) {
        write_call(&mut calls, logged);
    }
    Html(format!(include_str!("view.html"), boxes = boxes, calls = calls))
}

fn write_box(html: &mut String, seen: &Seen) {
    let one = &seen.instance;
    let mut tags = String::new();
    for tag in &one.tags {
        let _ = write!(
            tags,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            escape(&tag.key),
            escape(&tag.value)
        );
    }
    let _ = write!(
        html,
        "<article><h3>{id} <span class=\"state {state}\">{state}</span></h3>\
         <p>{kind} · {image} · {address}</p><table>{tags}</table>\
         <details><summary>User data, {size}</summary><pre>{script}</pre></details>\
         <form method=\"post\" action=\"/local/ec2/stop/{id}\"><button>Stop</button></form>\
         <form method=\"post\" action=\"/local/ec2/terminate/{id}\"><button>Terminate</button></form></article>",
        id = escape(&one.id),
        state = one.state.name(),
        kind = escape(&one.instance_type),
        image = escape(&seen.launch.image_id),
        address = escape(one.public_ip.as_deref().unwrap_or("no public address")),
        size = user_data_size(seen),
        script = escape(&seen.user_data_text()),
    );
}

/// Of what EC2 was given, which may be shorter than the script that is shown.
fn user_data_size(seen: &Seen) -> String {
    let (given, shown) = (seen.launch.user_data.0.len(), seen.user_data_text().len());
    if given == shown { format!("{given} bytes") } else { format!("{shown} bytes, as gzip {given}") }
}

fn write_call(html: &mut String, logged: &Logged) {
    let (ok, result) = outcome(logged);
    let mut parameters = logged.call.clone();
    let name = parameters.as_object_mut().and_then(|all| all.shift_remove("call"));
    let _ = write!(
        html,
        "<tr class=\"{class}\"><td>{name}</td><td>{result}</td><td><details><summary>parameters</summary><pre>{parameters}</pre></details></td></tr>",
        class = if ok { "ok" } else { "error" },
        name = escape(name.as_ref().and_then(Value::as_str).unwrap_or_default()),
        result = escape(&result),
        parameters = escape(&serde_json::to_string_pretty(&parameters).unwrap_or_default()),
    );
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
