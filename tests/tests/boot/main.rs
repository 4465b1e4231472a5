//! The box as a whole machine, from its first boot to its last: real systemd, cloud-init, docker and git.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

use std::env;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::app::{self, DOCKERFILE};
use tests::machine::{Machine, image};
use tests::pushbox::Place;

const URL: &str = "https://git.test/usil/foo.git";
const BRANCH: &str = "refs/heads/main";

/// A computer made of software is slow, and others may use this one too. Xtask ends a program after 15 minutes.
const PATIENCE: Duration = Duration::from_mins(14);

#[test]
fn a_machine_serves_from_its_first_boot_on() {
    let Some(image) = image() else { return };
    let place = Place::new();
    place.write("pushbox.json", json!({"app": "my_app", "repo": {"url": URL}}).to_string());
    let mut machine = Machine::new(image, &place.output(&["render", "user-data"]), URL, PATIENCE);
    let app = app::build(Path::new(env!("CARGO_TARGET_TMPDIR")));
    machine.origin.add("app", &app);
    let one = machine.origin.commit(&[("Dockerfile", DOCKERFILE.as_bytes()), ("version", b"one")]);

    // The function launches it, and writes the mailbox at once.
    let mut clock = Clock::new();
    machine.metadata.ring("1", BRANCH, &one);
    machine.switch_on();
    machine.await_report("report", |_| true);
    clock.say("first boot, to the first report");
    machine.await_answer("one");
    clock.say("from there to the answer `one`");
    machine.await_deploy(&one);

    let mut clock = Clock::new();
    let two = machine.origin.commit(&[("version", b"two")]);
    machine.metadata.ring("2", BRANCH, &two);
    machine.await_answer("two");
    clock.say("push, to the answer `two`");
    machine.await_deploy(&two);
    assert_eq!(machine.boots(), 1, "a push needs no boot");

    if env::var_os("PUSHBOX_ALL_BOOTS").is_some() {
        go_down_and_come_back(&mut machine);
    }

    let mut clock = Clock::new();
    machine.shut_down();
    clock.say("shutdown");
    assert_no_unit_failed(&machine.console());
    assert_cloud_init_was_content(&machine);
}

/// Its power is cut, and it is switched off while a push comes.
fn go_down_and_come_back(machine: &mut Machine) {
    // Nobody rings: at a boot the head is deployed anyway.
    let three = machine.origin.commit(&[("version", b"three")]);
    machine.cut_power();
    let mut clock = Clock::new();
    machine.switch_on();
    machine.await_answer("two");
    clock.say("later boot, to the answer `two`, which worked before");
    machine.await_answer("three");
    clock.say("from there to the answer `three`");
    machine.await_deploy(&three);
    assert_eq!(machine.boots(), 2);

    // A push while it powers off: nobody would start it again, so it must not go.
    let four = machine.origin.commit(&[("version", b"four")]);
    let mut clock = Clock::new();
    machine.press_power_button();
    machine.metadata.ring("4", BRANCH, &four);
    machine.await_report("reboot instead of the end", |report| report.step == "shutdown");
    machine.await_deploy(&four);
    clock.say("power button and push, to `four` being served");
    assert_eq!(machine.boots(), 3);
}

fn assert_no_unit_failed(console: &str) {
    for line in console.lines() {
        assert!(!["FAILED", "DEPEND", "Failed to start"].iter().any(|word| line.contains(word)), "{line}");
    }
}

/// It took the user data from EC2's metadata, and ran it once however often it booted.
fn assert_cloud_init_was_content(machine: &Machine) {
    let result: Value = serde_json::from_str(&machine.read("/var/lib/cloud/data/result.json")).unwrap();
    assert_eq!(result["v1"]["datasource"], "DataSourceEc2Local", "{result}");
    assert_eq!(result["v1"]["errors"], json!([]), "{result}");
    let log = machine.read("/var/log/cloud-init.log");
    let runs = log.matches("Running command ['/var/lib/cloud/instance/scripts/part-001']").count();
    assert_eq!(runs, 1, "how often the user data was run; {log}");
}

/// Says how long each part took.
struct Clock(Instant);

impl Clock {
    fn new() -> Clock {
        Clock(Instant::now())
    }

    fn say(&mut self, part: &str) {
        println!("took {:.1} s: {part}", self.0.elapsed().as_secs_f64());
        self.0 = Instant::now();
    }
}
