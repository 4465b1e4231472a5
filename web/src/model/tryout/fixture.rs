//! A delivery as a file to keep: what was sent and nothing else. The secret is not in it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pushbox_shared::http::Headers;
use serde_json::{Map, Value};

use super::delivery::Delivery;
use super::pasted::{Pasted, Source};
use crate::model::header_text;

/// What the file is called.
pub const FILE: &str = "delivery.json";

impl Delivery {
    /// A JSON object with `headers`, and `body` or `query`; a body that is no text as `body_base64`. An error says which line of
    /// the headers is none.
    pub fn fixture(&self) -> Result<String, String> {
        let headers = header_text::read(&self.headers)?;
        let mut members = Map::new();
        let mut all = Map::new();
        for (name, value) in headers.iter() {
            all.entry(name).or_insert_with(|| value.into());
        }
        members.insert("headers".into(), all.into());
        if !self.query.is_empty() {
            members.insert("query".into(), (*self.query).into());
        }
        match std::str::from_utf8(self.body.bytes()) {
            Ok(text) => members.insert("body".into(), text.into()),
            Err(_) => members.insert("body_base64".into(), BASE64_STANDARD.encode(self.body.bytes()).into()),
        };
        Ok(serde_json::to_string_pretty(&members).unwrap_or_default() + "\n")
    }
}

/// Nothing where the text is something else.
pub(super) fn read(text: &str) -> Option<Result<Pasted, String>> {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else { return None };
    // A payload has a body or headers of its own hardly ever, and never both.
    let has = |key| members.contains_key(key);
    let is_fixture = members.get("headers").is_some_and(Value::is_object)
        && (has("body") || has("body_base64") || has("query"));
    is_fixture.then(|| from(&members))
}

fn from(members: &Map<String, Value>) -> Result<Pasted, String> {
    let headers = members["headers"].as_object().into_iter().flatten().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text.as_str())),
        other => Err(format!("headers: expected the value of {name} to be a text, found {other}")),
    });
    let text = |key: &str| match members.get(key) {
        None => Ok(""),
        Some(Value::String(text)) => Ok(text.as_str()),
        Some(other) => Err(format!("{key}: expected a text, found {other}")),
    };
    let body = match text("body_base64")? {
        "" => text("body")?.as_bytes().to_vec(),
        encoded => BASE64_STANDARD
            .decode(encoded)
            .map_err(|error| format!("body_base64: expected base64: {error}"))?,
    };
    let query = text("query")?.to_string();
    Ok(Pasted {
        source: Source::Fixture,
        headers: headers.collect::<Result<Headers, _>>()?,
        query,
        body,
        remarks: Vec::new(),
    })
}
