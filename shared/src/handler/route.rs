//! Which request wants what, and who may want it.

use subtle::ConstantTimeEq;

use super::answer::{self, Answer};
use super::goal::Goal;
use super::status::{Audience, StatusRun};
use super::wake::WakeRun;
use super::work::Work;
use crate::hash::sha256_hex;
use crate::http::{Request, Response};
use crate::protocol::mailbox::Mailbox;
use crate::setup::Setup;
use crate::unix_time::UnixTime;
use crate::user_data;
use crate::webhook::{self, Event, Judgement, Problem, Provider};

pub(super) fn route(setup: &Setup, request: &Request, now: UnixTime) -> (Judgement, Work) {
    let path = request.path.trim_end_matches('/');
    let work = match (request.method.as_str(), path) {
        ("POST", "/hook") => return hook(setup, request, now),
        ("GET", "/hook") if webhook::detect(&request.headers).is_some_and(Provider::sends_gets) => {
            return hook(setup, request, now);
        }
        ("POST", "/deploy") => deploy(setup, request, now),
        ("GET", "/status") => Work::Status(StatusRun::new(audience(setup, request))),
        ("GET", "") => Work::Status(StatusRun::new(Audience::People)),
        ("GET", path) if path.starts_with("/box/") => Work::Answer(script(setup, path)),
        ("GET", "/wake") if setup.config.sleep.is_on() => Work::Wake(WakeRun::look(request)),
        ("POST", "/wake") if setup.config.sleep.is_on() => Work::Wake(WakeRun::start(request)),
        (_, "/wake") if setup.config.sleep.is_on() => {
            Work::Answer(answer::method_not_allowed("GET and POST"))
        }
        (_, "/hook" | "/deploy") => Work::Answer(answer::method_not_allowed("POST")),
        (_, "" | "/status") => Work::Answer(answer::method_not_allowed("GET")),
        _ => Work::Answer(answer::not_found()),
    };
    (Judgement::default(), work)
}

fn hook(setup: &Setup, request: &Request, now: UnixTime) -> (Judgement, Work) {
    let judgement = webhook::judge(&setup.wanted(), request, now);
    let work = work_of(setup, &judgement, now);
    (judgement, work)
}

fn work_of(setup: &Setup, judgement: &Judgement, now: UnixTime) -> Work {
    match &judgement.problem {
        Some(Problem::TooLarge(reason)) => return Work::Answer(answer::too_large(reason)),
        Some(Problem::NotADelivery(reason)) => return Work::Answer(answer::not_a_delivery(reason)),
        // Of what is not authentic the event is unknown; but a test of the connection may be unsigned, and is answered.
        None if !judgement.auth.ok && judgement.event != Event::Ping => {
            return Work::Answer(answer::not_authentic());
        }
        None => {}
    }
    match judgement.changes.iter().rfind(|change| change.verdict.deploy) {
        Some(change) => Work::converge(Goal::deliver(
            Mailbox::of_push(setup, change, judgement.delivery.as_deref(), now),
            now,
        )),
        None => Work::Answer(answer::ignored(judgement)),
    }
}

fn deploy(setup: &Setup, request: &Request, now: UnixTime) -> Work {
    if !has_admin_key(setup, request) {
        return Work::Answer(answer::not_authentic());
    }
    Work::converge(Goal::deliver(Mailbox::of_request(setup, now), now))
}

fn audience(setup: &Setup, request: &Request) -> Audience {
    if has_admin_key(setup, request) { Audience::Owner } else { Audience::Anyone }
}

/// `Authorization: Bearer <key>`, compared by digest so that neither content nor length shows in the time it takes.
fn has_admin_key(setup: &Setup, request: &Request) -> bool {
    let given = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
    match (setup.secrets.admin_key(), given) {
        (Some(key), Some(given)) => same_text(key, given.trim()),
        _ => false,
    }
}

/// Today's script, to those who know its hash: boxes of this app that hold it in a tag.
fn script(setup: &Setup, path: &str) -> Answer {
    let script = user_data::script(&setup.config, setup.installed.function_url.as_deref());
    let asked = path.strip_prefix("/box/").unwrap_or_default();
    if same_text(&sha256_hex(&script), asked) {
        let content_type = "text/x-shellscript; charset=utf-8";
        Answer::Whole(Response { status: 200, body: script, content_type })
    } else {
        answer::not_found()
    }
}

fn same_text(a: &str, b: &str) -> bool {
    sha256_hex(a).as_bytes().ct_eq(sha256_hex(b).as_bytes()).into()
}
