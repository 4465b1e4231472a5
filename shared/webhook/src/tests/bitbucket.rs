//! Bitbucket Cloud.

use super::*;

pub(super) fn push(changes: &Value) -> Value {
    json!({ "push": { "changes": changes }, "repository": { "full_name": "usil/foo" }, "actor": { "display_name": "Ana López", "nickname": "ana" } })
}

#[test]
fn a_push_has_many_changes() {
    let target = |hash: &str| json!({ "hash": hash, "message": "Fix\n", "author": { "raw": "Ana López <ana@example.org>" } });
    let branch = |kind: &str, name: &str| json!({ "type": kind, "name": name, "target": target(COMMIT) });
    let body = push(&json!([
        { "new": branch("branch", "main"), "old": branch("branch", "main"), "forced": true, "created": false, "closed": false },
        { "new": branch("named_branch", "feature/x"), "old": null, "forced": false, "created": true },
        { "new": branch("tag", "v1"), "old": null },
        { "new": null, "old": branch("branch", "gone"), "closed": true },
        { "new": null, "old": branch("tag", "v0") },
        { "new": branch("branch", "closed"), "closed": true },
        { "new": null, "old": null },
        7,
    ]));
    check(
        Provider::Bitbucket,
        None,
        &body,
        &expect![[r#"
        Push of usil/foo https://bitbucket.org/usil/foo.git git@bitbucket.org:usil/foo.git
        refs/heads/main Branch Updated 1f2d3c4 "Fix\n" by Ana López <ana@example.org>, pushed by ana, forced true
        refs/heads/feature/x Branch Created 1f2d3c4 "Fix\n" by Ana López <ana@example.org>, pushed by ana, forced false
        refs/tags/v1 Tag Created 1f2d3c4 "Fix\n" by Ana López <ana@example.org>, pushed by ana, forced -
        refs/heads/gone Branch Deleted - "-" by - <->, pushed by ana, forced -
        refs/tags/v0 Tag Deleted - "-" by - <->, pushed by ana, forced -
        refs/heads/closed Branch Deleted - "-" by - <->, pushed by ana, forced -"#]],
    );
}

#[test]
fn a_push_without_changes() {
    check(
        Provider::Bitbucket,
        None,
        &push(&json!([])),
        &expect!["Push of usil/foo https://bitbucket.org/usil/foo.git git@bitbucket.org:usil/foo.git"],
    );
    check(Provider::Bitbucket, None, &json!({ "push": null }), &expect!["Push of - - -"]);
    check(
        Provider::Bitbucket,
        Some("repo:fork"),
        &push(&json!([])),
        &expect!["Other of usil/foo https://bitbucket.org/usil/foo.git git@bitbucket.org:usil/foo.git"],
    );
}

#[test]
fn authors_come_in_many_shapes() {
    let body = |author: Value| {
        push(
            &json!([{ "new": { "type": "branch", "name": "main", "target": { "hash": COMMIT, "author": author } }, "old": {} }]),
        )
    };
    let author = |value: Value| {
        let changes = judged(&request(Provider::Bitbucket, None, body(value).to_string().as_bytes())).changes;
        let Author { name, email } = changes[0].author.clone();
        format!("{name:?} {email:?}")
    };
    let none = "None None";
    assert_eq!(author(json!({ "raw": "Ana <ana@x.org>" })), r#"Some("Ana") Some("ana@x.org")"#);
    assert_eq!(author(json!({ "raw": "Ana < B > <ana@x.org>" })), r#"Some("Ana < B >") Some("ana@x.org")"#);
    assert_eq!(author(json!({ "raw": "Ana" })), r#"Some("Ana") None"#);
    assert_eq!(
        author(json!({ "raw": "<ana@x.org>", "user": { "display_name": "Ana" } })),
        r#"Some("Ana") Some("ana@x.org")"#
    );
    assert_eq!(author(json!({ "display_name": "Ana" })), r#"Some("Ana") None"#);
    for value in [json!(null), json!("Ana"), json!({}), json!({ "raw": null }), json!({ "raw": "<>" })] {
        assert_eq!(author(value), none);
    }
}

#[test]
fn nobody_known_may_have_pushed() {
    for (actor, shown) in [
        (json!({ "type": "user", "display_name": "Anonymous" }), Some("Anonymous")),
        (json!({ "nickname": null, "display_name": null }), None),
        (json!(null), None),
    ] {
        let branch = json!({ "type": "branch", "name": "main", "target": { "hash": COMMIT } });
        let mut body = push(&json!([{ "new": branch, "old": branch }]));
        body["actor"] = actor;
        let found = judged(&request(Provider::Bitbucket, None, body.to_string().as_bytes()));
        assert_eq!(found.changes[0].pusher.as_deref(), shown);
        assert_eq!(found.changes[0].commit.as_deref(), Some(COMMIT));
    }
}
