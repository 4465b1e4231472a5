//! `GET /status` and `GET /`: what is known of the box, to whoever may know it.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer;
use super::decide::describe;
use super::mailbox::{COMMIT, REF, SPEC};
use super::report::Report;
use super::seen::Seen;
use super::{Event, launch};
use crate::ec2::{Call, Error, GetConsoleOutput, Instance, Reply, State};
use crate::http::Response;
use crate::machine::{Hypervisor, hypervisor};
use crate::setup::Setup;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Learns whether the app is up.
    Anyone,
    /// The same, as a page.
    People,
    /// Has the admin key.
    Owner,
}

/// Looks once, without a second try: whoever asked can ask again.
pub(super) struct StatusRun<'a> {
    app: &'a str,
    audience: Audience,
    seen: Seen,
    started: bool,
}

impl<'a> StatusRun<'a> {
    pub(super) fn new(setup: &'a Setup, audience: Audience) -> StatusRun<'a> {
        StatusRun { app: &setup.config.app, audience, seen: Seen::default(), started: false }
    }

    /// The next call, or the answer.
    pub(super) fn step(&mut self, setup: &Setup, now: Duration, event: Event) -> Result<Call, Response> {
        match event {
            Event::Reply(Ok(Reply::Instances(instances))) => {
                self.seen.boxes = Some(instances);
                match (self.audience, self.seen.the_box()) {
                    (Audience::Owner, Some(the_box)) => Ok(console_of(the_box)),
                    _ => Err(self.answer(setup, now, "")),
                }
            }
            Event::Reply(Ok(Reply::Console(console))) => Err(self.answer(setup, now, &console)),
            Event::Reply(Ok(Reply::Done)) => Err(self.answer(setup, now, "")),
            // A box without console output yet is still worth a status.
            Event::Reply(Err(_)) if self.seen.boxes.is_some() => Err(self.answer(setup, now, "")),
            Event::Reply(Err(error)) => Err(unknown(&error)),
            Event::Start | Event::Waited if !self.started => {
                self.started = true;
                Ok(describe(self.app))
            }
            Event::Start | Event::Waited => Err(self.answer(setup, now, "")),
        }
    }

    fn answer(&self, setup: &Setup, now: Duration, console: &str) -> Response {
        let the_box = self.seen.the_box();
        let up = the_box.is_some_and(|one| one.state == State::Running);
        match self.audience {
            Audience::Anyone => json_response(&json!({ "app": self.app, "up": up })),
            Audience::People => page(self.app, the_box.map(|one| one.state)),
            Audience::Owner => json_response(&json!({
                "app": self.app,
                "up": up,
                "box": the_box.map(|one| describe_box(setup, one, now)),
                "others": self.seen.others().map(|one| one.id.as_str()).collect::<Vec<_>>(),
                "reports": Report::all_in(console).into_iter().rev().take(20).collect::<Vec<_>>(),
            })),
        }
    }
}

fn console_of(the_box: &Instance) -> Call {
    let latest = hypervisor(&the_box.instance_type) == Hypervisor::Nitro;
    Call::GetConsoleOutput(GetConsoleOutput { instance_id: the_box.id.clone(), latest })
}

fn describe_box(setup: &Setup, one: &Instance, now: Duration) -> Value {
    json!({
        "id": one.id,
        "state": one.state.name(),
        "type": one.instance_type,
        "address": one.public_ip,
        "started_s_ago": now.saturating_sub(one.launched).as_secs(),
        "wanted": { "commit": one.tag(COMMIT), "ref": one.tag(REF) },
        "launch_settings_changed": one.tag(SPEC).is_some_and(|spec| spec != launch::spec(setup)),
    })
}

fn unknown(error: &Error) -> Response {
    answer::refused(error, &[])
}

fn json_response(value: &Value) -> Response {
    Response { status: 200, body: value.to_string(), content_type: "application/json" }
}

/// The app's name is made of letters, digits, - and _ only, so it needs no escaping.
fn page(app: &str, state: Option<State>) -> Response {
    let words = match state {
        Some(State::Running) => "is up",
        Some(State::Pending) => "is starting",
        Some(State::Stopping | State::Stopped) => "is asleep; the next push wakes it",
        Some(State::ShuttingDown | State::Terminated) | None => "has no box yet; the next push launches one",
    };
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{app}</title>\n<p>{app} {words}.</p>\n</html>\n"
    );
    Response { status: 200, body, content_type: "text/html; charset=utf-8" }
}
