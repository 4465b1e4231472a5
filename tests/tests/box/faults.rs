//! Versions that go wrong, and what goes wrong while one is built: what served goes on serving, and the report says which
//! step it was.

use expect_test::expect;
use serde_json::json;
use tests::sandbox::Sandbox;

use crate::machine::{
    DEPLOY, DOCKERFILE, config_of, containers, installed, installed_by, push, rendered, story,
};
use crate::visitors::Visitor;

#[test]
fn a_version_that_does_not_answer_is_not_let_in() {
    let user_data = rendered(config_of(&json!({"health_timeout_s": 2, "drain_s": 1})), &[]);
    let Some(sandbox) = installed_by(&user_data) else { return };
    let visitor = Visitor::of(&sandbox);

    let seen = sandbox.reports().len();
    push(&sandbox, "deaf");
    sandbox.await_report(seen, "swap", "failed", DEPLOY);
    expect![[r#"
        fetch started
        fetch done
        build started
        build done
        swap started
        swap failed no answer from port 3000 (running, code 0); the app's last words:
        waiting for the database
    "#]]
    .assert_eq(&story(&sandbox, seen));
    assert_eq!(containers(&sandbox), "my_app-18081 running\n");

    let seen = sandbox.reports().len();
    push(&sandbox, "wordy");
    let reports = sandbox.await_report(seen, "swap", "failed", DEPLOY);
    let lines: Vec<&str> = reports.last().unwrap().detail.lines().skip(1).collect();
    let last: Vec<String> = (11..=30).map(|line| format!("line {line}")).collect();
    assert_eq!(lines, last, "{}", reports.last().unwrap().detail);

    push(&sandbox, "two");
    sandbox.await_answer("two", DEPLOY);
    visitor.saw(&["one", "two"]);
}

#[test]
fn of_two_commits_during_a_build_the_newest_is_next() {
    let Some(sandbox) = installed() else { return };
    let visitor = Visitor::of(&sandbox);
    let seen = sandbox.reports().len();
    sandbox.hold("docker build*");
    let two = push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    push(&sandbox, "three");
    let four = push(&sandbox, "four");
    sandbox.let_go();
    sandbox.await_answer("four", DEPLOY);
    let mut commits: Vec<String> = sandbox.reports()[seen..]
        .iter()
        .filter(|report| report.step == "build" && report.state == "started")
        .map(|report| report.commit.clone())
        .collect();
    commits.dedup();
    assert_eq!(commits, [two, four]);
    visitor.saw(&["one", "two", "four"]);
}

#[test]
fn an_app_with_a_volume_keeps_its_data_and_comes_back_if_the_next_fails() {
    let user_data = rendered(config_of(&json!({"volumes": ["data:/data"], "drain_s": 1})), &[]);
    let Some(sandbox) = installed_by(&user_data) else { return };
    assert_eq!(starts(&sandbox), "one\n");

    // Another one from here on would run on the same data.
    sandbox.hold("docker run*");
    let seen = sandbox.reports().len();
    push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    assert_eq!(containers(&sandbox), "my_app-18081 exited\n");
    sandbox.let_go();
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
    sandbox.await_answer("two", DEPLOY);
    assert_eq!(starts(&sandbox), "one\ntwo\n");

    let seen = sandbox.reports().len();
    push(&sandbox, "crashing");
    sandbox.await_report(seen, "swap", "failed", DEPLOY);
    sandbox.await_answer("two", DEPLOY);
    assert_eq!(starts(&sandbox), "one\ntwo\ntwo\n", "it was stopped for the new one, and started again");
}

fn starts(sandbox: &Sandbox) -> String {
    String::from_utf8(sandbox.get("/starts").unwrap()).unwrap()
}

#[test]
fn neither_the_app_nor_a_build_reads_the_metadata() {
    let Some(sandbox) = installed() else { return };
    let build = DOCKERFILE.replace("\"check\"]\n", "\"check\"]\nRUN [\"/app\", \"metadata\"]\n");
    let answers = |version: &str| {
        sandbox.origin.commit(&[("Dockerfile", build.as_bytes())]);
        push(&sandbox, version);
        sandbox.await_answer(version, DEPLOY);
        ["/metadata", "/metadata-of-build"].map(|path| {
            let answer = sandbox.get(path).expect("the app answers");
            String::from_utf8(answer).unwrap()
        })
    };
    for answer in answers("two") {
        assert!(answer.starts_with("no metadata: connection refused"), "{answer}");
    }

    // Only the rule is in the way.
    sandbox.output(&["iptables", "-F", "DOCKER-USER"]);
    let answer = sandbox.get("/metadata").unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 200 OK");

    // The next deploy sets it again, before anything else can ask.
    for answer in answers("three") {
        assert!(answer.starts_with("no metadata: connection refused"), "{answer}");
    }
}
