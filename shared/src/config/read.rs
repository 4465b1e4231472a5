//! From JSON to a [`Config`], each field by itself: every problem at once, in the same words for page, command line and function.

use serde_json::{Map, Value};

use super::fault::Wrong;
use super::field::{Field, Slot};
use super::fields::FIELDS;
use super::problem::{Kind, Part, Problem};
use super::shown::describe;
use super::{Config, EnvVar, check};

/// The JSON of a config file. A byte order mark is skipped.
pub fn parse(text: &[u8]) -> Result<Value, Problem> {
    let text = std::str::from_utf8(text).map_err(|error| {
        Problem::new(
            "",
            Kind::Unreadable,
            format!("is not UTF-8 (byte {}); save it as UTF-8", error.valid_up_to()),
        )
    })?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Problem::new(
            "",
            Kind::Unreadable,
            format!("is not JSON: {error}; check commas, quotes and brackets there"),
        )
    })
}

/// As much of a config as the JSON says, and what is wrong with each field by itself. What is wrong or missing has its default
/// in the config. [`crate::checked`] adds what must hold between fields.
pub(crate) fn of_file(json: &Value) -> (Config, Vec<Problem>) {
    let mut problems = Vec::new();
    match json {
        Value::Object(members) => {
            version(members, &mut problems);
            unknown_keys(members, "", &mut problems);
        }
        other => problems.push(no_object("", other)),
    }
    read_members(json, problems)
}

/// The same of an object that holds nothing but fields: what a form has made.
pub(crate) fn of_form(json: &Value) -> (Config, Vec<Problem>) {
    read_members(json, Vec::new())
}

fn read_members(json: &Value, mut problems: Vec<Problem>) -> (Config, Vec<Problem>) {
    let mut config = Config::default();
    for field in FIELDS {
        let Some(value) = value_at(json, field.path) else { continue };
        let wrong = (field.slot)(&mut config).read(value);
        problems.extend(wrong.into_iter().map(|wrong| wrong.at(field.path)));
    }
    check_texts(&mut config, &mut problems);
    (config, problems)
}

/// Each text by its field's own check. What already has the wrong type is left alone: saying more would only confuse.
fn check_texts(config: &mut Config, problems: &mut Vec<Problem>) {
    let wrong: Vec<String> = problems.iter().map(|problem| problem.path.clone()).collect();
    let is_wrong = |path: &str| {
        wrong.iter().any(|wrong| {
            wrong.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    for field in FIELDS {
        let slot = (field.slot)(config);
        for wrong in checks(field, &slot) {
            let problem = wrong.at(field.path);
            if !is_wrong(&problem.path) && !is_wrong(field.path) {
                problems.push(problem);
            }
        }
    }
}

/// What is wrong with the texts of a field.
fn checks(field: &Field, slot: &Slot<'_>) -> Vec<Wrong> {
    match slot {
        Slot::Pairs(pairs) => {
            pairs.iter().filter_map(|(name, value)| named(format!(".{name}"), name, value)).collect()
        }
        Slot::Env(env) => {
            let check = |(at, var): (usize, &EnvVar)| {
                named(format!("[{at}]"), &var.name, var.value.plain().unwrap_or_default())
            };
            env.iter().enumerate().filter_map(check).collect()
        }
        other => {
            let check = |(below, text): (String, &str)| {
                (field.check)(text).err().map(|fault| Wrong::new(below, Part::Whole, fault))
            };
            other.texts().into_iter().filter_map(check).collect()
        }
    }
}

/// What is wrong with a name, or else with its value.
fn named(below: String, name: &str, value: &str) -> Option<Wrong> {
    let (part, fault) = match check::env_name(name) {
        Err(fault) => (Part::Name, fault),
        Ok(()) => (Part::Value, check::env_value(name, value).err()?),
    };
    Some(Wrong::new(below, part, fault))
}

fn version(members: &Map<String, Value>, problems: &mut Vec<Problem>) {
    match members.get("version") {
        None => {}
        Some(value) if value.as_u64() == Some(1) => {}
        Some(other) => {
            let message = format!("expected 1, found {}; a newer pushbox may know it", describe(other));
            problems.push(Problem::new("version", Kind::Value, message));
        }
    }
}

/// The value at a path with dots.
fn value_at<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(json, |value, key| value.get(key))
}

fn unknown_keys(members: &Map<String, Value>, prefix: &str, problems: &mut Vec<Problem>) {
    for (key, value) in members {
        let path = format!("{prefix}{key}");
        let below = format!("{path}.");
        if path == "version" || FIELDS.iter().any(|field| field.path == path) {
            continue;
        }
        if !FIELDS.iter().any(|field| field.path.starts_with(&below)) {
            problems.push(Problem::new(&path, Kind::Unknown, unknown(&path)));
        } else if let Value::Object(members) = value {
            unknown_keys(members, &below, problems);
        } else {
            problems.push(no_object(&path, value));
        }
    }
}

fn no_object(path: &str, found: &Value) -> Problem {
    Problem::new(path, Kind::Type, format!("expected an object, found {}", describe(found)))
}

fn unknown(path: &str) -> String {
    match nearest(path) {
        Some(known) => format!("is not a field; did you mean {known}?"),
        None => "is not a field; `pushbox help config` lists all of them".into(),
    }
}

/// The field that was probably meant: its path, or at least its last word, is two typing errors away.
fn nearest(path: &str) -> Option<&'static str> {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_string();
    // A key is rarely long, and a hostile one need not be measured.
    if path.len() > 60 {
        return None;
    }
    let distance = |known: &str| {
        let whole = typing_errors(path, known);
        (whole.min(typing_errors(&last(path), &last(known))), whole)
    };
    let by_distance = FIELDS.iter().map(|field| (distance(field.path), field.path));
    by_distance.filter(|((errors, _), _)| *errors <= 2).min().map(|(_, path)| path)
}

/// Levenshtein distance.
fn typing_errors(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (to, (above_left, above)) in b.iter().zip(row.iter().zip(row.iter().skip(1))) {
            let left = next.last().copied().unwrap_or_default();
            next.push((above_left + usize::from(from != *to)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
