//! What a field is: one declaration from which form, schema, help and docs are made.

use serde_json::{Map, Number, Value};

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
    /// Checks each text of the field (of a list: each entry). Says what was expected, what was found and what to do.
    pub check: fn(&str) -> Result<(), String>,
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

/// What is wrong with a value: the path below the field (`[2].name`, mostly empty) and the message.
pub type Fault = (String, String);

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
    pub fn read(&mut self, value: &Value) -> Vec<Fault> {
        let expected = self.expected();
        let mut faults = Vec::new();
        let mut wrong = |found: &Value| {
            faults.push((String::new(), format!("expected {expected}, found {}", describe(found))));
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
        faults
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

fn read_list(slot: &mut Vec<String>, items: &[Value]) -> Vec<Fault> {
    let mut faults = Vec::new();
    *slot = items.iter().map(|item| item.as_str().unwrap_or_default().to_string()).collect();
    for (at, item) in items.iter().enumerate() {
        match item {
            Value::String(_) => {}
            other => faults.push((format!("[{at}]"), format!("expected a text, found {}", describe(other)))),
        }
    }
    faults
}

fn read_pairs(slot: &mut Vec<(String, String)>, members: &Map<String, Value>) -> Vec<Fault> {
    let mut faults = Vec::new();
    slot.clear();
    for (name, value) in members {
        match value {
            Value::String(text) => slot.push((name.clone(), text.clone())),
            other => faults.push((format!(".{name}"), text_expected(other))),
        }
    }
    faults
}

/// What cannot be read leaves an empty variable, so that the others keep their number.
fn read_env(slot: &mut Vec<EnvVar>, items: &[Value]) -> Vec<Fault> {
    let mut faults = Vec::new();
    slot.clear();
    for (at, item) in items.iter().enumerate() {
        let mut fault = |below: &str, message: String| faults.push((format!("[{at}]{below}"), message));
        slot.push(read_env_var(item, &mut fault));
    }
    faults
}

fn read_env_var(item: &Value, fault: &mut dyn FnMut(&str, String)) -> EnvVar {
    let mut var = EnvVar { name: String::new(), value: EnvValue::Plain(String::new()) };
    let Value::Object(members) = item else {
        fault("", format!("expected {{\"name\": …, \"value\": …}}, found {}", describe(item)));
        return var;
    };
    for key in members.keys().filter(|key| !["name", "value", "secret"].contains(&key.as_str())) {
        fault(&format!(".{key}"), "is not known here; expected name, value or secret".into());
    }
    match members.get("name") {
        Some(Value::String(name)) => var.name.clone_from(name),
        other => {
            fault(".name", format!("expected a name, found {}", describe(other.unwrap_or(&Value::Null))));
        }
    }
    match (members.get("secret"), members.get("value")) {
        (Some(Value::Bool(true)), None | Some(Value::Null)) => var.value = EnvValue::Secret,
        (Some(Value::Bool(true)), Some(_)) => {
            var.value = EnvValue::Secret;
            fault(".value", "a secret's value does not belong in a config; remove it here and put it into Parameter Store".into());
        }
        (None | Some(Value::Bool(false)), Some(Value::String(text))) => {
            var.value = EnvValue::Plain(text.clone());
        }
        (None | Some(Value::Bool(false)), Some(other)) => fault(".value", text_expected(other)),
        (None | Some(Value::Bool(false)), None) => {
            fault("", format!("{} has neither a value nor \"secret\": true; add one of them", var.name));
        }
        (Some(other), _) => fault(".secret", format!("expected true or false, found {}", describe(other))),
    }
    var
}

fn text_expected(found: &Value) -> String {
    let hint = if matches!(found, Value::Number(_) | Value::Bool(_)) { "; put it in quotes" } else { "" };
    format!("expected a text, found {}{hint}", describe(found))
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

/// A value as a person would name it, never longer than a line.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".into(),
    }
}

/// A text in quotes, cut where it is long, control characters made visible.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let control =
        c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    let escaped = control.then(|| c.escape_default());
    let plain = (!control).then_some(c);
    escaped.into_iter().flatten().chain(plain)
}
