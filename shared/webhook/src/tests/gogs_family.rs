//! Gogs, Gitea and Forgejo: GitHub's payload, nearly.

use super::*;
use crate::wants::Wants;

const FAMILY: [Provider; 3] = [Provider::Gitea, Provider::Forgejo, Provider::Gogs];

fn repository() -> Value {
    json!({ "full_name": "usil/foo", "clone_url": "https://git.example.org/usil/foo.git", "ssh_url": "git@git.example.org:usil/foo.git",
            "created_at": "2017-12-09T01:30:43Z" })
}

fn push(more: &Value) -> Value {
    let commit = |id: &str, message: &str| json!({ "id": id, "message": message, "author": { "name": "Ana", "email": "ana@example.org", "username": "x" } });
    let mut body = json!({
        "ref": "refs/heads/main", "before": OTHER, "after": COMMIT, "secret": "of old versions",
        "commits": [commit(COMMIT, "Head\n"), commit(OTHER, "Older\n")],
        "repository": repository(),
        "pusher": { "login": "ana", "full_name": "", "email": "ana@example.org", "username": "ana" }, "sender": { "login": "bot" },
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

#[test]
fn a_push_is_read_alike_from_all_three() {
    for provider in FAMILY {
        check(
            provider,
            None,
            &push(&json!({})),
            &expect![[r#"
                Push of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
                refs/heads/main Branch Updated 1f2d3c4 "Head\n" by Ana <ana@example.org>, pushed by ana, forced -"#]],
        );
    }
}

#[test]
fn an_annotated_tag_gives_the_commit() {
    let head = json!({ "id": COMMIT, "message": "Fix", "author": null });
    let tag = json!({ "ref": "refs/tags/v1", "before": ZERO, "after": OTHER, "commits": null, "head_commit": head });
    check(
        Provider::Gitea,
        None,
        &push(&tag),
        &expect![[r#"
            Push of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
            refs/tags/v1 Tag Created 1f2d3c4 "Fix" by - <->, pushed by ana, forced -"#]],
    );
}

#[test]
fn a_push_without_commits_and_a_deletion() {
    check(
        Provider::Gogs,
        None,
        &push(&json!({ "commits": [], "before": ZERO, "pusher": null })),
        &expect![[r#"
            Push of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
            refs/heads/main Branch Created 1f2d3c4 "-" by - <->, pushed by bot, forced -"#]],
    );
    check(
        Provider::Forgejo,
        None,
        &push(
            &json!({ "commits": [], "after": "0".repeat(64), "head_commit": null, "pusher": { "username": "old" } }),
        ),
        &expect![[r#"
            Push of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
            refs/heads/main Branch Deleted - "-" by - <->, pushed by old, forced -"#]],
    );
}

#[test]
fn create_and_delete_are_listed_and_deploy_nothing() {
    let named = |kind: &str, name: &str| json!({ "ref": name, "ref_type": kind, "sha": COMMIT, "repository": repository(), "sender": { "login": "ana" } });
    check(
        Provider::Gitea,
        Some("create"),
        &named("branch", "feature/x"),
        &expect![[r#"
            Other of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
            refs/heads/feature/x Branch Created 1f2d3c4 "-" by - <->, pushed by ana, forced -"#]],
    );
    // Of an annotated tag it would be the tag object.
    check(
        Provider::Gogs,
        Some("create"),
        &named("tag", "v1"),
        &expect![[r#"
            Other of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
            refs/tags/v1 Tag Created - "-" by - <->, pushed by ana, forced -"#]],
    );
    check(
        Provider::Forgejo,
        Some("delete"),
        &named("branch", "main"),
        &expect![[r#"
            Other of usil/foo https://git.example.org/usil/foo.git git@git.example.org:usil/foo.git
            refs/heads/main Branch Deleted - "-" by - <->, pushed by ana, forced -"#]],
    );
    for provider in FAMILY {
        for event in ["create", "delete", "pull_request", "", "push "] {
            let body = push(&json!({ "ref_type": "branch" })).to_string();
            let mut request = request(provider, Some("x"), body.as_bytes());
            let name = provider.event_header().unwrap();
            request.headers = request.headers.iter().filter(|(key, _)| *key != name).collect();
            request.headers.push(name, event);
            let judgement = judged(&request);
            assert!(
                judgement.changes.iter().all(|change| change.verdict.gate == Gate::Event),
                "{provider} {event}"
            );
        }
    }
}

/// Gitea lists no more commits than it shows in its feed.
#[test]
fn a_list_that_is_cut_off_does_not_hide_what_changed() {
    let mut wants = Wants::of("https://git.example.org/usil/foo.git");
    wants.paths = vec!["src/**".into()];
    for (total, gate) in [(json!(1), Gate::Paths), (json!(2), Gate::None), (json!(null), Gate::Paths)] {
        let commit =
            json!({ "id": COMMIT, "message": "x", "added": [], "removed": [], "modified": ["README.md"] });
        let body = push(&json!({ "commits": [commit], "total_commits": total })).to_string();
        let judgement = judge(
            &wants.wanted(&secrets()),
            &request(Provider::Gitea, None, body.as_bytes()),
            UnixTime::EPOCH,
        );
        assert_eq!(judgement.changes[0].verdict.gate, gate, "{total}");
    }
}

/// GitHub's header says push as well, and could be another's.
#[test]
fn only_its_own_header_names_the_event() {
    let body = push(&json!({})).to_string();
    for provider in FAMILY {
        let mut request = request(provider, Some("issues"), body.as_bytes());
        request.headers = request.headers.iter().filter(|(name, _)| *name != "x-github-event").collect();
        request.headers.push("X-GitHub-Event", "push");
        assert_eq!(judged(&request).event, Event::Other, "{provider}");
    }
}
