//! What a box does at its boots.

use expect_test::expect;
use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, ENV, installed, release, ring, story, user_data};

#[test]
fn the_first_boot_serves_the_app_with_its_environment_intact() {
    let Some(sandbox) = installed() else { return };
    expect![[r#"
        fetch started
        fetch done
        build started
        build done
        swap started
        swap done
        prune started
        prune done
        deploy done
    "#]]
    .assert_eq(&story(&sandbox, 0));
    assert_env_is_intact(&sandbox);
    for line in sandbox.console().lines() {
        assert!(line.starts_with("pushbox {"), "every line on the console is a report: {line}");
    }
}

#[track_caller]
fn assert_env_is_intact(sandbox: &Sandbox) {
    let env = String::from_utf8(sandbox.get("/env").unwrap()).unwrap();
    let env: Vec<&str> = env.split_terminator('\0').collect();
    for (name, value) in ENV {
        let expected = format!("{name}={value}");
        assert!(env.contains(&expected.as_str()), "{expected:?} is not in {env:?}");
    }
    assert!(!sandbox.exists("/tmp/pwned"), "a value was run");
}

#[test]
fn a_later_boot_serves_what_worked_and_deploys_the_head() {
    let Some(mut sandbox) = installed() else { return };
    sandbox.cut_power();
    release(&sandbox, "two");
    let seen = sandbox.reports().len();
    sandbox.boot();
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
    sandbox.await_answer("two", DEPLOY);
    assert_env_is_intact(&sandbox);

    sandbox.cut_power();
    let broken = release(&sandbox, "broken");
    let seen = sandbox.reports().len();
    sandbox.boot();
    let reports = sandbox.await_report(seen, "build", "failed", DEPLOY);
    assert_eq!(reports.last().unwrap().commit, broken);
    sandbox.await_answer("two", DEPLOY);
}

#[test]
fn a_boot_after_a_deploy_that_was_cut_off_ends_it() {
    let Some(mut sandbox) = installed() else { return };
    let seen = sandbox.reports().len();
    ring(&sandbox, "1", "refs/heads/main", &release(&sandbox, "two"));
    sandbox.await_report(seen, "swap", "started", DEPLOY);
    sandbox.cut_power();
    sandbox.boot();
    sandbox.await_answer("two", DEPLOY);
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
    assert_eq!(sandbox.output(&["docker", "ps", "--all", "--quiet"]).lines().count(), 1);
}

#[test]
fn running_another_script_on_the_box_changes_its_settings() {
    let Some(sandbox) = installed() else { return };
    let seen = sandbox.reports().len();
    sandbox.write("/root/user-data.sh", 0o600, user_data().replace("'EMPTY='", "'EMPTY=not any more'"));
    sandbox.output(&["bash", "/root/user-data.sh"]);
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
    let env = String::from_utf8(sandbox.get("/env").unwrap()).unwrap();
    assert!(env.contains("EMPTY=not any more\0"), "{env:?}");

    // The service goes on with the new one.
    let seen = sandbox.reports().len();
    ring(&sandbox, "1", "refs/heads/main", &release(&sandbox, "two"));
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
    let env = String::from_utf8(sandbox.get("/env").unwrap()).unwrap();
    assert!(env.contains("EMPTY=not any more\0"), "{env:?}");
}

#[test]
fn a_boot_after_a_fetch_that_was_cut_off_deploys() {
    let Some(mut sandbox) = installed() else { return };
    for lock in ["shallow.lock", "index.lock", "config.lock"] {
        sandbox.write(&format!("/var/lib/pushbox/repo/.git/{lock}"), 0o644, "");
    }
    sandbox.output(&["rm", "/var/lib/pushbox/fetched"]);
    sandbox.cut_power();
    release(&sandbox, "two");
    sandbox.boot();
    sandbox.await_answer("two", DEPLOY);
}
