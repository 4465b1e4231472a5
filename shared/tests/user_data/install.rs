use crate::config;
use crate::sandbox::Sandbox;
use expect_test::expect;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn user_data_installs_the_service_and_deploys() {
    let sandbox = Sandbox::new(config());
    let ran = sandbox.install();
    assert_eq!(ran.code, 0, "{}", ran.output);
    sandbox.assert_serves(&sandbox.head());
    expect![[r#"
        systemctl daemon-reload
        systemctl enable pushbox
        systemctl daemon-reload
        systemctl enable pushbox-proxy
        systemctl disable --now pushbox-https
        systemctl restart --no-block pushbox
        iptables -w -C DOCKER-USER -j REJECT -d 169.254.169.254
        ip6tables -w -C DOCKER-USER -j REJECT -d fd00:ec2::254
        docker start my_app-18080
        systemctl restart pushbox-proxy
        socat set server app/app addr 127.0.0.1 port 18080; show servers state app
        docker rm -f my_app-18081
        docker inspect --format {{.State.Running}} {{.Config.Labels.pushbox}} my_app-18080
        docker build --label pushbox.app=my_app --tag my_app:HEAD --file Dockerfile ./.
        docker run --detach --name my_app-18081 --label pushbox=HEAD SCRIPT --publish 127.0.0.1:18081:3000 my_app:HEAD
        docker inspect --format {{.State.Status}}, code {{.State.ExitCode}} my_app-18081
        curl http://127.0.0.1:18081/
        docker update --restart unless-stopped my_app-18081
        socat set server app/app addr 127.0.0.1 port 18081; show servers state app
        docker stop my_app-18080
        docker rm my_app-18080
        docker images --filter dangling=false --format {{.Tag}} my_app
        docker rmi my_app:two
        docker rmi my_app:one
        docker image prune -f
        docker builder prune -f --keep-storage 3GB
    "#]]
    .assert_eq(&sandbox.calls());
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
    .assert_eq(&sandbox.reports());
    expect![[r#"
        [Unit]
        Description=pushbox: builds the app and keeps it running
        Wants=network-online.target docker.service
        After=network-online.target docker.service

        [Service]
        ExecStart=/bin/bash /etc/pushbox/user-data.sh agent
        Restart=always
        RestartSec=5
        OOMScoreAdjust=-900

        [Install]
        WantedBy=multi-user.target
    "#]]
    .assert_eq(
        &sandbox.read("etc/systemd/system/pushbox.service").replace(&*sandbox.root.to_string_lossy(), ""),
    );
}

#[test]
fn the_saved_script_is_the_one_that_ran_and_for_root_only() {
    let sandbox = Sandbox::new(config());
    sandbox.install();
    assert_eq!(sandbox.read("etc/pushbox/user-data.sh"), sandbox.script());
    for path in ["etc/pushbox", "etc/pushbox/user-data.sh"] {
        let mode = fs::metadata(sandbox.root.join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{path}");
    }
}

#[test]
fn installing_again_changes_nothing() {
    let sandbox = Sandbox::new(config());
    sandbox.install();
    sandbox.reports();
    assert_eq!(sandbox.install().code, 0);
    assert_eq!(sandbox.calls().matches("docker build --").count(), 1);
    expect![[r#"
        fetch started
        fetch done
        deploy unchanged
    "#]]
    .assert_eq(&sandbox.reports());
}

#[test]
fn other_settings_deploy_the_same_commit_again() {
    let mut sandbox = Sandbox::new(config());
    sandbox.install();
    sandbox.config.run.env = vec![crate::env("NEW", "1")];
    sandbox.install();
    sandbox.assert_serves(&sandbox.head());
    assert!(sandbox.read("run-arguments").contains("NEW=1"));
}

#[test]
fn what_is_missing_comes_from_the_distribution() {
    for (id, version, packages) in [
        ("debian", "12", "docker.io"),
        ("debian", "13", "docker.io docker-cli docker-buildx"),
        ("ubuntu", "22.04", "docker.io docker-buildx"),
        ("ubuntu", "24.04", "docker.io docker-buildx"),
        ("ubuntu", "26.04", "docker.io docker-buildx"),
    ] {
        let sandbox = Sandbox::new(config());
        sandbox.write("etc/os-release", &format!("ID={id}\nVERSION_ID=\"{version}\"\n"));
        fs::rename(sandbox.root.join("bin/docker"), sandbox.root.join("docker")).unwrap();
        let ran = sandbox.install();
        assert_eq!(ran.code, 0, "{}", ran.output);
        let wanted = format!(
            "apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 install {packages} git curl haproxy socat ca-certificates\n"
        );
        let calls = sandbox.calls();
        assert!(calls.contains(&wanted), "{calls}");
        sandbox.assert_serves(&sandbox.head());
        let daemon: serde_json::Value =
            serde_json::from_str(&sandbox.read("etc/docker/daemon.json")).unwrap();
        assert_eq!(daemon["log-opts"]["max-size"], "10m");
    }
}

#[test]
fn failing_packages_are_tried_again_later() {
    let sandbox = Sandbox::new(config());
    fs::rename(sandbox.root.join("bin/docker"), sandbox.root.join("docker")).unwrap();
    sandbox.write("apt-fails", "");
    assert_eq!(sandbox.install().code, 75);
    expect![[r#"
        prepare started
        prepare failed E: Unable to locate package
    "#]]
    .assert_eq(&sandbox.reports());
    assert_eq!(sandbox.run("deploy").code, 75);
}

#[test]
fn an_unknown_system_is_named_and_left_alone() {
    let sandbox = Sandbox::new(config());
    sandbox.write("etc/os-release", "ID=amzn\nVERSION_ID=\"2023\"\n");
    assert_eq!(sandbox.install().code, 1);
    assert_eq!(sandbox.calls(), "");
    assert!(!sandbox.has("etc/pushbox"));
    expect![[r#"
        setup failed amzn 2023 on arm64 is not supported: use Debian 12 or 13, Ubuntu 22.04, 24.04 or 26.04
    "#]]
    .assert_eq(&sandbox.reports());
}
