//! A function that cannot do its work says so at its start, and never takes a delivery.

use serde_json::json;
use tests::function::{Lambda, bootstrap, command, run};
use tests::pushbox::{CONFIG, Place, SECRET};

/// `change` takes away what a start needs; the lines are what it says then.
#[track_caller]
fn check_refuses(config: Option<&str>, change: fn(&mut std::process::Command), lines: &[&str]) {
    let Some(program) = bootstrap() else { return };
    let place = Place::new();
    if let Some(config) = config {
        place.write("pushbox.json", config);
    }
    let mut command = command(&program, &place);
    change(&mut command);
    let output = run(&mut command);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    let mut found = said.lines();
    assert_eq!(found.next(), Some("pushbox: the function does not start"));
    let found: Vec<&str> = found.collect();
    assert_eq!(found.len(), lines.len(), "{said}");
    for (found, wanted) in found.iter().zip(lines) {
        assert!(found.contains(wanted), "{wanted} in {said}");
    }
    assert!(!said.contains(SECRET), "no secret is printed");
}

#[test]
fn without_a_secret() {
    check_refuses(
        Some(CONFIG),
        |command| _ = command.env_remove("PUSHBOX_WEBHOOK_SECRETS"),
        &["PUSHBOX_WEBHOOK_SECRETS: is missing; set it to the secret that the webhook has"],
    );
    check_refuses(
        Some(CONFIG),
        |command| _ = command.env("PUSHBOX_WEBHOOK_SECRETS", " \n\n"),
        &["PUSHBOX_WEBHOOK_SECRETS: is missing"],
    );
}

#[test]
fn without_a_config() {
    check_refuses(
        None,
        |_| (),
        &["pushbox.json: cannot be read: No such file or directory (os error 2); put"],
    );
}

#[test]
fn with_a_broken_config() {
    check_refuses(Some("{"), |_| (), &["pushbox.json: is not JSON"]);
    check_refuses(
        Some(r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo"}, "run": {"prot": 1}}"#),
        |_| (),
        &["run.prot: is not a field; did you mean run.port?"],
    );
}

#[test]
fn with_all_of_that_at_once() {
    check_refuses(
        Some("{}"),
        |command| {
            command.env_remove("PUSHBOX_WEBHOOK_SECRETS").env("PUSHBOX_SUBNET", "my subnet");
        },
        &[
            "app: is missing",
            "repo.url: is missing",
            "PUSHBOX_WEBHOOK_SECRETS",
            "PUSHBOX_SUBNET",
            "PUSHBOX_SUBNET",
        ],
    );
}

/// The console shows it to whoever tests the function.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lambda_is_told_why() {
    let Some(program) = bootstrap() else { return };
    let (place, lambda) = (Place::new(), Lambda::start().await);
    place.write("pushbox.json", r#"{"app": "my_app"}"#);
    let mut command = command(&program, &place);
    command.env("AWS_LAMBDA_RUNTIME_API", lambda.address.strip_prefix("http://").expect("http"));
    let output = run(command.env_remove("PUSHBOX_WEBHOOK_SECRETS"));
    assert_eq!(output.status.code(), Some(1));
    let [(headers, body)] = &lambda.init_errors()[..] else { panic!("told once") };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let problems = said.trim_end().strip_prefix("pushbox: the function does not start\n").expect("first");
    assert!(
        problems.contains("repo.url: is missing") && problems.contains("PUSHBOX_WEBHOOK_SECRETS"),
        "{said}"
    );
    assert_eq!(
        *body,
        json!({ "errorMessage": problems, "errorType": "Pushbox.NotStarted", "stackTrace": [] })
    );
    let kind = headers.get("lambda-runtime-function-error-type").and_then(|value| value.to_str().ok());
    assert_eq!(kind, Some("Pushbox.NotStarted"));
}

#[test]
fn outside_of_lambda() {
    check_refuses(
        Some(CONFIG),
        |command| _ = command.env_clear(),
        &["AWS_LAMBDA_RUNTIME_API: is missing; AWS Lambda sets it, and this program runs nowhere else"],
    );
}

#[test]
fn the_config_lies_beside_the_program() {
    let Some(program) = bootstrap() else { return };
    let place = Place::new();
    let copy = place.path("bootstrap");
    std::fs::copy(&program, &copy).expect("a copy");
    let mut command = command(&copy, &place);
    let output = run(command.env_remove("PUSHBOX_CONFIG"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&format!("{}: cannot be read", place.path("pushbox.json").display())), "{said}");
}
