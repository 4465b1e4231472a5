//! Bitbucket Data Center, old versions and new ones.

use super::*;
use crate::wants::Wants;

fn change(name: &str, from: &str, to: &str, kind: &str) -> Value {
    json!({ "ref": { "id": name, "displayId": "x", "type": "BRANCH" }, "refId": name, "fromHash": from, "toHash": to, "type": kind })
}

fn commit(id: &str, message: &str) -> Value {
    json!({ "id": id, "displayId": "x", "message": message, "author": { "name": "ana", "displayName": "Ana López", "emailAddress": "ana@example.org" },
            "parents": [{ "id": OTHER, "message": "no, not this" }] })
}

fn push(changes: &Value, more: &Value) -> Value {
    let mut body = json!({
        "eventKey": "repo:refs_changed", "actor": { "name": "ana", "displayName": "Ana López" },
        "repository": { "slug": "foo", "id": 1, "name": "Foo!", "project": { "key": "USIL", "id": 2, "name": "Usil" },
            "links": { "clone": [{ "href": "ssh://git@git.example.org:7999/usil/foo.git", "name": "ssh" }, { "href": "https://git.example.org/scm/usil/foo.git", "name": "http" }] } },
        "changes": changes,
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

#[test]
fn a_push_of_today_has_commits() {
    check(
        Provider::BitbucketServer,
        None,
        &push(
            &json!([change("refs/heads/main", OTHER, COMMIT, "UPDATE")]),
            &json!({ "commits": [commit(COMMIT, "Head"), commit(OTHER, "x")], "toCommit": commit(COMMIT, "Head") }),
        ),
        &expect![[r#"
            Push of USIL/foo https://git.example.org/scm/usil/foo.git ssh://git@git.example.org:7999/usil/foo.git
            refs/heads/main Branch Updated 1f2d3c4 "Head" by Ana López <ana@example.org>, pushed by ana, forced -"#]],
    );
    // Without `toCommit` the list has it, wherever.
    check(
        Provider::BitbucketServer,
        None,
        &push(
            &json!([change("refs/heads/main", ZERO, COMMIT, "ADD")]),
            &json!({ "commits": [commit(OTHER, "x"), commit(COMMIT, "Head")], "actor": { "displayName": "Ana López" } }),
        ),
        &expect![[r#"
            Push of USIL/foo https://git.example.org/scm/usil/foo.git ssh://git@git.example.org:7999/usil/foo.git
            refs/heads/main Branch Created 1f2d3c4 "Head" by Ana López <ana@example.org>, pushed by Ana López, forced -"#]],
    );
}

#[test]
fn an_annotated_tag_gives_the_commit_where_it_is_said() {
    let tag = json!([change("refs/tags/v1", ZERO, OTHER, "ADD")]);
    check(
        Provider::BitbucketServer,
        None,
        &push(&tag, &json!({ "commits": [], "toCommit": commit(COMMIT, "Fix") })),
        &expect![[r#"
            Push of USIL/foo https://git.example.org/scm/usil/foo.git ssh://git@git.example.org:7999/usil/foo.git
            refs/tags/v1 Tag Created 1f2d3c4 "Fix" by Ana López <ana@example.org>, pushed by ana, forced -"#]],
    );
    let old = json!({ "actor": null, "repository": { "slug": "foo", "project": { "key": "~ana" } } });
    check(
        Provider::BitbucketServer,
        None,
        &push(&tag, &old),
        &expect![[r#"
            Push of ~ana/foo - -
            refs/tags/v1 Tag Created aaaaaaa "-" by - <->, pushed by -, forced -"#]],
    );
}

#[test]
fn each_of_many_changes_is_a_change() {
    let second = "2".repeat(40);
    let mut named_by_its_ref = change("refs/heads/b", OTHER, &second, "UPDATE");
    named_by_its_ref["refId"] = Value::Null;
    check(
        Provider::BitbucketServer,
        None,
        &push(
            &json!([
                change("refs/heads/main", OTHER, COMMIT, "UPDATE"),
                named_by_its_ref,
                change("refs/heads/gone", OTHER, ZERO, "DELETE"),
                change("refs/heads/gone-too", OTHER, COMMIT, "DELETE"),
                change("refs/heads/back", OTHER, ZERO, "UPDATE"),
                {},
                7,
            ]),
            &json!({ "commits": [commit(&second, "Second")], "toCommit": commit(COMMIT, "Head") }),
        ),
        &expect![[r#"
            Push of USIL/foo https://git.example.org/scm/usil/foo.git ssh://git@git.example.org:7999/usil/foo.git
            refs/heads/main Branch Updated 1f2d3c4 "Head" by Ana López <ana@example.org>, pushed by ana, forced -
            refs/heads/b Branch Updated 2222222 "Second" by Ana López <ana@example.org>, pushed by ana, forced -
            refs/heads/gone Branch Deleted - "-" by - <->, pushed by ana, forced -
            refs/heads/gone-too Branch Deleted - "-" by - <->, pushed by ana, forced -
            refs/heads/back Branch Deleted - "-" by - <->, pushed by ana, forced -"#]],
    );
}

#[test]
fn other_events_list_nothing() {
    let body = push(&json!([change("refs/heads/main", OTHER, COMMIT, "UPDATE")]), &json!({}));
    for event in ["mirror:repo_synchronized", "pr:merged", "repo:modified", "repo:refs_changed,x"] {
        let found = judged(&request(Provider::BitbucketServer, Some(event), body.to_string().as_bytes()));
        assert_eq!((found.event, found.changes), (Event::Other, vec![]), "{event}");
    }
    check(Provider::BitbucketServer, None, &json!({ "test": true }), &expect![["Ping of - - -"]]);
    check(Provider::BitbucketServer, None, &json!({ "changes": [] }), &expect![["Push of - - -"]]);
}

/// Old versions send no clone URLs; the name alone then says which repository it is.
#[test]
fn the_name_is_what_comes_after_scm() {
    let body = push(
        &json!([change("refs/heads/main", OTHER, COMMIT, "UPDATE")]),
        &json!({ "repository": { "slug": "foo", "project": { "key": "USIL" } } }),
    );
    let request = request(Provider::BitbucketServer, None, body.to_string().as_bytes());
    for (url, gate) in [
        ("https://git.example.org/scm/usil/foo.git", Gate::None),
        ("https://git.example.org:8443/bitbucket/scm/USIL/foo.git", Gate::None),
        ("ssh://git@git.example.org:7999/usil/foo.git", Gate::None),
        ("https://git.example.org/scm/usil/foo2.git", Gate::Repository),
        ("https://git.example.org/x/usil/foo.git", Gate::Repository),
        ("https://git.example.org/myscm/usil/foo.git", Gate::Repository),
        ("https://git.example.org/scm/x/usil/foo.git", Gate::Repository),
    ] {
        let wants = Wants::of(url);
        let judgement = judge(&wants.wanted(&secrets()), &request, UnixTime::EPOCH);
        assert_eq!(judgement.changes[0].verdict.gate, gate, "{url}");
    }
}
