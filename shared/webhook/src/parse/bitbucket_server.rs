//! Bitbucket Data Center, once Bitbucket Server. Source: Atlassian's Data Center docs, "Event payload", `repo:refs_changed`.
//! Older versions send neither `commits` nor `toCommit`, and the oldest no clone URLs.

use super::{
    Commit, Commits, List, Listed, Person, Said, SaidChange, action, bare_change, commit_hash, first,
    is_zero, kind_of,
};
use crate::json::{self, Broken, Fields, Json, Text};
use crate::{Event, Repo};

#[derive(Default)]
struct Payload<'a> {
    actor: Option<Person<'a>>,
    repository: Option<Repository<'a>>,
    changes: Vec<Change<'a>>,
    /// Of all changes together.
    commits: Commits<'a>,
    /// Where a push of one ref ends: of annotated tags the commit, not the tag object.
    to_commit: Option<Commit<'a>>,
}

impl<'a> Fields<'a> for Payload<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "actor" => self.actor = json.object()?,
            "repository" => self.repository = json.object()?,
            "changes" => self.changes = json.objects()?.unwrap_or_default(),
            "commits" => {
                let list = List::Read(json.objects()?.unwrap_or_default());
                self.commits = Commits { list, listed: Listed::AtMost(MOST_LISTED) };
            }
            "toCommit" => self.to_commit = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Repository<'a> {
    slug: Text<'a>,
    project: Option<Item<'a>>,
    links: Option<Links<'a>>,
}

impl<'a> Fields<'a> for Repository<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "slug" => self.slug = json.text()?,
            "project" => self.project = json.object()?,
            "links" => self.links = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// A project has a key, a ref an id, a link a name and an address.
#[derive(Default)]
struct Item<'a> {
    key: Text<'a>,
    id: Text<'a>,
    name: Text<'a>,
    href: Text<'a>,
}

impl<'a> Fields<'a> for Item<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "key" => self.key = json.text()?,
            "id" => self.id = json.text()?,
            "name" => self.name = json.text()?,
            "href" => self.href = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Links<'a> {
    clone: Vec<Item<'a>>,
}

impl<'a> Fields<'a> for Links<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "clone" => self.clone = json.objects()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Change<'a> {
    ref_id: Text<'a>,
    ref_: Option<Item<'a>>,
    kind: Text<'a>,
    from_hash: Text<'a>,
    to_hash: Text<'a>,
}

impl<'a> Fields<'a> for Change<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "refId" => self.ref_id = json.text()?,
            "ref" => self.ref_ = json.object()?,
            "type" => self.kind = json.text()?,
            "fromHash" => self.from_hash = json.text()?,
            "toHash" => self.to_hash = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// "Event payload", `repo:refs_changed`: the maximum where nobody sets it. It does not say how many there are.
const MOST_LISTED: u64 = 5;

pub(super) fn parse<'a>(event_name: &'a str, json: &'a str) -> Result<Said<'a>, String> {
    let payload: Payload<'a> = json::read(json)?;
    let event = match event_name {
        "repo:refs_changed" => Event::Push,
        "diagnostics:ping" => Event::Ping,
        _ => Event::Other,
    };
    let changes = if event == Event::Push { payload.changes.as_slice() } else { &[] };
    Ok(Said {
        event,
        event_name,
        repo: payload.repository.as_ref().map(Repository::normal).unwrap_or_default(),
        changes: changes.iter().filter_map(|change| ref_change(&payload, change)).collect(),
    })
}

impl Repository<'_> {
    fn normal(&self) -> Repo {
        let key = self.project.as_ref().and_then(|project| project.key.get());
        let links = self.links.iter().flat_map(|links| &links.clone);
        let clone = |names: [&str; 2]| {
            let named = |link: &&Item<'_>| names.iter().any(|name| link.name.is(name));
            links.clone().find(named).and_then(|link| link.href.owned())
        };
        Repo {
            full_name: key.zip(self.slug.get()).map(|(key, slug)| format!("{key}/{slug}")),
            clone_https: clone(["http", "https"]),
            clone_ssh: clone(["ssh", "ssh"]),
        }
    }
}

fn ref_change<'a>(payload: &Payload<'a>, change: &Change<'a>) -> Option<SaidChange<'a>> {
    let none = Text::Missing;
    let ref_name = first([&change.ref_id, change.ref_.as_ref().map_or(&none, |item| &item.id)])?;
    let deleted = change.kind.is("DELETE") || is_zero(&change.to_hash);
    let created = change.kind.is("ADD") || is_zero(&change.from_hash);
    let kind = kind_of(&ref_name);
    let mut said = bare_change(ref_name, kind, action(deleted, created));
    said.pusher = payload.actor.as_ref().and_then(|actor| first([&actor.name, &actor.display_name]));
    if deleted {
        return Some(SaidChange { change: said, commits: Commits::default() });
    }
    said.commit = commit_hash(&change.to_hash);
    let to_commit = payload.to_commit.as_ref();
    let ends_here =
        |commit: &&Commit<'_>| payload.changes.len() == 1 || commit_hash(&commit.id) == said.commit;
    if let Some(commit) = to_commit.filter(ends_here) {
        said.commit = commit_hash(&commit.id).or(said.commit);
        commit.tell(&mut said);
    }
    Some(payload.commits.tell(said))
}
