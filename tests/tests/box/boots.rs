//! What a box does at its boots.

use crate::machine::{DEPLOY, ENV, installed, release, story};
use expect_test::expect;

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
    "#]].assert_eq(&story(&sandbox, 0));
    let env = String::from_utf8(sandbox.get("/env").unwrap()).unwrap();
    let env: Vec<&str> = env.split_terminator('\0').collect();
    for (name, value) in ENV {
        let expected = format!("{name}={value}");
        assert!(env.contains(&expected.as_str()), "{expected:?} is not in {env:?}");
    }
    assert!(!sandbox.exists("/tmp/pwned"));
}

#[test]
fn every_later_boot_serves_and_deploys_the_head() {
    let Some(mut sandbox) = installed() else { return };
    sandbox.cut_power();
    release(&sandbox, "two");
    let seen = sandbox.reports().len();
    sandbox.boot();
    sandbox.await_answer("two", DEPLOY);
    println!("{}", sandbox.story());
}
