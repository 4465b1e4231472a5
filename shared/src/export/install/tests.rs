use super::*;
use crate::checked::load;

fn config(more: &str) -> Config {
    let text = format!(r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git"}}{more}}}"#);
    load(text.as_bytes()).unwrap()
}

/// The line of a setting.
#[track_caller]
fn line<'a>(script: &'a str, name: &str) -> &'a str {
    let start = format!("{name}=");
    script.lines().find(|line| line.starts_with(&start)).unwrap()
}

#[test]
fn visitors_get_in_by_what_the_app_publishes_and_never_by_ssh() {
    for (more, ports) in [
        ("", "PORTS=(tcp/80)"),
        (
            r#", "run": {"domain": "a.example.org"}, "box": {"address": "elastic", "key_name": "me"}"#,
            "PORTS=(tcp/443 tcp/80)",
        ),
        (
            r#", "run": {"extra_ports": ["8080:80", "53:53/udp", "8080:81"]}"#,
            "PORTS=(tcp/80 tcp/8080 udp/53)",
        ),
    ] {
        assert_eq!(line(&script(&config(more)), "PORTS"), ports);
    }
}

#[test]
fn the_box_gets_a_role_where_there_are_secrets_and_no_profile_of_the_person() {
    let secret = r#", "run": {"env": [{"name": "KEY", "secret": true}]}"#;
    for (more, profile, passes) in [
        (String::new(), "PROFILE=''", None),
        (secret.to_string(), "PROFILE=pushbox-my_app-box", Some("role/pushbox-my_app-box")),
        (format!(r#"{secret}, "box": {{"instance_profile": "mine"}}"#), "PROFILE=''", Some("role/mine")),
    ] {
        let script = script(&config(&more));
        assert_eq!(line(&script, "PROFILE"), profile);
        assert_eq!(script.contains("iam:PassRole"), passes.is_some(), "{more}");
        assert!(passes.is_none_or(|role| script.contains(&format!("arn:aws:iam::«account»:{role}"))));
    }
}

#[test]
fn a_security_group_of_the_person_is_the_one_that_is_allowed() {
    let own = config(r#", "box": {"security_groups": ["sg-0123456789abcdef0"]}"#);
    for (config, named) in
        [(own, "security-group/sg-0123456789abcdef0"), (config(""), "security-group/«group»")]
    {
        assert!(script(&config).contains(named));
    }
}

#[test]
fn logs_are_kept_for_as_long_as_cloudwatch_can_and_not_shorter_than_wanted() {
    for (wanted, kept) in [(1, 1), (2, 3), (14, 14), (15, 30), (3653, 3653)] {
        assert_eq!(retention_days(wanted), kept);
    }
}

#[test]
fn the_same_config_gives_the_same_script_but_for_its_settings() {
    let after = |script: String| script.split_once("# ---- Words ----").unwrap().1.to_string();
    let other = config(r#", "run": {"env": [{"name": "KEY", "value": "\n# ---- Words ----\n"}]}"#);
    assert_eq!(after(script(&config(""))), after(script(&config(""))));
    assert!(script(&other).ends_with(&after(script(&config("")))));
}
