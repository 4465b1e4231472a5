//! EC2 takes a spot box back: two minutes before it says so, and whatever is on its way then ends cleanly.

use std::time::Duration;

use serde_json::json;
use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, URL, installed_by, push, rendered, story};

/// Longer than the agent leaves between two looks.
const NOTICED: Duration = Duration::from_secs(30);

/// A deploy has so many seconds to finish.
fn lent(patience: u32) -> Option<Sandbox> {
    let config =
        json!({"app": "my_app", "repo": {"url": URL}, "run": {"drain_s": 1}, "box": {"spot": "only"}});
    let script = rendered(config.to_string(), &[]);
    assert!(script.contains("flock -w 60 9"), "the script says it in other words now");
    installed_by(&script.replace("flock -w 60 9", &format!("flock -w {patience} 9")))
}

#[test]
fn a_build_that_cannot_finish_is_given_up_and_done_again_on_return() {
    let Some(mut sandbox) = lent(1) else { return };
    let seen = sandbox.reports().len();
    sandbox.hold("docker build *");
    let commit = push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    sandbox.metadata.announce_interruption();
    let reports = sandbox.await_report(seen, "interruption", "done", NOTICED);
    let failed = reports.iter().find(|one| one.state == "failed").expect("the build is given up");
    assert_eq!((failed.step.as_str(), failed.commit.as_str()), ("build", commit.as_str()));
    assert!(failed.detail.starts_with("given up, because EC2 stops this box"), "{}", failed.detail);
    let told = reports.iter().find(|one| one.step == "interruption").expect("it says what comes");
    assert!(told.detail.contains("\"action\":\"stop\""), "{}", told.detail);
    sandbox.await_answer("one", DEPLOY);

    sandbox.cut_power();
    sandbox.metadata.withdraw_interruption();
    sandbox.boot();
    sandbox.await_answer("two", DEPLOY);
}

#[test]
fn a_deploy_that_can_finish_does_and_no_other_begins() {
    let Some(sandbox) = lent(60) else { return };
    let seen = sandbox.reports().len();
    sandbox.hold("docker build *");
    push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    sandbox.metadata.announce_interruption();
    sandbox.await_report(seen, "interruption", "started", NOTICED);
    sandbox.let_go();
    sandbox.await_report(seen, "interruption", "done", DEPLOY);
    let told = story(&sandbox, seen);
    assert!(told.find("deploy done").unwrap() < told.find("interruption done").unwrap(), "{told}");
    sandbox.await_answer("two", DEPLOY);

    // EC2 has two minutes left, which a new deploy may not have.
    let seen = sandbox.reports().len();
    push(&sandbox, "three");
    sandbox.wait_until(NOTICED, "deploy that waits for the lock", || {
        sandbox.run(&["pgrep", "--full", "user-data.sh [d]eploy"]).status.success()
    });
    assert_eq!(story(&sandbox, seen), "");
    // It changes its mind.
    sandbox.metadata.withdraw_interruption();
    sandbox.await_answer("three", DEPLOY);
}

/// Nobody but EC2 can start it again, so it must go down as it is told to.
#[test]
fn a_push_while_ec2_stops_it_does_not_have_it_boot() {
    let Some(mut sandbox) = lent(60) else { return };
    let seen = sandbox.reports().len();
    sandbox.metadata.announce_interruption();
    sandbox.await_report(seen, "interruption", "done", NOTICED);
    push(&sandbox, "two");
    sandbox.output(&["systemctl", "poweroff"]);
    sandbox.await_power_off(NOTICED);
    sandbox.metadata.withdraw_interruption();
    sandbox.boot();
    sandbox.await_answer("two", DEPLOY);
}
