//! What a field is: one declaration from which form, schema, help and docs are made.

use serde_json::{Map, Number, Value};

use super::fault::{Fault, Wrong};
use super::problem::Part;
use super::shown::describe;
use super::{Choice, Config, EnvValue, EnvVar};

/// One field of `pushbox.json`. Its default is what its slot holds in [`Config::default`].
pub struct Field {
    /// Its place in `pushbox.json`, with dots: `run.port`.
    pub path: &'static str,
    /// What the form calls it.
    pub label: &'static str,
    /// One or two sentences for a person who has never seen it.
    pub help: &'static str,
    pub place: Place,
    /// Checks each text of the field (of a list: each entry).
    pub check: fn(&str) -> Result<(), Fault>,
    pub slot: fn(&mut Config) -> Slot<'_>,
}

/// The part of the form that a field stands in, in the form's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Essentials,
    Repository,
    Build,
    App,
    Box,
    Deploys,
    Sleep,
    Function,
}

impl Place {
    pub const ALL: [Place; 8] = [
        Place::Essentials,
        Place::Repository,
        Place::Build,
        Place::App,
        Place::Box,
        Place::Deploys,
        Place::Sleep,
        Place::Function,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Place::Essentials => "Essentials",
            Place::Repository => "Repository",
            Place::Build => "Build",
            Place::App => "App",
            Place::Box => "Box",
            Place::Deploys => "Deploys",
            Place::Sleep => "Sleep and cost",
            Place::Function => "Function",
        }
    }
}

/// Where a field's value lives in a [`Config`], and with that its type.
pub enum Slot<'a> {
    Text(&'a mut String),
    OptText(&'a mut Option<String>),
    Number(&'a mut u32, Range),
    OptNumber(&'a mut Option<u32>, Range),
    /// An amount of USD.
    OptAmount(&'a mut Option<f64>),
    Flag(&'a mut bool),
    Choice(&'a mut dyn AnyChoice),
    List(&'a mut Vec<String>),
    /// Names with values, in the order given.
    Pairs(&'a mut Vec<(String, String)>),
    Env(&'a mut Vec<EnvVar>),
}

/// More is a slip of the finger. Formatting it would weigh seven kilobytes in the page, so [`Slot::expected`] says it in words.
pub(super) const MOST_USD: f64 = 1_000_000.0;

/// Both ends are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub min: u32,
    pub max: u32,
}

/// Any [`Choice`], whatever its type.
pub trait AnyChoice {
    fn chosen(&self) -> &'static str;
    fn names(&self) -> Vec<&'static str>;
    /// Whether there is such a choice; where there is not, nothing changes.
    fn choose(&mut self, name: &str) -> bool;
}

impl<T: Choice> AnyChoice for T {
    fn chosen(&self) -> &'static str {
        self.name()
    }

    fn names(&self) -> Vec<&'static str> {
        T::ALL.iter().map(|(name, _)| *name).collect()
    }

    fn choose(&mut self, wanted: &str) -> bool {
        let found = T::ALL.iter().find(|(name, _)| *name == wanted);
        if let Some((_, choice)) = found {
            *self = *choice;
        }
        found.is_some()
    }
}

impl Slot<'_> {
    /// What a value must be, in words that follow "expected".
    pub fn expected(&self) -> String {
        match self {
            Slot::Text(_) => "a text".into(),
            Slot::OptText(_) => "a text or null".into(),
            Slot::Number(_, range) => format!("a whole number from {} to {}", range.min, range.max),
            Slot::OptNumber(_, range) => {
                format!("a whole number from {} to {}, or null", range.min, range.max)
            }
            Slot::OptAmount(_) => "an amount of USD up to 1000000, or null".into(),
            Slot::Flag(_) => "true or false".into(),
            Slot::Choice(choice) => format!("one of {}", choice.names().join(", ")),
            Slot::List(_) => "a list of texts".into(),
            Slot::Pairs(_) => "an object of names and texts".into(),
            Slot::Env(_) => r#"a list of {"name": …, "value": …} or {"name": …, "secret": true}"#.into(),
        }
    }

    /// The value as it stands in `pushbox.json`.
    pub fn json(&self) -> Value {
        match self {
            Slot::Text(text) => Value::String((*text).clone()),
            Slot::OptText(text) => text.as_ref().map_or(Value::Null, |text| Value::from(text.as_str())),
            Slot::Number(number, _) => Value::from(**number),
            Slot::OptNumber(number, _) => number.map_or(Value::Null, Value::from),
            Slot::OptAmount(amount) => amount.and_then(Number::from_f64).map_or(Value::Null, Value::Number),
            Slot::Flag(flag) => Value::Bool(**flag),
            Slot::Choice(choice) => Value::from(choice.chosen()),
            Slot::List(list) => list.iter().cloned().map(Value::String).collect(),
            Slot::Pairs(pairs) => Value::Object(
                pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.clone()))).collect(),
            ),
            Slot::Env(env) => env.iter().map(env_json).collect(),
        }
    }

    /// Takes over a value of `pushbox.json`. What has the wrong type leaves the default in place.
    pub fn read(&mut self, value: &Value) -> Vec<Wrong> {
        let expected = self.expected();
        let mut all = Vec::new();
        let mut wrong = |found: &Value| {
            all.push(Wrong::new("", Part::Whole, Fault::other_type(expected.clone(), found)));
        };
        match self {
            Slot::Text(slot) => match value {
                Value::String(text) => **slot = text.clone(),
                other => wrong(other),
            },
            Slot::OptText(slot) => match value {
                Value::String(text) => **slot = Some(text.clone()),
                Value::Null => **slot = None,
                other => wrong(other),
            },
            Slot::Number(slot, range) => match whole(value, *range) {
                Some(number) => **slot = number,
                None => wrong(value),
            },
            Slot::OptNumber(slot, range) => match (value, whole(value, *range)) {
                (Value::Null, _) => **slot = None,
                (_, Some(number)) => **slot = Some(number),
                (other, None) => wrong(other),
            },
            Slot::OptAmount(slot) => match (value, value.as_f64()) {
                (Value::Null, _) => **slot = None,
                // A zero below zero is one above it.
                (_, Some(amount)) if (0.0..=MOST_USD).contains(&amount) => **slot = Some(amount + 0.0),
                (other, _) => wrong(other),
            },
            Slot::Flag(slot) => match value {
                Value::Bool(flag) => **slot = *flag,
                other => wrong(other),
            },
            Slot::Choice(slot) => match value {
                Value::String(name) if slot.choose(name) => {}
                other => wrong(other),
            },
            Slot::List(slot) => match value {
                Value::Array(items) => return read_list(slot, items),
                other => wrong(other),
            },
            Slot::Pairs(slot) => match value {
                Value::Object(members) => return read_pairs(slot, members),
                other => wrong(other),
            },
            Slot::Env(slot) => match value {
                Value::Array(items) => return read_env(slot, items),
                other => wrong(other),
            },
        }
        all
    }

    /// Every text in the slot with the path below the field, for the field's check.
    pub(super) fn texts(&self) -> Vec<(String, &str)> {
        match self {
            Slot::Text(text) => vec![(String::new(), text.as_str())],
            Slot::OptText(text) => text.iter().map(|text| (String::new(), text.as_str())).collect(),
            Slot::List(list) => {
                list.iter().enumerate().map(|(at, text)| (format!("[{at}]"), text.as_str())).collect()
            }
            Slot::Number(..)
            | Slot::OptNumber(..)
            | Slot::OptAmount(_)
            | Slot::Flag(_)
            | Slot::Choice(_)
            // Names and values are checked by the rules of environment variables, which know both.
            | Slot::Pairs(_)
            | Slot::Env(_) => Vec::new(),
        }
    }
}

fn whole(value: &Value, range: Range) -> Option<u32> {
    let number = u32::try_from(value.as_u64()?).ok()?;
    (range.min..=range.max).contains(&number).then_some(number)
}

fn read_list(slot: &mut Vec<String>, items: &[Value]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    *slot = items.iter().map(|item| item.as_str().unwrap_or_default().to_string()).collect();
    for (at, item) in items.iter().enumerate() {
        match item {
            Value::String(_) => {}
            other => {
                wrong.push(Wrong::new(format!("[{at}]"), Part::Whole, Fault::other_type("a text", other)));
            }
        }
    }
    wrong
}

fn read_pairs(slot: &mut Vec<(String, String)>, members: &Map<String, Value>) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    slot.clear();
    for (name, value) in members {
        match value {
            Value::String(text) => slot.push((name.clone(), text.clone())),
            other => wrong.push(Wrong::new(format!(".{name}"), Part::Value, text_expected(other))),
        }
    }
    wrong
}

/// What cannot be read leaves an empty variable, so that the others keep their number.
fn read_env(slot: &mut Vec<EnvVar>, items: &[Value]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    slot.clear();
    for (at, item) in items.iter().enumerate() {
        let mut add = |below: &str, part: Part, fault: Fault| {
            wrong.push(Wrong::new(format!("[{at}]{below}"), part, fault));
        };
        slot.push(read_env_var(item, &mut add));
    }
    wrong
}

fn read_env_var(item: &Value, wrong: &mut dyn FnMut(&str, Part, Fault)) -> EnvVar {
    let mut var = EnvVar { name: String::new(), value: EnvValue::Plain(String::new()) };
    let Value::Object(members) = item else {
        wrong("", Part::Whole, Fault::other_type("{\"name\": …, \"value\": …}", item));
        return var;
    };
    for key in members.keys().filter(|key| !["name", "value", "secret"].contains(&key.as_str())) {
        wrong(&format!(".{key}"), Part::Whole, Fault::UnknownMember);
    }
    match members.get("name") {
        Some(Value::String(name)) => var.name.clone_from(name),
        other => {
            wrong(".name", Part::Name, Fault::other_type("a name", other.unwrap_or(&Value::Null)));
        }
    }
    match (members.get("secret"), members.get("value")) {
        (Some(Value::Bool(true)), None | Some(Value::Null)) => var.value = EnvValue::Secret,
        (Some(Value::Bool(true)), Some(_)) => {
            var.value = EnvValue::Secret;
            wrong(".value", Part::Value, Fault::SecretWithValue);
        }
        (None | Some(Value::Bool(false)), Some(Value::String(text))) => {
            var.value = EnvValue::Plain(text.clone());
        }
        (None | Some(Value::Bool(false)), Some(other)) => wrong(".value", Part::Value, text_expected(other)),
        (None | Some(Value::Bool(false)), None) => {
            wrong("", Part::Whole, Fault::NoValue { name: var.name.clone() });
        }
        (Some(other), _) => wrong(".secret", Part::Value, Fault::other_type("true or false", other)),
    }
    var
}

fn text_expected(found: &Value) -> Fault {
    if matches!(found, Value::Number(_) | Value::Bool(_)) {
        Fault::Unquoted { found: describe(found) }
    } else {
        Fault::other_type("a text", found)
    }
}

fn env_json(var: &EnvVar) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), Value::from(var.name.clone()));
    match &var.value {
        EnvValue::Plain(text) => object.insert("value".into(), Value::from(text.clone())),
        EnvValue::Secret => object.insert("secret".into(), Value::Bool(true)),
    };
    Value::Object(object)
}
