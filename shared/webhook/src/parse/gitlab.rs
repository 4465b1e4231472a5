//! GitLab, project and system hooks. Source: GitLab docs, "Webhook events" and "System hooks".

use std::borrow::Cow;

use super::{
    Commit, Commits, List, Listed, Said, SaidChange, action, bare_change, commit_hash, first, full_ref,
    is_zero, kind_of,
};
use crate::json::{self, Broken, Fields, Json, Text};
use crate::repo_url::RepoUrl;
use crate::{Event, RefKind, Repo};

#[derive(Default)]
struct Payload<'a> {
    /// System hooks have only the other one.
    object_kind: Text<'a>,
    event_name: Text<'a>,
    ref_name: Text<'a>,
    before: Text<'a>,
    after: Text<'a>,
    checkout_sha: Text<'a>,
    commits: Option<Vec<Commit<'a>>>,
    total_commits_count: Option<u64>,
    user_username: Text<'a>,
    user_name: Text<'a>,
    project: Option<Project<'a>>,
    /// All that GitLab before 8.5 says about the project.
    repository: Option<Project<'a>>,
}

impl<'a> Fields<'a> for Payload<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "object_kind" => self.object_kind = json.text()?,
            "event_name" => self.event_name = json.text()?,
            "ref" => self.ref_name = json.text()?,
            "before" => self.before = json.text()?,
            "after" => self.after = json.text()?,
            "checkout_sha" => self.checkout_sha = json.text()?,
            "commits" => self.commits = json.objects()?,
            "total_commits_count" => self.total_commits_count = json.count()?,
            "user_username" => self.user_username = json.text()?,
            "user_name" => self.user_name = json.text()?,
            "project" => self.project = json.object()?,
            "repository" => self.repository = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Project<'a> {
    path_with_namespace: Text<'a>,
    git_http_url: Text<'a>,
    http_url: Text<'a>,
    git_ssh_url: Text<'a>,
    ssh_url: Text<'a>,
    web_url: Text<'a>,
    homepage: Text<'a>,
    url: Text<'a>,
}

impl<'a> Fields<'a> for Project<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "path_with_namespace" => self.path_with_namespace = json.text()?,
            "git_http_url" => self.git_http_url = json.text()?,
            "http_url" => self.http_url = json.text()?,
            "git_ssh_url" => self.git_ssh_url = json.text()?,
            "ssh_url" => self.ssh_url = json.text()?,
            "web_url" => self.web_url = json.text()?,
            "homepage" => self.homepage = json.text()?,
            "url" => self.url = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

pub(super) fn parse<'a>(event_name: &'a str, json: &'a str) -> Result<Said<'a>, String> {
    let mut payload: Payload<'a> = json::read(json)?;
    let named = payload.object_kind.get().or(payload.event_name.get());
    // Header and body have to agree: owners may put any template in place of the body.
    let kind = match (event_name, named.as_deref()) {
        ("Push Hook", Some("push") | None) | ("System Hook" | "", Some("push")) => Some(RefKind::Branch),
        ("Tag Push Hook", Some("tag_push") | None) | ("System Hook" | "", Some("tag_push")) => {
            Some(RefKind::Tag)
        }
        _ => None,
    };
    let change = kind.and_then(|kind| push(&mut payload, kind));
    Ok(Said {
        event: if kind.is_some() { Event::Push } else { Event::Other },
        event_name,
        repo: repo(&payload),
        changes: change.into_iter().collect(),
    })
}

/// GitLab docs, "Webhook events", "Push events"; old versions do not say how many there are.
const MOST_LISTED: u64 = 20;

fn push<'a>(payload: &mut Payload<'a>, kind: RefKind) -> Option<SaidChange<'a>> {
    let ref_name = full_ref(kind, &payload.ref_name.get()?);
    let deleted = deleted(payload);
    let commits = Commits {
        list: List::Read(payload.commits.take().unwrap_or_default()),
        listed: payload.total_commits_count.map_or(Listed::AtMost(MOST_LISTED), Listed::Of),
    };
    let kind = kind_of(&ref_name);
    let mut change = bare_change(ref_name, kind, action(deleted, is_zero(&payload.before)));
    change.pusher = first([&payload.user_username, &payload.user_name]);
    if deleted {
        return Some(SaidChange { change, commits });
    }
    // `after` of an annotated tag is the tag object.
    change.commit = commit_hash(&payload.checkout_sha).or_else(|| commit_hash(&payload.after));
    // Newest first or last depends on version and event, so place says nothing.
    if let Some(head) = change.commit.as_deref().and_then(|id| commits.with_id(id)) {
        head.tell(&mut change);
    }
    Some(SaidChange { change, commits })
}

/// There are pushes with `checkout_sha` null that do bring commits, so null alone does not mean deleted.
fn deleted(payload: &Payload<'_>) -> bool {
    is_zero(&payload.after)
        || (payload.checkout_sha == Text::Null
            && payload.commits.as_ref().is_some_and(Vec::is_empty)
            && payload.total_commits_count == Some(0))
}

fn repo(payload: &Payload<'_>) -> Repo {
    let none = Project::default();
    let project = payload.project.as_ref().unwrap_or(&none);
    let repository = payload.repository.as_ref().unwrap_or(&none);
    let clone_https =
        first([&project.git_http_url, &project.http_url, &repository.git_http_url, &repository.http_url]);
    let clone_ssh =
        first([&project.git_ssh_url, &project.ssh_url, &repository.git_ssh_url, &repository.ssh_url])
            .or_else(|| first([&repository.url]).filter(|url| !url.starts_with("http")));
    let full_name = project.path_with_namespace.owned().or_else(|| {
        let pages =
            [&project.web_url, &project.homepage, &project.url, &repository.homepage, &repository.url];
        let clone_urls = [&clone_https, &clone_ssh].into_iter().flatten().map(Cow::from);
        let mut urls = pages.into_iter().filter_map(Text::get).chain(clone_urls);
        urls.find_map(|url| Some(RepoUrl::parse(&url).ok()?.path.to_string()))
    });
    Repo { full_name, clone_https, clone_ssh }
}
