//! Other values for a field, so that an experiment can see what follows from it. They need not be good ones: nobody is given
//! what is made of them.

use pushbox_shared::config::{Config, Field, Slot};
use serde_json::{Value, json};

/// The config with another value of the field, once for each that may show something new.
pub(super) fn others(field: &Field, config: &Config) -> Vec<Config> {
    let mut config = config.clone();
    let slot = (field.slot)(&mut config);
    let now = slot.json();
    let default = (field.slot)(&mut Config::default()).json();
    let values = values(&slot, &now, default);
    values.iter().filter(|value| **value != now).map(|value| with(field, &config, value)).collect()
}

/// The config with every entry of the field marked by [`mark`]; nothing where there is none.
pub(super) fn marked(field: &Field, config: &Config) -> Option<Config> {
    let mut config = config.clone();
    let now = (field.slot)(&mut config).json();
    let value = marked_entries(&now).filter(|value| *value != now)?;
    Some(with(field, &config, &value))
}

/// What stands behind each text of an entry that is marked. No keyboard has its characters.
pub(super) fn mark(entry: usize) -> String {
    format!("\u{e000}{entry}\u{e001}")
}

/// Which entries have left their mark in a text.
pub(super) fn marks(text: &str) -> impl Iterator<Item = usize> {
    text.split('\u{e000}').skip(1).filter_map(|rest| rest.split_once('\u{e001}')?.0.parse().ok())
}

fn with(field: &Field, config: &Config, value: &Value) -> Config {
    let mut config = config.clone();
    // Of the field's own type, so there is no fault.
    (field.slot)(&mut config).read(value);
    config
}

/// As few as may be: an output is made of each. The entries of a list are altered by [`marked`].
fn values(slot: &Slot<'_>, now: &Value, default: Value) -> Vec<Value> {
    let other = |one: Value, another: Value| if *now == one { another } else { one };
    let is_empty = *now == json!([]) || *now == json!({});
    match slot {
        Slot::Text(_) | Slot::OptText(_) => {
            vec![default, json!(format!("{}x", now.as_str().unwrap_or_default()))]
        }
        Slot::Number(_, range) => vec![other(json!(range.min), json!(range.max))],
        Slot::OptNumber(_, range) => vec![default, other(json!(range.min), json!(range.max))],
        Slot::OptAmount(_) => vec![default, other(json!(1.0), json!(2.0))],
        Slot::Flag(flag) => vec![json!(!**flag)],
        Slot::Choice(choice) => choice.names().into_iter().map(Value::from).collect(),
        Slot::List(_) | Slot::Pairs(_) if is_empty => vec![longer(now, json!("x"))],
        Slot::List(_) | Slot::Pairs(_) => vec![default],
        Slot::Env(_) => vec![default, longer(now, json!({ "name": "x", "secret": true }))],
    }
}

fn longer(list: &Value, entry: Value) -> Value {
    let mut list = list.clone();
    match &mut list {
        Value::Array(entries) => entries.push(entry),
        Value::Object(members) => {
            members.insert("x".into(), entry);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    list
}

fn marked_entries(list: &Value) -> Option<Value> {
    match list {
        Value::Array(entries) => {
            Some(entries.iter().enumerate().map(|(at, entry)| marked_entry(entry, at)).collect())
        }
        Value::Object(members) => {
            let marked = members
                .iter()
                .enumerate()
                .map(|(at, (name, value))| (name.clone() + &mark(at), marked_entry(value, at)));
            Some(Value::Object(marked.collect()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A text, or an environment variable with its name and perhaps its value.
fn marked_entry(entry: &Value, at: usize) -> Value {
    match entry {
        Value::String(text) => json!(text.clone() + &mark(at)),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), marked_entry(value, at))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use pushbox_shared::checked::load;
    use pushbox_shared::config::{FIELDS, field, to_json};

    use super::*;

    /// The field's values in the other configs, as they stand in `pushbox.json`.
    #[track_caller]
    fn check(path: &str, members: &str, expected: &[Value]) {
        let text = format!(r#"{{"app": "foo", "repo": {{"url": "https://github.com/usil/foo"}}{members}}}"#);
        let config = load(text.as_bytes()).unwrap();
        let field = field(path).unwrap();
        let found: Vec<Value> =
            others(field, &config).iter_mut().map(|other| (field.slot)(other).json()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_kind_of_field_has_other_values() {
        check("app", "", &[json!(""), json!("foox")]);
        check("run.port", "", &[json!(1)]);
        check("run.port", r#", "run": {"port": 1}"#, &[json!(65535)]);
        check("run.domain", "", &[json!("x")]);
        check("function.budget_usd", "", &[json!(1.0)]);
        check("function.budget_usd", r#", "function": {"budget_usd": 1.0}"#, &[Value::Null, json!(2.0)]);
        check("repo.submodules", "", &[json!(true)]);
        check("box.spot", "", &[json!("only"), json!("fallback")]);
        check("box.types", "", &[]);
        check("box.types", r#", "box": {"types": ["t3.nano"]}"#, &[json!(["t4g.small"])]);
        check("build.args", "", &[json!({"x": "x"})]);
        check("build.args", r#", "build": {"args": {"A": "1"}}"#, &[json!({})]);
        check("run.env", "", &[json!([{"name": "x", "secret": true}])]);
    }

    #[test]
    fn nothing_else_is_altered() {
        let config = load(br#"{"app": "foo", "repo": {"url": "https://github.com/usil/foo"}}"#).unwrap();
        for field in FIELDS {
            for mut other in others(field, &config) {
                let value = (field.slot)(&mut config.clone()).json();
                (field.slot)(&mut other).read(&value);
                assert_eq!(to_json(&other), to_json(&config), "{}", field.path);
            }
        }
    }

    #[test]
    fn marks_are_found_again() {
        assert_eq!(
            marks(&format!("A{}=1{}, B{}", mark(1), mark(1), mark(12))).collect::<Vec<_>>(),
            [1, 1, 12]
        );
        assert_eq!(marks("A\u{e000}B\u{e001}\u{e000}").count(), 0);
    }
}
