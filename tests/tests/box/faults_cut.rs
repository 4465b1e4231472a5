//! A deploy that is cut off, by `kill -9` or by the power, at every point between two of its commands.

use pushbox_shared::protocol::report::Report;
use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, containers, hurry, installed, push};
use crate::visitors::Visitor;

/// What a deploy of an app that serves already calls, in this order.
const POINTS: [&str; 9] = [
    // The fetch.
    "git fetch*",
    "git checkout*",
    // The build.
    "docker build *",
    // The swap: before the new version starts, when it is healthy, when the file says so but the proxy does not, before
    // the old one is stopped, and before it is removed.
    "docker run*",
    "docker update*",
    "socat*",
    "docker stop*",
    "docker rm my_app*",
    // The prune.
    "docker images*",
];

/// Pushes a version, and stops its deploy there.
pub(crate) fn stop_at(sandbox: &Sandbox, point: &str, version: &str) {
    // Every deploy begins with a look at the proxy, before it changes anything.
    let first = if point == "socat*" { "docker update*" } else { point };
    sandbox.hold(first);
    push(sandbox, version);
    sandbox.await_held(DEPLOY);
    if first != point {
        sandbox.hold(point);
        sandbox.await_held(DEPLOY);
    }
}

/// The new version serves already where only the prune was cut off.
#[track_caller]
fn await_end(sandbox: &Sandbox, seen: usize) {
    let is_end =
        |report: &Report| report.step == "deploy" && ["done", "unchanged"].contains(&report.state.as_str());
    sandbox.wait_until(DEPLOY, "end of the deploy", || sandbox.reports()[seen..].iter().any(is_end));
}

#[test]
fn a_deploy_that_is_killed_anywhere_is_done_again() {
    let Some(sandbox) = installed() else { return };
    hurry(&sandbox);
    let visitor = Visitor::of(&sandbox);
    let mut versions = vec!["one".to_string()];
    for (count, point) in POINTS.into_iter().enumerate() {
        let version = format!("version {count}");
        let seen = sandbox.reports().len();
        stop_at(&sandbox, point, &version);
        sandbox.output(&["pkill", "-KILL", "--oldest", "--full", "user-data.sh [d]eploy"]);
        // Its last command is still there, and ends only now.
        sandbox.let_go();
        await_end(&sandbox, seen);
        sandbox.await_answer(&version, DEPLOY);
        assert_eq!(containers(&sandbox).lines().count(), 1, "{point}: {}", containers(&sandbox));
        versions.push(version);
    }
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    visitor.saw(&versions);
}

#[test]
fn a_service_that_is_killed_starts_again_and_waits_for_the_deploy() {
    let Some(sandbox) = installed() else { return };
    let visitor = Visitor::of(&sandbox);
    let seen = sandbox.reports().len();
    sandbox.hold("docker build *");
    push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    sandbox.output(&["pkill", "-KILL", "--full", "user-data.sh [a]gent"]);
    sandbox.await_new_service(DEPLOY);
    sandbox.let_go();
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
    sandbox.await_report(seen, "deploy", "unchanged", DEPLOY);

    push(&sandbox, "three");
    sandbox.await_answer("three", DEPLOY);
    visitor.saw(&["one", "two", "three"]);
}

#[test]
fn a_boot_after_the_power_was_cut_anywhere_ends_in_the_new_version() {
    let Some(mut sandbox) = installed() else { return };
    let mut before = "one".to_string();
    for (count, point) in POINTS.into_iter().enumerate() {
        let version = format!("version {count}");
        stop_at(&sandbox, point, &version);
        let seen = sandbox.reports().len();
        sandbox.cut_power();
        sandbox.boot();
        let first = sandbox.first_answer(DEPLOY);
        assert!([before.as_str(), &version].contains(&first.as_str()), "{point}: {first}");
        sandbox.await_answer(&version, DEPLOY);
        await_end(&sandbox, seen);
        assert_eq!(containers(&sandbox).lines().count(), 1, "{point}: {}", containers(&sandbox));
        before = version;
    }
}
