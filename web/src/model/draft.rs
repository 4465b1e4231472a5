//! The draft: what was typed, field by field, and the JSON document that it makes.
//!
//! The document is exactly what [`pushbox_shared::checked::read`] takes, so page and command line say the same about the same mistake.

mod number;
mod saved;

use std::rc::Rc;

use pushbox_shared::config::{self, Config, FIELDS, Field, Slot};
use serde_json::{Map, Value};

/// Only fields that somebody touched have an entry; the others have their default.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// In no order; there are few, and a list is smaller to ship than a map.
    entries: Vec<(&'static str, Entry)>,
}

/// Whatever the order in which the fields were touched.
impl PartialEq for Draft {
    fn eq(&self, other: &Draft) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().all(|(path, entry)| other.entry(path) == Some(entry))
    }
}

/// What stands in a field's widget.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// As typed; of a list, one entry a line.
    Text(Rc<str>),
    Flag(bool),
    Rows(Rc<[Row]>),
}

/// An environment variable or a build argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Unique in its list, and kept while the row lives.
    pub id: u32,
    pub name: Rc<str>,
    /// Of a secret it is kept only until the page is left, and written nowhere.
    pub value: Rc<str>,
    pub secret: bool,
    /// A person said whether it is secret, so the page does not guess any more.
    pub decided: bool,
}

impl Row {
    pub fn new(id: u32, name: &str, value: &str) -> Row {
        Row { id, name: name.into(), value: value.into(), secret: false, decided: false }
    }

    /// A row that was added and not filled in yet is none.
    pub fn is_blank(&self) -> bool {
        self.name.is_empty() && self.value.is_empty() && !self.secret
    }
}

impl Draft {
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|(other, _)| *other == path).map(|(_, entry)| entry)
    }

    pub fn text(&self, path: &str) -> &str {
        match self.entry(path) {
            Some(Entry::Text(text)) => text,
            Some(Entry::Flag(_) | Entry::Rows(_)) | None => "",
        }
    }

    pub fn rows(&self, path: &str) -> Rc<[Row]> {
        match self.entry(path) {
            Some(Entry::Rows(rows)) => Rc::clone(rows),
            Some(Entry::Flag(_) | Entry::Text(_)) | None => Rc::new([]),
        }
    }

    pub fn set_text(&mut self, path: &'static str, text: &str) {
        if text.is_empty() {
            self.entries.retain(|(other, _)| *other != path);
        } else {
            self.set(path, Entry::Text(text.into()));
        }
    }

    fn set(&mut self, path: &'static str, entry: Entry) {
        match self.entries.iter_mut().find(|(other, _)| *other == path) {
            Some((_, old)) => *old = entry,
            None => self.entries.push((path, entry)),
        }
    }

    pub fn set_flag(&mut self, path: &'static str, flag: bool) {
        self.set(path, Entry::Flag(flag));
    }

    pub fn set_rows(&mut self, path: &'static str, rows: Vec<Row>) {
        self.set(path, Entry::Rows(rows.into()));
    }

    /// What [`pushbox_shared::checked::read`] takes. Fields left empty are left out, and so have their default.
    pub fn document(&self) -> Value {
        let mut top = Map::new();
        let mut defaults = Config::default();
        for field in FIELDS {
            let value = self.entry(field.path).and_then(|entry| value(&(field.slot)(&mut defaults), entry));
            if let Some(value) = value {
                config::insert(&mut top, field.path, value);
            }
        }
        Value::Object(top)
    }

    /// As much as there is in a document, right or wrong.
    pub fn from_document(document: &Value) -> Draft {
        let mut defaults = Config::default();
        let mut draft = Draft::default();
        for field in FIELDS {
            let value = document.pointer(&format!("/{}", field.path.replace('.', "/")));
            if let Some(entry) = value.and_then(|value| entry(&(field.slot)(&mut defaults), value)) {
                draft.set(field.path, entry);
            }
        }
        draft
    }
}

/// The lines of a list that count.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

/// The id of a row that is yet to be added.
pub fn next_id(rows: &[Row]) -> u32 {
    rows.iter().map(|row| row.id).max().map_or(0, |id| id.saturating_add(1))
}

/// What a field holds when nobody touches it, as its widget would show it.
pub fn default_text(field: &Field) -> String {
    let mut defaults = Config::default();
    let default = (field.slot)(&mut defaults);
    match entry(&default, &default.json()) {
        Some(Entry::Text(text)) => text.to_string(),
        Some(Entry::Flag(_) | Entry::Rows(_)) | None => String::new(),
    }
}

/// Nothing where the entry is as good as untouched.
fn value(slot: &Slot<'_>, entry: &Entry) -> Option<Value> {
    match (slot, entry) {
        (Slot::Number(..) | Slot::OptNumber(..) | Slot::OptAmount(_), Entry::Text(text)) => number(text),
        (Slot::List(_), Entry::Text(text)) => {
            let items: Vec<Value> = lines(text).map(Value::from).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        (Slot::Text(_) | Slot::OptText(_) | Slot::Choice(_), Entry::Text(text)) => {
            (!text.is_empty()).then(|| Value::from(&**text))
        }
        (Slot::Flag(_), Entry::Flag(flag)) => Some(Value::Bool(*flag)),
        (Slot::Pairs(_), Entry::Rows(rows)) => {
            let filled = rows.iter().filter(|row| !row.is_blank());
            Some(Value::Object(filled.map(|row| (row.name.to_string(), Value::from(&*row.value))).collect()))
        }
        (Slot::Env(_), Entry::Rows(rows)) => {
            Some(rows.iter().filter(|row| !row.is_blank()).map(variable).collect())
        }
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    Some(number::number(text).map_or_else(|| Value::from(text), Value::Number))
}

fn variable(row: &Row) -> Value {
    let (key, value) =
        if row.secret { ("secret", Value::Bool(true)) } else { ("value", Value::from(&*row.value)) };
    Value::Object(Map::from_iter([("name".into(), Value::from(&*row.name)), (key.into(), value)]))
}

/// Nothing where the value says nothing that the field could hold.
fn entry(slot: &Slot<'_>, value: &Value) -> Option<Entry> {
    match (slot, value) {
        (Slot::Flag(_), value) => value.as_bool().map(Entry::Flag),
        (Slot::Pairs(_), Value::Object(members)) => {
            let row = |(id, (name, value)): (u32, (&String, &Value))| Row::new(id, name, &shown(value));
            Some(Entry::Rows((0..).zip(members).map(row).collect()))
        }
        (Slot::Env(_), Value::Array(items)) => {
            let row = |(id, item): (u32, &Value)| {
                let secret = item["secret"] == Value::Bool(true);
                let value = if secret { String::new() } else { shown(&item["value"]) };
                Row { secret, ..Row::new(id, &shown(&item["name"]), &value) }
            };
            Some(Entry::Rows((0..).zip(items).map(row).collect()))
        }
        (Slot::Pairs(_) | Slot::Env(_), _) => None,
        (Slot::List(_), Value::Array(items)) => {
            let lines: Vec<String> = items.iter().map(shown).collect();
            Some(Entry::Text(lines.join("\n").into()))
        }
        (_, value) => Some(shown(value)).filter(|text| !text.is_empty()).map(|text| Entry::Text(text.into())),
    }
}

/// A value as a person would type it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FULL: &str = r#"{
      "app": "my_app",
      "repo": { "url": "git@gitlab.com:usil/group/foo.git", "refs": ["refs/heads/main", "refs/tags/v*"], "paths": ["src/**", "!docs/**"],
                "submodules": true, "auth": "deploy-key", "poll_minutes": 5 },
      "build": { "dockerfile": "deploy/Dockerfile", "context": "app", "target": "prod", "args": { "B": "2", "A": "one two" } },
      "run": { "port": 8080, "env": [ { "name": "bar", "value": "baz \n $x '\" 🙂" }, { "name": "DB_PASSWORD", "secret": true } ],
               "health_path": "/health", "health_timeout_s": 30, "drain_s": 5, "volumes": ["data:/data"], "role_for_app": true },
      "function": { "budget_usd": 12.5 }
    }"#;

    #[test]
    fn a_config_goes_through_the_form_unchanged() {
        let document: Value = serde_json::from_str(FULL).unwrap();
        assert_eq!(Draft::from_document(&document).document(), document);
    }

    #[test]
    fn a_saved_draft_comes_back() {
        let mut draft = Draft::from_document(&serde_json::from_str(FULL).unwrap());
        draft.set_text("run.port", "80x");
        draft.set_text("repo.refs", "main\n\n");
        assert_eq!(Draft::restore(&draft.save()), draft);
        assert_eq!(Draft::restore("nonsense"), Draft::default());
    }

    #[test]
    fn numbers_become_numbers_and_other_text_is_kept_as_typed() {
        for (typed, expected) in [
            ("80", json!({"run": {"port": 80}})),
            (" 80 ", json!({"run": {"port": 80}})),
            ("70000", json!({"run": {"port": 70000}})),
            ("80.5", json!({"run": {"port": 80.5}})),
            ("0x50", json!({"run": {"port": "0x50"}})),
            ("080", json!({"run": {"port": "080"}})),
            ("", json!({})),
            ("  ", json!({})),
        ] {
            let mut draft = Draft::default();
            draft.set_text("run.port", typed);
            assert_eq!(draft.document(), expected, "{typed}");
        }
    }

    #[test]
    fn what_has_the_wrong_type_is_shown_as_text() {
        let draft = Draft::from_document(&json!({
            "app": 3, "run": {"port": "eighty", "env": [7, {"name": "A", "value": 1}], "role_for_app": "yes"}, "repo": {"refs": "main"},
        }));
        assert_eq!(draft.text("app"), "3");
        assert_eq!(draft.text("run.port"), "eighty");
        assert_eq!(draft.text("repo.refs"), "main");
        assert_eq!(draft.entry("run.role_for_app"), None);
        assert_eq!(&*draft.rows("run.env")[1].value, "1");
    }

    #[test]
    fn a_secret_has_no_value_in_the_draft() {
        let draft = Draft::from_document(
            &json!({"run": {"env": [{"name": "A", "value": "hunter2", "secret": true}]}}),
        );
        assert!(!draft.save().contains("hunter2"));
    }

    #[test]
    fn blank_rows_and_lines_do_not_count() {
        let mut draft = Draft::default();
        draft.set_rows("run.env", vec![Row::new(0, "", ""), Row::new(1, "A", "")]);
        draft.set_text("repo.refs", "\n  \nrefs/heads/main\n");
        assert_eq!(
            draft.document(),
            json!({"repo": {"refs": ["refs/heads/main"]}, "run": {"env": [{"name": "A", "value": ""}]}})
        );
    }

    #[test]
    fn defaults_are_shown_as_they_would_be_typed() {
        let of = |path: &str| config::field(path).map(default_text).unwrap_or_default();
        assert_eq!(of("run.port"), "3000");
        assert_eq!(of("repo.refs"), "refs/heads/main");
        assert_eq!(of("build.target"), "");
    }

    proptest::proptest! {
        #[test]
        fn no_saved_text_makes_it_panic(text in ".*") {
            Draft::restore(&text);
        }
    }
}
