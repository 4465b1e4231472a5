//! GitHub.

use super::*;

#[test]
fn a_push() {
    let body = json!({
        "ref": "refs/heads/main", "before": OTHER, "after": COMMIT, "created": false, "deleted": false, "forced": true,
        "head_commit": { "id": COMMIT, "message": "Newest", "author": { "name": "Ana", "email": "ana@example.org" } },
        "commits": [{ "id": OTHER, "message": "Oldest" }, { "id": COMMIT, "message": "Newest" }],
        "repository": { "full_name": "usil/foo", "clone_url": "https://github.com/usil/foo.git", "ssh_url": "git@github.com:usil/foo.git" },
        "pusher": { "name": "ana", "email": null }, "sender": { "login": "bot" },
    });
    check(
        Provider::GitHub,
        None,
        &body,
        &expect![[r#"
        Push of usil/foo https://github.com/usil/foo.git git@github.com:usil/foo.git
        refs/heads/main Branch Updated 1f2d3c4 "Newest" by Ana <ana@example.org>, pushed by ana, forced true"#]],
    );
}

#[test]
fn without_a_head_commit_it_is_found_by_its_id() {
    let commit =
        |id: &str, message: &str| json!({ "id": id, "message": message, "author": { "name": message } });
    for commits in [
        json!([commit(COMMIT, "Head"), commit(OTHER, "x")]),
        json!([commit(OTHER, "x"), commit(COMMIT, "Head")]),
    ] {
        let body = json!({ "ref": "refs/heads/main", "after": COMMIT.to_uppercase(), "commits": commits, "sender": { "login": "ana" } });
        let found = judged(&request(Provider::GitHub, None, body.to_string().as_bytes()));
        assert_eq!(found.changes[0].message.as_deref(), Some("Head"));
        assert_eq!(found.changes[0].author.name.as_deref(), Some("Head"));
        assert_eq!(found.changes[0].commit.as_deref(), Some(COMMIT));
        assert_eq!(found.changes[0].pusher.as_deref(), Some("ana"));
    }
    let body = json!({ "ref": "refs/heads/main", "after": COMMIT, "commits": [commit(OTHER, "x")] });
    check(
        Provider::GitHub,
        None,
        &body,
        &expect![[r#"
            Push of - - -
            refs/heads/main Branch Updated 1f2d3c4 "-" by - <->, pushed by -, forced -"#]],
    );
}

#[test]
fn an_annotated_tag_gives_the_commit() {
    let body = json!({
        "ref": "refs/tags/v1", "before": ZERO, "after": OTHER, "created": true, "commits": [],
        "head_commit": { "id": COMMIT, "message": "Fix" },
    });
    check(
        Provider::GitHub,
        None,
        &body,
        &expect![[r#"
            Push of - - -
            refs/tags/v1 Tag Created 1f2d3c4 "Fix" by - <->, pushed by -, forced -"#]],
    );
}

#[test]
fn deletions_have_no_commit() {
    let body = json!({ "ref": "refs/heads/x", "before": COMMIT, "after": ZERO, "deleted": true, "head_commit": null, "commits": [] });
    check(
        Provider::GitHub,
        None,
        &body,
        &expect![[r#"
            Push of - - -
            refs/heads/x Branch Deleted - "-" by - <->, pushed by -, forced -"#]],
    );
    check(
        Provider::GitHub,
        Some("delete"),
        &json!({ "ref": "x", "ref_type": "tag", "sender": { "login": "ana" } }),
        &expect![[r#"
            Other of - - -
            refs/tags/x Tag Deleted - "-" by - <->, pushed by ana, forced -"#]],
    );
    check(
        Provider::GitHub,
        Some("create"),
        &json!({ "ref": null, "ref_type": "repository" }),
        &expect!["Other of - - -"],
    );
}

#[test]
fn other_events() {
    check(
        Provider::GitHub,
        None,
        &json!({ "zen": "Keep it simple.", "repository": { "full_name": "usil/foo" } }),
        &expect!["Ping of usil/foo - -"],
    );
    check(
        Provider::GitHub,
        Some("issues"),
        &json!({ "ref": "refs/heads/main", "after": COMMIT }),
        &expect!["Other of - - -"],
    );
    // It carries a ref, and is none the less no push, even where a header says so.
    check(
        Provider::GitHub,
        Some("push"),
        &json!({ "ref": "refs/heads/main", "workflow": "x", "inputs": {} }),
        &expect!["Other of - - -"],
    );
}
