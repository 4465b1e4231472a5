//! `render function-zip`: what others make of the zip, and what is no base for one.

use std::process::Command;

use pushbox_shared::checked;
use pushbox_shared::config;
use pushbox_shared::export::OUTPUTS;
use serde_json::{Value, json};
use tests::base_zip::base_zip;
use tests::function::skip;
use tests::pushbox::{CONFIG, Place};
#[cfg(unix)]
use tests::unzip::{mode, unzip};

const RENDER: [&str; 4] = ["render", "function-zip", "--base", "base.zip"];

fn place() -> Place {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    place.write("base.zip", base_zip(0o755));
    place
}

/// What the page downloads under this name.
fn pushbox_json() -> String {
    config::to_json(&checked::load(CONFIG.as_bytes()).expect("a config"))
}

#[test]
fn python_reads_it() {
    let Some(python) = python() else { return };
    let place = place();
    place.output(&[&RENDER[..], &["--out", "function.zip"]].concat());
    let program = "
import json, sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
assert zip.testzip() is None
for file in zip.infolist():
    print(json.dumps([file.filename, oct(file.external_attr >> 16), file.compress_type, file.date_time, file.file_size]))
print(json.dumps(zip.read('pushbox.json').decode()))";
    let output = Command::new(python).args(["-c", program]).arg(place.path("function.zip")).output();
    let output = output.expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let config = pushbox_json();
    let expected = [
        json!(["bootstrap", "0o100755", 8, [1980, 1, 1, 0, 0, 0], 1150]),
        json!(["pushbox.json", "0o100644", 0, [1980, 1, 1, 0, 0, 0], config.len()]),
        json!(config),
    ];
    assert_eq!(found, expected);
}

#[cfg(unix)]
#[test]
fn unzip_unpacks_it() {
    let place = place();
    place.output(&[&RENDER[..], &["--out", "function.zip"]].concat());
    let folder = place.path("unpacked");
    if !unzip(&place.path("function.zip"), &folder) {
        return;
    }
    let [bootstrap, config] = ["bootstrap", "pushbox.json"].map(|name| folder.join(name));
    assert_eq!((mode(&bootstrap), mode(&config)), (0o755, 0o644));
    assert_eq!(std::fs::read_to_string(config).expect("unpacked"), pushbox_json());
    let started = Command::new(bootstrap).output().expect("it may be run");
    assert!(started.stdout.starts_with(b"started\n"), "{started:?}");
}

#[test]
fn a_zip_with_another_config_gets_this_one() {
    let place = place();
    let once = place.run(&RENDER).stdout;
    place.write("pushbox.json", CONFIG.replace("my_app", "another"));
    place.output(&[&RENDER[..], &["--out", "other.zip"]].concat());
    place.write("pushbox.json", CONFIG);
    let again = place.run(&["render", "function-zip", "--base", "other.zip"]).stdout;
    assert!(once == again && !once.is_empty(), "{} bytes, then {}", once.len(), again.len());
}

#[test]
fn what_is_no_base() {
    let place = place();
    let check = |args: &[&str], words: &[&str]| {
        let output = place.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), &output.stdout[..]), (Some(1), &b""[..]), "{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{word} in {said}"));
    };
    check(&["render", "function-zip"], &["--base: is missing", "function-arm64.zip", "cargo xtask dist"]);
    check(&["render", "function-zip", "--base", "nowhere.zip"], &["--base", "nowhere.zip cannot be read"]);
    place.write("base.zip", "<html>Not found</html>, as servers say it");
    check(&RENDER, &["base.zip is not a zip", "cargo xtask dist"]);
    place.write("base.zip", base_zip(0o644));
    check(&RENDER, &["base.zip has bootstrap with mode 644; expected 755"]);
    place.write("base.zip", base_zip(0o755));
    place.write("pushbox.json", "{}");
    check(&RENDER, &["repo.url: is missing"]);
}

/// The interpreter of `cargo xtask test`, or the one on PATH. Without one the test is skipped, but never in CI.
fn python() -> Option<String> {
    let python = std::env::var("PUSHBOX_PYTHON").unwrap_or_else(|_| "python3".into());
    let found = Command::new(&python).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        skip("no python3 on PATH; `cargo xtask test cross` says what it needs");
    }
    found.then_some(python)
}

#[test]
fn the_archive_of_everything_holds_the_function_too() {
    let Some(python) = python() else { return };
    let place = place();
    place.output(&["render", "archive", "--base", "base.zip", "--out", "pushbox.zip"]);
    place.output(&[&RENDER[..], &["--out", "function.zip"]].concat());
    let program = "
import sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
assert zip.testzip() is None
assert zip.read('function.zip') == open(sys.argv[2], 'rb').read()
print(*zip.namelist())";
    let output = Command::new(python)
        .args(["-c", program])
        .args([place.path("pushbox.zip"), place.path("function.zip")])
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: Vec<&str> = said.split_whitespace().collect();
    let files = OUTPUTS.iter().map(|output| output.file);
    let expected: Vec<&str> =
        ["README.txt", "pushbox.json"].into_iter().chain(files).chain(["function.zip"]).collect();
    assert_eq!(names, expected);
}
