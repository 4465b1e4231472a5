use expect_test::{Expect, expect, expect_file};

use super::*;
use crate::config::{FIELDS, Slot, describe, parse, to_json, to_value};
use crate::hash::sha256_hex;
use crate::user_data;

const SMALLEST: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}}"#;

/// The problems of a config text, one a line.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    let problems = load(text.as_bytes()).err().unwrap_or_default();
    expected.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

/// The smallest config with one more member.
#[track_caller]
fn check_with(member: &str, expected: &Expect) {
    check(
        &format!(r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git"}}, {member}}}"#),
        expected,
    );
}

#[test]
fn the_smallest_config_holds_the_defaults() {
    let config = load(SMALLEST.as_bytes()).unwrap();
    let mut expected = Config { app: "my_app".into(), ..Config::default() };
    expected.repo.url = "https://github.com/usil/foo.git".into();
    assert_eq!(config, expected);
}

#[test]
fn every_field_is_read_and_written_back() {
    let text = r#"{
      "version": 1, "app": "my_app",
      "repo": { "url": "git@gitlab.com:usil/group/foo.git", "refs": ["refs/heads/main", "refs/tags/v*"], "paths": ["src/**", "!docs/**"],
                "submodules": true, "auth": "deploy-key", "poll_minutes": 5 },
      "build": { "dockerfile": "deploy/Dockerfile", "context": "app", "target": "prod", "args": { "B": "2", "A": "one two" } },
      "run": { "port": 8080, "env": [ { "name": "bar", "value": "baz \n $x '\" 🙂" }, { "name": "DB_PASSWORD", "secret": true } ],
               "health_path": "/health", "health_timeout_s": 30, "drain_s": 5, "volumes": ["data:/data"], "extra_ports": ["53:53/udp"],
               "domain": "app.example.org", "role_for_app": true },
      "box": { "region": "eu-west-1", "types": ["t4g.micro", "t3.micro"], "disk_gb": 20, "image": "debian-12", "spot": "fallback",
               "address": "elastic", "cpu_credits": "standard", "key_name": "me", "subnet": "subnet-0123456789abcdef0",
               "security_groups": ["sg-01234567"], "instance_profile": "box" },
      "deploy": "reboot", "keep_images": 5,
      "webhook": { "allow_sha1": true, "skip_markers": false },
      "notify": { "commit_status": true, "webhook": true },
      "sleep": { "max_wakes_per_day": 3 },
      "function": { "arch": "x86_64", "memory_mb": 256, "log_days": 7, "reserved_concurrency": 2, "budget_usd": 12.5 },
      "cost": { "hourly_price": 0.01 }
    }"#;
    let config = load(text.as_bytes()).unwrap();
    assert_eq!(config.build.args, [("B".into(), "2".into()), ("A".into(), "one two".into())]);
    assert_eq!(to_value(&config), serde_json::from_str::<serde_json::Value>(text).unwrap());
    assert_eq!(load(to_json(&config).as_bytes()).unwrap(), config);
}

#[test]
fn only_what_differs_from_its_default_is_written() {
    let config = load(SMALLEST.as_bytes()).unwrap();
    expect![[r#"
        {
          "version": 1,
          "app": "my_app",
          "repo": {
            "url": "https://github.com/usil/foo.git"
          }
        }
    "#]]
    .assert_eq(&to_json(&config));
}

#[test]
fn every_problem_is_reported_at_once() {
    check(
        r#"{"version": 1, "app": "My App", "repo": {"url": "nonsense", "refs": ["main"]}, "run": {"prot": 1, "port": 70000,
            "env": [{"name": "A B", "value": "x"}, {"name": "C", "value": 3}, {"name": "D"}, {"name": "E", "secret": true, "value": "s"}]},
            "box": {"spot": "yes", "types": ["huge"], "disk_gb": "12"}, "colour": "red"}"#,
        &expect![[r#"
            run.prot: is not a field; did you mean run.port?
            colour: is not a field; `pushbox help config` lists all of them
            run.port: expected a whole number from 1 to 65535, found 70000
            run.env[1].value: expected a text, found 3; put it in quotes
            run.env[2]: D has neither a value nor "secret": true; add one of them
            run.env[3].value: a secret's value does not belong in a config; remove it here and put it into Parameter Store
            box.disk_gb: expected a whole number from 8 to 16384, found "12"
            box.spot: expected one of off, only, fallback, found "yes"
            app: expected at most 40 lower-case letters and digits, with single - or _ between them, found "My App"
            repo.url: expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found `nonsense`
            repo.refs[0]: expected refs/heads/… or refs/tags/…, found "main"; write refs/heads/main
            run.env[0]: expected a name of letters, digits and _, not beginning with a digit, found "A B"
            box.types[0]: expected an instance type such as t4g.small, found "huge"
        "#]],
    );
}

#[test]
fn an_empty_form_says_what_is_missing() {
    check(
        "{}",
        &expect![[r#"
        app: is missing; give the app a name such as my_app
        repo.url: is missing; paste the address you would give to git clone
    "#]],
    );
}

#[test]
fn ports_outside_of_1_to_65535() {
    check_with(
        r#""run": {"port": 0}"#,
        &expect![[r#"
        run.port: expected a whole number from 1 to 65535, found 0
    "#]],
    );
    check_with(
        r#""run": {"port": 70000}"#,
        &expect![[r#"
        run.port: expected a whole number from 1 to 65535, found 70000
    "#]],
    );
    check_with(
        r#""run": {"port": "80"}"#,
        &expect![[r#"
        run.port: expected a whole number from 1 to 65535, found "80"
    "#]],
    );
    check_with(
        r#""run": {"port": 80.5}"#,
        &expect![[r#"
        run.port: expected a whole number from 1 to 65535, found 80.5
    "#]],
    );
}

#[test]
fn what_is_no_config_at_all() {
    check(
        "",
        &expect![[r#"
        pushbox.json: is not JSON: EOF while parsing a value at line 1 column 0; check commas, quotes and brackets there
    "#]],
    );
    check(
        "[]",
        &expect![[r#"
        pushbox.json: expected an object, found a list of 0
        app: is missing; give the app a name such as my_app
        repo.url: is missing; paste the address you would give to git clone
    "#]],
    );
    check(
        r#"{"app": "a","#,
        &expect![[r#"
        pushbox.json: is not JSON: EOF while parsing a value at line 1 column 12; check commas, quotes and brackets there
    "#]],
    );
    let problems = load(b"{\"app\": \"\xff\"}").unwrap_err();
    expect!["pushbox.json: is not UTF-8 (byte 9); save it as UTF-8"].assert_eq(&problems[0].to_string());
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert!(load(format!("\u{feff}{SMALLEST}").as_bytes()).is_ok());
}

#[test]
fn a_password_in_the_repository_url_is_refused_and_not_repeated() {
    let with_url = |url: &str| format!(r#"{{"app": "a", "repo": {{"url": "{url}"}}}}"#);
    check(
        &with_url("https://ada:hunter2@github.com/usil/foo"),
        &expect![[r#"
        repo.url: holds a user or password, which everybody who sees the script could read; remove what stands before the @
    "#]],
    );
    check(
        &with_url("https://ghp_0123@github.com/usil/foo"),
        &expect![[r#"
        repo.url: holds a user or password, which everybody who sees the script could read; remove what stands before the @
    "#]],
    );
    check(
        &with_url("ssh://git:hunter2@github.com/usil/foo"),
        &expect![[r#"
        repo.url: holds a user or password, which everybody who sees the script could read; remove what stands before the @
    "#]],
    );
    check(
        &with_url("https://github.com/usil/foo?token=1"),
        &expect![[r#"
        repo.url: expected the address that git clones, without ? and #, found "https://github.com/usil/foo?token=1"
    "#]],
    );
    check(&with_url("ssh://git@github.com/usil/foo"), &expect![[""]]);
}

#[test]
fn a_nul_in_a_value() {
    check_with(
        r#""run": {"env": [{"name": "A", "value": "x\u0000y"}]}"#,
        &expect![[r#"
        run.env[0]: the value of A holds a NUL character, which no environment variable can; remove it
    "#]],
    );
}

#[test]
fn rules_between_fields() {
    check_with(
        r#""run": {"domain": "app.example.org"}"#,
        &expect![[r#"
        run.domain: needs box.address "elastic": with "auto" somebody else could be given the old address, and the name with it
    "#]],
    );
    check_with(
        r#""box": {"spot": "only"}, "sleep": {"after_idle_minutes": 30}"#,
        &expect![[r#"
        box.spot: excludes sleep: a stopped spot box cannot be relied on to start again; use one of the two
    "#]],
    );
    check_with(
        r#""box": {"spot": "fallback"}, "sleep": {"schedule": "mon-fri 08:00-18:00 UTC"}"#,
        &expect![[r#"
        box.spot: excludes sleep: a stopped spot box cannot be relied on to start again; use one of the two
    "#]],
    );
    check_with(
        r#""sleep": {"schedule": "weekdays 8-18"}"#,
        &expect![[r#"
        sleep.schedule: expected days, hours and a time zone such as mon-fri 08:00-18:00 Europe/Berlin, or mon,wed,sat-sun 00:00-24:00 UTC, found "weekdays 8-18"
    "#]],
    );
    check_with(
        r#""run": {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}"#,
        &expect![[r#"
        run.env[1]: A is there twice; remove one of them
    "#]],
    );
    check(
        r#"{"app": "a", "repo": {"url": "https://github.com/usil/foo", "refs": ["refs/tags/v*"]}, "box": {"types": ["t2.micro"]}}"#,
        &expect![[r#"
            repo.refs: must be one exact branch with t2.micro, which sees its tags only after a stop; use a t3 or t4g type, or one branch
        "#]],
    );
    check(
        r#"{"app": "a", "repo": {"url": "https://github.com/usil/foo", "refs": []}, "box": {"types": []}}"#,
        &expect![[r#"
            repo.refs: is empty, so no push would ever deploy; name a ref such as refs/heads/main
            box.types: is empty; name an instance type such as t4g.small
        "#]],
    );
}

fn with_value(value: &str) -> String {
    SMALLEST.replace("}}", &format!(r#"}}, "run": {{"env": [{{"name": "A", "value": "{value}"}}]}}}}"#))
}

/// Digits that no gzip makes shorter than half.
fn digits(count: usize) -> String {
    (0..count.div_ceil(64)).map(|at| sha256_hex(at.to_string())).collect::<String>()[..count].to_string()
}

#[test]
fn a_token_needs_the_web_and_a_deploy_key_needs_ssh() {
    let with =
        |url: &str, auth: &str| format!(r#"{{"app": "a", "repo": {{"url": "{url}", "auth": "{auth}"}}}}"#);
    for url in ["git@github.com:usil/foo.git", "ssh://git@github.com/usil/foo.git"] {
        check(
            &with(url, "token"),
            &expect![[r#"
                repo.auth: "token" needs an address with https://; use that one in repo.url, or a deploy key
            "#]],
        );
        check(&with(url, "deploy-key"), &expect![[""]]);
    }
    check(
        &with("http://github.com/usil/foo.git", "token"),
        &expect![[r#"
            repo.auth: "token" needs an address with https://; use that one in repo.url, or a deploy key
        "#]],
    );
    check(
        &with("https://github.com/usil/foo.git", "deploy-key"),
        &expect![[r#"
            repo.auth: "deploy-key" needs an address for ssh, such as git@host:owner/name.git; use that one in repo.url, or a token
        "#]],
    );
    check(&with("https://github.com/usil/foo.git", "token"), &expect![[""]]);
}

#[test]
fn a_commit_status_needs_a_host_that_is_known() {
    let with = |url: &str| {
        format!(r#"{{"app": "a", "repo": {{"url": "{url}"}}, "notify": {{"commit_status": true}}}}"#)
    };
    for url in [
        "https://git.example.org/usil/foo.git",
        "https://github.com.example.org/usil/foo",
        "git@mygitlab.org:usil/foo",
    ] {
        check(
            &with(url),
            &expect![[r#"
                notify.commit_status: is for GitHub, GitLab and Bitbucket Cloud, and repo.url is of another host; switch it off
            "#]],
        );
    }
    for url in [
        "https://github.com/usil/foo",
        "git@gitlab.example.org:usil/foo.git",
        "https://bitbucket.org/usil/foo",
    ] {
        check(&with(url), &expect![[""]]);
    }
}

#[test]
fn a_secret_that_bash_or_docker_would_obey() {
    let with = |name: &str, value: &str| {
        format!(
            r#"{{"app": "a", "repo": {{"url": "https://github.com/usil/foo"}}, "run": {{"env": [{{"name": "{name}", {value}}}]}}}}"#
        )
    };
    for name in [
        "PATH",
        "HOME",
        "UID",
        "SECONDS",
        "RANDOM",
        "HISTCMD",
        "SHLVL",
        "_",
        "BASH_ENV",
        "BASHOPTS",
        "LC_ALL",
        "LD_PRELOAD",
        "DOCKER_HOST",
        "BUILDKIT_PROGRESS",
    ] {
        let expected = format!(
            "run.env[0]: {name} cannot be a secret: bash or docker would obey it on its way; give it another name, or a plain value"
        );
        let problems = load(with(name, r#""secret": true"#).as_bytes()).unwrap_err();
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        check(&with(name, r#""value": "x""#), &expect![[""]]);
    }
    for name in ["DB_PASSWORD", "APP_PATH", "HOMEPAGE", "MY_DOCKER_HOST", "__", "UIDS", "TZ", "IFS"] {
        check(&with(name, r#""secret": true"#), &expect![[""]]);
    }
}

#[test]
fn a_script_that_ec2_would_refuse_even_as_gzip() {
    assert!(load(with_value(&"x".repeat(100_000)).as_bytes()).is_ok());
    let problems = load(with_value(&digits(40_000)).as_bytes()).unwrap_err();
    let (config, _) = read(&parse(with_value(&digits(40_000)).as_bytes()).unwrap());
    let script = user_data::script(&config, Some(rules::LONGEST_URL));
    let gzip = user_data::packed(&script).bytes().len();
    assert!(gzip > user_data::LIMIT);
    let expected = format!(
        "run.env: makes a script of {} bytes, as gzip {gzip}, and EC2 takes 16384; shorten values, or mark long ones secret",
        script.len()
    );
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
}

/// The check of a config does not know the URL.
#[test]
fn what_just_fits_does_so_with_every_url_of_lambda() {
    let fits = |count: &usize| load(with_value(&digits(*count)).as_bytes()).is_ok();
    let most = (15_000..40_000).collect::<Vec<_>>().partition_point(fits);
    let (config, _) = read(&parse(with_value(&digits(15_000 + most - 1)).as_bytes()).unwrap());
    for at in 0..50 {
        let letter = |byte: u8| char::from_digit(u32::from(byte) % 36, 36).unwrap();
        let id: String = hex::decode(sha256_hex(at.to_string())).unwrap().into_iter().map(letter).collect();
        for region in ["us-east-1", "ap-northeast-1", "eu-central-1"] {
            let url = format!("https://{id}.lambda-url.{region}.on.aws");
            let script = user_data::script(&config, Some(&url));
            assert!(script.len() > user_data::LIMIT);
            assert_eq!(user_data::check(&script), Ok(()), "{url}");
        }
    }
    assert_eq!(user_data::check(&user_data::script(&config, None)), Ok(()));
}

#[test]
fn names_that_docker_would_refuse() {
    for bad in ["", "a_", "_a", "a__b", "A", "a.b", "a b", "ä", &"a".repeat(41)] {
        assert!(load(SMALLEST.replace("my_app", bad).as_bytes()).is_err(), "{bad}");
    }
    for good in ["a", "my_app", "my-app-2", "0"] {
        assert!(load(SMALLEST.replace("my_app", good).as_bytes()).is_ok(), "{good}");
    }
}

#[test]
fn every_choice_has_its_default_first() {
    let (mut config, mut defaults) = (Config::default(), Config::default());
    for field in FIELDS {
        if let (Slot::Choice(choice), Slot::Choice(default)) =
            ((field.slot)(&mut config), (field.slot)(&mut defaults))
        {
            assert_eq!(choice.names()[0], default.chosen(), "{}", field.path);
        }
    }
}

#[test]
fn every_default_passes_its_own_check() {
    let (_, problems) = read(&serde_json::json!({}));
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["app", "repo.url"], "only what has no default is missing");
}

#[test]
fn schema_and_docs_are_those_of_the_table() {
    expect_file!["../../../config.schema.json"].assert_eq(&describe::schema());
    expect_file!["../../../docs/config.md"].assert_eq(&describe::markdown());
}

#[test]
fn help_names_every_field() {
    let help = describe::help();
    for field in FIELDS {
        assert!(help.contains(&format!("\n  {} = ", field.path)), "{}", field.path);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let _ = load(text.as_bytes());
    }

    #[test]
    fn a_value_comes_back_as_it_was(value in "[^\0]*") {
        let json = serde_json::json!({"app": "a", "repo": {"url": "https://github.com/usil/foo"}, "run": {"env": [{"name": "A", "value": value}]}});
        let (config, problems) = read(&json);
        proptest::prop_assert!(problems.is_empty(), "{problems:?}");
        proptest::prop_assert_eq!(read(&to_value(&config)).0, config);
    }
}
