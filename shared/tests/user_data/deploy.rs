use crate::sandbox::Sandbox;
use crate::{config, env};
use expect_test::expect;
use pushbox_shared::config::Config;

/// A box on which the first deploy is done.
fn installed(config: Config) -> Sandbox {
    let sandbox = Sandbox::new(config);
    let ran = sandbox.install();
    assert_eq!(ran.code, 0, "{}", ran.output);
    sandbox.assert_serves(&sandbox.head());
    sandbox.calls();
    sandbox.reports();
    sandbox
}

#[test]
fn a_push_replaces_the_container() {
    let sandbox = installed(config());
    sandbox.ring("1", "refs%2Fheads%2Fmain", &sandbox.commit());
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&sandbox.head());
    expect![[r#"
        iptables -w -C DOCKER-USER -j REJECT -d 169.254.169.254
        ip6tables -w -C DOCKER-USER -j REJECT -d fd00:ec2::254
        docker start my_app-18081
        socat set server app/app addr 127.0.0.1 port 18081; show servers state app
        docker rm -f my_app-18080
        docker inspect --format {{.State.Running}} {{.Config.Labels.pushbox}} my_app-18081
        docker build --label pushbox.app=my_app --tag my_app:HEAD --file Dockerfile ./.
        docker run --detach --name my_app-18080 --label pushbox=HEAD SCRIPT --publish 127.0.0.1:18080:3000 my_app:HEAD
        docker inspect --format {{.State.Status}}, code {{.State.ExitCode}} my_app-18080
        curl http://127.0.0.1:18080/
        docker update --restart unless-stopped my_app-18080
        socat set server app/app addr 127.0.0.1 port 18080; show servers state app
        docker stop my_app-18081
        docker rm my_app-18081
        docker images --filter dangling=false --format {{.Tag}} my_app
        docker rmi my_app:two
        docker rmi my_app:one
        docker image prune -f
        docker builder prune -f --keep-storage 3GB
    "#]]
    .assert_eq(&sandbox.calls());
}

#[test]
fn a_port_that_docker_keeps_for_nobody_is_passed_over() {
    let sandbox = installed(config());
    sandbox.write("port-is-kept", "18080");
    sandbox.commit();
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&sandbox.head());
    assert_eq!(sandbox.live_port(), "18082");

    // Once docker has been started anew, all is as before.
    std::fs::remove_file(sandbox.root.join("port-is-kept")).unwrap();
    sandbox.commit();
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&sandbox.head());
    assert_eq!(sandbox.live_port(), "18080");
}

#[test]
fn a_ring_with_the_same_commit_does_nothing() {
    let sandbox = installed(config());
    sandbox.ring("1", "refs%2Fheads%2Fmain", &sandbox.head());
    assert_eq!(sandbox.run("deploy").code, 0);
    let calls = sandbox.calls();
    assert!(!calls.contains("build") && !calls.contains("docker stop"), "{calls}");
    expect![[r#"
        fetch started
        fetch done
        deploy unchanged
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn a_failing_build_leaves_the_old_version_alone_and_is_tried_again() {
    let sandbox = installed(config());
    let old = sandbox.head();
    sandbox.commit();
    sandbox.write("build-fails", "step 3\nERROR: \"\\é\u{1b}[0m\": exit code: 1\n");
    assert_eq!(sandbox.run("deploy").code, 1);
    assert!(!sandbox.calls().contains("docker stop"));
    sandbox.assert_serves(&old);
    expect![[r#"
        fetch started
        fetch done
        build started
        build failed ERROR: "\???[0m": exit code: 1
    "#]]
    .assert_eq(&sandbox.reports());

    std::fs::remove_file(sandbox.root.join("build-fails")).unwrap();
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&sandbox.head());
}

#[test]
fn a_disk_so_full_that_docker_cannot_even_make_room_is_tried_again() {
    let sandbox = installed(config());
    let old = sandbox.head();
    sandbox.commit();
    sandbox.write("build-fails", "step 3\nfailed to copy files: no space left on device\n");
    sandbox.write("prune-fails", "");
    assert_eq!(sandbox.run("deploy").code, 75);
    assert!(sandbox.calls().contains("docker system prune -af"), "{}", sandbox.calls());
    sandbox.assert_serves(&old);
    expect![[r#"
        fetch started
        fetch done
        build started
        build failed disk full; tried to make room: failed to copy files: no space left on device
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn an_app_that_ends_gives_way_to_the_old_version() {
    let sandbox = installed(config());
    let old = sandbox.head();
    sandbox.commit();
    sandbox.write("app-crashes", "");
    assert_eq!(sandbox.run("deploy").code, 1);
    sandbox.assert_serves(&old);
    assert_eq!(std::fs::read_dir(sandbox.root.join("containers")).unwrap().count(), 2, "one that runs");
    expect![[r#"
        fetch started
        fetch done
        build started
        build done
        swap started
        swap failed no answer from port 3000 (exited, code 3); the app's last words:
        starting
        cannot "bind" \o/
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn an_app_that_does_not_answer_gives_way_to_the_old_version() {
    let mut config = config();
    config.run.health_timeout_s = 1;
    let sandbox = installed(config);
    let old = sandbox.head();
    sandbox.commit();
    sandbox.write("app-is-silent", "");
    assert_eq!(sandbox.run("deploy").code, 1);
    sandbox.assert_serves(&old);
    expect![[r#"
        fetch started
        fetch done
        build started
        build done
        swap started
        swap failed no answer from port 3000 (running, code 0); the app's last words:
        starting
        cannot "bind" \o/
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn a_deploy_that_was_cut_off_is_cleared_away() {
    let sandbox = installed(config());
    let head = sandbox.head();
    let (live, next) = (sandbox.live_port(), if sandbox.live_port() == "18080" { "18081" } else { "18080" });
    std::fs::remove_file(sandbox.root.join(format!("containers/my_app-{live}.runs"))).unwrap();
    sandbox.write(&format!("containers/my_app-{next}"), "unproven");
    sandbox.write(&format!("containers/my_app-{next}.runs"), "");
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&head);
    assert!(!sandbox.has(&format!("containers/my_app-{next}")));
    expect![[r#"
        fetch started
        fetch done
        deploy unchanged
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn a_ref_that_is_not_configured_is_never_built() {
    let sandbox = installed(config());
    let main = sandbox.head();
    sandbox.git(&["-C", "origin", "checkout", "--quiet", "-b", "evil"]);
    let evil = sandbox.commit();
    for name in
        ["refs%2Fheads%2Fevil", "refs/heads/evil", "%2Dx", "refs/heads/main\\x41", "$(touch owned)", "%", ""]
    {
        sandbox.ring(name, name, &evil);
        assert_eq!(sandbox.run("deploy").code, 0, "{name}");
        sandbox.assert_serves(&main);
    }
    assert!(!sandbox.calls().contains("build"));
    assert!(!sandbox.has("owned"));
}

#[test]
fn a_commit_that_is_not_the_head_of_the_ref_is_never_built() {
    let sandbox = installed(config());
    let main = sandbox.head();
    sandbox.git(&["-C", "origin", "checkout", "--quiet", "-b", "evil"]);
    let evil = sandbox.commit();
    sandbox.ring("1", "refs%2Fheads%2Fmain", &evil);
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&main);
    assert_eq!(sandbox.read("sleeps").len(), 6, "it waited for the commit");

    // The same ring is not waited for again.
    assert_eq!(sandbox.run("deploy").code, 0);
    assert_eq!(sandbox.read("sleeps").len(), 6);
}

#[test]
fn a_commit_that_the_host_does_not_serve_yet_is_waited_for() {
    let sandbox = installed(config());
    let old = sandbox.head();
    let new = sandbox.commit();
    sandbox.git(&["-C", "origin", "reset", "--quiet", "--soft", &old]);
    sandbox.write("meanwhile", &format!("git -C \"${{BOX}}/origin\" reset --soft {new}\n"));
    sandbox.ring("1", "refs%2Fheads%2Fmain", &new);
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&new);
    assert_eq!(sandbox.read("sleeps").len(), 1);
}

#[test]
fn a_tag_that_a_glob_allows_is_decoded_and_deployed() {
    let mut config = config();
    config.repo.refs = vec!["refs/heads/main".into(), "refs/tags/v*".into()];
    let sandbox = installed(config);
    let main = sandbox.head();
    sandbox.git(&["-C", "origin", "checkout", "--quiet", "--detach"]);
    let tagged = sandbox.commit();
    sandbox.git(&["-C", "origin", "tag", "--annotate", "--message=x", "v1.0+🚀"]);
    sandbox.ring("1", "refs%2Ftags%2Fv1.0%2B%F0%9F%9A%80", &tagged);
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&tagged);
    assert_eq!(sandbox.read("sleeps"), "");

    sandbox.ring("2", "refs%2Ftags%2Fx1.0", &tagged);
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&main);
}

#[test]
fn without_a_ring_globs_mean_the_newest_version() {
    let mut config = config();
    config.repo.refs = vec!["refs/tags/v*".into()];
    let sandbox = Sandbox::new(config);
    for name in ["v1.9", "v1.10-rc1", "v1.10", "w2"] {
        sandbox.git(&["-C", "origin", "tag", name]);
        sandbox.commit();
    }
    assert_eq!(sandbox.install().code, 0);
    sandbox.assert_serves(&sandbox.git(&["-C", "origin", "rev-parse", "v1.10"]));
}

#[test]
fn a_repository_without_the_ref_is_an_error_that_says_so() {
    let mut config = config();
    config.repo.refs = vec!["refs/heads/gone".into()];
    let sandbox = Sandbox::new(config);
    sandbox.install();
    assert_eq!(sandbox.run("deploy").code, 75);
    expect![[r#"
        fetch started
        fetch failed fatal: couldn't find remote ref refs/heads/gone
        fetch started
        fetch failed fatal: couldn't find remote ref refs/heads/gone
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn submodules_are_checked_out() {
    let mut config = config();
    config.repo.submodules = true;
    let sandbox = Sandbox::new(config);
    sandbox.git(&["init", "--quiet", "library"]);
    sandbox.write("library/file", "x");
    sandbox.git(&["-C", "library", "add", "file"]);
    sandbox.git(&["-C", "library", "commit", "--quiet", "--message=x"]);
    sandbox.git(&["-C", "origin", "submodule", "--quiet", "add", "../library", "library"]);
    sandbox.git(&["-C", "origin", "commit", "--quiet", "--message=x"]);
    sandbox.install();
    assert_eq!(sandbox.read("var/lib/pushbox/repo/library/file"), "x");
}

#[test]
fn values_reach_docker_as_they_are() {
    let mut config = crate::rich_config();
    config.repo.submodules = false;
    let nasty = "a b\n$(touch \"$BOX/owned\")`touch $BOX/owned`'\"\\ 🚀\t\r\n*~;&|<>#!{}[]\u{7f}\u{1}";
    config.run.env = vec![env("NASTY", nasty), env("EMPTY", ""), env("PATH", "/x"), env("DASH", "--rm")];
    let sandbox = installed(config);
    let arguments = sandbox.read("run-arguments");
    let arguments: Vec<&str> = arguments.split_terminator('\0').collect();
    let after = arguments.iter().position(|argument| argument.starts_with("127.0.0.1:")).unwrap();
    assert_eq!(
        arguments[after..arguments.len() - 1],
        [
            "127.0.0.1:18081:8080",
            "--env",
            &format!("NASTY={nasty}"),
            "--env",
            "EMPTY=",
            "--env",
            "PATH=/x",
            "--env",
            "DASH=--rm",
            "--volume",
            "data:/var/lib/data",
            "--publish",
            "53:53/udp",
        ]
    );
    assert!(!sandbox.has("owned"));
}

#[test]
fn the_locks_of_a_git_that_was_cut_off_hold_nobody_up() {
    let sandbox = installed(config());
    sandbox.commit();
    // As after a power cut: the fetch has begun and not ended.
    std::fs::remove_file(sandbox.root.join("var/lib/pushbox/fetched")).unwrap();
    for lock in ["shallow.lock", "index.lock", "config.lock", "HEAD.lock"] {
        sandbox.write(&format!("var/lib/pushbox/repo/.git/{lock}"), "");
    }
    assert_eq!(sandbox.run("deploy").code, 0);
    sandbox.assert_serves(&sandbox.head());
}
