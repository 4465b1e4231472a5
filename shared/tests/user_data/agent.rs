use crate::config;
use crate::sandbox::Sandbox;
use expect_test::expect;
use pushbox_shared::hash::sha256_hex;

/// What happens between the agent's looks at the mailbox; at the last of them it is stopped.
fn agent(sandbox: &Sandbox, meanwhile: &str, looks: u32) {
    sandbox.write(
        "meanwhile",
        &format!("{meanwhile}\nif ((count == {looks})); then kill -TERM \"${{PPID}}\"; fi\n"),
    );
    sandbox.write("sleeps", "");
    let ran = sandbox.run("agent");
    assert_eq!(ran.code, 0, "{}", ran.output);
}

const PUSH: &str = r#"
push() {
  git -C "${BOX}/origin" -c user.name=T -c user.email=t@example.org commit --quiet --allow-empty -m Change
}
ring() {
  printf 'refs%%2Fheads%%2Fmain' >"${BOX}/tags/ref"
  git -C "${BOX}/origin" rev-parse HEAD | tr -d '\n' >"${BOX}/tags/commit"
  printf '%s' "$1" >"${BOX}/tags/poke"
}
"#;

#[test]
fn at_boot_the_agent_deploys_without_a_ring() {
    let sandbox = Sandbox::new(config());
    sandbox.install();
    let container = format!("containers/my_app-{}.runs", sandbox.live_port());
    std::fs::remove_file(sandbox.root.join(container)).unwrap();
    sandbox.commit();
    agent(&sandbox, "", 1);
    sandbox.assert_serves(&sandbox.head());
}

#[test]
fn a_ring_deploys_and_silence_does_not() {
    let sandbox = Sandbox::new(config());
    sandbox.install();
    sandbox.calls();
    sandbox.reports();
    agent(
        &sandbox,
        &format!("{PUSH}if ((count == 3)); then push; fi; if ((count == 6)); then ring 6; fi"),
        10,
    );
    sandbox.assert_serves(&sandbox.head());
    assert_eq!(sandbox.calls().matches("docker build --").count(), 1);
    expect![[r#"
        fetch started
        fetch done
        deploy unchanged
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
    .assert_eq(&sandbox.reports());
}

#[test]
fn a_push_during_a_build_is_deployed_next() {
    let sandbox = Sandbox::new(config());
    sandbox.install();
    sandbox.calls();
    sandbox.commit();
    sandbox.ring("1", "refs%2Fheads%2Fmain", &sandbox.head());
    sandbox.write("during-build", &format!("{PUSH}push\nring 2\n"));
    agent(&sandbox, "", 3);
    sandbox.assert_serves(&sandbox.head());
    assert_eq!(sandbox.calls().matches("docker build --").count(), 2);
}

#[test]
fn a_lost_ring_is_found_by_polling() {
    let mut config = config();
    config.repo.poll_minutes = Some(1);
    let sandbox = Sandbox::new(config);
    sandbox.install();
    agent(&sandbox, &format!("{PUSH}if ((count == 1)); then push; fi"), 3);
    sandbox.assert_serves(&sandbox.head());
}

#[test]
fn changed_settings_come_from_the_function() {
    let mut sandbox = Sandbox::new(config());
    sandbox.function_url = Some("https://function.example/");
    sandbox.install();
    sandbox.calls();
    sandbox.config.run.port = 4000;
    let offered = sandbox.script();
    sandbox.write("offered-script", &offered);
    sandbox.write("tags/script", &sha256_hex(&offered));
    assert_eq!(sandbox.run("agent").code, 0);
    assert_eq!(sandbox.read("etc/pushbox/user-data.sh"), offered);
    expect![[r#"
        curl https://function.example/box/SCRIPT
        systemctl daemon-reload
        systemctl enable pushbox
        systemctl daemon-reload
        systemctl enable pushbox-proxy
        systemctl disable --now pushbox-https
        systemctl restart --no-block pushbox
    "#]]
    .assert_eq(&sandbox.calls());
}

#[test]
fn a_script_with_another_hash_is_not_run() {
    let mut sandbox = Sandbox::new(config());
    sandbox.function_url = Some("https://function.example");
    sandbox.install();
    sandbox.reports();
    let before = sandbox.read("etc/pushbox/user-data.sh");
    sandbox.write("offered-script", "touch \"${BOX}/owned\"\n");
    for wanted in [sha256_hex("something else"), "../../x".into()] {
        sandbox.write("tags/script", &wanted);
        agent(&sandbox, "", 1);
    }
    assert_eq!(sandbox.read("etc/pushbox/user-data.sh"), before);
    assert!(!sandbox.has("owned"));
    expect![[r#"
        update failed no script f41f3fa625ff120ddca7ef456bf66371ecea23c129f4e4c32367101edb516cf8 at https://function.example: the settings stay as they are
        fetch started
        fetch done
        deploy unchanged
        fetch started
        fetch done
        deploy unchanged
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn a_git_host_that_comes_back_is_asked_again() {
    let sandbox = Sandbox::new(config());
    sandbox.git(&["-C", "origin", "branch", "--move", "main", "away"]);
    sandbox.install();
    assert_eq!(sandbox.serving(), None);
    // `SECONDS` is bash's own: the agent's clock cannot be moved, so a new start stands for the five minutes.
    sandbox.git(&["-C", "origin", "branch", "--move", "away", "main"]);
    agent(&sandbox, "", 1);
    sandbox.assert_serves(&sandbox.head());
}
