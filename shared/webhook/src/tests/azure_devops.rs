//! Azure DevOps.

use super::*;
use crate::wants::Wants;

fn push(updates: &Value, commits: &Value) -> Value {
    json!({
        "id": "0a0a0a0a-1b1b", "eventType": "git.push", "message": { "text": "x" },
        "resource": {
            "commits": commits, "refUpdates": updates,
            "repository": { "id": "1", "name": "foo", "project": { "id": "2", "name": "apps" }, "defaultBranch": "refs/heads/main",
                "remoteUrl": "https://dev.azure.com/usil/apps/_git/foo" },
            "pushedBy": { "id": "3", "displayName": "Ana López", "uniqueName": "ana@example.org" },
        },
    })
}

fn update(name: &str, old: &str, new: &str) -> Value {
    json!({ "name": name, "oldObjectId": old, "newObjectId": new })
}

fn commit(id: &str, message: &str) -> Value {
    json!({ "commitId": id, "comment": message, "author": { "name": "Ana", "email": "ana@example.org", "date": "2015-02-25T19:01:00Z" } })
}

#[test]
fn each_of_many_ref_updates_is_a_change() {
    let second = "2".repeat(40);
    check(
        Provider::AzureDevOps,
        None,
        &push(
            &json!([
                update("refs/heads/main", OTHER, &COMMIT.to_uppercase()),
                update("refs/heads/b", ZERO, &second),
                update("refs/heads/gone", OTHER, ZERO),
                update("refs/tags/v1", ZERO, OTHER),
                {},
                null,
            ]),
            &json!([commit(&second, "Second"), commit(COMMIT, "Head"), null]),
        ),
        &expect![[r#"
            Push of apps/foo https://dev.azure.com/usil/apps/_git/foo -
            refs/heads/main Branch Updated 1f2d3c4 "Head" by Ana <ana@example.org>, pushed by Ana López, forced -
            refs/heads/b Branch Created 2222222 "Second" by Ana <ana@example.org>, pushed by Ana López, forced -
            refs/heads/gone Branch Deleted - "-" by - <->, pushed by Ana López, forced -
            refs/tags/v1 Tag Created aaaaaaa "-" by - <->, pushed by Ana López, forced -"#]],
    );
}

#[test]
fn a_subscription_may_leave_almost_everything_out() {
    check(
        Provider::AzureDevOps,
        None,
        &push(&json!([update("refs/heads/main", OTHER, COMMIT)]), &Value::Null),
        &expect![[r#"
            Push of apps/foo https://dev.azure.com/usil/apps/_git/foo -
            refs/heads/main Branch Updated 1f2d3c4 "-" by - <->, pushed by Ana López, forced -"#]],
    );
    for resource in [json!({}), json!(null), json!([]), json!({ "refUpdates": null })] {
        let body = json!({ "eventType": "git.push", "resource": resource });
        check(Provider::AzureDevOps, None, &body, &expect![["Push of - - -"]]);
    }
}

#[test]
fn the_body_names_event_and_delivery() {
    for event in
        [json!("git.pullrequest.created"), json!("tfvc.checkin"), json!(null), json!(7), json!("git.push ")]
    {
        let mut body = push(&json!([update("refs/heads/main", OTHER, COMMIT)]), &json!([]));
        body["eventType"] = event;
        let found = judged(&request(Provider::AzureDevOps, Some("git.push"), body.to_string().as_bytes()));
        assert_eq!((found.event, found.changes), (Event::Other, vec![]));
        assert_eq!(found.delivery.as_deref(), Some("0a0a0a0a-1b1b"));
    }
    for id in ["", "a b", "é", &"a".repeat(129)] {
        let body = json!({ "id": id, "eventType": "git.push" }).to_string();
        assert_eq!(judged(&request(Provider::AzureDevOps, None, body.as_bytes())).delivery, None, "{id}");
    }
}

/// The delivery names one of many URLs, and the config may name another.
#[test]
fn the_repository_is_known_by_each_of_its_urls() {
    let body = push(&json!([update("refs/heads/main", OTHER, COMMIT)]), &json!([])).to_string();
    let request = request(Provider::AzureDevOps, None, body.as_bytes());
    for (url, gate) in [
        ("https://usil@dev.azure.com/usil/apps/_git/foo", Gate::None),
        ("https://usil.visualstudio.com/apps/_git/foo", Gate::None),
        ("git@ssh.dev.azure.com:v3/usil/apps/foo", Gate::None),
        ("git@ssh.dev.azure.com:v3/usil/apps/bar", Gate::Repository),
        ("https://usil.visualstudio.com/_git/foo", Gate::Repository),
    ] {
        let wants = Wants::of(url);
        let judgement = judge(&wants.wanted(&secrets()), &request, UnixTime::EPOCH);
        assert_eq!(judgement.changes[0].verdict.gate, gate, "{url}");
    }
}

/// The commits are those of all refs together.
#[test]
fn the_commits_of_another_ref_do_not_skip_this_one() {
    let wants = Wants::of("https://dev.azure.com/usil/apps/_git/foo");
    let gate = |updates: Value, commits: Value| {
        let body = push(&updates, &commits).to_string();
        let judgement = judge(
            &wants.wanted(&secrets()),
            &request(Provider::AzureDevOps, None, body.as_bytes()),
            UnixTime::EPOCH,
        );
        judgement.changes.iter().find(|change| change.ref_name == "refs/heads/main").unwrap().verdict.gate
    };
    let skipped = commit(OTHER, "[skip ci]");
    let both = json!([update("refs/heads/b", ZERO, OTHER), update("refs/heads/main", OTHER, COMMIT)]);
    assert_eq!(gate(both, json!([skipped])), Gate::None);
    assert_eq!(gate(json!([update("refs/heads/main", COMMIT, OTHER)]), json!([skipped])), Gate::Skip);
}
