//! Headers as people paste them: a JSON object, as the command line takes it, or `Name: value` lines.

use pushbox_shared::config::quoted;
use pushbox_shared::http::Headers;
use serde_json::{Map, Value};

pub fn read(text: &str) -> Result<Headers, String> {
    match text.trim_start() {
        json if json.starts_with('{') => from_json(json),
        _ => from_lines(text),
    }
}

/// A JSON object, one header a line. Of a name that is there twice the first, which is the one that counts.
pub fn write(headers: &Headers) -> String {
    let mut members = Map::new();
    for (name, value) in headers.iter() {
        members.entry(name).or_insert_with(|| value.into());
    }
    serde_json::to_string_pretty(&members).unwrap_or_default()
}

fn from_json(text: &str) -> Result<Headers, String> {
    let json: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| format!("expected a JSON object of header names and values: {error}"))?;
    let pairs = json.into_iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text)),
        other => Err(format!("the value of {name} must be a text, found {other}")),
    });
    pairs.collect()
}

/// A request line in front of them, and a `>` before each, as curl prints it, may stay.
fn from_lines(text: &str) -> Result<Headers, String> {
    let lines = (1..).zip(text.lines()).map(|(number, line)| (number, line.trim_start_matches("> ").trim()));
    let is_header = |line: &str| !line.is_empty() && !line.contains(" HTTP/");
    let pairs = lines.filter(|(_, line)| is_header(line)).map(|(number, line)| match line.split_once(':') {
        Some((name, value)) if !name.is_empty() && !name.contains(char::is_whitespace) => {
            Ok((name.to_string(), value.trim().to_string()))
        }
        Some(_) | None => Err(format!("line {number}: expected Name: value, found {}", quoted(line))),
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&[(&str, &str)], &str>) {
        let found = read(text);
        let found = found.as_ref().map(|headers| headers.iter().collect::<Vec<_>>());
        assert_eq!(found.as_deref().map_err(|message| message.as_str()), expected);
    }

    #[test]
    fn both_forms_are_read() {
        check(r#" {"A": "b", "C": "d"}"#, Ok(&[("a", "b"), ("c", "d")]));
        check("POST /hook HTTP/1.1\n> A: b:c\n\nD:e\r\n", Ok(&[("a", "b:c"), ("d", "e")]));
        check("", Ok(&[]));
    }

    #[test]
    fn what_is_no_header_is_named() {
        check("A: b\nnonsense", Err("line 2: expected Name: value, found \"nonsense\""));
        check(r#"{"A": 1}"#, Err("the value of A must be a text, found 1"));
        check(
            "{",
            Err(
                "expected a JSON object of header names and values: EOF while parsing an object at line 1 column 1",
            ),
        );
    }

    #[test]
    fn what_was_written_is_read_again() {
        let headers = read("A: b\nC: \"d\"").unwrap();
        assert_eq!(read(&write(&headers)), Ok(headers));
    }
}
