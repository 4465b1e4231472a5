//! The sample deliveries, which are one file beside the page: all of `samples/` in the order of its index.

use std::rc::Rc;

use pushbox_shared::webhook::Provider;
use serde_json::Value;

/// A delivery to try. Its headers are made by signing it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// `github-push`
    pub name: Rc<str>,
    pub title: Rc<str>,
    /// What it demonstrates, in a sentence.
    pub shows: Rc<str>,
    pub provider: Provider,
    /// The provider's own value of its event header.
    pub event: Option<Rc<str>>,
    /// The body is a form with the JSON in its field `payload`.
    pub form: bool,
    /// The exact bytes, as text.
    pub body: Rc<str>,
    /// Of a GET, which has everything in it.
    pub query: Option<Rc<str>>,
}

/// The samples as far as they are there: their file is fetched when the tryout is first shown.
#[derive(Clone, PartialEq)]
pub enum Samples {
    Asked,
    Read(Rc<[Rc<Sample>]>),
    Failed(String),
}

/// What the file is called.
pub const FILE: &str = "samples.json";

/// All of them, in order.
pub fn read(bytes: &[u8]) -> Result<Vec<Sample>, String> {
    let json: Value = serde_json::from_slice(bytes).map_err(|error| format!("{FILE}: {error}"))?;
    match json {
        Value::Object(samples) => samples.iter().map(|(name, sample)| one(name, sample)).collect(),
        _ => Err(format!("{FILE}: expected an object with a sample for each name")),
    }
}

fn one(name: &str, json: &Value) -> Result<Sample, String> {
    let text = |key: &str| json[key].as_str().map(Rc::from);
    let needed = |key: &str| text(key).ok_or_else(|| format!("{FILE}: {name}: {key} is missing"));
    Ok(Sample {
        name: name.into(),
        title: needed("title")?,
        shows: needed("shows")?,
        provider: needed("provider")?.parse()?,
        event: text("event"),
        form: json["form"] == Value::Bool(true),
        body: needed("body")?,
        query: text("query"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_read_or_says_what_it_lacks() {
        let two = br#"{"x": {"title": "T", "shows": "S", "provider": "gitlab", "event": "Push Hook", "body": "{}"},
            "get": {"title": "T", "shows": "S", "provider": "gitea", "body": "", "query": "payload=%7B%7D"}}"#;
        let samples = read(two).unwrap();
        let [sample, get] = samples.as_slice() else { panic!("{samples:?}") };
        assert_eq!(
            (&*sample.name, &*sample.title, sample.provider, sample.form),
            ("x", "T", Provider::GitLab, false)
        );
        assert_eq!(sample.query, None);
        assert_eq!(get.query.as_deref(), Some("payload=%7B%7D"));
        assert_eq!(read(br#"{"x": {}}"#).unwrap_err(), "samples.json: x: title is missing");
        assert!(read(b"[]").is_err());
    }
}
