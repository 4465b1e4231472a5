//! IAM: whether a policy allows what a call asks for. What is not understood is an error when the policy is read, so it
//! never allows anything.
//!
//! Source: "Policy evaluation logic" and "IAM JSON policy elements reference" in the IAM User Guide.

pub(crate) mod ask;
mod condition;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::glob::policy_matches;
pub use ask::ACCOUNT;
use ask::Ask;
use condition::Condition;

/// An identity-based policy: that of the function's role.
#[derive(Clone, Debug)]
pub struct Policy(Arc<[Statement]>);

#[derive(Debug)]
struct Statement {
    effect: Effect,
    actions: Vec<String>,
    resources: Vec<Resource>,
    /// All of them must hold.
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

#[derive(Debug)]
enum Resource {
    All,
    /// The six parts of an ARN. Only in the last one a wildcard reaches beyond a colon.
    Arn([String; 6]),
}

impl Policy {
    /// The error says where the policy has something that is not understood here.
    pub fn parse(text: &str) -> Result<Policy, String> {
        let policy: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let members = object(&policy, "the policy")?;
        only(members, &["Version", "Id", "Statement"], "the policy")?;
        if members.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
            return Err("Version: expected 2012-10-17".into());
        }
        let statements = match members.get("Statement") {
            Some(Value::Array(statements)) => {
                statements.iter().map(statement).collect::<Result<Vec<_>, _>>()?
            }
            Some(one @ Value::Object(_)) => vec![statement(one)?],
            _ => return Err("Statement: expected a list".into()),
        };
        Ok(Policy(statements.into()))
    }

    /// A matching Deny wins over any Allow, and without an Allow the answer is no.
    pub(crate) fn allows(&self, ask: &Ask) -> bool {
        let mut allowed = false;
        for statement in self.0.iter().filter(|statement| statement.covers(ask)) {
            match statement.effect {
                Effect::Deny => return false,
                Effect::Allow => allowed = true,
            }
        }
        allowed
    }
}

impl Statement {
    fn covers(&self, ask: &Ask) -> bool {
        let action = |pattern: &String| policy_matches(&pattern.to_lowercase(), &ask.action.to_lowercase());
        self.actions.iter().any(action)
            && self.resources.iter().any(|resource| resource.covers(&ask.resource))
            && self.conditions.iter().all(|condition| condition.holds(&ask.context))
    }
}

impl Resource {
    fn covers(&self, name: &str) -> bool {
        match self {
            Resource::All => true,
            Resource::Arn(patterns) => {
                let parts: Vec<&str> = name.splitn(6, ':').collect();
                parts.len() == 6
                    && patterns.iter().zip(parts).all(|(pattern, part)| policy_matches(pattern, part))
            }
        }
    }
}

fn statement(value: &Value) -> Result<Statement, String> {
    let members = object(value, "a statement")?;
    let sid = members.get("Sid").and_then(Value::as_str).unwrap_or("a statement without a Sid");
    only(members, &["Sid", "Effect", "Action", "Resource", "Condition"], sid)?;
    let effect = match members.get("Effect").and_then(Value::as_str) {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err(format!("{sid}: expected Allow or Deny as Effect")),
    };
    let actions = texts(members.get("Action"), sid, "Action")?;
    if let Some(wrong) = actions.iter().find(|action| action.as_str() != "*" && !action.contains(':')) {
        return Err(format!("{sid}: {wrong} is no action; expected one such as ec2:RunInstances"));
    }
    let resources = texts(members.get("Resource"), sid, "Resource")?;
    let resources = resources.iter().map(|name| resource(name, sid)).collect::<Result<_, _>>()?;
    let conditions = match members.get("Condition") {
        None => Vec::new(),
        Some(value) => condition::read(object(value, sid)?).map_err(|problem| format!("{sid}: {problem}"))?,
    };
    Ok(Statement { effect, actions, resources, conditions })
}

fn resource(name: &str, sid: &str) -> Result<Resource, String> {
    if name == "*" {
        return Ok(Resource::All);
    }
    let parts: Vec<String> = name.splitn(6, ':').map(String::from).collect();
    match <[String; 6]>::try_from(parts) {
        Ok(parts) if parts[0] == "arn" => Ok(Resource::Arn(parts)),
        _ => Err(format!("{sid}: {name} is no ARN; expected arn:partition:service:region:account:resource")),
    }
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{what}: expected an object, found {value}"))
}

fn only(members: &Map<String, Value>, known: &[&str], what: &str) -> Result<(), String> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("{what}: {name} is not modelled here")),
        None => Ok(()),
    }
}

/// One text or a list of them, but not none.
fn texts(value: Option<&Value>, sid: &str, name: &str) -> Result<Vec<String>, String> {
    let expected = || format!("{sid}: expected a text or a list of texts as {name}");
    let texts: Vec<String> = match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list
            .iter()
            .map(|one| one.as_str().map(String::from))
            .collect::<Option<_>>()
            .ok_or_else(expected)?,
        _ => return Err(expected()),
    };
    if texts.is_empty() {
        return Err(expected());
    }
    match texts.iter().find(|text| text.contains("${")) {
        Some(variable) => Err(format!("{sid}: policy variables are not modelled here: {variable}")),
        None => Ok(texts),
    }
}
