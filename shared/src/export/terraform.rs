//! The same installation for Terraform.

use serde_json::Value;

use super::iac::{self, ACCOUNT, GROUP, ports, retention_days};
use super::names::function_name;
use super::output::{Language, Output};
use super::template::fill;
use crate::config::{Choice, Config};

pub const OUTPUT: Output = Output {
    id: "terraform",
    label: "Terraform",
    file: "main.tf",
    language: Language::Hcl,
    about: "The same for Terraform, with the function's zip beside it.",
    render: |order| main(&order.setup.config),
};

pub(super) const TEMPLATE: &str = include_str!("terraform/main.tf");

pub fn main(config: &Config) -> String {
    fill(TEMPLATE, &iac::features(config), &values(config))
}

pub(super) fn values(config: &Config) -> Vec<(&'static str, String)> {
    let function = &config.function;
    let mut values = iac::names(config, quote);
    values.extend([
        ("group_help", quote(&format!("Visitors of {}", config.app))),
        ("subnet", quote(config.box_.subnet.as_deref().unwrap_or_default())),
        ("arch", quote(function.arch.name())),
        ("log_group", quote(&format!("/aws/lambda/{}", function_name(&config.app)))),
        ("log_days", retention_days(function.log_days).to_string()),
        ("policy", policy(&iac::function_policy(config))),
        ("box_policy", policy(&iac::box_policy(config))),
        ("ingress", ingress(config)),
    ]);
    values
}

/// A string of HCL is one of JSON in which `${` and `%{` begin no template.
fn quote(text: &str) -> String {
    literal(&Value::from(text).to_string())
}

fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// For a heredoc, in which only `${` and `%{` have a meaning.
fn policy(document: &Value) -> String {
    literal(&serde_json::to_string_pretty(document).unwrap_or_default())
        .replace(ACCOUNT, "${data.aws_caller_identity.here.account_id}")
        .replace(GROUP, "${aws_security_group.visitors.id}")
}

fn ingress(config: &Config) -> String {
    let rule = |port: String| {
        let (protocol, port) = port.split_once('/').unwrap_or(("tcp", &port));
        let rule = "  ingress {\n    description = \"Visitors\"\n    protocol    = \"PROTOCOL\"\n    from_port   = PORT\n    to_port     = PORT\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }";
        rule.replace("PROTOCOL", protocol).replace("PORT", port)
    };
    ports(config).into_iter().map(rule).collect::<Vec<_>>().join("\n\n")
}
