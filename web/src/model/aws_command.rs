//! What a plan does, as the commands of the AWS CLI that would do the same, for people to read and to run.
//!
//! The options follow from the parameters' names, as the AWS CLI itself derives them.

use pushbox_shared::config::Config;
use pushbox_shared::ec2::{Call, RunInstances, UserData};
use pushbox_shared::export;
use pushbox_shared::export::names::function_name;
use pushbox_shared::plan::Step;
use pushbox_shared::user_data::quote;
use serde_json::{Map, Value, json};

/// The command for one step, an option a line. It expects the script in the file [`USER_DATA_FILE`].
pub fn aws_command(step: &Step, config: &Config) -> String {
    match step {
        Step::Call(call) => ec2(call, config),
        Step::Reconcile => words(
            "aws lambda invoke",
            [
                format!("--region {}", quote(&config.box_.region)),
                format!("--function-name {}", quote(&function_name(&config.app))),
                "--invocation-type Event".into(),
                // Versions 1 and 2 of the AWS CLI read a text in different ways, and bytes in the same.
                "--payload fileb:///dev/stdin".into(),
                format!("answer.json <<< {}", quote(r#"{"reconcile":1}"#)),
            ],
        ),
    }
}

/// As the page and `pushbox render user-data` call it.
pub const USER_DATA_FILE: &str = export::USER_DATA.file;

fn ec2(call: &Call, config: &Config) -> String {
    let region = format!("--region {}", quote(&config.box_.region));
    let parameters = parameters(call);
    let options = parameters.iter().filter(|(name, _)| *name != "call").map(|(name, value)| {
        let option = kebab_case(name);
        match value {
            Value::Bool(true) => format!("--{option}"),
            Value::Bool(false) => format!("--no-{option}"),
            other => format!("--{option} {}", argument(other)),
        }
    });
    words(&format!("aws ec2 {}", kebab_case(call.name())), std::iter::once(region).chain(options))
}

/// The call's own, but for two that the AWS CLI has in another form: the counts, and user data, which comes from a file.
fn parameters(call: &Call) -> Map<String, Value> {
    let Value::Object(mut parameters) = json!(call) else { return Map::new() };
    if let Call::RunInstances(launch) = call {
        let RunInstances { min_count, max_count, user_data, .. } = &**launch;
        parameters.shift_remove("MaxCount");
        parameters.shift_remove("MinCount");
        parameters.insert(
            "Count".into(),
            if min_count == max_count { json!(min_count) } else { json!(format!("{min_count}:{max_count}")) },
        );
        parameters.insert("UserData".into(), json!(user_data_file(user_data)));
    }
    parameters
}

/// The AWS CLI takes `file://` for a text only; gzip is none.
fn user_data_file(UserData(bytes): &UserData) -> String {
    let kind = if bytes.starts_with(b"#!") { "file" } else { "fileb" };
    format!("{kind}://{USER_DATA_FILE}")
}

/// Several texts are words of their own; whatever else has a structure is JSON.
fn argument(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).map(quote).collect::<Vec<_>>().join(" ")
        }
        other => quote(&other.to_string()),
    }
}

/// `RunInstances` is `run-instances`.
fn kebab_case(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn words(command: &str, options: impl IntoIterator<Item = String>) -> String {
    options.into_iter().fold(command.to_string(), |command, option| format!("{command} \\\n  {option}"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use pushbox_shared::ec2::{
        AssociateAddress, CreateTags, DescribeAddresses, Filter, GetConsoleOutput, Instances, Tag,
    };
    use pushbox_shared::protocol::launch::{Offer, run_instances};
    use pushbox_shared::setup::Setup;

    use super::*;

    #[track_caller]
    fn check(step: &Step, expect: &Expect) {
        let config = Config { app: "my_app".into(), ..Config::default() };
        expect.assert_eq(&(aws_command(step, &config) + "\n"));
    }

    #[test]
    fn every_call_is_a_command() {
        let ids = Instances { instance_ids: vec!["i-box".into()] };
        check(
            &Step::Call(Call::StartInstances(ids.clone())),
            &expect![[r#"
            aws ec2 start-instances \
              --region us-east-1 \
              --instance-ids i-box
        "#]],
        );
        check(
            &Step::Call(Call::RebootInstances(ids)),
            &expect![[r#"
            aws ec2 reboot-instances \
              --region us-east-1 \
              --instance-ids i-box
        "#]],
        );
        let tags = vec![Tag::new("pushbox:ref", "refs/heads/it's"), Tag::new("pushbox:poke", "1")];
        check(
            &Step::Call(Call::CreateTags(CreateTags { resources: vec!["i-box".into()], tags })),
            &expect![[r#"
                aws ec2 create-tags \
                  --region us-east-1 \
                  --resources i-box \
                  --tags '[{"Key":"pushbox:ref","Value":"refs/heads/it'\''s"},{"Key":"pushbox:poke","Value":"1"}]'
            "#]],
        );
        let address = AssociateAddress {
            allocation_id: "eipalloc-box".into(),
            instance_id: "i-box".into(),
            allow_reassociation: false,
        };
        check(
            &Step::Call(Call::AssociateAddress(address)),
            &expect![[r#"
            aws ec2 associate-address \
              --region us-east-1 \
              --allocation-id eipalloc-box \
              --instance-id i-box \
              --no-allow-reassociation
        "#]],
        );
        let console = GetConsoleOutput { instance_id: "i-box".into(), latest: true };
        check(
            &Step::Call(Call::GetConsoleOutput(console)),
            &expect![[r#"
            aws ec2 get-console-output \
              --region us-east-1 \
              --instance-id i-box \
              --latest
        "#]],
        );
        let filters = vec![Filter { name: "tag:pushbox:app".into(), values: vec!["my_app".into()] }];
        check(
            &Step::Call(Call::DescribeAddresses(DescribeAddresses { filters })),
            &expect![[r#"
            aws ec2 describe-addresses \
              --region us-east-1 \
              --filters '[{"Name":"tag:pushbox:app","Values":["my_app"]}]'
        "#]],
        );
        check(
            &Step::Reconcile,
            &expect![[r#"
            aws lambda invoke \
              --region us-east-1 \
              --function-name pushbox-my_app \
              --invocation-type Event \
              --payload fileb:///dev/stdin \
              answer.json <<< '{"reconcile":1}'
        "#]],
        );
    }

    #[test]
    fn a_launch_has_its_script_in_a_file() {
        let mut setup = Setup::default();
        setup.config.app = "my_app".into();
        setup.config.repo.url = "https://github.com/usil/foo.git".into();
        let launch = run_instances(&setup, Offer::on_demand("t4g.small"), 0);
        let command = aws_command(&Step::Call(Call::RunInstances(Box::new(launch.clone()))), &setup.config);
        let shown: Vec<&str> =
            command.lines().filter(|line| !line.contains("-token") && !line.contains("tag-")).collect();
        expect![[r#"
            aws ec2 run-instances \
              --region us-east-1 \
              --image-id resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id \
              --instance-type t4g.small \
              --user-data file://user-data.sh \
              --block-device-mappings '[{"DeviceName":"/dev/sda1","Ebs":{"VolumeSize":12,"VolumeType":"gp3","Encrypted":true,"DeleteOnTermination":true}}]' \
              --network-interfaces '[{"DeviceIndex":0,"AssociatePublicIpAddress":true}]' \
              --metadata-options '{"HttpTokens":"required","HttpPutResponseHopLimit":1,"InstanceMetadataTags":"enabled"}' \
              --instance-initiated-shutdown-behavior stop \
              --credit-specification '{"CpuCredits":"unlimited"}' \
              --count 1
        "#]].assert_eq(&(shown.join("\n") + "\n"));
        let gzip =
            RunInstances { user_data: UserData(vec![0x1f, 0x8b]), min_count: 1, max_count: 3, ..launch };
        let command = aws_command(&Step::Call(Call::RunInstances(Box::new(gzip))), &setup.config);
        assert!(
            command.contains("--user-data fileb://user-data.sh") && command.contains("--count 1:3"),
            "{command}"
        );
    }
}
