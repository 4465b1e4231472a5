//! Each gate on its own, and their order.

mod commits;
mod lists;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::http::Request;
use crate::unix_time::UnixTime;
use crate::wants::{Wants, secrets};
use crate::{Gate, Provider, RefChange, SignOptions, judge, sign};

const COMMIT: &str = "1f2d3c4b5a69788796a5b4c3d2e1f00112233445";

fn wants() -> Wants {
    Wants::of("https://github.com/usil/foo.git")
}

/// A push to GitHub that deploys, with some fields replaced; null removes one.
fn push(fields: Value) -> Value {
    let mut push = json!({
        "ref": "refs/heads/main",
        "before": "9".repeat(40),
        "after": COMMIT,
        "head_commit": { "id": COMMIT, "message": "Fix it", "author": { "name": "Ana", "email": "ana@example.org" } },
        "commits": [{ "id": COMMIT, "message": "Fix it", "added": [], "modified": ["src/main.rs"], "removed": [] }],
        "repository": { "full_name": "usil/foo", "clone_url": "https://github.com/usil/foo.git", "ssh_url": "git@github.com:usil/foo.git" },
        "pusher": { "name": "ana" },
    });
    let Value::Object(fields) = fields else { panic!("expected an object, found {fields}") };
    for (key, value) in fields {
        push[key] = value;
    }
    push
}

fn changes(wants: &Wants, provider: Provider, event: Option<&str>, body: &Value) -> Vec<RefChange> {
    let body = body.to_string().into_bytes();
    let headers = sign(provider, "secret", &body, &SignOptions { event, ..SignOptions::default() }).unwrap();
    let request = Request { headers, body, ..Request::default() };
    judge(&wants.wanted(&secrets("secret")), &request, UnixTime::EPOCH).changes
}

fn shown(changes: &[RefChange]) -> String {
    let line = |change: &RefChange| {
        let gate = serde_json::to_value(change.verdict.gate).unwrap();
        format!("{}: {}", gate.as_str().unwrap(), change.verdict.reason)
    };
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(wants: &Wants, fields: Value, expect: &Expect) {
    expect.assert_eq(&shown(&changes(wants, Provider::GitHub, None, &push(fields))));
}

#[test]
fn a_push_of_the_wanted_ref_deploys() {
    check(&wants(), json!({}), &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"]);
    // Which commit it is, the agent sees when it fetches.
    check(
        &wants(),
        json!({ "after": "no hash", "head_commit": null }),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
}

#[test]
fn event() {
    for event in ["create", "delete"] {
        let body = json!({ "ref": "main", "ref_type": "branch" });
        let found = changes(&wants(), Provider::GitHub, Some(event), &push(body));
        assert_eq!(found[0].ref_name, "refs/heads/main");
        assert_eq!(found[0].verdict.gate, Gate::Event);
    }
    let body = push(json!({ "ref": "v1", "ref_type": "tag" }));
    expect!["event: the event is `create`, and only a push deploys (the host sends one for the same change)"]
        .assert_eq(&shown(&changes(&wants(), Provider::GitHub, Some("create"), &body)));
    expect!["event: the event is `create`, and only a push deploys (Gogs sends one for a branch, and none for a tag)"]
        .assert_eq(&shown(&changes(&wants(), Provider::Gogs, Some("create"), &body)));
}

#[test]
fn deleted() {
    let zero = "0".repeat(40);
    check(
        &wants(),
        json!({ "deleted": true, "head_commit": null }),
        &expect!["deleted: refs/heads/main was deleted, so there is nothing to deploy"],
    );
    check(
        &wants(),
        json!({ "after": zero, "head_commit": null }),
        &expect!["deleted: refs/heads/main was deleted, so there is nothing to deploy"],
    );
    check(
        &wants(),
        json!({ "after": "0".repeat(64), "head_commit": null }),
        &expect!["deleted: refs/heads/main was deleted, so there is nothing to deploy"],
    );
}

#[test]
fn repository() {
    check(
        &wants(),
        json!({ "repository": { "full_name": "usil/foo2", "clone_url": "https://github.com/usil/foo2.git" } }),
        &expect![
            "repository: the delivery is about https://github.com/usil/foo2.git, and repo.url wants github.com/usil/foo"
        ],
    );
    check(
        &wants(),
        json!({ "repository": { "full_name": "usil/foo2" } }),
        &expect!["repository: the delivery is about usil/foo2, and repo.url wants github.com/usil/foo"],
    );
    check(
        &wants(),
        json!({ "repository": { "full_name": "Usil/Foo" } }),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
    // Only Bitbucket Data Center has a folder of that name in its URLs; elsewhere it is somebody's group.
    let mut in_scm = wants();
    in_scm.repository = "https://github.com/scm/usil/foo.git".into();
    check(
        &in_scm,
        json!({ "repository": { "full_name": "usil/foo" } }),
        &expect!["repository: the delivery is about usil/foo, and repo.url wants github.com/scm/usil/foo"],
    );
    check(
        &wants(),
        json!({ "repository": { "ssh_url": "git@ssh.github.com:usil/foo.git" } }),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
    check(
        &wants(),
        json!({ "repository": { "full_name": "usil/foo", "clone_url": "https://github.com.evil.org/usil/foo.git" } }),
        &expect![
            "repository: the delivery is about https://github.com.evil.org/usil/foo.git, and repo.url wants github.com/usil/foo"
        ],
    );
    check(
        &wants(),
        json!({ "repository": null }),
        &expect!["repository: the delivery names no repository, and repo.url wants github.com/usil/foo"],
    );
    check(
        &Wants::default(),
        json!({}),
        &expect![
            "repository: repo.url names no repository: expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found nothing"
        ],
    );
}

#[test]
fn refs() {
    check(
        &wants(),
        json!({ "ref": "refs/heads/main2" }),
        &expect!["ref: refs/heads/main2 was pushed, and repo.refs wants `refs/heads/main`"],
    );
    check(
        &wants(),
        json!({ "ref": "refs/heads/refs/heads/main" }),
        &expect!["ref: refs/heads/refs/heads/main was pushed, and repo.refs wants `refs/heads/main`"],
    );
    check(
        &wants(),
        json!({ "ref": "refs/tags/main" }),
        &expect!["ref: refs/tags/main was pushed, and repo.refs wants `refs/heads/main`"],
    );
    check(
        &wants(),
        json!({ "ref": "main" }),
        &expect!["ref: main is no ref that git accepts: a full name starts with `refs/`"],
    );
    let mut all = wants();
    all.refs = vec!["refs/tags/v*".into(), "refs/heads/**".into()];
    check(
        &all,
        json!({ "ref": "refs/heads/gh-readonly-queue/main/pr-1" }),
        &expect![": refs/heads/gh-readonly-queue/main/pr-1 is wanted by repo.refs (`refs/heads/**`)"],
    );
    check(
        &all,
        json!({ "ref": "refs/heads/🚀" }),
        &expect![": refs/heads/🚀 is wanted by repo.refs (`refs/heads/**`)"],
    );
    check(
        &all,
        json!({ "ref": "refs/notes/commits" }),
        &expect!["ref: refs/notes/commits was pushed, and repo.refs wants `refs/tags/v*`, `refs/heads/**`"],
    );
    check(
        &all,
        json!({ "ref": format!("refs/heads/{}", "é".repeat(50)) }),
        &expect![
            "ref: refs/heads/éééééééééééééééééééééééééééééééééééééééééééééééééé takes 315 characters percent-encoded, and an EC2 tag holds 256; use a shorter name"
        ],
    );
    for name in [
        "", "/", "a//b", "a/", ".a", "a/.b", "a.", "a..b", "a.lock", "a.lock/b", "a@{b", "a b", "a\tb",
        "a\0b", "a\u{85}b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "a\nb", "a\u{7f}b",
    ] {
        let found =
            changes(&all, Provider::GitHub, None, &push(json!({ "ref": format!("refs/heads/{name}") })));
        assert_eq!(found[0].verdict.gate, Gate::Ref, "{name:?}");
        assert!(!found[0].verdict.reason.chars().any(char::is_control), "{name:?}");
    }
    check(
        &all,
        json!({ "ref": "refs/heads/a\nb" }),
        &expect![[
            r#"ref: refs/heads/a\nb is no ref that git accepts: spaces, control characters and any of ~^:?*[\ are not allowed"#
        ]],
    );
}

#[test]
fn the_last_of_several_wins() {
    let mut wants = wants();
    wants.repository = "git@bitbucket.org:usil/foo.git".into();
    wants.refs = vec!["refs/heads/*".into()];
    let change = |kind: &str, name: &str| json!({ "new": { "type": kind, "name": name, "target": { "hash": COMMIT, "message": "x" } }, "old": null });
    let body = json!({
        "repository": { "full_name": "usil/foo" },
        "push": { "changes": [change("branch", "a"), change("tag", "v1"), change("branch", "b"), change("branch", "x/y")] },
    });
    expect![[r#"
        superseded: refs/heads/b is wanted too and comes later in the same delivery
        ref: refs/tags/v1 was pushed, and repo.refs wants `refs/heads/*`
        : refs/heads/b is wanted by repo.refs (`refs/heads/*`)
        ref: refs/heads/x/y was pushed, and repo.refs wants `refs/heads/*`"#]]
    .assert_eq(&shown(&changes(&wants, Provider::Bitbucket, None, &body)));
}

/// Everything is wrong at once; one thing after the other is put right.
#[test]
fn the_gates_come_in_order() {
    let mut wants = wants();
    wants.paths = vec!["src/**".into()];
    let message = "x [skip ci]";
    let mut body = push(json!({
        "ref": "refs/heads/other", "ref_type": "branch", "deleted": true,
        "head_commit": { "id": COMMIT, "message": message },
        "commits": [{ "id": COMMIT, "message": message, "added": ["docs/a"] }],
        "repository": { "full_name": "someone/else" },
    }));
    let mut event = Some("delete");
    let mut found = Vec::new();
    for step in 0..6 {
        match step {
            0 => {}
            1 => event = None,
            2 => body["deleted"] = false.into(),
            3 => body["repository"] = json!({ "full_name": "usil/foo" }),
            4 => body["ref"] = "refs/heads/main".into(),
            _ => wants.skip_markers = false,
        }
        found.push(changes(&wants, Provider::GitHub, event, &body)[0].verdict.gate);
    }
    assert_eq!(found, [Gate::Event, Gate::Deleted, Gate::Repository, Gate::Ref, Gate::Skip, Gate::Paths]);
    wants.paths.clear();
    assert_eq!(changes(&wants, Provider::GitHub, event, &body)[0].verdict.gate, Gate::None);
}
