//! GitHub. Source: GitHub docs, "Webhook events and payloads" (`push`, `create`, `delete`, `ping`).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Commit, Commits, Person, Said, SaidChange, action, bare_change, commit_hash, first, full_ref, is_zero,
    kind_of,
};
use crate::http::Headers;
use crate::webhook::json::{self, Flag, Opt, Text};
use crate::webhook::{Action, Event, RefKind, Repo};

/// The fields that are read, of whatever event.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload<'a> {
    #[serde(borrow, rename = "ref")]
    ref_name: Text<'a>,
    /// Of `create` and `delete`.
    #[serde(borrow)]
    ref_type: Text<'a>,
    #[serde(borrow)]
    before: Text<'a>,
    #[serde(borrow)]
    after: Text<'a>,
    created: Flag,
    deleted: Flag,
    forced: Flag,
    #[serde(borrow)]
    head_commit: Opt<Commit<'a>>,
    #[serde(borrow)]
    commits: Option<&'a RawValue>,
    #[serde(borrow)]
    repository: Opt<Repository<'a>>,
    #[serde(borrow)]
    pusher: Opt<Person<'a>>,
    #[serde(borrow)]
    sender: Opt<Person<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Repository<'a> {
    #[serde(borrow)]
    full_name: Text<'a>,
    #[serde(borrow)]
    clone_url: Text<'a>,
    #[serde(borrow)]
    ssh_url: Text<'a>,
}

pub(super) fn parse<'a>(headers: &Headers, json: &'a str) -> Result<Said<'a>, String> {
    let payload: Payload<'a> = json::read(json)?;
    let event_name = headers.get("x-github-event").unwrap_or_default();
    let (event, change) = match event_name {
        "push" if payload.looks_like_a_push() => (Event::Push, push(&payload)),
        "ping" => (Event::Ping, None),
        "create" => (Event::Other, named(&payload, Action::Created)),
        "delete" => (Event::Other, named(&payload, Action::Deleted)),
        _ => (Event::Other, None),
    };
    Ok(Said {
        event,
        event_name: event_name.to_string(),
        repo: payload.repository.0.map(|repo| repo.normal()).unwrap_or_default(),
        changes: change.into_iter().collect(),
    })
}

impl Payload<'_> {
    /// Other events carry a `ref` too (`workflow_dispatch`, `deployment`), but never any of these.
    fn looks_like_a_push(&self) -> bool {
        self.before != Text::Missing
            || self.after != Text::Missing
            || self.head_commit.0.is_some()
            || self.commits.is_some()
    }

    fn pusher(&self) -> Option<String> {
        let name = self.pusher.0.as_ref().and_then(|person| person.name.owned());
        name.or_else(|| self.sender.0.as_ref().and_then(|person| person.login.owned()))
    }
}

impl Repository<'_> {
    fn normal(&self) -> Repo {
        Repo {
            full_name: self.full_name.owned(),
            clone_https: self.clone_url.owned(),
            clone_ssh: self.ssh_url.owned(),
        }
    }
}

fn push<'a>(payload: &Payload<'a>) -> Option<SaidChange<'a>> {
    let ref_name = payload.ref_name.owned()?;
    let deleted = payload.deleted.0 == Some(true) || is_zero(&payload.after);
    let created = payload.created.0 == Some(true) || is_zero(&payload.before);
    let kind = kind_of(&ref_name);
    let mut change = bare_change(ref_name, kind, action(deleted, created));
    change.pusher = payload.pusher();
    change.forced = payload.forced.0;
    let commits = Commits { list: payload.commits, total: None };
    if deleted {
        return Some(SaidChange { change, commits });
    }
    // `after` of an annotated tag is the tag object; the head commit is the commit.
    let head = payload.head_commit.0.as_ref();
    change.commit = head.and_then(|head| commit_hash(&head.id)).or_else(|| commit_hash(&payload.after));
    let found;
    let head = match (head, &change.commit) {
        (Some(head), _) => Some(head),
        (None, Some(id)) => {
            found = commits.with_id(id);
            found.as_ref()
        }
        (None, None) => None,
    };
    if let Some(head) = head {
        change.message = head.message.owned();
        change.author = head.author();
    }
    Some(SaidChange { change, commits })
}

/// `create` and `delete` name the ref without its folder. The push of the same ref arrives too.
fn named<'a>(payload: &Payload<'a>, action: Action) -> Option<SaidChange<'a>> {
    let kind = match payload.ref_type.get() {
        Some("branch") => RefKind::Branch,
        Some("tag") => RefKind::Tag,
        _ => return None,
    };
    let ref_name = full_ref(kind, payload.ref_name.get()?);
    let mut change = bare_change(ref_name, kind, action);
    change.pusher = first([&payload.sender.0.as_ref()?.login]);
    Some(SaidChange { change, commits: Commits::default() })
}
