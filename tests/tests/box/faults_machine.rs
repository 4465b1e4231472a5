//! What a deploy stands on goes away and comes back: metadata, docker, the proxy.

use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, hurry, installed, push};
use crate::visitors::Visitor;

/// The pauses of the service, in seconds, longest last.
fn pauses(sandbox: &Sandbox) -> Vec<u32> {
    let mut pauses: Vec<u32> =
        sandbox.read("/run/slept").lines().filter_map(|line| line.parse().ok()).collect();
    pauses.dedup();
    pauses
}

#[test]
fn without_metadata_the_app_serves_and_the_service_asks_less_and_less() {
    let Some(sandbox) = installed() else { return };
    hurry(&sandbox);
    let visitor = Visitor::of(&sandbox);
    sandbox.wait_until(DEPLOY, "pause of the service", || pauses(&sandbox) == [2]);
    sandbox.cut_metadata();
    sandbox.wait_until(DEPLOY, "pause of a minute", || pauses(&sandbox) == [2, 4, 8, 16, 32, 60]);

    sandbox.restore_metadata();
    push(&sandbox, "two");
    sandbox.await_answer("two", DEPLOY);
    sandbox.wait_until(DEPLOY, "short pause again", || pauses(&sandbox).last() == Some(&2));
    visitor.saw(&["one", "two"]);
}

#[test]
fn a_proxy_that_is_killed_comes_back() {
    let Some(sandbox) = installed() else { return };
    sandbox.output(&["pkill", "-KILL", "haproxy"]);
    sandbox.wait_until(DEPLOY, "gap", || sandbox.get("/").is_none());
    sandbox.await_answer("one", DEPLOY);

    // One that is gone while a deploy needs it is started by the deploy.
    sandbox.hold("socat*");
    push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    sandbox.output(&["pkill", "-KILL", "haproxy"]);
    sandbox.let_go();
    sandbox.await_answer("two", DEPLOY);
}

#[test]
fn an_app_outlives_its_docker() {
    let Some(sandbox) = installed() else { return };
    // As the script sets docker up where it has to install it.
    let script = sandbox.read("/etc/pushbox/user-data.sh");
    let settings = script.split_once("\n    echo '{").unwrap().1.split_once('\'').unwrap().0;
    sandbox.write("/etc/docker/daemon.json", 0o644, format!("{{{settings}"));
    sandbox.end_docker("-TERM");
    sandbox.start_docker();
    sandbox.output(&["docker", "start", "my_app-18081"]);
    sandbox.await_answer("one", DEPLOY);

    let visitor = Visitor::of(&sandbox);
    for signal in ["-TERM", "-KILL"] {
        sandbox.end_docker(signal);
        assert_eq!(sandbox.get("/").unwrap(), b"one", "docker is gone by {signal}");
        sandbox.start_docker();
        assert_eq!(sandbox.get("/").unwrap(), b"one");
    }
    push(&sandbox, "two");
    sandbox.await_answer("two", DEPLOY);

    // Gone during a build, it is an error of the build, and the next push is deployed.
    let seen = sandbox.reports().len();
    sandbox.hold("docker build *");
    push(&sandbox, "three");
    sandbox.await_held(DEPLOY);
    sandbox.end_docker("-KILL");
    sandbox.let_go();
    sandbox.await_report(seen, "build", "failed", DEPLOY);
    sandbox.start_docker();
    push(&sandbox, "four");
    sandbox.await_answer("four", DEPLOY);
    visitor.saw(&["one", "two", "four"]);
}
