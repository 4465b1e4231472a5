//! Values of every kind reach the container as they are.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config as Runner, RngAlgorithm, TestRng, TestRunner};
use pushbox_shared::checked::read;
use pushbox_shared::user_data;
use serde_json::json;
use tests::sandbox::{Sandbox, debian};

use crate::machine::{DEPLOY, URL, app};

const COUNT: usize = 10_000;

/// A path may hold anything but control characters.
const CONTEXT: &str = "in here/it's $HOME & \"co\" `x` 🚀/~;|<>!#{}()^%@=,+ [x]*?\\";
/// With `[x]*?\` in this one docker itself finds no such file.
const DOCKERFILE: &str = "weird -/Döcker file 'of' $(touch /tmp/pwned) \"x\" & ~;|<>!#{}()^%@=,+";
const VOLUME: &str = "0.Da-ta_:/da ta/it's $(touch /tmp/pwned) \"q\" 🚀;&|<>,=";

/// Any text without NUL: every kind of scalar, and what a shell would take for its own.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
        r#"['"\\$`\n\r\t\x01\x7f!~=*{}()\[\]#;&|<> a🚀é]{0,16}"#,
        r"[\x01-\x20\x7f-\u{a0}]{0,8}",
        r"[ -~\n]{0,24}",
    ]
    .prop_map(|text| text.replace('\0', ""))
}

#[test]
fn ten_thousand_values_arrive_byte_for_byte() {
    let Some(debian) = debian() else { return };
    let seed: [u8; 32] = std::array::from_fn(|_| rand_byte());
    println!("seed: {}", hex::encode(seed));
    let mut runner =
        TestRunner::new_with_rng(Runner::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let mut texts = || prop::collection::vec(text(), COUNT).new_tree(&mut runner).unwrap().current();
    let values: BTreeMap<String, String> =
        texts().into_iter().enumerate().map(|(count, value)| (format!("V{count}"), value)).collect();
    let args: BTreeMap<String, String> = texts()
        .into_iter()
        .take(100)
        .enumerate()
        .map(|(count, value)| (format!("A{count}"), value))
        .collect();

    let env: Vec<_> = values.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let (config, problems) = read(&json!({
        "app": "my_app", "repo": {"url": URL},
        "build": {"context": CONTEXT, "dockerfile": DOCKERFILE, "args": args},
        "run": {"env": env, "volumes": [VOLUME]},
    }));
    // EC2 would not take so many, and a disk does.
    let others: Vec<_> =
        problems.iter().filter(|problem| !problem.message.starts_with("makes a script of")).collect();
    assert!(others.is_empty(), "{others:?}");
    let script = user_data::script(&config, None);

    let mut sandbox = Sandbox::new(&debian, "", URL);
    let names: String = args.keys().map(|name| format!("ARG {name}\n")).collect();
    let dockerfile = format!("FROM scratch\nCOPY app /\n{names}RUN [\"/app\", \"args\"]\nCMD [\"/app\"]\n");
    sandbox.origin.commit(&[(DOCKERFILE, dockerfile.as_bytes())]);
    sandbox.origin.commit(&[(&format!("{CONTEXT}/version"), b"one")]);
    sandbox.origin.add(&format!("{CONTEXT}/app"), app());
    sandbox.origin.commit(&[]);
    sandbox.boot();
    sandbox.write("/root/user-data.sh", 0o700, &script);
    sandbox.output(&["bash", "/root/user-data.sh"]);
    sandbox.await_report(0, "deploy", "done", 2 * DEPLOY);
    sandbox.first_answer(DEPLOY);

    assert_holds(&sandbox, "/env", &values);
    assert_holds(&sandbox, "/args", &args);
    let (name, inside) = VOLUME.split_once(':').unwrap();
    let mounts = sandbox.output(&["docker", "inspect", "my_app-18081", "--format", "{{json .Mounts}}"]);
    let mounts: serde_json::Value = serde_json::from_str(&mounts).unwrap();
    assert_eq!((mounts[0]["Name"].as_str(), mounts[0]["Destination"].as_str()), (Some(name), Some(inside)));
    assert!(!sandbox.exists("/tmp/pwned"), "a value was run");
}

/// What the app says there has all of these, and they are what they were.
#[track_caller]
fn assert_holds(sandbox: &Sandbox, path: &str, expected: &BTreeMap<String, String>) {
    let answer = sandbox.get(path).expect("the app answers");
    let found: BTreeMap<&[u8], &[u8]> = answer
        .split(|byte| *byte == 0)
        .filter_map(|variable| {
            let end = variable.iter().position(|byte| *byte == b'=')?;
            Some((&variable[..end], &variable[end + 1..]))
        })
        .collect();
    for (name, value) in expected {
        assert_eq!(found.get(name.as_bytes()), Some(&value.as_bytes()), "{name} {value:?}");
    }
}

fn rand_byte() -> u8 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(0).to_le_bytes()[0]
}
