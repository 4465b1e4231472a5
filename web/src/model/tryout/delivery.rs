//! A delivery to try: what is sent, with the secret and the box that are assumed.

use std::rc::Rc;

use pushbox_shared::ec2;
use pushbox_shared::http::{Headers, Request};
use pushbox_shared::unix_time::UnixTime;
use pushbox_shared::webhook::{Breakage, PROOFS, Provider, SignOptions, detect, sign};

use super::pasted::Pasted;
use crate::model::header_text;
use crate::model::samples::Sample;

/// What is tried. The secret stays here: it is in no draft, file or link.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// What it came from, in a few words; empty where somebody typed it.
    pub name: Rc<str>,
    /// What was done to it since.
    pub since: Since,
    /// As typed: a JSON object, or `Name: value` lines.
    pub headers: Rc<str>,
    pub body: Body,
    /// Of a GET, as Gitea and Forgejo can send them; empty for a POST.
    pub query: Rc<str>,
    pub secret: Rc<str>,
    /// Whose signature to make where the headers do not say.
    pub provider: Provider,
    /// Nothing: there is no box.
    pub box_state: Option<ec2::State>,
    /// The id of the delivery that the box saw last.
    pub box_delivery: Rc<str>,
}

impl Default for Delivery {
    fn default() -> Delivery {
        Delivery {
            name: "".into(),
            since: Since::Nothing,
            headers: "".into(),
            body: Body::Text("".into()),
            query: "".into(),
            secret: "".into(),
            provider: Provider::GitHub,
            box_state: Some(ec2::State::Running),
            box_delivery: "".into(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    Nothing,
    Edited,
    Broken(Breakage),
}

/// The signature covers every byte, and a text box changes some (a CRLF becomes a LF), so files are kept as they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text(Rc<str>),
    File { name: Rc<str>, bytes: Rc<[u8]> },
}

impl Body {
    /// As text where a text box keeps it as it is.
    pub fn of(name: &Rc<str>, bytes: &[u8]) -> Body {
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains(['\r', '\0']) => Body::Text(text.into()),
            _ => Body::File { name: Rc::clone(name), bytes: bytes.into() },
        }
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Text(text) => text.as_bytes(),
            Body::File { bytes, .. } => bytes,
        }
    }
}

impl Delivery {
    pub(super) fn request(&self, headers: Headers) -> Request {
        Request {
            method: self.method().into(),
            path: "/hook".into(),
            query: self.query.to_string(),
            headers,
            body: self.body.bytes().to_vec(),
        }
    }

    /// In a few words.
    pub fn title(&self) -> String {
        let name = if self.name.is_empty() { self.provider().label() } else { &self.name };
        match self.since {
            Since::Nothing => name.into(),
            Since::Edited => format!("{name}, edited"),
            Since::Broken(breakage) => format!("{name}. {}", breakage.label()),
        }
    }

    /// The one that the headers name, or the one that was chosen.
    fn provider(&self) -> Provider {
        header_text::read(&self.headers).ok().and_then(|headers| detect(&headers)).unwrap_or(self.provider)
    }

    pub(super) fn method(&self) -> &'static str {
        if self.query.is_empty() { "POST" } else { "GET" }
    }

    /// Takes over a sample, signed; where there is no secret yet, with one that proves nothing to anybody.
    pub fn take(&mut self, sample: &Sample, now: u64) -> Result<(), String> {
        self.name = Rc::clone(&sample.title);
        self.since = Since::Nothing;
        self.body = Body::of(&sample.name, sample.body.as_bytes());
        self.query = sample.query.clone().unwrap_or_default();
        self.provider = sample.provider;
        if self.secret.is_empty() {
            self.secret = "only-a-sample".into();
        }
        let options = SignOptions {
            event: sample.event.as_deref(),
            delivery: None,
            now: UnixTime::from_secs(now),
            form: sample.form,
        };
        let headers = self.sign(sample.provider, &options)?;
        self.headers = header_text::write(&headers).into();
        Ok(())
    }

    /// Takes over what was pasted, as it is.
    pub fn paste(&mut self, name: &Rc<str>, pasted: Pasted) {
        self.name = Rc::clone(name);
        self.since = Since::Nothing;
        self.provider = detect(&pasted.headers).unwrap_or(self.provider);
        self.headers = header_text::write(&pasted.headers).into();
        self.query = pasted.query.into();
        self.body = Body::of(name, &pasted.body);
    }

    /// The headers as the provider would send them with this body and secret, as text. What else the headers say stays.
    pub fn signed(&self, now: u64) -> Result<String, String> {
        let old = header_text::read(&self.headers)?;
        let provider = detect(&old).unwrap_or(self.provider);
        let options = SignOptions {
            event: provider.event_header().and_then(|name| old.get(name)),
            delivery: provider.delivery_headers().iter().find_map(|name| old.get(name)),
            now: UnixTime::from_secs(now),
            form: old.get("content-type").is_some_and(|kind| kind.contains("x-www-form-urlencoded")),
        };
        let new = self.sign(provider, &options)?;
        let kept = old.iter().filter(|(name, _)| new.get(name).is_none() && !PROOFS.contains(name));
        let all: Headers = kept.chain(new.iter()).collect();
        Ok(header_text::write(&all))
    }

    fn sign(&self, provider: Provider, options: &SignOptions<'_>) -> Result<Headers, String> {
        match self.method() {
            "GET" => {
                sign(provider, &self.secret, self.query.as_bytes(), &SignOptions { form: true, ..*options })
            }
            _ => sign(provider, &self.secret, self.body.bytes(), options),
        }
    }

    /// The same, rightly signed but for one thing.
    pub fn broken(&self, breakage: Breakage, now: u64) -> Result<Delivery, String> {
        let headers = header_text::read(&self.signed(now)?)?;
        let request = self.request(headers);
        let broken = breakage.apply(&request, &self.secret, UnixTime::from_secs(now))?;
        Ok(Delivery {
            since: Since::Broken(breakage),
            headers: header_text::write(&broken.headers).into(),
            query: broken.query.into(),
            body: if broken.body == request.body {
                self.body.clone()
            } else {
                Body::of(&"the broken delivery".into(), &broken.body)
            },
            ..self.clone()
        })
    }

    /// The breakages that there are of such a delivery, whatever its body says.
    pub fn breakages(&self) -> Vec<Breakage> {
        let payload = "payload=%7B%7D";
        let is_form = self.body.bytes().starts_with(b"payload=");
        let example = Delivery {
            headers: self.headers.clone(),
            query: if self.query.is_empty() { "" } else { payload }.into(),
            body: Body::Text(if is_form { payload } else { "{\n}" }.into()),
            secret: if self.secret.is_empty() { "any".into() } else { self.secret.clone() },
            provider: self.provider,
            ..Delivery::default()
        };
        // Any time that leaves room for an older one.
        Breakage::all().filter(|breakage| example.broken(*breakage, 1_000_000).is_ok()).collect()
    }
}
