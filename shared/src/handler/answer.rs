//! What the function answers. A filtered push is a success; nothing here tells a stranger why he was refused.

use serde_json::json;

use crate::ec2;
use crate::http::Response;
use crate::plan::Step;
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

/// What is answered, before it is bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// JSON, with the plan in it.
    Result { status: u16, result: &'static str, reason: String },
    /// As it is.
    Whole(Response),
}

impl Answer {
    pub(super) fn response(&self, plan: &[Step]) -> Response {
        match self {
            Answer::Result { status, result, reason } => {
                let body = json!({ "result": result, "reason": reason, "plan": plan }).to_string();
                Response { status: *status, body, content_type: "application/json" }
            }
            Answer::Whole(response) => response.clone(),
        }
    }
}

pub(super) fn of(outcome: &Outcome) -> Answer {
    match outcome {
        Outcome::Accepted { notes } => answer(202, "accepted", notes.join("; ")),
        Outcome::HandedOver { reason } => answer(202, "accepted", reason.as_str()),
        Outcome::Replayed { delivery } => answer(200, "ignored", replayed(delivery)),
        Outcome::Refused { error } => refused(error),
        Outcome::NoTypes => answer(503, "failed", "box.types is empty"),
    }
}

pub(super) fn woken(reason: &str) -> Answer {
    answer(202, "accepted", reason)
}

pub(super) fn refused_wake(status: u16, reason: &str) -> Answer {
    answer(status, "refused", reason)
}

pub(super) fn refused(error: &ec2::Error) -> Answer {
    answer(503, "failed", format!("AWS refused ({}); deliver again later", error.code))
}

pub(super) fn ignored(judgement: &Judgement) -> Answer {
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
    answer(200, "ignored", reason)
}

pub(super) fn not_authentic() -> Answer {
    answer(401, "refused", "not authentic")
}

/// The answer to what is not even a request.
pub fn not_a_request(reason: &str) -> Response {
    not_a_delivery(reason).response(&[])
}

pub(super) fn not_a_delivery(reason: &str) -> Answer {
    answer(400, "refused", reason)
}

pub(super) fn too_large(reason: &str) -> Answer {
    answer(413, "refused", reason)
}

pub(super) fn not_found() -> Answer {
    answer(404, "refused", "there is nothing at this address; deliveries go to POST /hook")
}

pub(super) fn method_not_allowed(allowed: &str) -> Answer {
    answer(405, "refused", format!("this address takes {allowed} only"))
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

fn answer(status: u16, result: &'static str, reason: impl Into<String>) -> Answer {
    Answer::Result { status, result, reason: reason.into() }
}
