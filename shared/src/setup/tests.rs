use super::*;
use crate::hash::sha256_hex;

const CONFIG: &[u8] = br#"{"app": "a", "repo": {"url": "https://github.com/usil/foo.git"}}"#;

fn read(variables: &[(&str, &str)], config: Result<&[u8], String>) -> Result<Setup, Vec<String>> {
    let variable = |name: &str| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_string())
    };
    Setup::from_parts(variable, config)
}

#[test]
fn a_config_and_a_secret_are_enough() {
    let setup = read(&[("PUSHBOX_WEBHOOK_SECRETS", "s")], Ok(CONFIG)).expect("complete");
    assert_eq!((setup.config.app.as_str(), setup.secrets.webhook()), ("a", &["s".to_string()][..]));
    assert_eq!((setup.secrets.admin_key(), setup.installed), (None, Installed::default()));
}

#[test]
fn all_that_an_installer_can_say() {
    let variables = [
        ("PUSHBOX_WEBHOOK_SECRETS", "new\n\n  old  \n"),
        ("PUSHBOX_ADMIN_KEY", " key "),
        ("PUSHBOX_FUNCTION_URL", "https://abc.lambda-url.us-east-1.on.aws/"),
        ("PUSHBOX_SECURITY_GROUPS", "sg-01234567, sg-89abcdef\nsg-00000000"),
        ("PUSHBOX_SUBNET", "subnet-01234567"),
        ("PUSHBOX_INSTANCE_PROFILE", "pushbox-a"),
    ];
    let setup = read(&variables, Ok(CONFIG)).expect("complete");
    assert_eq!(setup.secrets.webhook(), ["new", "old"]);
    assert_eq!(setup.secrets.admin_key(), Some("key"));
    let installed = Installed {
        function_url: Some("https://abc.lambda-url.us-east-1.on.aws".into()),
        security_groups: ["sg-01234567", "sg-89abcdef", "sg-00000000"].map(String::from).into(),
        subnet: Some("subnet-01234567".into()),
        instance_profile: Some("pushbox-a".into()),
    };
    assert_eq!(setup.installed, installed);
}

/// The lines that a start without these would print; the words after the name are not compared.
#[track_caller]
fn check_refused(variables: &[(&str, &str)], config: Result<&[u8], String>, names: &[&str]) {
    let problems = read(variables, config).expect_err("something is wrong");
    let found: Vec<&str> = problems.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(found, names, "{problems:#?}");
}

#[test]
fn without_a_secret_there_is_no_function() {
    for nothing in ["", " ", "\n \n"] {
        check_refused(&[("PUSHBOX_WEBHOOK_SECRETS", nothing)], Ok(CONFIG), &["PUSHBOX_WEBHOOK_SECRETS"]);
    }
    check_refused(&[], Ok(CONFIG), &["PUSHBOX_WEBHOOK_SECRETS"]);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let variables = [
        ("PUSHBOX_FUNCTION_URL", "http://abc"),
        ("PUSHBOX_SECURITY_GROUPS", "sg-01234567 default web"),
        ("PUSHBOX_SUBNET", "subnet-01234567,subnet-89abcdef"),
        ("PUSHBOX_INSTANCE_PROFILE", "arn:aws:iam::1:instance-profile/x"),
    ];
    let wrong = [
        "PUSHBOX_WEBHOOK_SECRETS",
        "PUSHBOX_FUNCTION_URL",
        "PUSHBOX_SECURITY_GROUPS",
        "PUSHBOX_SECURITY_GROUPS",
        "PUSHBOX_SUBNET",
        "PUSHBOX_INSTANCE_PROFILE",
    ];
    check_refused(&variables, Ok(br#"{"prot": 1}"#), &[&["prot", "app", "repo.url"], &wrong[..]].concat());
    let missing = Err("/var/task/pushbox.json: cannot be read".to_string());
    check_refused(&variables, missing, &[&["/var/task/pushbox.json"], &wrong[..]].concat());
    check_refused(&[("PUSHBOX_WEBHOOK_SECRETS", "s")], Ok(b"{"), &["pushbox.json"]);
}

#[test]
fn a_url_that_would_not_survive_a_shell_is_refused() {
    for url in ["https://", "https://a b", "https://a/b", "https://a;reboot", "ftp://a", "https://a@b"] {
        let variables = [("PUSHBOX_WEBHOOK_SECRETS", "s"), ("PUSHBOX_FUNCTION_URL", url)];
        check_refused(&variables, Ok(CONFIG), &["PUSHBOX_FUNCTION_URL"]);
    }
}

#[test]
fn no_problem_shows_a_secret() {
    let variables = [("PUSHBOX_WEBHOOK_SECRETS", "hunter2"), ("PUSHBOX_ADMIN_KEY", "hunter2")];
    let problems = read(&variables, Ok(b"{}")).expect_err("no app");
    assert!(!problems.concat().contains("hunter2"));
}

#[test]
fn a_url_for_which_the_script_has_no_room() {
    let host: String = (0..600).map(|at| sha256_hex(at.to_string())).collect();
    let variables = [("PUSHBOX_WEBHOOK_SECRETS", "s"), ("PUSHBOX_FUNCTION_URL", &format!("https://{host}"))];
    check_refused(&variables, Ok(CONFIG), &["PUSHBOX_FUNCTION_URL"]);
}
