//! What a push does to a box that runs.

use expect_test::expect;
use tests::app::DOCKERFILE;
use tests::pushbox::{LocalRun, Place, SECRET, push_of_commit};
use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, config, installed, release, ring, sandbox, story};

#[test]
fn a_ring_deploys_the_new_head_without_a_boot() {
    let Some(sandbox) = installed() else { return };
    let seen = sandbox.reports().len();
    let two = release(&sandbox, "two");
    ring(&sandbox, "1", "refs/heads/main", &two);
    sandbox.await_answer("two", DEPLOY);
    let reports = sandbox.await_report(seen, "deploy", "done", DEPLOY);
    assert_eq!(reports.last().unwrap().commit, two);

    // What is wanted is served.
    let seen = sandbox.reports().len();
    ring(&sandbox, "2", "refs/heads/main", &two);
    sandbox.await_report(seen, "deploy", "unchanged", DEPLOY);
    expect![[r#"
        fetch started
        fetch done
        deploy unchanged
    "#]]
    .assert_eq(&story(&sandbox, seen));
    assert_eq!(sandbox.get("/").unwrap(), b"two");
}

#[test]
fn a_ref_that_is_not_configured_is_not_deployed() {
    let Some(sandbox) = installed() else { return };
    sandbox.origin.git(&["checkout", "--quiet", "-b", "evil"]);
    let evil = release(&sandbox, "evil");
    for (poke, ref_name) in [("1", "refs/heads/evil"), ("2", &evil)] {
        let seen = sandbox.reports().len();
        ring(&sandbox, poke, ref_name, &evil);
        sandbox.await_report(seen, "deploy", "unchanged", DEPLOY);
        assert_eq!(sandbox.get("/").unwrap(), b"one", "{ref_name}");
    }
}

#[test]
fn a_version_that_fails_leaves_the_old_one_serving() {
    let Some(sandbox) = installed() else { return };
    let seen = sandbox.reports().len();
    ring(&sandbox, "1", "refs/heads/main", &release(&sandbox, "broken"));
    sandbox.await_report(seen, "build", "failed", DEPLOY);
    assert_eq!(sandbox.get("/").unwrap(), b"one");
    expect![[r#"
        fetch started
        fetch done
        build started
        build failed executor failed running [/app check]: exit code: 1
    "#]]
    .assert_eq(&story(&sandbox, seen));

    let seen = sandbox.reports().len();
    sandbox.origin.commit(&[("version", b"two"), ("Dockerfile", b"FROM scratch\nCOPY gone /\n")]);
    ring(&sandbox, "2", "refs/heads/main", "");
    sandbox.await_report(seen, "build", "failed", DEPLOY);
    assert_eq!(sandbox.get("/").unwrap(), b"one");
    expect![[r#"
        fetch started
        fetch done
        build started
        build failed failed to compute cache key: "/gone" not found: not found
    "#]]
    .assert_eq(&story(&sandbox, seen));

    let seen = sandbox.reports().len();
    let crashing = sandbox.origin.commit(&[("version", b"crashing"), ("Dockerfile", DOCKERFILE.as_bytes())]);
    ring(&sandbox, "3", "refs/heads/main", &crashing);
    sandbox.await_report(seen, "swap", "failed", DEPLOY);
    sandbox.await_answer("one", DEPLOY);
    expect![[r#"
        fetch started
        fetch done
        build started
        build done
        swap started
        swap failed no answer from port 3000 (exited, code 3); the app's last words:
        cannot find the database
    "#]]
    .assert_eq(&story(&sandbox, seen));

    ring(&sandbox, "4", "refs/heads/main", &release(&sandbox, "two"));
    sandbox.await_answer("two", DEPLOY);
}

#[test]
fn a_signed_push_reaches_the_running_app() {
    let place = Place::new();
    place.write("pushbox.json", config());
    let local = LocalRun::start(&place, None);
    let push = |commit: &str| {
        let body = push_of_commit("refs/heads/main", commit)
            .replace("https://github.com/usil/foo.git", crate::machine::URL);
        let answer = local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
        assert_eq!(answer.status, 202, "{}", answer.body);
    };
    let instance = || local.ec2()["instances"][0].clone();
    let show_tags = |sandbox: &Sandbox| {
        let tags = instance()["tags"].as_object().unwrap().clone();
        sandbox.metadata.tag(tags.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())));
    };

    // The box that this launches gets the user data that EC2 was given, and its tags.
    push(&"1".repeat(40));
    let Some(mut sandbox) = sandbox(instance()["user_data"].as_str().unwrap()) else { return };
    let one = sandbox.origin.git(&["rev-parse", "HEAD"]);
    push(&one);
    show_tags(&sandbox);
    sandbox.boot();
    assert!(sandbox.run_user_data().status.success(), "{}", sandbox.story());
    sandbox.await_answer("one", DEPLOY);

    push(&release(&sandbox, "two"));
    show_tags(&sandbox);
    sandbox.await_answer("two", DEPLOY);

    // One that comes late rings again. For a minute the git host may not know its commit yet; then the head of the ref
    // counts, which is served already.
    let seen = sandbox.reports().len();
    push(&one);
    show_tags(&sandbox);
    sandbox.await_report(seen, "deploy", "unchanged", 2 * DEPLOY);
    assert_eq!(sandbox.get("/").unwrap(), b"two");
    assert_eq!(
        local.calls(),
        ["RunInstances", "CreateTags", "CreateTags", "CreateTags", "CreateTags"],
        "no boot was asked for"
    );
}

#[test]
fn the_last_images_are_kept_and_what_runs_is_one_of_them() {
    let Some(sandbox) = installed() else { return };
    let mut commits = vec![sandbox.origin.git(&["rev-parse", "HEAD"])];
    for version in ["two", "three", "four"] {
        commits.push(release(&sandbox, version));
        // What a person on the box would type.
        sandbox.output(&["bash", "/etc/pushbox/user-data.sh", "deploy"]);
        sandbox.await_answer(version, DEPLOY);
    }
    let images = || {
        let images = sandbox.output(&["docker", "images", "--format", "{{.Tag}}"]);
        let mut found: Vec<usize> =
            images.lines().map(|tag| commits.iter().position(|commit| commit == tag).unwrap()).collect();
        found.sort_unstable();
        found
    };
    assert_eq!(images(), [1, 2, 3]);

    // Back to an older one, whose image docker knows by the day it was first built.
    sandbox.origin.git(&["reset", "--quiet", "--hard", &commits[1]]);
    sandbox.output(&["bash", "/etc/pushbox/user-data.sh", "deploy"]);
    sandbox.await_answer("two", DEPLOY);
    assert_eq!(images(), [1, 2, 3]);
}
