//! What the function answers. A filtered push is a success; nothing here tells a stranger why he was refused.

use serde_json::{Value, json};

use crate::ec2;
use crate::http::Response;
use crate::webhook::{Event, Gate, Judgement};

/// How a reconcile loop ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The box knows what is wanted, or will find it out itself when it boots.
    Accepted { notes: Vec<String> },
    /// A reconcile invocation goes on.
    HandedOver { reason: String },
    /// This very delivery has rebooted the box already.
    Replayed { delivery: String },
    /// AWS said no.
    Refused { error: ec2::Error },
    /// The config names no instance type; its check makes that impossible.
    NoTypes,
}

pub(super) fn of(outcome: &Outcome, plan: &[Value]) -> Response {
    match outcome {
        Outcome::Accepted { notes } => answer(202, "accepted", &notes.join("; "), plan),
        Outcome::HandedOver { reason } => answer(202, "accepted", reason, plan),
        Outcome::Replayed { delivery } => answer(200, "ignored", &replayed(delivery), plan),
        Outcome::Refused { error } => refused(error, plan),
        Outcome::NoTypes => answer(503, "failed", "box.types is empty", plan),
    }
}

pub(super) fn woken(reason: &str) -> Response {
    answer(202, "accepted", reason, &[])
}

pub(super) fn refused_wake(status: u16, reason: &str) -> Response {
    answer(status, "refused", reason, &[])
}

/// The same answer with what happened since it was made.
pub(super) fn with_plan(mut response: Response, plan: &[Value]) -> Response {
    if let Ok(Value::Object(mut body)) = serde_json::from_str(&response.body) {
        body.insert("plan".into(), plan.into());
        response.body = Value::Object(body).to_string();
    }
    response
}

pub(super) fn refused(error: &ec2::Error, plan: &[Value]) -> Response {
    answer(503, "failed", &format!("AWS refused ({}); deliver again later", error.code), plan)
}

pub(super) fn ignored(judgement: &Judgement) -> Response {
    let reason = if judgement.changes.is_empty() {
        match judgement.event {
            Event::Ping => "pong".to_string(),
            Event::Push => "the push changes no branch and no tag".to_string(),
            Event::Other => "not a push".to_string(),
        }
    } else {
        // A delivery of a hundred refs need not be answered with a hundred reasons.
        let reasons = judgement
            .changes
            .iter()
            .take(5)
            .map(|change| format!("{}: {}", change.ref_name, change.verdict.reason));
        reasons.collect::<Vec<_>>().join("; ")
    };
    answer(200, "ignored", &reason, &[])
}

pub(super) fn not_authentic() -> Response {
    answer(401, "refused", "not authentic", &[])
}

/// Also for what is not even a request.
pub fn not_a_delivery(reason: &str) -> Response {
    answer(400, "refused", reason, &[])
}

pub(super) fn too_large(reason: &str) -> Response {
    answer(413, "refused", reason, &[])
}

pub(super) fn not_found() -> Response {
    answer(404, "refused", "there is nothing at this address; deliveries go to POST /hook", &[])
}

pub(super) fn method_not_allowed(allowed: &str) -> Response {
    answer(405, "refused", &format!("this address takes {allowed} only"), &[])
}

pub(super) fn mark_replayed(judgement: &mut Judgement, delivery: &str) {
    for change in judgement.changes.iter_mut().filter(|change| change.verdict.deploy) {
        change.verdict.deploy = false;
        change.verdict.gate = Gate::Replay;
        change.verdict.reason = replayed(delivery);
    }
}

fn replayed(delivery: &str) -> String {
    format!("delivery {delivery} has rebooted the box already")
}

fn answer(status: u16, result: &str, reason: &str, plan: &[Value]) -> Response {
    let body = json!({ "result": result, "reason": reason, "plan": plan }).to_string();
    Response { status, body, content_type: "application/json" }
}
