//! The list of sample deliveries beside the page, `samples/index.json`.

use std::rc::Rc;

use serde_json::Value;

/// A delivery to try. Its files are beside the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// `github/push-main`
    pub name: Rc<str>,
    /// What it shows, for people.
    pub shows: Rc<str>,
    /// A JSON object of names and values.
    pub headers: Rc<str>,
    pub body: Rc<str>,
    /// What it was signed with; it proves nothing to anybody.
    pub secret: Option<Rc<str>>,
}

pub fn read(index: &[u8]) -> Result<Vec<Sample>, String> {
    let json: Value =
        serde_json::from_slice(index).map_err(|error| format!("samples/index.json: {error}"))?;
    let samples = json.as_array().ok_or("samples/index.json: expected a list")?;
    Ok(samples.iter().filter_map(sample).collect())
}

fn sample(json: &Value) -> Option<Sample> {
    let text = |key: &str| json[key].as_str().map(Rc::from);
    Some(Sample {
        name: text("name")?,
        shows: text("shows")?,
        headers: text("headers")?,
        body: text("body")?,
        secret: text("secret"),
    })
}
