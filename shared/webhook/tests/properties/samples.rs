//! The project's own sample deliveries, as what the properties start from.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::wants::{Wants, secrets};
use pushbox_webhook::http::Request;
use pushbox_webhook::percent;
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{Provider, SignOptions, judge_openly, sign};
use serde_json::Value;

pub(crate) const SECRET: &str = "It's a Secret to Everybody";
pub(crate) const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) provider: Provider,
    /// As `sign` takes it.
    pub(crate) event: Option<String>,
    pub(crate) form: bool,
    /// Of a GET, which has no body.
    pub(crate) query: Option<String>,
    pub(crate) body: String,
}

/// In the order of the index.
pub(crate) static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let names: Vec<String> = serde_json::from_value(read("index")).expect("a list of names");
    names.into_iter().map(sample).collect()
});

fn read(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../samples/{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn sample(name: String) -> Sample {
    let json = read(&name);
    let text = |key: &str| json[key].as_str().map(String::from);
    let provider = text("provider").and_then(|name| name.parse().ok());
    Sample {
        provider: provider.unwrap_or_else(|| panic!("{name} names no provider")),
        event: text("event"),
        form: json["form"].as_bool().unwrap_or_default(),
        query: text("query"),
        body: text("body").unwrap_or_else(|| panic!("{name} has no body")),
        name,
    }
}

impl Sample {
    /// What is signed: the query of a GET, or the body.
    pub(crate) fn content(&self) -> &str {
        self.query.as_ref().unwrap_or(&self.body)
    }

    /// The JSON that a form holds, or that is the body.
    pub(crate) fn json(&self) -> String {
        match self.content().strip_prefix("payload=").filter(|_| self.form) {
            Some(payload) => percent::decode_form(payload).expect("a sample's form is one").into_owned(),
            None => self.body.clone(),
        }
    }

    pub(crate) fn request(&self) -> Request {
        self.with_content(self.content())
    }

    /// The sample with other JSON, in a form where the sample is one, rightly signed.
    pub(crate) fn with_json(&self, json: &str) -> Request {
        if self.form {
            self.with_content(&format!("payload={}", percent::encode(json)))
        } else {
            self.with_content(json)
        }
    }

    fn with_content(&self, content: &str) -> Request {
        let options =
            SignOptions { event: self.event.as_deref(), form: self.form, now: NOW, ..SignOptions::default() };
        let headers = sign(self.provider, SECRET, content.as_bytes(), &options);
        let headers = headers.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let is_get = self.query.is_some();
        let (method, query, body) = if is_get { ("GET", content, "") } else { ("POST", "", content) };
        let (method, query) = (method.into(), query.into());
        Request { method, path: "/hook".into(), query, headers, body: body.into() }
    }
}

/// Wants the branch `main` of the repository that the provider's first sample is about.
pub(crate) fn wants(provider: Provider) -> &'static Wants {
    &of_provider(provider).narrow
}

/// Likewise, with everything on that can be: tags too, a path filter, SHA-1.
pub(crate) fn wide_wants(provider: Provider) -> &'static Wants {
    &of_provider(provider).wide
}

struct OfProvider {
    provider: Provider,
    narrow: Wants,
    wide: Wants,
}

fn of_provider(provider: Provider) -> &'static OfProvider {
    static ALL: LazyLock<Vec<OfProvider>> =
        LazyLock::new(|| Provider::ALL.iter().map(|provider| made_of(*provider)).collect());
    ALL.iter().find(|of| of.provider == provider).expect("all of them are there")
}

fn made_of(provider: Provider) -> OfProvider {
    let name = format!("{provider}-push");
    let sample = SAMPLES.iter().find(|sample| sample.name == name);
    let sample = sample.unwrap_or_else(|| panic!("expected the sample {name}, found none"));
    let said = judge_openly(&Wants::default().wanted(&secrets(SECRET)), &sample.request(), NOW);
    let repository = said.repo.clone_https.unwrap_or_else(|| panic!("{name} names no repository"));
    let narrow = Wants { refs: vec!["refs/heads/main".into()], ..Wants::of(&repository) };
    let mut wide = narrow.clone();
    wide.refs.push("refs/tags/v*".into());
    wide.paths = ["src/**", "!**/*.md", "docs/"].map(String::from).into();
    wide.allow_sha1 = true;
    OfProvider { provider, narrow, wide }
}
