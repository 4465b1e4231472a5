//! What installer, CloudFormation and Terraform have in common: the same resources under the same names.

use serde_json::Value;

use super::names::{box_role, function_name, needs_box_role};
use super::statement::{Arn, Statement};
use super::{box_policy, policy};
use crate::config::{Address, Config, Spot};
use crate::setup::{Installed, Setup};
use crate::user_data::secret_names;

/// Stand in a policy for what is known where it is made. No text of a config that gets there can hold them: it is ASCII.
pub(super) const ACCOUNT: &str = "«account»";
pub(super) const GROUP: &str = "«group»";

/// What a template may need or not.
pub(super) fn features(config: &Config) -> [(&'static str, bool); 8] {
    [
        ("secrets", !secret_names(config).is_empty()),
        ("spot", config.box_.spot != Spot::Off),
        ("vpc", makes_group(config) && config.box_.subnet.is_some()),
        ("budget", config.function.budget_usd.is_some()),
        ("concurrency", config.function.reserved_concurrency.is_some()),
        ("group", makes_group(config)),
        ("box role", needs_box_role(config)),
        ("elastic", config.box_.address == Address::Elastic),
    ]
}

fn makes_group(config: &Config) -> bool {
    config.box_.security_groups.is_empty()
}

/// Names and numbers, each text in the quotes of the template's language.
pub(super) fn names(config: &Config, quote: fn(&str) -> String) -> Vec<(&'static str, String)> {
    let Config { app, box_, function, .. } = config;
    let paths: Vec<String> =
        secret_names(config).iter().map(|name| format!("/pushbox/{app}/{name}")).collect();
    vec![
        ("app", quote(app)),
        ("region", quote(&box_.region)),
        ("function", quote(&function_name(app))),
        ("box_role", quote(&box_role(app))),
        ("memory", function.memory_mb.to_string()),
        ("concurrency", function.reserved_concurrency.unwrap_or_default().to_string()),
        ("budget", function.budget_usd.unwrap_or_default().to_string()),
        ("secrets", paths.join(" ")),
    ]
}

pub(super) fn function_policy(config: &Config) -> Value {
    policy::document(&installed(config), ACCOUNT)
}

/// What both policies allow.
pub(super) fn allowed(config: &Config) -> Vec<Statement> {
    let mut all = policy::allowed(&installed(config), &Arn::of(config, ACCOUNT));
    all.push(box_policy::allowed(config, ACCOUNT));
    all
}

/// What the policies that are made of a config allow: the name of each statement, and why it is there.
pub fn statements(config: &Config) -> Vec<(&'static str, &'static str)> {
    let all = allowed(config).into_iter();
    all.map(|Statement { sid, why, .. }| (sid, why)).collect()
}

/// With what is not known before it is installed, as [`ACCOUNT`] and [`GROUP`].
fn installed(config: &Config) -> Setup {
    let installed = Installed {
        security_groups: vec![GROUP.into()],
        instance_profile: needs_box_role(config).then(|| box_role(&config.app)),
        ..Installed::default()
    };
    Setup { config: config.clone(), installed, ..Setup::default() }
}

pub(super) fn box_policy(config: &Config) -> Value {
    box_policy::document(config, ACCOUNT)
}

/// What visitors may reach, as `tcp/80`. Never SSH: whoever wants it opens it for their own address alone.
pub(super) fn ports(config: &Config) -> Vec<String> {
    let web = ["tcp/80"].into_iter().chain(config.run.domain.iter().map(|_| "tcp/443"));
    let extra = config.run.extra_ports.iter().map(|mapping| {
        let (ports, protocol) = mapping.split_once('/').unwrap_or((mapping, "tcp"));
        format!("{protocol}/{}", ports.split(':').next().unwrap_or_default())
    });
    let mut ports: Vec<String> = web.map(String::from).chain(extra).collect();
    ports.sort();
    ports.dedup();
    ports
}

/// CloudWatch keeps logs for these numbers of days only. Source: `PutRetentionPolicy` in its API reference.
pub(super) fn retention_days(wanted: u32) -> u32 {
    const KNOWN: [u32; 22] = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
    ];
    KNOWN.into_iter().find(|days| *days >= wanted).unwrap_or(3653)
}

/// Puts others in the place of texts.
pub(super) fn each_text(value: &mut Value, change: &impl Fn(&str) -> Option<Value>) {
    match value {
        Value::String(text) => {
            if let Some(changed) = change(text) {
                *value = changed;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(members) => members.values_mut().for_each(|member| each_text(member, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
