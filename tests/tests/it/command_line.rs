//! The command line as other programs use it: exit codes, and clear words for bad input.

use std::process::{Command, Output};

use pushbox_shared::hash::sha256_hex;
use tests::pushbox::{CONFIG, Place, long_config, program, push_of};

fn texts(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn check_lists_every_problem_and_exits_with_1() {
    let place = Place::new();
    place.write(
        "pushbox.json",
        r#"{"app": "My App", "repo": {"url": "nonsense"}, "run": {"port": 70000}, "colour": "red"}"#,
    );
    let (code, out, err) = texts(&place.run(&["check"]));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    let paths: Vec<&str> =
        err.lines().filter_map(|line| line.split_once(": ")).map(|(path, _)| path).collect();
    assert_eq!(paths, ["colour", "run.port", "app", "repo.url"], "{err}");
    place.write("pushbox.json", CONFIG);
    assert_eq!(texts(&place.run(&["check"])), (Some(0), String::new(), String::new()));
}

#[test]
fn a_judgement_is_a_success_whatever_it_says() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    place.write("headers", "{}");
    place.write("body", push_of("refs/heads/main", 'a'));
    let run = |extra: &[&str]| {
        let mut args = vec!["webhook", "--headers", "headers", "--body", "body"];
        args.extend(extra);
        texts(&place.run(&args))
    };
    let (code, out, _) = run(&[]);
    assert_eq!(code, Some(0));
    assert!(out.contains(r#""provider": null"#) && out.contains(r#""status": 400"#), "{out}");
    place.write("headers", r#"{"X-GitHub-Event": "push"}"#);
    let (code, out, _) = run(&["--secret", "s"]);
    assert_eq!(code, Some(0));
    assert!(out.contains(r#""gate": "auth""#) && out.contains(r#""status": 401"#), "{out}");
}

#[test]
fn bad_input_exits_with_1_and_says_what_to_do() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    place.write("body", "{}");
    place.write("headers", "[]");
    for (args, said) in [
        (vec!["check", "--config", "nowhere.json"], "nowhere.json cannot be read"),
        (vec!["webhook", "--headers", "headers", "--body", "body"], "expected a JSON object of header names"),
        (vec!["webhook", "--headers", "nowhere", "--body", "body"], "nowhere cannot be read"),
        (vec!["sign", "--provider", "sourceforge", "--secret", "s", "--body", "body"], "github"),
        (vec!["sign", "--provider", "github", "--secret", "", "--body", "body"], "secret"),
        (vec!["sign", "--provider", "github", "--secret", "s", "--body", "body", "--form"], "payload"),
    ] {
        let (code, out, err) = texts(&place.run(&args));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{args:?}");
        assert!(err.contains(said), "{args:?}: {err}");
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let place = Place::new();
    for args in [vec!["nonsense"], vec![], vec!["render", "nonsense"], vec!["webhook", "--box", "sideways"]] {
        assert_eq!(place.run(&args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn the_schema_is_the_committed_one_and_help_explains_every_field() {
    let place = Place::new();
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../config.schema.json"));
    assert_eq!(place.output(&["render", "schema"]), committed.expect("committed"));
    assert!(place.output(&["help", "config"]).contains("run.port = 3000"));
    assert!(place.output(&["help"]).contains("webhook"));
}

#[test]
fn the_script_goes_where_it_is_told() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    place.output(&["render", "user-data", "--out", "script.sh"]);
    let written = std::fs::read_to_string(place.path("script.sh")).expect("written");
    assert_eq!(written, place.output(&["render", "user-data"]));
    let with_url =
        place.output(&["render", "user-data", "--function-url", "https://abc.lambda-url.us-east-1.on.aws/"]);
    assert!(with_url.contains("https://abc.lambda-url.us-east-1.on.aws") && with_url != written);
}

#[test]
fn the_policy_names_the_account_or_says_that_it_does_not() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (code, out, err) = texts(&place.run(&["render", "policy"]));
    assert_eq!(code, Some(0));
    assert!(out.contains("\"arn:aws:ec2:us-east-1:ACCOUNT:instance/*\""), "{out}");
    assert!(err.contains("--account"), "{err}");
    let (code, out, err) = texts(&place.run(&["render", "policy", "--account", "123456789012"]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(
        out.contains("\"arn:aws:ec2:us-east-1:123456789012:instance/*\"") && !out.contains("ACCOUNT"),
        "{out}"
    );
    let (code, _, err) = texts(&place.run(&["render", "policy", "--account", "me"]));
    assert!(code == Some(1) && err.contains("12 digits"), "{err}");
}

#[test]
fn a_script_for_which_even_gzip_is_too_long() {
    let place = Place::new();
    // Each digit takes at least half a byte.
    let digits: String = (0..600).map(|at| sha256_hex(at.to_string())).collect();
    let url = format!("https://{digits}.example.org");
    place.write("pushbox.json", CONFIG);
    let (code, out, err) = texts(&place.run(&["render", "user-data", "--function-url", &url]));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.starts_with("--function-url: makes a script of "), "{err}");
    assert!(err.contains(" as gzip ") && err.contains("EC2 takes 16384; use a shorter URL"), "{err}");

    let env = format!(r#", "run": {{"env": [{{"name": "A", "value": "{digits}"}}]}}}}"#);
    place.write("pushbox.json", CONFIG.strip_suffix('}').expect("an object").to_string() + &env);
    for command in [&["check"][..], &["render", "user-data"]] {
        let (code, out, err) = texts(&place.run(command));
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(err.starts_with("run.env: makes a script of ") && err.contains(" as gzip "), "{err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_terminal_is_given_gzip() {
    let place = Place::new();
    place.write("pushbox.json", long_config());
    let (code, _, err) = texts(&on_a_terminal(&place, &["render", "user-data"]));
    assert_eq!(code, Some(1));
    assert!(err.contains("--out") && err.contains("gunzip"), "{err}");
}

#[cfg(target_os = "linux")]
#[test]
fn no_terminal_is_given_a_zip() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (code, _, err) = texts(&on_a_terminal(&place, &["render", "function-zip", "--base", "base.zip"]));
    assert_eq!(code, Some(1));
    assert!(err.contains("--out"), "{err}");
}

/// With a terminal as its standard output.
#[cfg(target_os = "linux")]
fn on_a_terminal(place: &Place, args: &[&str]) -> Output {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&screen).expect("it is ours");
    unlockpt(&screen).expect("it is ours");
    let name = ptsname(&screen, Vec::new()).expect("it has a name").into_string().expect("UTF-8");
    let terminal = std::fs::OpenOptions::new().write(true).open(name).expect("it is there");
    let mut pushbox = Command::new(program("pushbox"));
    pushbox.args(args).arg("--config").arg(place.path("pushbox.json"));
    pushbox.stdout(terminal).output().expect("pushbox runs")
}
