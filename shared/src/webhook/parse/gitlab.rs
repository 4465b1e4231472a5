//! GitLab, project and system hooks. Source: GitLab docs, "Webhook events" and "System hooks".

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Commits, Said, SaidChange, action, bare_change, commit_hash, first, full_ref, is_empty_list, is_zero,
    kind_of,
};
use crate::http::Headers;
use crate::repo_url::RepoUrl;
use crate::webhook::json::{self, Count, Opt, Text};
use crate::webhook::{Event, RefKind, Repo};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload<'a> {
    /// System hooks have only the other one.
    #[serde(borrow)]
    object_kind: Text<'a>,
    #[serde(borrow)]
    event_name: Text<'a>,
    #[serde(borrow, rename = "ref")]
    ref_name: Text<'a>,
    #[serde(borrow)]
    before: Text<'a>,
    #[serde(borrow)]
    after: Text<'a>,
    #[serde(borrow)]
    checkout_sha: Text<'a>,
    #[serde(borrow)]
    commits: Option<&'a RawValue>,
    total_commits_count: Count,
    #[serde(borrow)]
    user_username: Text<'a>,
    #[serde(borrow)]
    user_name: Text<'a>,
    #[serde(borrow)]
    project: Opt<Project<'a>>,
    /// All that GitLab before 8.5 says about the project.
    #[serde(borrow)]
    repository: Opt<Project<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Project<'a> {
    #[serde(borrow)]
    path_with_namespace: Text<'a>,
    #[serde(borrow)]
    git_http_url: Text<'a>,
    #[serde(borrow)]
    http_url: Text<'a>,
    #[serde(borrow)]
    git_ssh_url: Text<'a>,
    #[serde(borrow)]
    ssh_url: Text<'a>,
    #[serde(borrow)]
    web_url: Text<'a>,
    #[serde(borrow)]
    homepage: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}

pub(super) fn parse<'a>(headers: &Headers, json: &'a str) -> Result<Said<'a>, String> {
    let payload: Payload<'a> = json::read(json)?;
    let header = headers.get("x-gitlab-event").unwrap_or_default();
    let named = payload.object_kind.get().or(payload.event_name.get());
    // Header and body have to agree: owners may put any template in place of the body.
    let kind = match (header, named) {
        ("Push Hook", Some("push") | None) | ("System Hook", Some("push")) => Some(RefKind::Branch),
        ("Tag Push Hook", Some("tag_push") | None) | ("System Hook", Some("tag_push")) => Some(RefKind::Tag),
        _ => None,
    };
    let change = kind.and_then(|kind| push(&payload, kind));
    let event_name = match named {
        Some(named) => format!("{header} ({named})"),
        None => header.to_string(),
    };
    Ok(Said {
        event: if kind.is_some() { Event::Push } else { Event::Other },
        event_name,
        repo: repo(&payload),
        changes: change.into_iter().collect(),
    })
}

fn push<'a>(payload: &Payload<'a>, kind: RefKind) -> Option<SaidChange<'a>> {
    let ref_name = full_ref(kind, payload.ref_name.get()?);
    let commits = Commits { list: payload.commits, total: payload.total_commits_count.0 };
    let kind = kind_of(&ref_name);
    let mut change = bare_change(ref_name, kind, action(deleted(payload), is_zero(&payload.before)));
    change.pusher = first([&payload.user_username, &payload.user_name]);
    if deleted(payload) {
        return Some(SaidChange { change, commits });
    }
    // `after` of an annotated tag is the tag object.
    change.commit = commit_hash(&payload.checkout_sha).or_else(|| commit_hash(&payload.after));
    // Newest first or last depends on version and event, so place says nothing.
    if let Some(head) = change.commit.as_deref().and_then(|id| commits.with_id(id)) {
        change.message = head.message.owned();
        change.author = head.author();
    }
    Some(SaidChange { change, commits })
}

/// There are pushes with `checkout_sha` null that do bring commits, so null alone does not mean deleted.
fn deleted(payload: &Payload<'_>) -> bool {
    is_zero(&payload.after)
        || (payload.checkout_sha == Text::Null
            && is_empty_list(payload.commits)
            && payload.total_commits_count.0 == Some(0))
}

fn repo(payload: &Payload<'_>) -> Repo {
    let none = Project::default();
    let project = payload.project.0.as_ref().unwrap_or(&none);
    let repository = payload.repository.0.as_ref().unwrap_or(&none);
    let clone_https =
        first([&project.git_http_url, &project.http_url, &repository.git_http_url, &repository.http_url]);
    let clone_ssh =
        first([&project.git_ssh_url, &project.ssh_url, &repository.git_ssh_url, &repository.ssh_url])
            .or_else(|| first([&repository.url]).filter(|url| !url.starts_with("http")));
    let full_name = project.path_with_namespace.owned().or_else(|| {
        let pages =
            [&project.web_url, &project.homepage, &project.url, &repository.homepage, &repository.url];
        let urls =
            pages.into_iter().filter_map(Text::get).chain(clone_https.as_deref()).chain(clone_ssh.as_deref());
        urls.filter_map(|url| RepoUrl::parse(url).ok()).next().map(|url| url.path.to_string())
    });
    Repo { full_name, clone_https, clone_ssh }
}
