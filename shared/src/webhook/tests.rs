//! Whole deliveries: what the function, and what a person, gets to see of them.

mod azure_devops;
mod bitbucket_server;
mod gogs_family;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const COMMIT: &str = "1f2d3c4b5a69788796a5b4c3d2e1f00112233445";
const OTHER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const ZERO: &str = "0000000000000000000000000000000000000000";

fn config() -> Config {
    let mut config = Config::default();
    config.repo.url = "https://github.com/usil/foo.git".into();
    config
}

fn secrets() -> Secrets {
    Secrets::new("secret", None)
}

fn request(provider: Provider, event: Option<&str>, body: &[u8]) -> Request {
    let headers = sign(provider, "secret", body, &SignOptions { event, ..SignOptions::default() }).unwrap();
    Request { headers, body: body.into(), ..Request::default() }
}

fn judged(request: &Request) -> Judgement {
    judge(&config(), &secrets(), request, Duration::ZERO)
}

/// The first change of a delivery, in one line.
#[track_caller]
fn check(provider: Provider, event: Option<&str>, body: &Value, expect: &Expect) {
    let judgement = judged(&request(provider, event, body.to_string().as_bytes()));
    assert_eq!(judgement.problem, None);
    let or = |text: &Option<String>| text.clone().unwrap_or("-".into());
    let line = |change: &RefChange| {
        let RefChange { ref_name, kind, action, commit, message, author, pusher, forced, .. } = change;
        let commit = commit.as_ref().map_or("-", |commit| &commit[..7]);
        let forced = forced.map_or("-".into(), |forced| forced.to_string());
        let (name, email) = (or(&author.name), or(&author.email));
        format!(
            "{ref_name} {kind:?} {action:?} {commit} {:?} by {name} <{email}>, pushed by {}, forced {forced}",
            or(message),
            or(pusher)
        )
    };
    let Repo { full_name, clone_https, clone_ssh } = &judgement.repo;
    let repo: Vec<_> = [full_name, clone_https, clone_ssh].into_iter().map(or).collect();
    let mut lines = vec![format!("{:?} of {}", judgement.event, repo.join(" "))];
    lines.extend(judgement.changes.iter().map(line));
    expect.assert_eq(&lines.join("\n"));
}

#[test]
fn github_push() {
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
fn github_without_a_head_commit_finds_it_by_its_id() {
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
fn github_annotated_tag_gives_the_commit() {
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
fn github_deletions_have_no_commit() {
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
fn github_other_events() {
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

#[test]
fn gitlab_push() {
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
fn gitlab_tags_and_deletions() {
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
fn gitlab_system_hooks_and_old_versions() {
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

fn bitbucket(changes: &Value) -> Value {
    json!({ "push": { "changes": changes }, "repository": { "full_name": "usil/foo" }, "actor": { "display_name": "Ana López", "nickname": "ana" } })
}

#[test]
fn bitbucket_push_has_many_changes() {
    let target = |hash: &str| json!({ "hash": hash, "message": "Fix\n", "author": { "raw": "Ana López <ana@example.org>" } });
    let branch = |kind: &str, name: &str| json!({ "type": kind, "name": name, "target": target(COMMIT) });
    let body = bitbucket(&json!([
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
fn bitbucket_without_changes() {
    check(
        Provider::Bitbucket,
        None,
        &bitbucket(&json!([])),
        &expect!["Push of usil/foo https://bitbucket.org/usil/foo.git git@bitbucket.org:usil/foo.git"],
    );
    check(Provider::Bitbucket, None, &json!({ "push": null }), &expect!["Push of - - -"]);
    check(
        Provider::Bitbucket,
        Some("repo:fork"),
        &bitbucket(&json!([])),
        &expect!["Other of usil/foo https://bitbucket.org/usil/foo.git git@bitbucket.org:usil/foo.git"],
    );
}

#[test]
fn bitbucket_authors_come_in_many_shapes() {
    let body = |author: Value| {
        bitbucket(
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
fn hashes_are_checked() {
    for (after, commit) in [
        (COMMIT.to_string(), Some(COMMIT.to_string())),
        ("A".repeat(40), Some("a".repeat(40))),
        ("b".repeat(64), Some("b".repeat(64))),
        ("b".repeat(41), None),
        ("g".repeat(40), None),
        ("$(reboot)".into(), None),
        (String::new(), None),
    ] {
        let body = json!({ "ref": "refs/heads/main", "after": after });
        let found = judged(&request(Provider::GitHub, None, body.to_string().as_bytes()));
        assert_eq!(found.changes[0].commit, commit, "{after}");
    }
}

#[test]
fn the_function_reads_nothing_that_is_not_authentic() {
    let body =
        json!({ "ref": "refs/heads/main", "after": COMMIT, "repository": { "full_name": "usil/foo" } })
            .to_string();
    let mut request = request(Provider::GitHub, None, body.as_bytes());
    request.body.push(b' ');
    let judgement = judge(&config(), &secrets(), &request, Duration::ZERO);
    assert_eq!(judgement.provider, Some(Provider::GitHub));
    assert!(judgement.delivery.is_some());
    assert!(!judgement.auth.ok);
    assert_eq!((judgement.event, judgement.repo, judgement.changes), (Event::Other, Repo::default(), vec![]));

    let openly = judge_openly(&config(), &secrets(), &request, Duration::ZERO);
    assert!(openly.auth.reason.starts_with(&format!("{}: ", judgement.auth.reason)), "people are told more");
    assert_eq!(openly.event, Event::Push);
    assert_eq!(openly.changes[0].verdict.gate, Gate::Auth);
    assert_eq!(openly.changes[0].verdict.reason, openly.auth.reason);

    // 401 comes before 400.
    request.body = b"{".into();
    assert_eq!(judge(&config(), &secrets(), &request, Duration::ZERO).problem, None);
    assert!(judge_openly(&config(), &secrets(), &request, Duration::ZERO).problem.is_some());
}

#[track_caller]
fn check_problem(request: &Request, expect: &Expect) {
    let judgement = judged(request);
    assert_eq!(judgement, judge_openly(&config(), &secrets(), request, Duration::ZERO));
    assert_eq!(judgement.changes, []);
    expect.assert_eq(&format!("{:?}", judgement.problem.unwrap()));
    // It can be printed all the same.
    serde_json::to_string(&judged(request)).unwrap();
}

#[test]
fn what_is_no_delivery_says_so() {
    let nobodys = judged(&Request::default()).problem.unwrap();
    assert!(nobodys.message().starts_with("expected the headers of a webhook delivery of GitHub, Gitea, "));
    check_problem(
        &request(Provider::GitHub, None, b""),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as GitHub sends it, found an empty body")"#
        ]],
    );
    check_problem(
        &request(Provider::GitLab, None, b"[]"),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as GitLab sends it, found JSON that is not an object")"#
        ]],
    );
    check_problem(
        &request(Provider::Bitbucket, None, b"{\"push\": {\"changes\": ["),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as Bitbucket Cloud sends it, found something else: EOF while parsing a list at line 1 column 22; it may have been cut off or changed on the way")"#
        ]],
    );
    check_problem(
        &request(Provider::GitHub, None, b"{\"ref\": \"\xff\"}"),
        &expect![[r#"NotADelivery("expected the body to be UTF-8, found other bytes after 9 of them")"#]],
    );
    check_problem(
        &request(Provider::GitHub, None, b"payload=%7B%7D&payload=%7B%7D"),
        &expect![[r#"NotADelivery("expected one field `payload` in the form, found several")"#]],
    );
    check_problem(
        &Request { method: "GET".into(), ..request(Provider::GitHub, None, b"{}") },
        &expect![[
            r#"NotADelivery("expected a POST, as GitHub sends it, found a GET; only Gitea and Forgejo can be told to send GETs")"#
        ]],
    );
    check_problem(
        &request(Provider::GitHub, None, &vec![b' '; BODY_LIMIT + 1]),
        &expect![[
            r#"TooLarge("expected a body of at most 6291456 bytes, found 6291457; push fewer commits at once")"#
        ]],
    );
    let deep = "[".repeat(10_000);
    check_problem(
        &request(Provider::GitHub, None, format!("{{\"a\":{deep}{}}}", deep.replace('[', "]")).as_bytes()),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as GitHub sends it, found JSON nested more than 128 levels deep, which no git provider sends")"#
        ]],
    );
}

#[test]
fn forms_and_byte_order_marks_are_undone() {
    let json = json!({ "ref": "refs/heads/main", "after": COMMIT, "repository": { "full_name": "usil/foo" }, "pusher": { "name": "a + b & ç" } }).to_string();
    let form = format!("payload={}", crate::percent::encode(&json));
    let options = SignOptions { form: true, ..SignOptions::default() };
    let headers = sign(Provider::GitHub, "secret", form.as_bytes(), &options).unwrap();
    let form = judged(&Request { headers, body: form.into(), ..Request::default() });
    assert!(form.changes[0].verdict.deploy);
    assert_eq!(form.changes[0].pusher.as_deref(), Some("a + b & ç"));
    let marked = judged(&request(Provider::GitHub, None, format!("\u{feff}{json}").as_bytes()));
    assert_eq!(marked.changes, form.changes);
}

#[test]
fn delivery_ids_are_those_that_repetitions_keep() {
    let id = |provider, headers: &[(&str, &str)]| delivery_id(provider, &headers.iter().copied().collect());
    assert_eq!(id(Provider::GitHub, &[("X-GitHub-Delivery", "72d3162e")]).as_deref(), Some("72d3162e"));
    assert_eq!(
        id(Provider::GitLab, &[("X-Gitlab-Event-UUID", "a"), ("Idempotency-Key", "b")]).as_deref(),
        Some("b")
    );
    assert_eq!(
        id(Provider::Bitbucket, &[("X-Request-UUID", "a"), ("X-Hook-UUID", "b")]).as_deref(),
        Some("a")
    );
    assert_eq!(id(Provider::BitbucketServer, &[("X-Request-Id", "a")]).as_deref(), Some("a"));
    let family = [
        ("X-GitHub-Delivery", "a"),
        ("X-Gogs-Delivery", "b"),
        ("X-Gitea-Delivery", "c"),
        ("X-Forgejo-Delivery", "d"),
    ];
    for (provider, expected) in
        [(Provider::GitHub, "a"), (Provider::Gogs, "b"), (Provider::Gitea, "c"), (Provider::Forgejo, "d")]
    {
        assert_eq!(id(provider, &family).as_deref(), Some(expected));
    }
    for bad in ["", "a b", "a\nb", "é", &"a".repeat(129)] {
        assert_eq!(id(Provider::GitHub, &[("X-GitHub-Delivery", bad)]), None);
    }
}

#[test]
fn a_judgement_prints_as_the_command_line_promises() {
    let body =
        json!({ "ref": "refs/heads/main", "after": COMMIT, "repository": { "full_name": "usil/foo" } });
    let judgement = judged(&request(Provider::GitHub, None, body.to_string().as_bytes()));
    expect![[r#"
        {
          "provider": "github",
          "auth": {
            "ok": true,
            "scheme": "x-hub-signature-256",
            "reason": ""
          },
          "event": "push",
          "delivery": "3edd78bc-8710-89ca-8c9b-2f9fcfab6eac",
          "repo": {
            "full_name": "usil/foo",
            "clone_https": null,
            "clone_ssh": null
          },
          "changes": [
            {
              "ref": "refs/heads/main",
              "kind": "branch",
              "action": "updated",
              "commit": "1f2d3c4b5a69788796a5b4c3d2e1f00112233445",
              "message": null,
              "author": {
                "name": null,
                "email": null
              },
              "pusher": null,
              "forced": null,
              "verdict": {
                "deploy": true,
                "gate": "",
                "reason": "refs/heads/main is wanted by repo.refs (`refs/heads/main`)"
              }
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&judgement).unwrap());
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!(7)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{ "a": [null] }])),
        any::<String>().prop_map(Value::from),
        Just(json!(ZERO)),
    ]
}

/// Replaces the value at some place of a body.
fn replaced(body: &mut Value, place: &mut usize, with: &Value) {
    if *place == 0 {
        *body = with.clone();
    }
    *place = place.wrapping_sub(1);
    match body {
        Value::Array(list) => list.iter_mut().for_each(|value| replaced(value, place, with)),
        Value::Object(fields) => fields.values_mut().for_each(|value| replaced(value, place, with)),
        _ => {}
    }
}

fn full_bodies() -> Vec<(Provider, Value)> {
    let commit = json!({ "id": COMMIT, "hash": COMMIT, "message": "x", "author": { "name": "a", "email": "b", "raw": "a <b>", "user": { "display_name": "a" } }, "added": ["a"], "modified": ["b"], "removed": [] });
    let branch = json!({ "type": "branch", "name": "main", "target": commit });
    let mut bitbucket = bitbucket(
        &json!([{ "new": branch, "old": branch, "forced": false, "created": false, "closed": false, "commits": [commit] }]),
    );
    bitbucket["repository"]["full_name"] = "usil/foo".into();
    let github = json!({
        "ref": "refs/heads/main", "before": OTHER, "after": COMMIT, "created": false, "deleted": false, "forced": false,
        "head_commit": commit, "commits": [commit], "pusher": { "name": "a" }, "sender": { "login": "a" },
        "repository": { "full_name": "usil/foo", "clone_url": "https://github.com/usil/foo.git", "ssh_url": "git@github.com:usil/foo.git" },
        "total_commits": 1,
    });
    let server = json!({
        "actor": { "name": "a", "displayName": "b" }, "commits": [commit], "toCommit": commit,
        "changes": [{ "refId": "refs/heads/main", "ref": { "id": "refs/heads/main" }, "fromHash": OTHER, "toHash": COMMIT, "type": "UPDATE" }],
        "repository": { "slug": "foo", "project": { "key": "usil" }, "links": { "clone": [
            { "name": "http", "href": "https://github.com/usil/foo.git" }, { "name": "ssh", "href": "git@github.com:usil/foo.git" }] } },
    });
    let azure = json!({
        "id": "1", "eventType": "git.push", "resource": {
            "commits": [{ "commitId": COMMIT, "comment": "x", "author": { "name": "a", "email": "b" } }],
            "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": OTHER, "newObjectId": COMMIT }],
            "repository": { "name": "foo", "project": { "name": "usil" }, "remoteUrl": "https://github.com/usil/foo.git" },
            "pushedBy": { "displayName": "a" },
        },
    });
    vec![
        (Provider::Bitbucket, bitbucket),
        (Provider::BitbucketServer, server),
        (Provider::AzureDevOps, azure),
        (Provider::Gitea, github.clone()),
        (Provider::GitHub, github),
        (
            Provider::GitLab,
            json!({
                "object_kind": "push", "ref": "refs/heads/main", "before": OTHER, "after": COMMIT, "checkout_sha": COMMIT,
                "commits": [commit], "total_commits_count": 1, "user_name": "a", "user_username": "b",
                "project": { "path_with_namespace": "usil/foo", "git_http_url": "https://github.com/usil/foo.git", "git_ssh_url": "x" },
                "repository": { "url": "x", "homepage": "y" },
            }),
        ),
    ]
}

#[test]
fn every_single_field_may_be_missing_or_strange() {
    let mut config = config();
    config.repo.paths = vec!["a".into()];
    for (provider, body) in full_bodies() {
        for with in [json!(null), json!("x"), json!(7), json!([]), json!({}), json!([[null]]), json!(false)] {
            for place in 1..80 {
                let mut body = body.clone();
                replaced(&mut body, &mut { place }, &with);
                let request = request(provider, Some("push"), body.to_string().as_bytes());
                let judgement = judge(&config, &secrets(), &request, Duration::ZERO);
                assert_eq!(judgement.problem, None, "{provider} {body}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_request_is_too_strange(
        provider in prop::sample::select(Provider::ALL),
        names in prop::collection::vec("x-github-event|x-gitlab-event|x-event-key|content-type|webhook-signature|x-[a-z-]{1,9}", 0..6),
        value in any::<String>(),
        body in any::<Vec<u8>>(),
        signed in any::<bool>(),
    ) {
        let mut request = request(provider, None, &body);
        if !signed {
            request.headers = Headers::default();
        }
        names.iter().for_each(|name| request.headers.push(name, value.as_str()));
        judge(&config(), &secrets(), &request, Duration::ZERO);
        judge_openly(&config(), &secrets(), &request, Duration::ZERO);
    }

    #[test]
    fn no_body_is_too_strange(
        which in 0..6_usize,
        edits in prop::collection::vec((1..60_usize, any_value()), 0..6),
    ) {
        let (provider, mut body) = full_bodies().swap_remove(which);
        for (mut place, value) in edits {
            replaced(&mut body, &mut place, &value);
        }
        let request = request(provider, Some("push"), body.to_string().as_bytes());
        let mut config = config();
        config.repo.paths = vec!["a".into()];
        let judgement = judge(&config, &secrets(), &request, Duration::ZERO);
        for change in judgement.changes.iter().filter(|change| change.verdict.deploy) {
            prop_assert!(change.action != Action::Deleted);
            prop_assert_eq!(&change.ref_name, "refs/heads/main");
            prop_assert_eq!(judgement.event, Event::Push);
        }
    }
}
