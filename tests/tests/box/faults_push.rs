//! Pushes that are not what they say, and a git host or a function that is not there.

use pushbox_shared::protocol::mailbox;
use tests::sandbox::Sandbox;

use crate::machine::{
    DEPLOY, config, hurry, impatient, installed_by, push, release, rendered, ring, user_data,
};
use crate::visitors::Visitor;

/// Nobody listens there.
const FUNCTION: &str = "https://127.0.0.1:9";

/// The SHA-256 of nothing: what an empty answer would be taken for.
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn a_forged_mailbox_deploys_nothing_but_the_head() {
    let Some(sandbox) = installed_by(&user_data()) else { return };
    hurry(&sandbox);
    let visitor = Visitor::of(&sandbox);
    let one = sandbox.origin.git(&["rev-parse", "HEAD"]);
    // A fork's commit, which the host would give to those who ask for it by its hash.
    sandbox.origin.git(&["checkout", "--quiet", "-b", "fork"]);
    let foreign = release(&sandbox, "foreign");
    let unknown = "f".repeat(40);
    let forged = [
        ("refs/heads/main", foreign.as_str()),
        ("refs/heads/main", unknown.as_str()),
        ("refs/heads/main", "--upload-pack=touch /tmp/pwned"),
        ("refs/heads/fork", &foreign),
        ("refs/heads/main refs/heads/fork", &foreign),
        ("--upload-pack=touch /tmp/pwned", &foreign),
        ("refs/heads/$(touch /tmp/pwned)", &foreign),
        ("", ""),
    ];
    for (count, (ref_name, commit)) in forged.into_iter().enumerate() {
        let seen = sandbox.reports().len();
        sandbox.metadata.tag([(mailbox::SCRIPT, NOTHING)]);
        ring(&sandbox, &format!("forged {count}"), ref_name, commit);
        let reports = sandbox.await_report(seen, "deploy", "unchanged", DEPLOY);
        assert_eq!(reports.last().unwrap().commit, one, "{ref_name} {commit}");
    }
    assert!(!sandbox.exists("/tmp/pwned"), "a tag was run");
    visitor.saw(&["one"]);
}

#[test]
fn a_branch_that_was_forced_is_deployed() {
    let Some(sandbox) = installed_by(&user_data()) else { return };
    let visitor = Visitor::of(&sandbox);
    push(&sandbox, "two");
    sandbox.await_answer("two", DEPLOY);
    // It has nothing in common with what was there before.
    sandbox.origin.git(&["checkout", "--quiet", "--orphan", "other"]);
    release(&sandbox, "three");
    sandbox.origin.git(&["branch", "--quiet", "--force", "main", "other"]);
    let commit = sandbox.origin.git(&["rev-parse", "main"]);
    ring(&sandbox, "forced", "refs/heads/main", &commit);
    sandbox.await_answer("three", DEPLOY);
    visitor.saw(&["one", "two", "three"]);
}

#[test]
fn without_the_function_the_settings_stay() {
    let Some(sandbox) = installed_by(&rendered(config(), &["--function-url", FUNCTION])) else { return };
    let script = sandbox.read("/etc/pushbox/user-data.sh");
    let visitor = Visitor::of(&sandbox);
    for (version, hash) in [("two", "0".repeat(64)), ("three", NOTHING.into())] {
        let seen = sandbox.reports().len();
        sandbox.metadata.tag([(mailbox::SCRIPT, hash.as_str())]);
        push(&sandbox, version);
        sandbox.await_answer(version, DEPLOY);
        let reports = sandbox.await_report(seen, "deploy", "done", DEPLOY);
        let update = &reports[seen];
        assert_eq!((update.step.as_str(), update.state.as_str()), ("update", "failed"));
        let why = format!("no script {hash} at {FUNCTION}: the settings stay as they are");
        assert_eq!(update.detail, why);
    }
    assert_eq!(sandbox.read("/etc/pushbox/user-data.sh"), script);
    visitor.saw(&["one", "two", "three"]);
}

#[test]
fn a_git_host_that_is_down_is_asked_again() {
    let Some(sandbox) = installed_by(&impatient(&user_data())) else { return };
    let visitor = Visitor::of(&sandbox);

    // Back within the minute that a fetch waits.
    let seen = sandbox.reports().len();
    sandbox.origin.hide();
    ring(&sandbox, "1", "refs/heads/main", "");
    await_complaint(&sandbox);
    sandbox.origin.show();
    let two = release(&sandbox, "two");
    sandbox.await_answer("two", DEPLOY);
    let reports = sandbox.await_report(seen, "deploy", "done", DEPLOY);
    assert_eq!(reports.last().unwrap().commit, two);
    assert!(reports[seen..].iter().all(|report| report.state != "failed"), "{reports:?}");

    // Back later, without a ring.
    hurry(&sandbox);
    let seen = sandbox.reports().len();
    sandbox.origin.hide();
    ring(&sandbox, "2", "refs/heads/main", "");
    sandbox.await_report(seen, "fetch", "failed", DEPLOY);
    sandbox.origin.show();
    release(&sandbox, "three");
    sandbox.await_answer("three", DEPLOY);
    visitor.saw(&["one", "two", "three"]);
}

fn await_complaint(sandbox: &Sandbox) {
    sandbox.wait_until(DEPLOY, "complaint of git", || {
        sandbox.read("/var/log/pushbox.service.log").contains("fatal: ")
    });
}
