//! The main job on one machine: a signed push reaches the handler, and the simulated EC2 gets exactly the script.

use pushbox_shared::hash::sha256_hex;
use serde_json::Value;

use tests::pushbox::{CONFIG, LocalRun, Place, SECRET, long_config, push_of};

fn tags(instance: &Value) -> &serde_json::Map<String, Value> {
    instance["tags"].as_object().expect("an object")
}

#[test]
fn a_push_launches_a_box_with_the_script_and_the_next_one_rings_its_mailbox() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let local = LocalRun::start(&place, None);

    let body = push_of("refs/heads/main", 'a');
    let answer = local.post("/hook", &place.sign(SECRET, &body, &["--delivery", "first"]), &body);
    assert_eq!((answer.status, answer.json("result")), (202, "accepted".into()), "{}", answer.body);
    assert_eq!(local.calls(), ["RunInstances", "CreateTags"]);
    let ec2 = local.ec2();
    let first = ec2["instances"][0].clone();
    assert_eq!(
        first["user_data"],
        place.output(&["render", "user-data"]),
        "the script that the person was shown"
    );
    assert_eq!(tags(&first)["pushbox:commit"], "a".repeat(40));
    assert_eq!(tags(&first)["pushbox:ref"], "refs%2Fheads%2Fmain");

    let body = push_of("refs/heads/main", 'b');
    let answer = local.post("/hook", &place.sign(SECRET, &body, &["--delivery", "second"]), &body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(local.calls(), ["RunInstances", "CreateTags", "CreateTags"]);
    let ec2 = local.ec2();
    assert_eq!(ec2["instances"].as_array().map(Vec::len), Some(1), "still one box");
    let second = &ec2["instances"][0];
    assert_eq!(second["id"], first["id"]);
    assert_eq!(tags(second)["pushbox:commit"], "b".repeat(40));
    assert_eq!(tags(second)["pushbox:delivery"], "second");
    assert_ne!(tags(second)["pushbox:poke"], tags(&first)["pushbox:poke"], "the bell rings");
}

#[test]
fn a_script_that_is_too_long_for_ec2_is_the_same_gzip_on_the_command_line() {
    let place = Place::new();
    place.write("pushbox.json", long_config());
    let printed = place.run(&["render", "user-data"]).stdout;
    assert!(printed.starts_with(&[0x1f, 0x8b]) && printed.len() <= 16_384, "{} bytes", printed.len());
    place.output(&["render", "user-data", "--out", "user-data"]);
    assert_eq!(std::fs::read(place.path("user-data")).expect("written"), printed);

    let local = LocalRun::start(&place, None);
    let body = push_of("refs/heads/main", 'a');
    assert_eq!(local.post("/hook", &place.sign(SECRET, &body, &[]), &body).status, 202);
    let ec2 = local.ec2();
    let launch = ec2["calls"].as_array().expect("a list").iter().map(|made| &made["call"]);
    let launch = launch.into_iter().find(|call| call["call"] == "RunInstances").expect("a launch");
    assert_eq!(launch["UserData"], format!("sha256:{}", sha256_hex(&printed)));

    let shown = ec2["instances"][0]["user_data"].as_str().expect("a text");
    assert!(shown.starts_with("#!/bin/bash\n") && shown.contains("SETTING_399="), "{shown}");
    assert_eq!(tags(&ec2["instances"][0])["pushbox:script"], sha256_hex(shown));
    let size = format!("User data, {} bytes, as gzip {}", shown.len(), printed.len());
    assert!(local.get("/local/ec2").body.contains(&size), "{size}");
}

#[test]
fn what_is_not_a_wanted_push_makes_no_call() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let local = LocalRun::start(&place, None);
    let body = push_of("refs/heads/main", 'a');

    let forged = local.post("/hook", &place.sign("another secret", &body, &[]), &body);
    assert_eq!((forged.status, forged.json("reason")), (401, "not authentic".into()), "no oracle");
    let unsigned = local.post("/hook", &[("x-github-event".into(), "push".into())], &body);
    assert_eq!((unsigned.status, unsigned.body), (401, forged.body), "the same answer whatever failed");

    let other = push_of("refs/heads/other", 'a');
    let answer = local.post("/hook", &place.sign(SECRET, &other, &[]), &other);
    assert_eq!(
        (answer.status, answer.json("result")),
        (200, "ignored".into()),
        "a filtered push is a success"
    );

    let ping = r#"{"zen": "Keep it simple.", "hook_id": 1}"#;
    assert_eq!(local.post("/hook", &place.sign(SECRET, ping, &[]), ping).status, 200);

    let cut = body.split_at(body.len() / 2).0;
    let answer = local.post("/hook", &place.sign(SECRET, cut, &[]), cut);
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(local.post("/hook", &[], "hello").status, 400, "no provider");

    assert_eq!(local.calls(), Vec::<String>::new());
}

#[test]
fn a_config_saved_later_takes_effect_without_a_restart() {
    let place = Place::new();
    let local = LocalRun::start(&place, None);
    let body = push_of("refs/heads/main", 'a');
    let headers = place.sign(SECRET, &body, &[]);

    let answer = local.post("/hook", &headers, &body);
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("save the config from the page"), "{}", answer.body);

    place.write(
        "pushbox.json",
        r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo"}, "run": {"prot": 1}}"#,
    );
    let answer = local.post("/hook", &headers, &body);
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("run.prot: is not a field; did you mean run.port?"), "{}", answer.body);

    place.write("pushbox.json", CONFIG);
    assert_eq!(local.post("/hook", &headers, &body).status, 202);
    assert_eq!(local.calls(), ["RunInstances", "CreateTags"]);
}

#[test]
fn changed_settings_reach_the_running_box_as_the_hash_of_another_script() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let local = LocalRun::start(&place, None);
    let body = push_of("refs/heads/main", 'a');
    local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
    let script = |local: &LocalRun| tags(&local.ec2()["instances"][0])["pushbox:script"].clone();
    let before = script(&local);

    place.write(
        "pushbox.json",
        r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}, "run": {"port": 8080}}"#,
    );
    let key = [("authorization".to_string(), format!("Bearer {SECRET}"))];
    assert_eq!(local.post("/deploy", &key, "").status, 202);
    let after = script(&local);
    assert_ne!(before, after);
    let hash = after.as_str().expect("a text");
    let served = local.get(&format!("/box/{hash}"));
    assert_eq!((served.status, served.body), (200, place.output(&["render", "user-data"])));
    let old = local.get(&format!("/box/{}", before.as_str().expect("a text")));
    assert_eq!(old.status, 404, "only today's script is served");
}

#[test]
fn a_push_to_a_stopping_box_starts_it_once_it_has_stopped() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let local = LocalRun::start(&place, None);
    let body = push_of("refs/heads/main", 'a');
    local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
    let id = local.ec2()["instances"][0]["id"].as_str().expect("a text").to_string();
    // EC2 stops only what runs, and tells nobody when that begins.
    while local.get("/status").body.contains("false") {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let stopped = local.post(&format!("/local/ec2/stop/{id}"), &[], "");
    assert_eq!(stopped.status, 303, "{}", stopped.body);

    let body = push_of("refs/heads/main", 'b');
    let answer = local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    let plan = answer.json("plan");
    let names: Vec<&str> =
        plan.as_array().expect("a list").iter().filter_map(|call| call["call"].as_str()).collect();
    assert_eq!(names, ["CreateTags", "Reconcile"]);
    local.await_call("StartInstances");
}

#[test]
fn the_view_shows_boxes_and_calls_to_people() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let local = LocalRun::start(&place, None);
    assert!(local.get("/local/ec2").body.contains("No instance yet"));
    let body = push_of("refs/heads/main", 'a');
    local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
    let view = local.get("/local/ec2").body;
    assert!(
        view.contains("RunInstances") && view.contains("pushbox:poke") && view.contains("#!/bin/bash"),
        "{view}"
    );
    assert!(local.get("/function").body.contains("my_app is starting"));
}

/// The local run plays the installer, which makes the address.
#[test]
fn an_elastic_address_is_there_and_reaches_the_box() {
    let place = Place::new();
    place.write(
        "pushbox.json",
        r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}, "box": {"address": "elastic"}}"#,
    );
    let local = LocalRun::start(&place, None);
    let body = push_of("refs/heads/main", 'a');
    let answer = local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert!(answer.body.contains("its Elastic IP follows once it runs"), "{}", answer.body);
    local.await_call("AssociateAddress");
}
