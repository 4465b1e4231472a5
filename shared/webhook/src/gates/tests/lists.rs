//! Lists of commits that are cut off.

use super::*;
use crate::wants::Wants;

/// What is not listed may be wanted, and may not ask to be skipped. Each body has that many commits, as its provider lists
/// them, and says in its own way how many there are.
#[track_caller]
fn check_list(provider: Provider, body: impl Fn(&Value) -> Value, is_cut_off: bool, commits: usize) {
    let gate = |wants: &Wants, message: &str| {
        let commit = json!({ "id": COMMIT, "hash": COMMIT, "message": message, "added": ["docs/a"] });
        let body = body(&vec![commit; commits].into());
        changes(wants, provider, None, &body)[0].verdict.gate
    };
    let mut wants = Wants::of("https://git.example.org/usil/foo.git");
    if provider == Provider::Bitbucket {
        wants.repository = "https://bitbucket.org/usil/foo.git".into();
    }
    let or = |stops: Gate| if is_cut_off { Gate::None } else { stops };
    assert_eq!(gate(&wants, "x"), Gate::None);
    assert_eq!(gate(&wants, "[skip ci]"), or(Gate::Skip));
    wants.paths = vec!["src/**".into()];
    assert_eq!(gate(&wants, "x"), or(Gate::Paths));
}

const CLONE_URL: &str = "https://git.example.org/usil/foo.git";

#[test]
fn github_lists_so_many_commits() {
    let body = |commits: &Value| {
        push(json!({ "head_commit": null, "commits": commits, "repository": { "clone_url": CLONE_URL } }))
    };
    check_list(Provider::GitHub, body, false, 2047);
    check_list(Provider::GitHub, body, true, 2048);
    let say = |total: Value| {
        move |commits: &Value| {
            let mut body = body(commits);
            body["total_commits"] = total.clone();
            body
        }
    };
    for provider in [Provider::Gitea, Provider::Forgejo, Provider::Gogs] {
        check_list(provider, body, false, 4);
        check_list(provider, body, true, 5);
        check_list(provider, say(json!(5)), false, 5);
        check_list(provider, say(json!(6)), true, 5);
    }
}

#[test]
fn gitlab_lists_so_many_commits() {
    let say = |total: Value| {
        move |commits: &Value| {
            json!({
                "object_kind": "push", "ref": "refs/heads/main", "before": COMMIT, "after": COMMIT, "checkout_sha": COMMIT,
                "project": { "path_with_namespace": "usil/foo", "git_http_url": CLONE_URL },
                "commits": commits, "total_commits_count": total,
            })
        }
    };
    check_list(Provider::GitLab, say(json!(1)), false, 1);
    check_list(Provider::GitLab, say(json!(20)), false, 20);
    check_list(Provider::GitLab, say(json!(21)), true, 20);
    check_list(Provider::GitLab, say(json!(null)), false, 19);
    check_list(Provider::GitLab, say(json!(null)), true, 20);
}

#[test]
fn bitbucket_lists_so_many_commits() {
    let say = |truncated: Value| {
        move |commits: &Value| {
            let branch = json!({ "type": "branch", "name": "main", "target": commits[0] });
            json!({
                "repository": { "full_name": "usil/foo" },
                "push": { "changes": [{ "new": branch, "old": branch, "commits": commits, "truncated": truncated }] },
            })
        }
    };
    check_list(Provider::Bitbucket, say(json!(false)), false, 5);
    check_list(Provider::Bitbucket, say(json!(true)), true, 5);
    check_list(Provider::Bitbucket, say(json!(null)), false, 4);
    check_list(Provider::Bitbucket, say(json!(null)), true, 5);
    let server = |commits: &Value| {
        json!({
            "repository": { "links": { "clone": [{ "name": "http", "href": CLONE_URL }] } }, "commits": commits,
            "changes": [{ "refId": "refs/heads/main", "fromHash": COMMIT, "toHash": COMMIT, "type": "UPDATE" }],
        })
    };
    check_list(Provider::BitbucketServer, server, false, 4);
    check_list(Provider::BitbucketServer, server, true, 5);
}
