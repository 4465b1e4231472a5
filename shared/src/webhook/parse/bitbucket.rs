//! Bitbucket Cloud. Source: Atlassian support, "Event payloads", `repo:push`. One delivery can hold many changes.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Commits, Said, SaidChange, action, bare_change, commit_hash, first, full_ref};
use crate::http::Headers;
use crate::webhook::json::{self, Flag, List, Opt, Text};
use crate::webhook::{Author, Event, RefKind, Repo};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload<'a> {
    #[serde(borrow)]
    push: Opt<Push<'a>>,
    #[serde(borrow)]
    repository: Opt<Repository<'a>>,
    #[serde(borrow)]
    actor: Opt<Person<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Push<'a> {
    #[serde(borrow)]
    changes: List<Opt<Change<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Repository<'a> {
    #[serde(borrow)]
    full_name: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Change<'a> {
    #[serde(borrow)]
    new: Opt<Ref<'a>>,
    #[serde(borrow)]
    old: Opt<Ref<'a>>,
    created: Flag,
    closed: Flag,
    forced: Flag,
    #[serde(borrow)]
    commits: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Ref<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    target: Opt<Target<'a>>,
}

/// The commit, of annotated tags too.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Target<'a> {
    #[serde(borrow)]
    hash: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    author: Opt<Person<'a>>,
}

/// A user; authors have `raw` and `user` instead.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Person<'a> {
    /// `Name <mail>`
    #[serde(borrow)]
    raw: Text<'a>,
    #[serde(borrow)]
    user: Opt<User<'a>>,
    #[serde(borrow)]
    nickname: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    /// Not since 2019.
    #[serde(borrow)]
    username: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User<'a> {
    #[serde(borrow)]
    display_name: Text<'a>,
}

pub(super) fn parse<'a>(headers: &Headers, json: &'a str) -> Result<Said<'a>, String> {
    let payload: Payload<'a> = json::read(json)?;
    let event_name = headers.get("x-event-key").unwrap_or_default();
    let event = if event_name == "repo:push" { Event::Push } else { Event::Other };
    let pusher =
        payload.actor.0.and_then(|actor| first([&actor.nickname, &actor.display_name, &actor.username]));
    let changes = payload.push.0.and_then(|push| push.changes.0).filter(|_| event == Event::Push);
    Ok(Said {
        event,
        event_name: event_name.to_string(),
        repo: payload.repository.0.map(|repo| repo.normal()).unwrap_or_default(),
        changes: changes
            .into_iter()
            .flatten()
            .filter_map(|change| change.0)
            .filter_map(|change| ref_change(&change, pusher.as_ref()))
            .collect(),
    })
}

impl Repository<'_> {
    /// Bitbucket Cloud sends no clone URLs; they follow from the name.
    fn normal(&self) -> Repo {
        let full_name = self.full_name.owned();
        Repo {
            clone_https: full_name.as_ref().map(|name| format!("https://bitbucket.org/{name}.git")),
            clone_ssh: full_name.as_ref().map(|name| format!("git@bitbucket.org:{name}.git")),
            full_name,
        }
    }
}

fn ref_change<'a>(change: &Change<'a>, pusher: Option<&String>) -> Option<SaidChange<'a>> {
    let new = change.new.0.as_ref();
    let named = new.or(change.old.0.as_ref())?;
    let kind = if named.kind.get() == Some("tag") { RefKind::Tag } else { RefKind::Branch };
    let deleted = new.is_none() || change.closed.0 == Some(true);
    let created = change.old.0.is_none() || change.created.0 == Some(true);
    let mut said = bare_change(full_ref(kind, named.name.get()?), kind, action(deleted, created));
    said.pusher = pusher.cloned();
    said.forced = change.forced.0;
    if let Some(target) = new.and_then(|new| new.target.0.as_ref()).filter(|_| !deleted) {
        said.commit = commit_hash(&target.hash);
        said.message = target.message.owned();
        said.author = target.author.0.as_ref().map(author).unwrap_or_default();
    }
    Some(SaidChange { change: said, commits: Commits { list: change.commits, total: None } })
}

fn author(person: &Person<'_>) -> Author {
    let Some(raw) = person.raw.get() else {
        return Author {
            name: first([&person.display_name, &person.nickname, &person.username]),
            email: None,
        };
    };
    let (name, email) = match raw.rsplit_once('<') {
        Some((name, rest)) => (name, rest.split('>').next().unwrap_or_default()),
        None => (raw, ""),
    };
    let some = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
    let known = || person.user.0.as_ref().and_then(|user| user.display_name.owned());
    Author { name: some(name).or_else(known), email: some(email) }
}
