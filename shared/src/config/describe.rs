//! The field table as documents: JSON Schema, `pushbox help config`, and the table of the docs.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::Config;
use super::field::{Field, MOST_USD, Place, Slot};
use super::fields::FIELDS;

/// `config.schema.json`
pub fn schema() -> String {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pushbox.json",
        "description": "Made from the field table by `pushbox render schema`; do not edit.",
        "type": "object",
        "additionalProperties": false,
        "required": ["app", "repo"],
        "properties": { "version": { "const": 1, "description": "Of this format." } },
    });
    for field in FIELDS {
        insert(&mut schema, field.path, property(field));
    }
    if let Some(repo) = schema.pointer_mut("/properties/repo/required") {
        *repo = json!(["url"]);
    }
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// Puts a property at a path with dots, making the object schemas on the way.
fn insert(schema: &mut Value, path: &str, property: Value) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    match path.split_once('.') {
        None => {
            properties.insert(path.to_string(), property);
        }
        Some((key, rest)) => {
            let below = properties.entry(key).or_insert_with(|| {
                json!({ "type": "object", "additionalProperties": false, "required": [], "properties": {} })
            });
            insert(below, rest, property);
        }
    }
}

fn property(field: &Field) -> Value {
    let mut config = Config::default();
    let slot = (field.slot)(&mut config);
    let mut property = Map::new();
    property.insert("title".into(), field.label.into());
    property.insert("description".into(), field.help.into());
    let mut set = |key: &str, value: Value| property.insert(key.into(), value);
    match &slot {
        Slot::Text(_) => drop(set("type", "string".into())),
        Slot::OptText(_) => drop(set("type", json!(["string", "null"]))),
        Slot::Number(_, range) | Slot::OptNumber(_, range) => {
            let optional = matches!(slot, Slot::OptNumber(..));
            set("type", if optional { json!(["integer", "null"]) } else { json!("integer") });
            set("minimum", range.min.into());
            set("maximum", range.max.into());
        }
        Slot::OptAmount(_) => {
            set("type", json!(["number", "null"]));
            set("minimum", 0.into());
            set("maximum", (MOST_USD as u32).into());
        }
        Slot::Flag(_) => drop(set("type", "boolean".into())),
        Slot::Choice(choice) => drop(set("enum", choice.names().into())),
        Slot::List(_) => {
            set("type", "array".into());
            set("items", json!({ "type": "string" }));
        }
        Slot::Pairs(_) => {
            set("type", "object".into());
            set("additionalProperties", json!({ "type": "string" }));
        }
        Slot::Env(_) => {
            set("type", "array".into());
            set("items", env_item());
        }
    }
    property.insert("default".into(), slot.json());
    Value::Object(property)
}

fn env_item() -> Value {
    let object = |kind: Value, key: &str| {
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["name", key],
            "properties": { "name": { "type": "string" }, key: kind },
        })
    };
    json!({ "oneOf": [object(json!({ "type": "string" }), "value"), object(json!({ "const": true }), "secret")] })
}

/// What `pushbox help config` prints.
pub fn help() -> String {
    let mut text = String::from(
        "pushbox.json: every field, with its default. What equals its default may be left out.\n",
    );
    for place in Place::ALL {
        let _ = write!(text, "\n{}\n", place.label());
        for field in FIELDS.iter().filter(|field| field.place == place) {
            let mut config = Config::default();
            let slot = (field.slot)(&mut config);
            let _ = write!(
                text,
                "\n  {} = {}\n      {}\n      {}\n",
                field.path,
                slot.json(),
                capitalized(&slot.expected()),
                field.help
            );
        }
    }
    text
}

/// `docs/config.md`
pub fn markdown() -> String {
    let mut text = String::from(
        "# pushbox.json\n\nMade from the field table (`UPDATE_EXPECT=1 cargo test -p pushbox-shared`); do not edit.\n\
         What equals its default may be left out. `pushbox check --config pushbox.json` lists everything that is wrong.\n",
    );
    for place in Place::ALL {
        let _ = write!(text, "\n## {}\n\n| field | what it is | default |\n|---|---|---|\n", place.label());
        for field in FIELDS.iter().filter(|field| field.place == place) {
            let mut config = Config::default();
            let slot = (field.slot)(&mut config);
            let _ = writeln!(
                text,
                "| `{}` | {} {}. | `{}` |",
                field.path,
                field.help,
                capitalized(&slot.expected()),
                slot.json()
            );
        }
    }
    text
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
