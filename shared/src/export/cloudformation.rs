//! The same installation as a CloudFormation template.

use serde_json::{Value, json};

use super::iac::{self, ACCOUNT, GROUP, ports, retention_days};
use super::names::function_name;
use super::output::{Language, Output};
use super::template::fill;
use crate::config::{Choice, Config};

pub const OUTPUT: Output = Output {
    id: "cloudformation",
    label: "CloudFormation",
    file: "cloudformation.yaml",
    language: Language::Yaml,
    about: "A CloudFormation template; it takes the function's zip from a bucket in S3.",
    render: |order| template(&order.setup.config),
};

pub(super) const TEMPLATE: &str = include_str!("cloudformation/template.yaml");

pub fn template(config: &Config) -> String {
    fill(TEMPLATE, &iac::features(config), &values(config))
}

pub(super) fn values(config: &Config) -> Vec<(&'static str, String)> {
    let function = &config.function;
    let text = |value: &str| quote(value);
    let mut values = iac::names(config, quote);
    values.extend([
        ("description", text(&format!("pushbox for {}", config.app))),
        ("vpc_help", text(&format!("The VPC of {}", config.box_.subnet.as_deref().unwrap_or_default()))),
        ("group_help", text(&format!("Visitors of {}", config.app))),
        ("tags", format!("- Key: pushbox:app\n  Value: {}", quote(&config.app))),
        ("arch", text(function.arch.name())),
        ("log_group", text(&format!("/aws/lambda/{}", function_name(&config.app)))),
        ("log_days", retention_days(function.log_days).to_string()),
        ("policy", policy(iac::function_policy(config))),
        ("box_policy", policy(iac::box_policy(config))),
        ("ingress", ingress(config)),
    ]);
    values
}

/// A JSON string is a double-quoted one of YAML, where nothing else has a meaning.
fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

/// JSON is YAML.
fn policy(mut document: Value) -> String {
    iac::each_text(&mut document, &|text| {
        if !text.contains(ACCOUNT) && !text.contains(GROUP) {
            return None;
        }
        let text = text
            .replace("${", "${!")
            .replace(ACCOUNT, "${AWS::AccountId}")
            .replace(GROUP, "${Group.GroupId}");
        Some(json!({ "Fn::Sub": text }))
    });
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

fn ingress(config: &Config) -> String {
    let rule = |port: String| {
        let (protocol, port) = port.split_once('/').unwrap_or(("tcp", &port));
        let rule = "- IpProtocol: PROTOCOL\n  FromPort: PORT\n  ToPort: PORT\n  CidrIp: 0.0.0.0/0\n  Description: pushbox";
        rule.replace("PROTOCOL", protocol).replace("PORT", port)
    };
    ports(config).into_iter().map(rule).collect::<Vec<_>>().join("\n")
}
