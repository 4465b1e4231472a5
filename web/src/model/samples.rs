//! The sample deliveries beside the page: `samples/index.json` names them in order, and each is a file of its own.

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

/// The names of all samples.
pub fn index(bytes: &[u8]) -> Result<Vec<String>, String> {
    let json = serde_json::from_slice(bytes).map_err(|error| format!("samples/index.json: {error}"))?;
    match json {
        Value::Array(names) => Ok(names.iter().filter_map(|name| name.as_str().map(String::from)).collect()),
        _ => Err("samples/index.json: expected a list of names".into()),
    }
}

pub fn read(name: &str, bytes: &[u8]) -> Result<Sample, String> {
    let json: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("samples/{name}.json: {error}"))?;
    let text = |key: &str| json[key].as_str().map(Rc::from);
    let needed = |key: &str| text(key).ok_or_else(|| format!("samples/{name}.json: {key} is missing"));
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
        let sample = br#"{"title": "T", "shows": "S", "provider": "gitlab", "event": "Push Hook", "body": "{}", "expect": {}}"#;
        let sample = read("x", sample).unwrap();
        assert_eq!((&*sample.title, sample.provider, sample.form), ("T", Provider::GitLab, false));
        assert_eq!(sample.query, None);
        let get =
            br#"{"title": "T", "shows": "S", "provider": "gitea", "body": "", "query": "payload=%7B%7D"}"#;
        assert_eq!(read("x", get).unwrap().query.as_deref(), Some("payload=%7B%7D"));
        assert_eq!(read("x", b"{}").unwrap_err(), "samples/x.json: title is missing");
        assert_eq!(index(br#"["a", "b"]"#).unwrap(), ["a", "b"]);
        assert!(index(b"{}").is_err());
    }
}
