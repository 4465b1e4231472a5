//! The IAM policy of the function: exactly the calls that the handler makes, on nothing but the app's own resources.
//!
//! Source: "Actions, resources, and condition keys for Amazon EC2" in the Service Authorization Reference.

use serde_json::{Value, json};

use super::output::{Language, Order, Output};
use super::statement::{Arn, Statement, allow, of, text};
use crate::config::{Address, Config, Spot};
use crate::protocol::launch;
use crate::protocol::mailbox::{APP, COMMIT, DELIVERY, POKE, REF, SCRIPT};
use crate::protocol::wakes::WAKES;
use crate::setup::Setup;

/// Stands in the policy where the number of the account is not known.
pub const UNKNOWN_ACCOUNT: &str = "ACCOUNT";

/// Public parameters that name an image (`resolve:ssm:…`). All of the known ones, because a public parameter hides
/// nothing, and another image in the config then needs no other policy.
const IMAGE_PARAMETERS: [&str; 2] =
    ["parameter/aws/service/canonical/ubuntu/server/*", "parameter/aws/service/debian/release/*"];

pub const OUTPUT: Output = Output {
    id: "policy",
    label: "IAM policy",
    file: "policy.json",
    language: Language::Json,
    about: "The IAM policy of the function: what it may do, and nothing else.",
    render: |order| policy(order.setup, account_of(order)),
};

/// The policy as JSON text, indented and with a newline at its end. `account` has 12 digits.
pub fn policy(setup: &Setup, account: &str) -> String {
    text(&document(setup, account))
}

pub(super) fn document(setup: &Setup, account: &str) -> Value {
    of(&allowed(setup, &Arn::of(&setup.config, account)))
}

pub(super) fn account_of<'a>(order: &Order<'a>) -> &'a str {
    order.account.unwrap_or(UNKNOWN_ACCOUNT)
}

pub(super) fn allowed(setup: &Setup, arn: &Arn<'_>) -> Vec<Statement> {
    let config = &setup.config;
    let (instances, volumes) = (arn.ec2("instance/*"), arn.ec2("volume/*"));
    let mut all = vec![
        allow("Look", "Finds the app's box. AWS cannot narrow this to some boxes.", looks(config), "*", None),
        allow(
            "LaunchInstance",
            "Launches the box: only with the app's tag, as a type that the config names, and with IMDSv2.",
            "ec2:RunInstances",
            instances.as_str(),
            Some(launched_so(config)),
        ),
        allow(
            "LaunchVolume",
            "Gives a new box its disk, which has the app's tag too.",
            "ec2:RunInstances",
            volumes.as_str(),
            Some(json!({ "StringEquals": of_request(config) })),
        ),
        allow(
            "LaunchWith",
            "What EC2 uses for a launch besides: image, network, and what the config names.",
            "ec2:RunInstances",
            launched_with(setup, arn),
            None,
        ),
        allow(
            "ReadImages",
            "Launches the newest image, whose number is in a public parameter.",
            "ssm:GetParameters",
            IMAGE_PARAMETERS.map(|name| arn.public("ssm", name)).to_vec(),
            None,
        ),
        allow(
            "TagAtLaunch",
            "Tags the box as the app's in the moment of its launch, and never another one.",
            "ec2:CreateTags",
            tagged_at_launch(config, arn),
            Some(json!({ "StringEquals": { "ec2:CreateAction": "RunInstances" } })),
        ),
        allow(
            "WriteMailbox",
            "Tells the box of a push: by these tags, on boxes of this app alone.",
            "ec2:CreateTags",
            instances.as_str(),
            Some(mailbox_only(config)),
        ),
        allow(
            "UseBox",
            "Wakes the box, reboots it, and reads in its console how a boot went.",
            json!(["ec2:StartInstances", "ec2:RebootInstances", "ec2:GetConsoleOutput"]),
            instances.as_str(),
            Some(json!({ "StringEquals": of_resource(config) })),
        ),
    ];
    if config.box_.address == Address::Elastic {
        all.extend(address_statements(config, arn));
    }
    if let Some(profile) = launch::instance_profile(setup) {
        all.push(pass_role(profile, arn));
    }
    all.push(allow(
        "InvokeItself",
        "Calls itself, so that what takes longer than the git host waits goes on behind its answer.",
        "lambda:InvokeFunction",
        arn.function(),
        None,
    ));
    all.push(allow(
        "Log",
        "Writes the function's log.",
        json!(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
        json!([arn.log_group(), format!("{}:*", arn.log_group())]),
        None,
    ));
    all
}

/// Describing cannot be narrowed to resources.
fn looks(config: &Config) -> Value {
    match config.box_.address {
        Address::Auto => json!("ec2:DescribeInstances"),
        Address::Elastic => json!(["ec2:DescribeInstances", "ec2:DescribeAddresses"]),
    }
}

/// An instance of the app, of a type that the config names, and with IMDSv2 alone: whoever takes the function over can
/// launch nothing dearer.
fn launched_so(config: &Config) -> Value {
    let mut equals = of_request(config);
    if let Value::Object(keys) = &mut equals {
        keys.insert("ec2:InstanceType".into(), json!(config.box_.types));
        keys.insert("ec2:MetadataHttpTokens".into(), "required".into());
    }
    json!({ "StringEquals": equals })
}

/// What EC2 asks for besides instance and volume. What is not named is chosen by EC2, so its id cannot be known here.
fn launched_with(setup: &Setup, arn: &Arn<'_>) -> Vec<String> {
    let mut resources = vec![arn.public("ec2", "image/*"), arn.ec2("network-interface/*")];
    resources.push(arn.ec2(&format!("subnet/{}", launch::subnet(setup).unwrap_or("*"))));
    match launch::security_groups(setup) {
        [] => resources.push(arn.ec2("security-group/*")),
        groups => resources.extend(groups.iter().map(|group| arn.ec2(&format!("security-group/{group}")))),
    }
    resources.extend(setup.config.box_.key_name.iter().map(|key| arn.ec2(&format!("key-pair/{key}"))));
    if setup.config.box_.spot != Spot::Off {
        resources.push(arn.ec2("spot-instances-request/*"));
    }
    resources
}

fn tagged_at_launch(config: &Config, arn: &Arn<'_>) -> Vec<String> {
    let spot = (config.box_.spot != Spot::Off).then_some("spot-instances-request/*");
    ["instance/*", "volume/*"].into_iter().chain(spot).map(|resource| arn.ec2(resource)).collect()
}

/// Only on the app's instances, only the mailbox's keys, and never `pushbox:app`. `ForAllValues` holds of no keys at
/// all, too, so that there are some is asked for by itself.
fn mailbox_only(config: &Config) -> Value {
    let mut keys = vec![POKE, COMMIT, REF, DELIVERY, SCRIPT];
    keys.extend(config.sleep.is_on().then_some(WAKES));
    json!({
        "StringEquals": of_resource(config),
        "ForAllValues:StringEquals": { "aws:TagKeys": keys },
        "Null": { "aws:TagKeys": "false" },
    })
}

/// The app's address goes to the app's box and nowhere else.
fn address_statements(config: &Config, arn: &Arn<'_>) -> [Statement; 2] {
    let of_app = || Some(json!({ "StringEquals": of_resource(config) }));
    let (addresses, instances) = (arn.ec2("elastic-ip/*"), arn.ec2("instance/*"));
    [
        allow(
            "GiveAddress",
            "Gives the app's Elastic IP to the app's box, and to no other.",
            "ec2:AssociateAddress",
            json!([addresses, instances]),
            of_app(),
        ),
        allow(
            "GiveAddressThrough",
            "An address is given to the network interface of a box, which has no tag to ask for.",
            "ec2:AssociateAddress",
            arn.ec2("network-interface/*"),
            None,
        ),
    ]
}

/// The role of an instance profile is taken to have the profile's name, as the console makes them.
fn pass_role(profile: &str, arn: &Arn<'_>) -> Statement {
    let to_ec2 = json!({ "StringEquals": { "iam:PassedToService": "ec2.amazonaws.com" } });
    let why = "Gives a new box its role, and no other role to anything else.";
    allow("GiveRole", why, "iam:PassRole", arn.role(profile), Some(to_ec2))
}

fn of_request(config: &Config) -> Value {
    json!({ format!("aws:RequestTag/{APP}"): config.app })
}

fn of_resource(config: &Config) -> Value {
    json!({ format!("aws:ResourceTag/{APP}"): config.app })
}

#[cfg(test)]
mod tests;
