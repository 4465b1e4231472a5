//! The statements that IAM policies are made of, and the ARNs in them.

use serde_json::{Value, json};

use super::names::function_name;
use crate::config::Config;
use crate::region::partition;

pub(super) struct Statement {
    pub(super) sid: &'static str,
    /// For people; no policy has room for it.
    pub(super) why: &'static str,
    json: Value,
}

pub(super) fn of(statements: &[Statement]) -> Value {
    let statements: Vec<&Value> = statements.iter().map(|statement| &statement.json).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

pub(super) fn text(policy: &Value) -> String {
    serde_json::to_string_pretty(policy).unwrap_or_default() + "\n"
}

pub(super) fn allow(
    sid: &'static str,
    why: &'static str,
    action: impl Into<Value>,
    resource: impl Into<Value>,
    condition: Option<Value>,
) -> Statement {
    let mut json =
        json!({ "Sid": sid, "Effect": "Allow", "Action": action.into(), "Resource": resource.into() });
    if let (Value::Object(members), Some(condition)) = (&mut json, condition) {
        members.insert("Condition".into(), condition);
    }
    Statement { sid, why, json }
}

/// The names of AWS's resources.
pub(super) struct Arn<'a> {
    partition: &'static str,
    region: &'a str,
    account: &'a str,
    app: &'a str,
}

impl<'a> Arn<'a> {
    pub(super) fn of(config: &'a Config, account: &'a str) -> Arn<'a> {
        let region = config.box_.region.as_str();
        Arn { partition: partition(region).id, region, account, app: &config.app }
    }

    pub(super) fn ec2(&self, resource: &str) -> String {
        self.own("ec2", resource)
    }

    pub(super) fn function(&self) -> String {
        self.own("lambda", &format!("function:{}", function_name(self.app)))
    }

    pub(super) fn log_group(&self) -> String {
        self.own("logs", &format!("log-group:/aws/lambda/{}", function_name(self.app)))
    }

    pub(super) fn role(&self, name: &str) -> String {
        format!("arn:{}:iam::{}:role/{name}", self.partition, self.account)
    }

    pub(super) fn own(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", self.partition, self.region, self.account)
    }

    /// What belongs to no account.
    pub(super) fn public(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}::{resource}", self.partition, self.region)
    }
}
