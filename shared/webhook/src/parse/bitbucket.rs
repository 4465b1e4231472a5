//! Bitbucket Cloud. Source: Atlassian support, "Event payloads", `repo:push`. One delivery can hold many changes.

use super::{
    Commit, Commits, List, Listed, Person, Said, SaidChange, action, bare_change, commit_hash, first,
    full_ref,
};
use crate::json::{self, Broken, Fields, Json, Text};
use crate::{Event, RefKind, Repo};

#[derive(Default)]
struct Payload<'a> {
    push: Option<Push<'a>>,
    repository: Option<Repository<'a>>,
    actor: Option<Person<'a>>,
}

impl<'a> Fields<'a> for Payload<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "push" => self.push = json.object()?,
            "repository" => self.repository = json.object()?,
            "actor" => self.actor = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Push<'a> {
    changes: Vec<Change<'a>>,
}

impl<'a> Fields<'a> for Push<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "changes" => self.changes = json.objects()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Repository<'a> {
    full_name: Text<'a>,
}

impl<'a> Fields<'a> for Repository<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "full_name" => self.full_name = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Change<'a> {
    new: Option<Ref<'a>>,
    old: Option<Ref<'a>>,
    created: Option<bool>,
    closed: Option<bool>,
    forced: Option<bool>,
    commits: List<'a>,
    /// Whether there are more than these.
    truncated: Option<bool>,
}

impl<'a> Fields<'a> for Change<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "new" => self.new = json.object()?,
            "old" => self.old = json.object()?,
            "created" => self.created = json.flag()?,
            "closed" => self.closed = json.flag()?,
            "forced" => self.forced = json.flag()?,
            "commits" => self.commits = List::Text(json.raw()?),
            "truncated" => self.truncated = json.flag()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Ref<'a> {
    kind: Text<'a>,
    name: Text<'a>,
    /// The commit, of annotated tags too.
    target: Option<Commit<'a>>,
}

impl<'a> Fields<'a> for Ref<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "type" => self.kind = json.text()?,
            "name" => self.name = json.text()?,
            "target" => self.target = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

pub(super) fn parse<'a>(event_name: &'a str, json: &'a str) -> Result<Said<'a>, String> {
    let payload: Payload<'a> = json::read(json)?;
    let event = if event_name == "repo:push" { Event::Push } else { Event::Other };
    let pusher =
        payload.actor.and_then(|actor| first([&actor.nickname, &actor.display_name, &actor.username]));
    let changes = payload.push.filter(|_| event == Event::Push).map(|push| push.changes);
    Ok(Said {
        event,
        event_name,
        repo: payload.repository.map(|repo| repo.normal()).unwrap_or_default(),
        changes: changes
            .into_iter()
            .flatten()
            .filter_map(|change| ref_change(change, pusher.as_ref()))
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

/// "Event payloads", `repo:push`.
const MOST_LISTED: u64 = 5;

fn ref_change<'a>(change: Change<'a>, pusher: Option<&String>) -> Option<SaidChange<'a>> {
    let new = change.new.as_ref();
    let named = new.or(change.old.as_ref())?;
    let kind = if named.kind.is("tag") { RefKind::Tag } else { RefKind::Branch };
    let deleted = new.is_none() || change.closed == Some(true);
    let created = change.old.is_none() || change.created == Some(true);
    let mut said = bare_change(full_ref(kind, &named.name.get()?), kind, action(deleted, created));
    said.pusher = pusher.cloned();
    said.forced = change.forced;
    if let Some(target) = new.and_then(|new| new.target.as_ref()).filter(|_| !deleted) {
        said.commit = commit_hash(&target.id);
        target.tell(&mut said);
    }
    let listed = match change.truncated {
        Some(true) => Listed::Some,
        Some(false) => Listed::All,
        None => Listed::AtMost(MOST_LISTED),
    };
    Some(SaidChange { change: said, commits: Commits { list: change.commits, listed } })
}
