//! A disk that is full, at every step of a deploy.

use std::fs;

use pushbox_shared::protocol::report::Report;
use tests::sandbox::Sandbox;

use crate::faults_cut::stop_at;
use crate::machine::{DEPLOY, DOCKERFILE, hurry, impatient, installed_by, release, ring, story, user_data};
use crate::visitors::Visitor;

const MIB: u64 = 1 << 20;
const ALL: u64 = 4096 * MIB;

/// Bytes that nothing makes smaller.
fn noise(length: u64) -> Vec<u8> {
    use std::io::Read as _;
    let mut noise = Vec::new();
    fs::File::open("/dev/urandom").unwrap().take(length).read_to_end(&mut noise).unwrap();
    noise
}

/// A version whose image is so much larger.
fn release_large(sandbox: &Sandbox, version: &str, length: u64) -> String {
    let dockerfile = DOCKERFILE.replace("version /", "version noise /");
    sandbox.origin.commit(&[("noise", &noise(length)), ("Dockerfile", dockerfile.as_bytes())]);
    release(sandbox, version)
}

#[test]
fn a_build_that_fills_the_disk_makes_room_and_is_tried_again() {
    let Some(sandbox) = installed_by(&impatient(&user_data())) else { return };
    // What nobody uses any more, and docker keeps.
    sandbox.write("/root/junk/Dockerfile", 0o644, "FROM scratch\nCOPY junk /\n");
    let fill =
        "head -c 100M /dev/urandom >/root/junk/junk; docker build -q -t junk /root/junk; rm -r /root/junk";
    sandbox.output(&["bash", "-c", fill]);

    // Room for the checkout, and not for the image.
    let visitor = Visitor::of(&sandbox);
    sandbox.leave_on_disk(100 * MIB);
    let seen = sandbox.reports().len();
    let two = release_large(&sandbox, "two", 30 * MIB);
    ring(&sandbox, "1", "refs/heads/main", &two);
    let reports = sandbox.await_report(seen, "build", "failed", DEPLOY);
    let why = &reports.last().unwrap().detail;
    assert!(why.contains("disk full; tried to make room"), "{why}");
    assert!(why.contains("no space left on device"), "{why}");
    sandbox.await_answer("two", DEPLOY);
    visitor.saw(&["one", "two"]);
}

#[test]
fn a_full_disk_at_any_step_leaves_what_serves_alone() {
    let Some(sandbox) = installed_by(&impatient(&user_data())) else { return };
    let visitor = Visitor::of(&sandbox);
    let steps = ["docker build *", "docker run*", "docker update*", "socat*"];
    let mut versions = vec!["one".to_string()];
    for (count, point) in steps.into_iter().enumerate() {
        let version = format!("version {count}");
        let seen = sandbox.reports().len();
        stop_at(&sandbox, point, &version);
        sandbox.leave_on_disk(0);
        sandbox.let_go();
        let is_end =
            |report: &Report| report.state == "failed" || (report.step == "deploy" && report.state == "done");
        sandbox.wait_until(DEPLOY, "end of the deploy", || sandbox.reports()[seen..].iter().any(is_end));
        println!("{point} on a full disk:\n{}", story(&sandbox, seen));
        assert!(sandbox.get("/").is_some(), "{point}: {}", sandbox.story());
        sandbox.leave_on_disk(ALL);
        // What failed after the build waits for the next push.
        if point != "docker build *" {
            ring(&sandbox, &format!("room {count}"), "refs/heads/main", "");
        }
        sandbox.await_report(seen, "deploy", "done", DEPLOY);
        sandbox.await_answer(&version, DEPLOY);
        versions.push(version);
    }
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    visitor.saw(&versions);
}

#[test]
fn a_fetch_on_a_full_disk_is_tried_again() {
    let Some(sandbox) = installed_by(&impatient(&user_data())) else { return };
    hurry(&sandbox);
    let visitor = Visitor::of(&sandbox);
    let seen = sandbox.reports().len();
    sandbox.leave_on_disk(4 * MIB);
    let two = release_large(&sandbox, "two", 30 * MIB);
    ring(&sandbox, "1", "refs/heads/main", &two);
    sandbox.await_report(seen, "fetch", "failed", DEPLOY);
    sandbox.leave_on_disk(ALL);
    sandbox.await_answer("two", DEPLOY);
    visitor.saw(&["one", "two"]);
}
