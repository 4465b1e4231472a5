//! The script as real cloud-init runs it, which takes it from the metadata service as on EC2.

use pushbox_shared::checked;
use pushbox_shared::user_data::{Packed, packed, script};
use tests::pushbox::{Place, long_config};
use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, URL, release, sandbox, user_data};

/// The network is up already, and not cloud-init's to change.
const CONFIG: &str = "datasource_list: [Ec2]\nnetwork: {config: disabled}\n";

/// Switches the box on, with a cloud-init that knows where it is.
pub(crate) fn boot_with_cloud_init(sandbox: &mut Sandbox) {
    sandbox.boot();
    sandbox.write("/etc/cloud/cloud.cfg.d/90_test.cfg", 0o644, CONFIG);
    // Nobody gives leases here, and waiting for one takes a minute. Without one cloud-init asks again in its second stage.
    sandbox.write("/usr/sbin/dhclient", 0o755, "#!/bin/sh\nexit 2\n");
}

/// What the four services of cloud-init do at a boot.
pub(crate) fn run_cloud_init(sandbox: &Sandbox) {
    for stage in ["init --local", "init", "modules --mode=config", "modules --mode=final"] {
        let command: Vec<&str> = ["cloud-init"].into_iter().chain(stage.split(' ')).collect();
        // It also fails where the locale or the keys of sshd, which is not here, cannot be made.
        sandbox.run(&command);
    }
}

/// A later boot, of a box whose repository has another version by then.
pub(crate) fn boot_again(sandbox: &mut Sandbox, version: &str) {
    sandbox.cut_power();
    release(sandbox, version);
    let seen = sandbox.reports().len();
    sandbox.boot();
    run_cloud_init(sandbox);
    sandbox.await_report(seen, "deploy", "done", DEPLOY);
}

fn installations(sandbox: &Sandbox) -> usize {
    sandbox.read("/var/log/systemctl.log").matches("enable pushbox\n").count()
}

#[test]
fn cloud_init_runs_the_script_once_and_the_service_does_the_rest() {
    let Some(mut sandbox) = sandbox(user_data()) else { return };
    boot_with_cloud_init(&mut sandbox);
    run_cloud_init(&sandbox);
    assert!(sandbox.metadata.reads("user-data") > 0, "{}", sandbox.read("/var/log/cloud-init.log"));
    sandbox.await_answer("one", DEPLOY);
    assert_eq!(installations(&sandbox), 1);

    boot_again(&mut sandbox, "two");
    sandbox.await_answer("two", DEPLOY);
    assert_eq!(installations(&sandbox), 1, "cloud-init ran the script again");
}

#[test]
fn cloud_init_unpacks_a_script_that_is_too_long_for_ec2() {
    let place = Place::new();
    let config = long_config().replace("https://github.com/usil/foo.git", URL);
    place.write("pushbox.json", &config);
    place.output(&["render", "user-data", "--out", "user-data"]);
    let given = std::fs::read(place.path("user-data")).unwrap();
    let script = script(&checked::load(config.as_bytes()).unwrap(), None);
    assert_eq!(packed(&script), Packed::Gzip(given.clone()));

    let Some(mut sandbox) = sandbox(&given) else { return };
    boot_with_cloud_init(&mut sandbox);
    run_cloud_init(&sandbox);
    sandbox.await_answer("one", DEPLOY);
    let env = String::from_utf8(sandbox.get("/env").unwrap()).unwrap();
    assert!(env.contains("SETTING_399=value 399 of the app\0"), "{env:?}");
    // The agent compares the hash of its script with that of the function's.
    assert_eq!(sandbox.read("/etc/pushbox/user-data.sh"), script);
}
