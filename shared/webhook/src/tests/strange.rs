//! Bodies and headers that no git host sends: they must do no harm.

use proptest::prelude::*;

use super::*;

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
    let mut bitbucket = bitbucket::push(
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
    let mut wants = wants();
    wants.paths = vec!["a".into()];
    for (provider, body) in full_bodies() {
        for with in [json!(null), json!("x"), json!(7), json!([]), json!({}), json!([[null]]), json!(false)] {
            for place in 1..80 {
                let mut body = body.clone();
                replaced(&mut body, &mut { place }, &with);
                let request = request(provider, Some("push"), body.to_string().as_bytes());
                let judgement = judge(&wants.wanted(&secrets()), &request, UnixTime::EPOCH);
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
        judge(&wants().wanted(&secrets()), &request, UnixTime::EPOCH);
        judge_openly(&wants().wanted(&secrets()), &request, UnixTime::EPOCH);
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
        let mut wants = wants();
        wants.paths = vec!["a".into()];
        let judgement = judge(&wants.wanted(&secrets()), &request, UnixTime::EPOCH);
        for change in judgement.changes.iter().filter(|change| change.verdict.deploy) {
            prop_assert!(change.action != Action::Deleted);
            prop_assert_eq!(&change.ref_name, "refs/heads/main");
            prop_assert_eq!(judgement.event, Event::Push);
        }
    }
}
