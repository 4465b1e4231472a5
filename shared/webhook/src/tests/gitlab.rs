//! GitLab: project hooks, system hooks and old versions.

use super::*;

#[test]
fn a_push() {
    let body = json!({
        "object_kind": "push", "event_name": "push", "before": OTHER, "after": COMMIT, "ref": "refs/heads/main", "checkout_sha": COMMIT,
        "user_name": "Ana López", "user_username": "ana",
        "project": { "path_with_namespace": "a/b/foo", "git_http_url": "https://gitlab.com/a/b/foo.git", "git_ssh_url": "git@gitlab.com:a/b/foo.git" },
        "commits": [{ "id": COMMIT, "message": "Head", "author": { "name": "Ana", "email": "ana@example.org" } }, { "id": OTHER, "message": "x" }],
        "total_commits_count": 2,
    });
    check(
        Provider::GitLab,
        None,
        &body,
        &expect![[r#"
        Push of a/b/foo https://gitlab.com/a/b/foo.git git@gitlab.com:a/b/foo.git
        refs/heads/main Branch Updated 1f2d3c4 "Head" by Ana <ana@example.org>, pushed by ana, forced -"#]],
    );
}

#[test]
fn tags_and_deletions() {
    let tag = json!({
        "object_kind": "tag_push", "before": ZERO, "after": OTHER, "ref": "refs/tags/v1", "checkout_sha": COMMIT,
        "message": "Of the tag", "commits": [{ "id": COMMIT, "message": "Of the commit" }], "total_commits_count": 1,
    });
    check(
        Provider::GitLab,
        None,
        &tag,
        &expect![[r#"
            Push of - - -
            refs/tags/v1 Tag Created 1f2d3c4 "Of the commit" by - <->, pushed by -, forced -"#]],
    );
    let deleted = json!({
        "object_kind": "push", "before": OTHER, "after": ZERO, "ref": "refs/heads/x", "checkout_sha": null,
        "commits": [], "total_commits_count": 0,
    });
    check(
        Provider::GitLab,
        None,
        &deleted,
        &expect![[r#"
            Push of - - -
            refs/heads/x Branch Deleted - "-" by - <->, pushed by -, forced -"#]],
    );
    let mut without_zero = deleted.clone();
    without_zero["after"] = Value::Null;
    check(
        Provider::GitLab,
        None,
        &without_zero,
        &expect![[r#"
            Push of - - -
            refs/heads/x Branch Deleted - "-" by - <->, pushed by -, forced -"#]],
    );
    // `checkout_sha` null alone means nothing.
    let mut with_commits = deleted;
    with_commits["after"] = COMMIT.into();
    with_commits["commits"] = json!([{ "id": COMMIT, "message": "Head" }]);
    check(
        Provider::GitLab,
        None,
        &with_commits,
        &expect![[r#"
            Push of - - -
            refs/heads/x Branch Updated 1f2d3c4 "Head" by - <->, pushed by -, forced -"#]],
    );
}

#[test]
fn system_hooks_and_old_versions() {
    let body = json!({
        "event_name": "push", "before": OTHER, "after": COMMIT, "ref": "main", "checkout_sha": COMMIT, "user_name": "Ana",
        "repository": { "url": "git@example.org:a/foo.git", "homepage": "http://example.org/a/foo" },
    });
    check(
        Provider::GitLab,
        None,
        &body,
        &expect![[r#"
            Push of a/foo - git@example.org:a/foo.git
            refs/heads/main Branch Updated 1f2d3c4 "-" by - <->, pushed by Ana, forced -"#]],
    );
    let mut tag = body.clone();
    tag["event_name"] = "tag_push".into();
    tag["ref"] = "v1".into();
    check(
        Provider::GitLab,
        None,
        &tag,
        &expect![[r#"
            Push of a/foo - git@example.org:a/foo.git
            refs/tags/v1 Tag Updated 1f2d3c4 "-" by - <->, pushed by Ana, forced -"#]],
    );
    let mut unnamed = body.clone();
    unnamed["event_name"] = Value::Null;
    check(
        Provider::GitLab,
        Some("push"),
        &unnamed,
        &expect![[r#"
            Push of a/foo - git@example.org:a/foo.git
            refs/heads/main Branch Updated 1f2d3c4 "-" by - <->, pushed by Ana, forced -"#]],
    );
    check(
        Provider::GitLab,
        Some("System Hook"),
        &unnamed,
        &expect!["Other of a/foo - git@example.org:a/foo.git"],
    );
    // Header and body disagree.
    check(
        Provider::GitLab,
        Some("Issue Hook"),
        &body,
        &expect!["Other of a/foo - git@example.org:a/foo.git"],
    );
    check(
        Provider::GitLab,
        Some("Push Hook"),
        &json!({ "object_kind": "issue", "ref": "refs/heads/main" }),
        &expect!["Other of - - -"],
    );
}
