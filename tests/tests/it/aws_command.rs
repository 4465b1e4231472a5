//! The plan as commands: the real AWS CLI takes each of them, and understands what was meant.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use pushbox_shared::config::Config;
use pushbox_shared::ec2::{
    AssociateAddress, Call, CreateTags, DescribeAddresses, DescribeInstances, Filter, GetConsoleOutput,
    Instances, RunInstances, Tag, UserData,
};
use pushbox_shared::plan::Step;
use pushbox_shared::protocol::launch::{offers, run_instances};
use pushbox_shared::setup::Setup;
use pushbox_web::model::aws_command::{USER_DATA_FILE, aws_command};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The AWS CLI beside the interpreter that is named by `PUSHBOX_PYTHON`. Without one the test is skipped, but never in CI.
fn aws() -> Option<PathBuf> {
    let aws = std::env::var_os("PUSHBOX_PYTHON").map(|python| PathBuf::from(python).with_file_name("aws"));
    if let Some(aws) = aws.filter(|aws| aws.exists()) {
        return Some(aws);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have the AWS CLI");
    println!("skipped: no AWS CLI beside PUSHBOX_PYTHON; `cargo xtask test` brings it");
    None
}

/// Runs a command as a person would, in a folder with the script.
fn run(aws: &std::path::Path, command: &str, endpoint: &str) -> Output {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join(USER_DATA_FILE), "#!/bin/bash\n").expect("it is ours");
    let mut bash = Command::new("bash");
    bash.args(["-c", command]).current_dir(folder.path()).env("HOME", folder.path());
    let path = std::env::var("PATH").unwrap_or_default();
    let folder_of_aws = aws.parent().expect("it is in a folder").display().to_string();
    bash.env("PATH", format!("{folder_of_aws}:{path}")).env("AWS_ENDPOINT_URL", endpoint);
    bash.env("AWS_ACCESS_KEY_ID", "nobody").env("AWS_SECRET_ACCESS_KEY", "nothing");
    bash.output().expect("bash runs")
}

fn launches() -> Vec<RunInstances> {
    let mut setup = Setup::default();
    setup.config.app = "my_app".into();
    setup.config.repo.url = "https://github.com/usil/foo.git".into();
    let plain = run_instances(&setup, offers(&setup.config)[0], 0);
    setup.config.box_.spot = pushbox_shared::config::Spot::Only;
    setup.config.box_.key_name = Some("it's a key".into());
    setup.installed.security_groups = vec!["sg-0123456789abcdef0".into()];
    setup.installed.subnet = Some("subnet-0123456789abcdef0".into());
    setup.installed.instance_profile = Some("pushbox-my_app-box".into());
    let full = run_instances(&setup, offers(&setup.config)[0], 1);
    let gzip = RunInstances { user_data: UserData(vec![0x1f, 0x8b, 8]), ..plain.clone() };
    vec![plain, full, gzip]
}

#[test]
fn the_aws_command_takes_every_call() {
    let Some(aws) = aws() else { return };
    let ids = || Instances { instance_ids: vec!["i-box".into()] };
    let filters = || vec![Filter { name: "tag:pushbox:app".into(), values: vec!["my app".into()] }];
    let mut calls = vec![
        Call::DescribeInstances(DescribeInstances { filters: filters() }),
        Call::CreateTags(CreateTags {
            resources: vec!["i-box".into()],
            tags: vec![Tag::new("pushbox:ref", "it's [\"a\"] $ref"), Tag::new("pushbox:poke", "1")],
        }),
        Call::StartInstances(ids()),
        Call::RebootInstances(ids()),
        Call::GetConsoleOutput(GetConsoleOutput { instance_id: "i-box".into(), latest: true }),
        Call::DescribeAddresses(DescribeAddresses { filters: filters() }),
        Call::AssociateAddress(AssociateAddress {
            allocation_id: "eipalloc-box".into(),
            instance_id: "i-box".into(),
            allow_reassociation: false,
        }),
    ];
    calls.extend(launches().into_iter().map(|launch| Call::RunInstances(Box::new(launch))));
    for call in calls {
        // A new kind of call belongs into the list above.
        match &call {
            Call::DescribeInstances(_)
            | Call::RunInstances(_)
            | Call::CreateTags(_)
            | Call::StartInstances(_)
            | Call::RebootInstances(_)
            | Call::GetConsoleOutput(_)
            | Call::DescribeAddresses(_)
            | Call::AssociateAddress(_) => {}
        }
        let command = aws_command(&Step::Call(call), &Config::default());
        // It checks all parameters, and calls nobody.
        let output = run(&aws, &format!("{command} --generate-cli-skeleton output"), "http://127.0.0.1:1");
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn what_the_aws_command_does_not_know_is_refused_here_too() {
    let Some(aws) = aws() else { return };
    let command =
        "aws ec2 start-instances --region us-east-1 --instances i-box --generate-cli-skeleton output";
    assert!(!run(&aws, command, "http://127.0.0.1:1").status.success(), "the test above can fail");
}

#[test]
fn the_call_of_itself_is_that_of_the_function() {
    let Some(aws) = aws() else { return };
    let lambda = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", lambda.local_addr().expect("bound"));
    let answered = std::thread::spawn(move || {
        let (mut client, _) = lambda.accept().expect("the AWS CLI calls");
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.ends_with(b"}\n") {
            let read = client.read(&mut buffer).expect("it sends");
            assert!(read > 0, "{}", String::from_utf8_lossy(&request));
            request.extend(&buffer[..read]);
        }
        client.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").expect("it listens");
        String::from_utf8_lossy(&request).into_owned()
    });
    let config = Config { app: "my_app".into(), ..Config::default() };
    let output = run(&aws, &aws_command(&Step::Reconcile, &config), &endpoint);
    let said: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(said["StatusCode"], json!(202));
    let request = answered.join().expect("no panic");
    assert!(request.starts_with("POST /2015-03-31/functions/pushbox-my_app/invocations "), "{request}");
    assert!(request.to_lowercase().contains("x-amz-invocation-type: event"), "{request}");
    assert!(request.ends_with("{\"reconcile\":1}\n"), "{request}");
}
