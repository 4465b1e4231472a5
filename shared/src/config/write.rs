//! From a [`Config`] to the text of `pushbox.json`: what equals its default is left out.

use serde_json::{Map, Value};

use super::Config;
use super::fields::FIELDS;

/// Always there, whatever their value: a file without them is no config.
const ALWAYS: [&str; 2] = ["app", "repo.url"];

/// The file, with a newline at its end.
pub fn to_json(config: &Config) -> String {
    format!("{:#}\n", to_value(config))
}

pub fn to_value(config: &Config) -> Value {
    let (mut config, mut defaults) = (config.clone(), Config::default());
    let mut top = Map::new();
    top.insert("version".into(), Value::from(config.version));
    for field in FIELDS {
        let value = (field.slot)(&mut config).json();
        if ALWAYS.contains(&field.path) || value != (field.slot)(&mut defaults).json() {
            insert(&mut top, field.path, value);
        }
    }
    Value::Object(top)
}

/// Puts a value at a path with dots, making the objects on the way.
pub fn insert(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_string(), value);
        }
        Some((key, rest)) => {
            let below = object.entry(key).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                insert(below, rest, value);
            }
        }
    }
}
