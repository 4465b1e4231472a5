//! Deliveries to measure with, invented but of the shape and size of real ones: what nobody reads is most of them.

#[path = "../../tests/wants/wants.rs"]
mod wants;

use pushbox_webhook::http::Request;
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{Judgement, Provider, SignOptions, judge, sign};
use serde_json::{Value, json};
use wants::{Wants, secrets};

pub(crate) const SECRET: &str = "a secret for measuring";

/// A signed delivery, and the setup that it deploys with.
pub(crate) struct Delivery {
    /// As in the tables.
    pub(crate) name: &'static str,
    pub(crate) wants: Wants,
    pub(crate) secrets: Vec<String>,
    pub(crate) request: Request,
}

impl Delivery {
    pub(crate) fn judge(&self) -> Judgement {
        judge(&self.wants.wanted(&self.secrets), &self.request, UnixTime::EPOCH)
    }

    /// With a path filter that the last of the files passes, so that all are looked at.
    pub(crate) fn filtered(mut self, name: &'static str) -> Delivery {
        self.name = name;
        self.wants.paths = vec!["docs/**".into(), "!docs/*.md".into(), "**/last.rs".into()];
        self
    }
}

fn delivery(name: &'static str, provider: Provider, host: &str, body: Vec<u8>) -> Delivery {
    let wants = Wants { repository: format!("https://{host}/usil/foo.git"), ..Wants::default() };
    let headers = sign(provider, SECRET, &body, &SignOptions::default()).expect("every provider signs");
    let request =
        Request { method: "POST".into(), path: "/hook".into(), headers, body, ..Request::default() };
    Delivery { name, wants, secrets: secrets(SECRET), request }
}

/// GitHub's push of that many commits, as compact as GitHub sends it.
pub(crate) fn github(name: &'static str, commits: usize) -> Delivery {
    delivery(name, Provider::GitHub, "github.com", github_push(commits).to_string().into())
}

/// The same with an indent of two, which more than doubles what there is to skip for each field.
pub(crate) fn github_indented(name: &'static str, commits: usize) -> Delivery {
    let body = serde_json::to_vec_pretty(&github_push(commits)).expect("it is JSON");
    delivery(name, Provider::GitHub, "github.com", body)
}

pub(crate) fn gitlab(name: &'static str) -> Delivery {
    let project = json!({
        "id": 15, "name": "foo", "description": "", "avatar_url": null, "ci_config_path": null,
        "web_url": "https://gitlab.com/usil/foo", "git_ssh_url": "git@gitlab.com:usil/foo.git",
        "git_http_url": "https://gitlab.com/usil/foo.git", "namespace": "usil", "visibility_level": 0,
        "path_with_namespace": "usil/foo", "default_branch": "main", "homepage": "https://gitlab.com/usil/foo",
        "url": "git@gitlab.com:usil/foo.git", "ssh_url": "git@gitlab.com:usil/foo.git", "http_url": "https://gitlab.com/usil/foo.git"
    });
    let commits: Vec<Value> = (0..4).map(|n| commit(n, "https://gitlab.com/usil/foo/-/commit/")).collect();
    let body = json!({
        "object_kind": "push", "event_name": "push", "before": hash(0), "after": hash(4), "ref": "refs/heads/main",
        "ref_protected": true, "checkout_sha": hash(4), "message": null, "user_id": 4, "user_name": "Ana Torres",
        "user_username": "ana", "user_email": null, "user_avatar": "https://gitlab.com/uploads/-/system/user/avatar/4/avatar.png",
        "project_id": 15, "project": project, "commits": commits, "total_commits_count": 4, "push_options": {},
        "repository": { "name": "foo", "url": "git@gitlab.com:usil/foo.git", "description": "", "homepage": "https://gitlab.com/usil/foo",
            "git_http_url": "https://gitlab.com/usil/foo.git", "git_ssh_url": "git@gitlab.com:usil/foo.git", "visibility_level": 0 }
    });
    delivery(name, Provider::GitLab, "gitlab.com", body.to_string().into())
}

pub(crate) fn bitbucket(name: &'static str) -> Delivery {
    let api = "https://api.bitbucket.org/2.0/repositories/usil/foo";
    let page = "https://bitbucket.org/usil/foo";
    let link = |path: &str| json!({ "href": format!("{api}/{path}") });
    let person = json!({
        "display_name": "Ana Torres", "type": "user", "uuid": "{7f3a1a52-9df0-4be8-9f0c-0a8c5f0d2e11}", "nickname": "ana",
        "account_id": "557058:4ba5e3f8-5a5c-4c2f-8c2b-1e8e7a1f0c3d",
        "links": { "self": { "href": "https://api.bitbucket.org/2.0/users/%7B7f3a1a52-9df0-4be8-9f0c-0a8c5f0d2e11%7D" },
            "avatar": { "href": "https://avatar-management.services.atlassian.com/default/AT/128" },
            "html": { "href": "https://bitbucket.org/%7B7f3a1a52-9df0-4be8-9f0c-0a8c5f0d2e11%7D/" } }
    });
    let target = |n: usize| {
        json!({
            "type": "commit", "hash": hash(n), "date": "2026-11-02T10:11:12+00:00", "message": message(n), "rendered": {}, "properties": {},
            "author": { "type": "author", "raw": "Ana Torres <ana@example.org>", "user": person },
            "summary": { "type": "rendered", "raw": message(n), "markup": "markdown", "html": format!("<p>{}</p>", message(n)) },
            "links": { "self": link(&format!("commit/{}", hash(n))), "html": { "href": format!("{page}/commits/{}", hash(n)) } },
            "parents": [{ "type": "commit", "hash": hash(n + 1), "links": { "self": link(&format!("commit/{}", hash(n + 1))) } }]
        })
    };
    let branch = |n: usize| {
        json!({
            "type": "branch", "name": "main", "target": target(n), "merge_strategies": ["merge_commit", "squash", "fast_forward"],
            "default_merge_strategy": "merge_commit", "links": { "self": link("refs/branches/main"), "commits": link("commits/main"),
                "html": { "href": format!("{page}/branch/main") } }
        })
    };
    let commits: Vec<Value> = (0..5).map(target).collect();
    let change = json!({
        "old": branch(5), "new": branch(0), "created": false, "closed": false, "forced": false, "truncated": false, "commits": commits,
        "links": { "commits": link("commits?include=1&exclude=2"), "diff": link("diff/1..2"), "html": { "href": format!("{page}/branches/compare/1..2") } }
    });
    let body = json!({
        "push": { "changes": [change] },
        "repository": { "type": "repository", "full_name": "usil/foo", "name": "foo", "scm": "git", "website": null, "is_private": true,
            "owner": person, "uuid": "{e2f5a3d1-7a2b-4f5c-9d0e-3b1c2a4d5e6f}",
            "links": { "self": { "href": api }, "html": { "href": page } } },
        "actor": person
    });
    delivery(name, Provider::Bitbucket, "bitbucket.org", body.to_string().into())
}

fn github_push(commits: usize) -> Value {
    let url = "https://github.com/usil/foo";
    let commits: Vec<Value> =
        (0..commits).map(|n| commit(n, "https://github.com/usil/foo/commit/")).collect();
    json!({
        "ref": "refs/heads/main", "before": hash(commits.len()), "after": hash(commits.len() - 1),
        "repository": github_repository(url),
        "pusher": { "name": "ana", "email": "ana@example.org" }, "organization": github_account("Organization"),
        "sender": github_account("User"), "created": false, "deleted": false, "forced": false, "base_ref": null,
        "compare": format!("{url}/compare/{}...{}", &hash(1)[..12], &hash(0)[..12]),
        "head_commit": commits.last(), "commits": commits
    })
}

fn github_repository(url: &str) -> Value {
    let mut repository = json!({
        "id": 35_129_377, "node_id": "MDEwOlJlcG9zaXRvcnkzNTEyOTM3Nw==", "name": "foo", "full_name": "usil/foo", "private": true,
        "owner": github_account("Organization"), "html_url": url, "description": "A shop that sells nothing", "fork": false, "url": url
    });
    let api = "https://api.github.com/repos/usil/foo";
    let parts = [
        "forks",
        "keys{/key_id}",
        "collaborators{/collaborator}",
        "teams",
        "hooks",
        "issue_events{/number}",
        "events",
        "assignees{/user}",
        "branches{/branch}",
        "tags",
        "blobs{/sha}",
        "git_tags{/sha}",
        "git_refs{/sha}",
        "trees{/sha}",
        "statuses/{sha}",
        "languages",
        "stargazers",
        "contributors",
        "subscribers",
        "subscription",
        "commits{/sha}",
        "git_commits{/sha}",
        "comments{/number}",
        "issue_comment{/number}",
        "contents/{+path}",
        "compare/{base}...{head}",
        "merges",
        "archive/{archive_format}{/ref}",
        "downloads",
        "issues{/number}",
        "pulls{/number}",
        "milestones{/number}",
        "notifications{?since,all,participating}",
        "labels{/name}",
        "releases{/id}",
        "deployments",
    ];
    for part in parts {
        let end = part.find(['{', '/']).unwrap_or(part.len());
        repository[format!("{}_url", &part[..end])] = format!("{api}/{part}").into();
    }
    let rest = json!({
        "created_at": 1_430_869_212, "updated_at": "2026-11-02T10:11:12Z", "pushed_at": 1_793_614_272, "git_url": "git://github.com/usil/foo.git",
        "ssh_url": "git@github.com:usil/foo.git", "clone_url": format!("{url}.git"), "svn_url": url, "homepage": null, "size": 1024,
        "stargazers_count": 3, "watchers_count": 3, "language": "Rust", "has_issues": true, "has_projects": true, "has_downloads": true,
        "has_wiki": true, "has_pages": false, "has_discussions": false, "forks_count": 1, "mirror_url": null, "archived": false,
        "disabled": false, "open_issues_count": 2, "license": null, "allow_forking": true, "is_template": false,
        "web_commit_signoff_required": false, "topics": ["shop", "rust"], "visibility": "private", "forks": 1, "open_issues": 2,
        "watchers": 3, "default_branch": "main", "stargazers": 3, "master_branch": "main", "organization": "usil", "custom_properties": {}
    });
    if let (Some(repository), Value::Object(rest)) = (repository.as_object_mut(), rest) {
        repository.extend(rest);
    }
    repository
}

fn github_account(kind: &str) -> Value {
    let mut account = json!({
        "login": "usil", "id": 21_031_067, "node_id": "MDQ6VXNlcjIxMDMxMDY3", "avatar_url": "https://avatars.githubusercontent.com/u/21031067?v=4",
        "gravatar_id": "", "type": kind, "user_view_type": "public", "site_admin": false
    });
    let parts = [
        "followers",
        "following{/other_user}",
        "gists{/gist_id}",
        "starred{/owner}{/repo}",
        "subscriptions",
        "orgs",
        "repos",
        "events{/privacy}",
        "received_events",
    ];
    for part in parts {
        let end = part.find('{').unwrap_or(part.len());
        account[format!("{}_url", &part[..end])] = format!("https://api.github.com/users/usil/{part}").into();
    }
    account
}

/// GitHub's and GitLab's.
fn commit(n: usize, url: &str) -> Value {
    json!({
        "id": hash(n), "tree_id": hash(n + 7), "distinct": true, "message": message(n), "title": "Sell less of everything",
        "timestamp": "2026-11-02T10:11:12-05:00", "url": format!("{url}{}", hash(n)),
        "author": { "name": "Ana Torres", "email": "ana@example.org", "username": "ana" },
        "committer": { "name": "GitHub", "email": "noreply@github.com", "username": "web-flow" },
        "added": [format!("src/shop/item_{n}.rs")], "removed": [], "modified": ["README.md", format!("src/shop/shelf_{n}.rs"), "src/last.rs"]
    })
}

fn message(n: usize) -> String {
    format!("Sell less of everything ({n})\n\nNobody bought it, and the \"shelf\" was in the way.")
}

fn hash(n: usize) -> String {
    format!("{:040x}", 0x0d16_26ae_9c3f_b5a7_1f0e_93b4_6d2c_8a51_u128.wrapping_mul(n as u128 + 1))
}
