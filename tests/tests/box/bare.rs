//! A machine as EC2 gives it, with nothing of ours on it: what the script installs, apt installs for real.

use std::time::Duration;

use serde_json::json;
use tests::sandbox::{Sandbox, bare_debian};

use crate::cloud_init::{boot_again, boot_with_cloud_init, run_cloud_init};
use crate::machine::{DEPLOY, URL, add_app, rendered};
use crate::secrets::replaced;

/// Unpacking half a gigabyte takes its time where others work too.
const INSTALLATION: Duration = Duration::from_secs(300);

const ARCHIVE: &str = "deb [trusted=yes] file:/srv/packages ./\n";

/// With everything that brings a package.
fn config() -> String {
    json!({
        "app": "my_app",
        "repo": {"url": URL},
        "run": {"domain": "app.test", "drain_s": 1},
        "box": {"address": "elastic", "image": "debian-13"}
    })
    .to_string()
}

/// How often the script has installed packages.
fn installations(sandbox: &Sandbox) -> usize {
    sandbox.reports().iter().filter(|report| report.step == "prepare" && report.state == "done").count()
}

#[test]
fn the_first_boot_installs_the_packages_and_no_later_one_does() {
    let Some(debian) = bare_debian() else { return };
    // Nobody here gives certificates for that name.
    let script =
        replaced(&rendered(config(), &[]), "reverse-proxy --from", "reverse-proxy --internal-certs --from");
    let mut sandbox = Sandbox::new(&debian, script, URL);
    add_app(&sandbox);
    boot_with_cloud_init(&mut sandbox);
    sandbox.output(&["bash", "-c", "rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*"]);
    sandbox.write("/etc/apt/sources.list", 0o644, ARCHIVE);
    assert!(!sandbox.run(&["dpkg", "--status", "docker.io"]).status.success(), "it is there already");

    run_cloud_init(&sandbox);
    sandbox.await_report(0, "deploy", "done", INSTALLATION);
    assert_eq!(installations(&sandbox), 1);
    assert_serves(&sandbox, "one");
    let listeners = sandbox.output(&["ss", "-Hltnp", "sport = :80 or sport = :443"]);
    assert!(!listeners.contains("haproxy"), "the package's own service is masked: {listeners}");

    boot_again(&mut sandbox, "two");
    assert_serves(&sandbox, "two");
    assert_eq!(installations(&sandbox), 1);
}

/// By HTTPS and under its name, as visitors come.
#[track_caller]
fn assert_serves(sandbox: &Sandbox, version: &str) {
    let get = "curl --silent --insecure --resolve app.test:443:10.0.0.10 https://app.test/";
    let get: Vec<&str> = get.split(' ').collect();
    sandbox.wait_until(DEPLOY, "answer by HTTPS", || sandbox.run(&get).stdout == version.as_bytes());
}
