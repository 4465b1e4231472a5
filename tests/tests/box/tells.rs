//! Who hears how a deploy goes: the commit's host and a chat.

use serde_json::{Value, json};
use tests::cloud::Request;

use crate::cloudy::{CANARY, Cloudy};
use crate::machine::DEPLOY;
use crate::secrets::replaced;
use crate::watch::Watch;

fn config(url: &str) -> Value {
    json!({
        "app": "my_app",
        "repo": {"url": url},
        "run": {"drain_s": 1},
        "notify": {"commit_status": true, "webhook": true}
    })
}

fn head(boxed: &Cloudy) -> String {
    boxed.sandbox.origin.git(&["rev-parse", "HEAD"])
}

/// The bodies of what a host was told at a path, beyond the first `seen`; all of it is JSON that was posted.
#[track_caller]
fn told(boxed: &Cloudy, host: &str, seen: usize, path: &str) -> Vec<Value> {
    let requests = boxed.cloud.requests(host);
    let body = |request: &Request| {
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", path), "{request:?}");
        assert_eq!(request.header("content-type"), "application/json");
        request.json()
    };
    requests[seen..].iter().map(body).collect()
}

#[test]
fn host_and_chat_hear_how_a_deploy_goes() {
    let Some(mut boxed) = Cloudy::off(&config("https://github.com/usil/foo.git"), str::to_owned) else {
        return;
    };
    let (token, chat) = (format!("{CANARY}-status"), format!("/services/T0/B0/{CANARY}-chat"));
    boxed.put("status-token", &token);
    boxed.put("notify-url", &format!("https://hooks.slack.com{chat}"));
    boxed.boot();
    boxed.note_commands();
    let watch = Watch::start();
    boxed.install();
    let one = head(&boxed);
    // "REST API endpoints for commit statuses" of GitHub: `state` is one of four words, `description` is short.
    let status =
        |state: &str, why: &str| json!({"state": state, "context": "pushbox/my_app", "description": why});
    let path = |commit: &str| format!("/repos/usil/foo/statuses/{commit}");
    assert_eq!(
        told(&boxed, "api.github.com", 0, &path(&one)),
        [status("pending", "building"), status("success", &format!("serves {one}"))]
    );
    // "Sending messages using incoming webhooks" of Slack: a text, and no key that it does not know.
    let short = &one[..8];
    assert_eq!(
        told(&boxed, "hooks.slack.com", 0, &chat),
        [
            json!({"text": format!("my_app {short} started: building")}),
            json!({"text": format!("my_app {short} done: serves {one}")})
        ]
    );
    for request in boxed.cloud.requests("api.github.com") {
        assert_eq!(request.header("authorization"), format!("Bearer {token}"));
        assert!(!request.header("user-agent").is_empty(), "GitHub refuses whoever does not say who it is");
    }
    for request in boxed.cloud.requests("hooks.slack.com") {
        assert_eq!(request.header("authorization"), "", "the token is for the host alone");
    }

    // What is served already is no news.
    let seen = boxed.sandbox.reports().len();
    boxed.ring(&one);
    boxed.sandbox.await_report(seen, "deploy", "unchanged", DEPLOY);
    assert_eq!(boxed.cloud.requests("api.github.com").len(), 2);

    // A failure names its step.
    for (version, step, why) in [
        ("broken", "build", "build: executor failed running [/app check]: exit code: 1"),
        (
            "crashing",
            "swap",
            "swap: no answer from port 3000 (exited, code 3); the app's last words:\ncannot find the database",
        ),
    ] {
        let (seen, told_before) =
            (boxed.sandbox.reports().len(), boxed.cloud.requests("api.github.com").len());
        let commit = boxed.push(version);
        boxed.sandbox.await_report(seen, step, "failed", DEPLOY);
        boxed.await_told("hooks.slack.com", told_before + 2);
        assert_eq!(
            told(&boxed, "api.github.com", told_before, &path(&commit)),
            [status("pending", "building"), status("failure", why)]
        );
        let text = format!("my_app {} failed: {why}", &commit[..8]);
        assert_eq!(told(&boxed, "hooks.slack.com", told_before, &chat)[1], json!({"text": text}));
    }
    boxed.assert_nowhere(&watch.stop(), &[CANARY]);
}

#[test]
fn each_host_hears_it_in_its_own_words() {
    let Some(boxed) =
        Cloudy::installed(&config("https://gitlab.example.org/usil/group/foo.git"), str::to_owned, |boxed| {
            boxed.host_repository("/usil/group/foo.git");
            // Who puts a token there from a file puts the end of its line there too.
            boxed.put("status-token", &format!("{CANARY}-status\n"));
            boxed.put("notify-url", "https://discord.com/api/webhooks/1/abc\n");
        })
    else {
        return;
    };
    let one = head(&boxed);
    // "Commits API" of GitLab, "Set commit pipeline status".
    let status =
        |state: &str, why: &str| json!({"state": state, "name": "pushbox/my_app", "description": why});
    assert_eq!(
        told(
            &boxed,
            "gitlab.example.org",
            git_requests(&boxed),
            &format!("/api/v4/projects/usil%2Fgroup%2Ffoo/statuses/{one}")
        ),
        [status("pending", "building"), status("success", &format!("serves {one}"))]
    );
    let last = boxed.cloud.requests("gitlab.example.org").pop().unwrap();
    assert_eq!(last.header("private-token"), format!("{CANARY}-status"));
    // "Execute Webhook" of Discord.
    let texts = told(&boxed, "discord.com", 0, "/api/webhooks/1/abc");
    assert_eq!(texts[0], json!({"content": format!("my_app {} started: building", &one[..8])}));

    let seen = boxed.sandbox.reports().len();
    boxed.change_config(&config("https://bitbucket.org/usil/foo.git"));
    boxed.sandbox.await_report(seen, "deploy", "done", DEPLOY);
    // "Commit statuses" of Bitbucket Cloud's REST API: `key` has 40 characters at most, and `url` must be there.
    let status = |state: &str, why: &str| json!({"state": state, "key": "my_app", "name": "pushbox/my_app", "url": "https://bitbucket.org/usil/foo", "description": why});
    assert_eq!(
        told(
            &boxed,
            "api.bitbucket.org",
            0,
            &format!("/2.0/repositories/usil/foo/commit/{one}/statuses/build")
        ),
        [status("INPROGRESS", "building"), status("SUCCESSFUL", &format!("serves {one}"))]
    );
    let last = boxed.cloud.requests("api.bitbucket.org").pop().unwrap();
    assert_eq!(last.header("authorization"), format!("Bearer {CANARY}-status"));
}

/// GitLab is the git host and the one that is told: first it is asked for the commit.
fn git_requests(boxed: &Cloudy) -> usize {
    let requests = boxed.cloud.requests("gitlab.example.org");
    requests.iter().filter(|request| request.path.starts_with("/usil/group/foo.git/")).count()
}

#[test]
fn who_cannot_be_told_stops_no_deploy() {
    // Ten seconds would be twice as long to wait for here.
    let Some(boxed) = Cloudy::installed(
        &config("https://github.com/usil/foo.git"),
        |script| replaced(script, "curl -s -m 10 ", "curl -s -m 5 "),
        |boxed| {
            boxed.put("status-token", "token");
            boxed.put("notify-url", "https://nobody.test/");
            boxed.cloud.silence("api.github.com");
        },
    ) else {
        return;
    };
    assert_eq!(boxed.cloud.requests("api.github.com").len(), 2, "it was asked, and said nothing");
    let seen = boxed.sandbox.reports().len();
    boxed.push("broken");
    let reports = boxed.sandbox.await_report(seen, "build", "failed", DEPLOY);
    assert_eq!(reports.last().unwrap().detail, "executor failed running [/app check]: exit code: 1");
    boxed.deploy("two");
}
