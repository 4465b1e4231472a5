//! GitHub, and Gogs, Gitea and Forgejo, which took over its payloads. Sources: GitHub docs, "Webhook events and payloads"
//! (`push`, `create`, `delete`, `ping`); Gitea's `modules/structs/hook.go`.

use super::{
    Commit, Commits, List, Listed, Person, Said, SaidChange, action, bare_change, commit_hash, first,
    full_ref, is_zero, kind_of,
};
use crate::json::{self, Broken, Fields, Json, Text};
use crate::{Action, Event, Provider, RefKind, Repo};

/// The fields that are read, of whatever event.
#[derive(Default)]
struct Payload<'a> {
    ref_name: Text<'a>,
    /// Of `create` and `delete`.
    ref_type: Text<'a>,
    /// Of Gitea's `create`: where a branch is, but of an annotated tag the tag object.
    sha: Text<'a>,
    before: Text<'a>,
    after: Text<'a>,
    created: Option<bool>,
    deleted: Option<bool>,
    forced: Option<bool>,
    head_commit: Option<Commit<'a>>,
    commits: Option<&'a str>,
    /// Gitea lists fewer than there are.
    total_commits: Option<u64>,
    repository: Option<Repository<'a>>,
    pusher: Option<&'a str>,
    sender: Option<&'a str>,
}

impl<'a> Fields<'a> for Payload<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "ref" => self.ref_name = json.text()?,
            "ref_type" => self.ref_type = json.text()?,
            "sha" => self.sha = json.text()?,
            "before" => self.before = json.text()?,
            "after" => self.after = json.text()?,
            "created" => self.created = json.flag()?,
            "deleted" => self.deleted = json.flag()?,
            "forced" => self.forced = json.flag()?,
            "head_commit" => self.head_commit = json.object()?,
            "commits" => self.commits = Some(json.raw()?),
            "total_commits" => self.total_commits = json.count()?,
            "repository" => self.repository = json.object()?,
            "pusher" => self.pusher = Some(json.raw()?),
            "sender" => self.sender = Some(json.raw()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Repository<'a> {
    full_name: Text<'a>,
    clone_url: Text<'a>,
    ssh_url: Text<'a>,
}

impl<'a> Fields<'a> for Repository<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "full_name" => self.full_name = json.text()?,
            "clone_url" => self.clone_url = json.text()?,
            "ssh_url" => self.ssh_url = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

pub(super) fn parse<'a>(provider: Provider, event_name: &'a str, json: &'a str) -> Result<Said<'a>, String> {
    let payload: Payload<'a> = json::read(json)?;
    let (event, change) = match event_name {
        "push" if payload.looks_like_a_push() => (Event::Push, push(provider, &payload)),
        "ping" => (Event::Ping, None),
        "create" => (Event::Other, named(&payload, Action::Created)),
        "delete" => (Event::Other, named(&payload, Action::Deleted)),
        _ => (Event::Other, None),
    };
    Ok(Said {
        event,
        event_name,
        repo: payload.repository.map(|repo| repo.normal()).unwrap_or_default(),
        changes: change.into_iter().collect(),
    })
}

impl Payload<'_> {
    /// Other events carry a `ref` too (`workflow_dispatch`, `deployment`), but never any of these.
    fn looks_like_a_push(&self) -> bool {
        self.before != Text::Missing
            || self.after != Text::Missing
            || self.head_commit.is_some()
            || self.commits.is_some()
    }

    /// GitHub's pusher has a name, Gitea's a login.
    fn pusher(&self) -> Option<String> {
        [self.pusher, self.sender].into_iter().flatten().find_map(|person| {
            let person: Person<'_> = json::read_part(person)?;
            first([&person.name, &person.login, &person.username])
        })
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

/// GitHub docs, "Webhook events and payloads", `push`.
const MOST_OF_GITHUB: u64 = 2048;

/// What `FEED_MAX_COMMIT_NUM` is where nobody sets it. Gogs, and Gitea of old, do not say how many there are.
const MOST_OF_GOGS: u64 = 5;

fn push<'a>(provider: Provider, payload: &Payload<'a>) -> Option<SaidChange<'a>> {
    let ref_name = payload.ref_name.owned()?;
    let deleted = payload.deleted == Some(true) || is_zero(&payload.after);
    let created = payload.created == Some(true) || is_zero(&payload.before);
    let kind = kind_of(&ref_name);
    let mut change = bare_change(ref_name, kind, action(deleted, created));
    change.pusher = payload.pusher();
    change.forced = payload.forced;
    let most = if provider.is_of_gogs() { MOST_OF_GOGS } else { MOST_OF_GITHUB };
    let commits = Commits {
        list: payload.commits.map(List::Text).unwrap_or_default(),
        listed: payload.total_commits.map_or(Listed::AtMost(most), Listed::Of),
    };
    if deleted {
        return Some(SaidChange { change, commits });
    }
    // `after` of an annotated tag is the tag object; the head commit is the commit.
    let head = payload.head_commit.as_ref();
    change.commit = head.and_then(|head| commit_hash(&head.id)).or_else(|| commit_hash(&payload.after));
    let listed = || commits.with_id(change.commit.as_deref()?);
    if let Some(head) = head.cloned().or_else(listed) {
        head.tell(&mut change);
    }
    Some(SaidChange { change, commits })
}

/// `create` and `delete` name the ref without its folder. The push of the same ref arrives too.
fn named<'a>(payload: &Payload<'a>, action: Action) -> Option<SaidChange<'a>> {
    let kind = match payload.ref_type.get().as_deref() {
        Some("branch") => RefKind::Branch,
        Some("tag") => RefKind::Tag,
        _ => return None,
    };
    let ref_name = full_ref(kind, &payload.ref_name.get()?);
    let mut change = bare_change(ref_name, kind, action);
    change.pusher = payload.pusher();
    if (kind, action) == (RefKind::Branch, Action::Created) {
        change.commit = commit_hash(&payload.sha);
    }
    Some(SaidChange { change, commits: Commits::default() })
}
