//! `GET /status` and `GET /`: what is known of the box, to whoever may know it.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::look::{Cache, Look, console_of, describe};
use super::next::Next;
use super::seen::Seen;
use super::step::Event;
use super::{address, page};
use crate::ec2::{Address, Call, Error, Instance, State};
use crate::http::Response;
use crate::protocol::launch;
use crate::protocol::mailbox::{COMMIT, POKE, SPEC, ref_of};
use crate::protocol::report::Report;
use crate::setup::Setup;
use crate::unix_time::UnixTime;

/// Report lines that a status shows.
const REPORTS: usize = 20;

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
pub(super) struct StatusRun {
    audience: Audience,
    /// What the next reply answers.
    asked: Option<Call>,
}

impl StatusRun {
    pub(super) fn new(audience: Audience) -> StatusRun {
        StatusRun { audience, asked: None }
    }

    /// The next call, or the answer.
    pub(super) fn step(&mut self, setup: &Setup, cache: &mut Cache, now: UnixTime, event: Event) -> Next {
        let look = match (event, self.asked.take()) {
            (Event::Reply(reply), Some(call)) => {
                let look = cache.look(&setup.config.app, now);
                look.absorb(&call, reply);
                look
            }
            _ => self.first_look(setup, cache, now),
        };
        match next_call(setup, self.audience, look) {
            Some(call) => {
                self.asked = Some(call.clone());
                Next::Call(call)
            }
            None => Next::Answer(answer(setup, self.audience, look, now)),
        }
    }

    /// The owner need not wait for a failure to be forgotten.
    fn first_look<'c>(&self, setup: &Setup, cache: &'c mut Cache, now: UnixTime) -> &'c mut Look {
        let failed = matches!(cache.look(&setup.config.app, now).boxes, Some(Err(_)));
        if failed && self.audience == Audience::Owner {
            cache.forget();
        }
        cache.look(&setup.config.app, now)
    }
}

/// What this audience may know and nobody has asked for yet.
fn next_call(setup: &Setup, audience: Audience, look: &Look) -> Option<Call> {
    let boxes = match &look.boxes {
        None => return Some(describe(&setup.config.app)),
        Some(Err(_)) => return None,
        Some(Ok(boxes)) => boxes,
    };
    if audience != Audience::Owner {
        return None;
    }
    let the_box = Seen::of(boxes).the_box().cloned();
    match the_box {
        Some(one) if look.console.is_none() => Some(console_of(&one)),
        _ if address::is_wanted(setup) && look.addresses.is_none() => {
            Some(address::describe(&setup.config.app))
        }
        _ => None,
    }
}

fn answer(setup: &Setup, audience: Audience, look: &Look, now: UnixTime) -> Answer {
    let app = &setup.config.app;
    let boxes = match &look.boxes {
        Some(Ok(boxes)) => boxes.as_slice(),
        Some(Err(error)) => return unknown(app, audience, error),
        None => return unknown(app, audience, &Error::new(Error::UNREACHABLE, "nobody was asked")),
    };
    let seen = Seen::of(boxes);
    let up = seen.the_box().is_some_and(|one| one.state == State::Running);
    match audience {
        Audience::Anyone => json_response(200, &json!({ "app": app, "up": up })),
        Audience::People if setup.config.sleep.is_on() => {
            Answer::Whole(page::of_status_with_wake(app, seen.the_box()))
        }
        Audience::People => Answer::Whole(page::of_status(app, seen.the_box())),
        Audience::Owner => json_response(200, &details(setup, look, &seen, now)),
    }
}

fn details(setup: &Setup, look: &Look, seen: &Seen, now: UnixTime) -> Value {
    let reports = Report::all_in(look.console.as_deref().unwrap_or_default());
    let the_box = seen.the_box();
    json!({
        "app": setup.config.app,
        "up": the_box.is_some_and(|one| one.state == State::Running),
        "box": the_box.map(|one| describe_box(setup, one, now)),
        "runs": what_runs(&reports),
        "others": seen.others().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        "notes": notes(setup, look, seen),
        "reports": reports.iter().rev().take(REPORTS).collect::<Vec<_>>(),
    })
}

fn describe_box(setup: &Setup, one: &Instance, now: UnixTime) -> Value {
    json!({
        "id": one.id,
        "state": one.state.name(),
        "type": one.instance_type,
        "address": one.public_ip,
        "spot": is_spot(one),
        "started_s_ago": (now - one.launched).as_secs(),
        "wanted": { "commit": one.tag(COMMIT), "ref": ref_of(one), "s_ago": rung_ago(one, now) },
        "launch_settings_changed": one.tag(SPEC).is_some_and(|spec| spec != launch::spec(setup)),
    })
}

/// The commit of the last deploy that worked, as far back as the console goes.
fn what_runs(reports: &[Report]) -> Option<Value> {
    let served =
        |report: &&Report| report.step == "deploy" && ["done", "unchanged"].contains(&report.state.as_str());
    reports.iter().rfind(served).map(|report| json!({ "commit": report.commit }))
}

/// What a person should know or do.
fn notes(setup: &Setup, look: &Look, seen: &Seen) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(the_box) = seen.the_box() else { return notes };
    if is_spot(the_box) && matches!(the_box.state, State::Stopping | State::Stopped) {
        notes.push(
            "a spot box that EC2 has stopped can only be started by EC2; one that a person has stopped starts with the next push"
                .to_string(),
        );
    }
    if seen.others().next().is_some() {
        notes.push(format!("the box is {}; terminate the others", the_box.id));
    }
    match look.addresses.as_ref().filter(|_| address::is_wanted(setup)) {
        Some(Ok(addresses)) => notes.extend(address_note(setup, addresses, the_box)),
        Some(Err(error)) => {
            notes.push(format!("the Elastic IP could not be looked up: AWS refused ({})", error.code));
        }
        None => {}
    }
    notes
}

fn address_note(setup: &Setup, addresses: &[Address], the_box: &Instance) -> Option<String> {
    match address::choose(addresses) {
        None => Some(address::none(&setup.config.app)),
        Some(_) if addresses.iter().any(|one| one.instance_id.as_ref() == Some(&the_box.id)) => None,
        Some(one) => {
            Some(format!("the box does not have its Elastic IP {} yet; POST /deploy gives it", one.public_ip))
        }
    }
}

fn is_spot(one: &Instance) -> bool {
    one.lifecycle.as_deref() == Some("spot")
}

/// Since the mailbox rang, in seconds.
fn rung_ago(one: &Instance, now: UnixTime) -> Option<u64> {
    let rung = one.tag(POKE)?.split('.').next()?.parse().ok()?;
    Some(now.as_secs().saturating_sub(rung))
}

/// AWS's reasons are for the owner.
fn unknown(app: &str, audience: Audience, error: &Error) -> Answer {
    match audience {
        Audience::Anyone => json_response(503, &json!({ "app": app, "up": null })),
        Audience::People => Answer::Whole(page::of_nothing(app)),
        Audience::Owner => answer::refused(error),
    }
}

fn json_response(status: u16, value: &Value) -> Answer {
    let content_type = "application/json";
    Answer::Whole(Response { status, body: value.to_string(), content_type })
}
