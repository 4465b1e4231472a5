//! Conditions: the operators and keys that the policy of pushbox uses, and no others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{object, texts};
use crate::glob::policy_matches;

/// What is known of a request: the values of each key. A key that is not there is not part of the request.
pub(crate) type Context = BTreeMap<String, Vec<String>>;

#[derive(Debug)]
pub(super) struct Condition {
    operator: Operator,
    key: String,
    /// Any of them will do.
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    StringEquals,
    StringLike,
    Bool,
    /// Every value of the request is among these: also where the request has none.
    AllStringEquals,
    /// `true`: the key is not part of the request.
    Null,
}

/// The `Condition` of a statement.
pub(super) fn read(members: &Map<String, Value>) -> Result<Vec<Condition>, String> {
    let mut conditions = Vec::new();
    for (name, keys) in members {
        let operator = operator(name)?;
        for (key, values) in object(keys, name)? {
            conditions.push(condition(name, operator, key, texts(Some(values), name, key)?)?);
        }
    }
    Ok(conditions)
}

fn operator(name: &str) -> Result<Operator, String> {
    match name {
        "StringEquals" => Ok(Operator::StringEquals),
        "StringLike" => Ok(Operator::StringLike),
        "Bool" => Ok(Operator::Bool),
        "ForAllValues:StringEquals" => Ok(Operator::AllStringEquals),
        "Null" => Ok(Operator::Null),
        _ => Err(format!("the operator {name} is not modelled here")),
    }
}

fn condition(name: &str, operator: Operator, key: &str, values: Vec<String>) -> Result<Condition, String> {
    let many = key == "aws:TagKeys";
    let one = ["ec2:CreateAction", "ec2:InstanceType", "ec2:MetadataHttpTokens", "iam:PassedToService"];
    let of_a_tag = ["aws:RequestTag/", "aws:ResourceTag/", "ec2:ResourceTag/"];
    let known = many
        || one.contains(&key)
        || of_a_tag.iter().any(|start| key.strip_prefix(start).is_some_and(|tag| !tag.is_empty()));
    if !known {
        return Err(format!("the key {key} is not modelled here"));
    }
    match operator {
        Operator::StringEquals | Operator::StringLike | Operator::Bool if many => {
            Err(format!("{key} has many values, and {name} compares one"))
        }
        Operator::Bool | Operator::Null if !matches!(values.as_slice(), [word] if word == "true" || word == "false") => {
            Err(format!("{name} of {key}: expected true or false"))
        }
        _ => Ok(Condition { operator, key: key.to_string(), values }),
    }
}

impl Condition {
    pub(super) fn holds(&self, context: &Context) -> bool {
        let found = context.get(&self.key);
        let equal = |found: &String| self.values.contains(found);
        let like = |found: &String| self.values.iter().any(|pattern| policy_matches(pattern, found));
        match self.operator {
            Operator::StringEquals => found.is_some_and(|found| found.iter().any(equal)),
            Operator::StringLike => found.is_some_and(|found| found.iter().any(like)),
            Operator::Bool => found.is_some_and(|found| found.iter().any(equal)),
            Operator::AllStringEquals => found.is_none_or(|found| found.iter().all(equal)),
            Operator::Null => {
                let missing = if found.is_none_or(Vec::is_empty) { "true" } else { "false" };
                self.values.iter().any(|wanted| wanted == missing)
            }
        }
    }
}
