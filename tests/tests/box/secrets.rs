//! What a box reads from Parameter Store: where it arrives, where it must never be, and what is without it.

use std::collections::BTreeMap;

use pushbox_shared::protocol::report::Report;
use serde_json::{Value, json};
use tests::cloud::PARAMETER_STORE;
use tests::metadata::RoleKeys;

use crate::cloudy::{CANARY, Cloudy, KEYS};
use crate::machine::{DEPLOY, URL};
use crate::watch::Watch;

/// More than the ten that one request may ask for, in every shape that a person may put there.
fn secrets() -> BTreeMap<String, String> {
    let key: String = (0..25)
        .map(|line| format!("{CANARY}{line:02}{}\n", "MIIEvQIBADANBgkqhkiG9w0BAQEFAAS+/".repeat(2)))
        .collect();
    let mut secrets = BTreeMap::from([
        ("DB_PASSWORD".into(), format!("{CANARY} it's \"quoted\", `ticked` and \\escaped\\")),
        (
            "DOLLARS".into(),
            format!("{CANARY} $HOME ${{PATH}} $(touch /tmp/pwned) `touch /tmp/pwned` $$ !! %s %n\\n"),
        ),
        ("LINES".into(), format!("\n{CANARY}\n\nA=B\n# not a comment\r\n\n")),
        ("SPACES".into(), format!("  {CANARY}  \t")),
        ("EMOJI".into(), format!("{CANARY} 🚀 ünïcödé 漢字 \u{1b}[0m\u{7f}\u{85}")),
        ("PEM".into(), format!("-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\n")),
        ("LONG".into(), format!("{CANARY}{}", "x".repeat(4096 - CANARY.len()))),
        ("JSON".into(), format!("{{\"{CANARY}\": [1, null, \"\\u0000\"]}}")),
        ("DASHES".into(), format!("--env={CANARY} -v /:/host")),
        ("EQUALS".into(), format!("={CANARY}==")),
    ]);
    for number in 0..13 {
        secrets.insert(format!("NUMBER_{number}"), format!("{CANARY}-{number}"));
    }
    secrets
}

fn config(secrets: &BTreeMap<String, String>) -> Value {
    let mut env: Vec<Value> = secrets.keys().map(|name| json!({"name": name, "secret": true})).collect();
    env.insert(1, json!({"name": "PLAIN", "value": "as it was"}));
    json!({"app": "my_app", "repo": {"url": URL}, "run": {"env": env, "drain_s": 1}})
}

fn put(boxed: &Cloudy, secrets: &BTreeMap<String, String>) {
    for (name, value) in secrets {
        boxed.put(&format!("env/{name}"), value);
    }
}

#[track_caller]
fn assert_env(boxed: &Cloudy, secrets: &BTreeMap<String, String>) {
    let env = String::from_utf8(boxed.sandbox.get("/env").unwrap()).unwrap();
    let env: Vec<&str> = env.split_terminator('\0').collect();
    for (name, value) in secrets {
        let expected = format!("{name}={value}");
        assert!(env.contains(&expected.as_str()), "{expected:?} is not in {env:?}");
    }
    assert!(env.contains(&"PLAIN=as it was"), "{env:?}");
}

#[test]
fn secrets_reach_the_app_byte_for_byte_and_nothing_else() {
    let mut secrets = secrets();
    let Some(mut boxed) = Cloudy::off(&config(&secrets), str::to_owned) else { return };
    put(&boxed, &secrets);
    boxed.boot();
    boxed.note_commands();
    let watch = Watch::start();
    boxed.install();
    assert_env(&boxed, &secrets);
    assert!(!boxed.sandbox.exists("/tmp/pwned"), "a value was run");
    let asked: Vec<usize> = boxed
        .cloud
        .requests(PARAMETER_STORE)
        .iter()
        .map(|request| request.json()["Names"].as_array().unwrap().len())
        .collect();
    assert_eq!(asked, [10, 10, 3], "no name is asked for twice");

    // Another value, and other keys, which EC2 gives the role before the old ones end.
    secrets.insert("DB_PASSWORD".into(), format!("{CANARY} rotated\n"));
    put(&boxed, &secrets);
    boxed.change_keys(&RoleKeys::new("second"));
    boxed.deploy("two");
    assert_env(&boxed, &secrets);

    boxed.assert_nowhere(
        &watch.stop(),
        &[CANARY, "ASIAFIRST", "first/wJalr", "FwoGZXIvYXdzE", "ASIASECOND", "second/wJalr"],
    );
}

/// What AWS says to a role that may not read.
const NOT_AUTHORIZED: &str = "Parameter Store says: User: arn:aws:sts::123456789012:assumed-role/box/i-0123456789abcdef0 is not \
    authorized to perform: ssm:GetParameters on resource: \
    arn:aws:ssm:us-east-1:123456789012:parameter/pushbox/my_app/env/A because no identity-based policy allows the \
    ssm:GetParameters action";

#[test]
fn without_a_secret_the_old_version_goes_on_serving() {
    let secrets =
        BTreeMap::from([("A".to_string(), format!("{CANARY} a")), ("B".into(), format!("{CANARY} b"))]);
    // The service waits five minutes between tries.
    let sooner = |script: &str| replaced(script, "code == 75 ? 300 : 5", "code == 75 ? 2 : 5");
    let Some(boxed) = Cloudy::installed(&config(&secrets), sooner, |boxed| put(boxed, &secrets)) else {
        return;
    };
    // A try may be under way when something changes, so it is not always the next one that says it.
    let await_why = |is_it: &dyn Fn(&str) -> bool| {
        let seen = boxed.sandbox.reports().len();
        let says_it =
            |report: &Report| report.step == "secrets" && report.state == "failed" && is_it(&report.detail);
        boxed.sandbox.wait_until(DEPLOY, "failure with that reason", || {
            boxed.sandbox.reports()[seen..].iter().any(says_it)
        });
        assert_eq!(boxed.sandbox.get("/").unwrap(), b"one");
    };

    boxed.cloud.parameter_store(|store| store.parameters.clear());
    boxed.put("env/A", "there");
    boxed.push("two");
    await_why(&|why| why == "Parameter Store says: no /pushbox/my_app/env/B");

    boxed.sandbox.metadata.take_role();
    await_why(&|why| why == "this instance has no role for Parameter Store");

    boxed.sandbox.metadata.give_role("box", &RoleKeys::new("strange"));
    await_why(&|why| why == "Parameter Store says: The security token included in the request is invalid.");

    boxed.change_keys(&RoleKeys::new(KEYS));
    boxed.cloud.parameter_store(|store| store.readable = "/pushbox/other_app/".into());
    await_why(&|why| why == NOT_AUTHORIZED);
    boxed.cloud.parameter_store(|store| store.readable = "/pushbox/my_app/".into());
    put(&boxed, &secrets);

    // There is nobody at that address, then nobody of that name.
    for hosts in ["127.0.0.1", ""] {
        boxed.find_hosts_at(hosts);
        await_why(&|why| !why.contains(CANARY) && why.contains("curl"));
        let by_hand = boxed.sandbox.run(&["bash", "/etc/pushbox/user-data.sh", "deploy"]);
        assert_eq!(by_hand.status.code(), Some(75), "it is worth another try");
    }

    boxed.find_hosts_at("10.0.0.1");
    boxed.sandbox.await_answer("two", DEPLOY);
    assert_env(&boxed, &secrets);
}

/// A script with another piece, which must be there.
#[track_caller]
pub(crate) fn replaced(script: &str, piece: &str, by: &str) -> String {
    assert!(script.contains(piece), "the script has no {piece}");
    script.replace(piece, by)
}

#[test]
fn a_later_boot_asks_again_and_serves_meanwhile() {
    let secrets = BTreeMap::from([("A".to_string(), format!("{CANARY} a"))]);
    let Some(mut boxed) = Cloudy::installed(&config(&secrets), str::to_owned, |boxed| put(boxed, &secrets))
    else {
        return;
    };
    boxed.sandbox.cut_power();
    boxed.cloud.parameter_store(|store| store.parameters.clear());
    let seen = boxed.sandbox.reports().len();
    boxed.boot();
    boxed.sandbox.await_report(seen, "secrets", "failed", DEPLOY);
    boxed.sandbox.await_answer("one", DEPLOY);
    assert_env(&boxed, &secrets);
}
