//! The tryout: one delivery, the secret and box that are assumed, and what the function would make of it.
//!
//! Nothing is judged here: [`try_delivery`] runs the function's own code.

use std::rc::Rc;
use std::time::Duration;

use pushbox_shared::assume::{Assumed, Tried, try_delivery};
use pushbox_shared::config::Config;
use pushbox_shared::ec2;
use pushbox_shared::http::{Headers, Request};
use pushbox_shared::setup::{Installed, Secrets, Setup};
use pushbox_shared::user_data::quote;
use pushbox_shared::webhook::{Provider, SignOptions, detect, sign};
use serde_json::Value;

use super::header_text;
use super::samples::Sample;

/// What is tried. The secret stays here: it is in no draft, file or link.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
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

/// The signature covers every byte, and a text box changes some (a CRLF becomes a LF), so files are kept as they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text(Rc<str>),
    File { name: Rc<str>, bytes: Rc<[u8]> },
}

impl Body {
    /// As text where a text box keeps it as it is.
    pub fn of_sample(sample: &Sample) -> Body {
        if sample.body.contains(['\r', '\0']) {
            Body::File { name: Rc::clone(&sample.name), bytes: sample.body.as_bytes().into() }
        } else {
            Body::Text(Rc::clone(&sample.body))
        }
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Text(text) => text.as_bytes(),
            Body::File { bytes, .. } => bytes,
        }
    }
}

/// What came of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Seconds since 1970, as the delivery saw them.
    pub now: u64,
    pub outcome: Result<Box<Tried>, String>,
}

impl Delivery {
    pub fn try_out(&self, config: &Config, now: u64) -> Trial {
        let outcome = header_text::read(&self.headers).map(|headers| {
            let setup = Setup {
                config: config.clone(),
                secrets: Secrets::new(&self.secret, None),
                // As the command line has it, which knows nothing of an installation either.
                installed: Installed::default(),
            };
            let request = Request {
                method: self.method().into(),
                path: "/hook".into(),
                query: self.query.to_string(),
                headers,
                body: self.body.bytes().to_vec(),
            };
            let delivery = (!self.box_delivery.is_empty()).then(|| self.box_delivery.to_string());
            let assumed = Assumed { state: self.box_state, delivery };
            Box::new(try_delivery(&setup, &request, Duration::from_secs(now), &assumed))
        });
        Trial { now, outcome }
    }

    fn method(&self) -> &'static str {
        if self.query.is_empty() { "POST" } else { "GET" }
    }

    /// Takes over a sample, signed; where there is no secret yet, with one that proves nothing to anybody.
    pub fn take(&mut self, sample: &Sample, now: u64) -> Result<(), String> {
        self.body = Body::of_sample(sample);
        self.query = sample.query.clone().unwrap_or_default();
        self.provider = sample.provider;
        if self.secret.is_empty() {
            self.secret = "only-a-sample".into();
        }
        let options = SignOptions {
            event: sample.event.as_deref(),
            delivery: None,
            now: Duration::from_secs(now),
            form: sample.form,
        };
        let headers = self.sign(sample.provider, &options)?;
        self.headers = header_text::write(&headers).into();
        Ok(())
    }

    /// The headers as the provider would send them with this body and secret, as text. What else the headers say stays.
    pub fn signed(&self, now: u64) -> Result<String, String> {
        let old = header_text::read(&self.headers)?;
        let provider = detect(&old).unwrap_or(self.provider);
        let options = SignOptions {
            event: provider.event_header().and_then(|name| old.get(name)),
            delivery: provider.delivery_headers().iter().find_map(|name| old.get(name)),
            now: Duration::from_secs(now),
            form: old.get("content-type").is_some_and(|kind| kind.contains("x-www-form-urlencoded")),
        };
        let new = self.sign(provider, &options)?;
        let kept = old.iter().filter(|(name, _)| new.get(name).is_none() && !SIGNATURES.contains(name));
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

    /// The headers with a signature that is not the body's.
    pub fn broken(&self) -> Result<String, String> {
        let headers = header_text::read(&self.headers)?;
        if !headers.iter().any(|(name, _)| SIGNATURES.contains(&name)) {
            return Err("There is no signature to break; sign the delivery first".into());
        }
        let all: Headers = headers
            .iter()
            .map(|(name, value)| {
                let value = if SIGNATURES.contains(&name) { with_one_change(value) } else { value.into() };
                (name, value)
            })
            .collect();
        Ok(header_text::write(&all))
    }

    /// How to do the same on the command line, with headers and body in files and the secret in `$SECRET`.
    pub fn command(&self, now: u64) -> String {
        let mut command = String::from("pushbox webhook --config pushbox.json --headers h.json --body b.bin");
        if !self.secret.is_empty() {
            command += " --secret \"$SECRET\"";
        }
        if !self.query.is_empty() {
            command += &format!(" --method GET --query {}", quote(&self.query));
        }
        command += &format!(" --now {now} --box {}", self.box_state.map_or("none", ec2::State::name));
        if !self.box_delivery.is_empty() {
            command += &format!(" --box-delivery {}", quote(&self.box_delivery));
        }
        command
    }
}

impl Trial {
    /// What `pushbox webhook` prints.
    pub fn json(&self) -> String {
        let json = |tried: &Tried| serde_json::to_string_pretty(&tried.to_json()).unwrap_or_default() + "\n";
        self.outcome.as_deref().map(json).unwrap_or_default()
    }
}

/// A file of headers for the command line.
pub fn headers_file(headers: &str) -> Option<String> {
    header_text::read(headers).ok().map(|headers| header_text::write(&headers) + "\n")
}

/// What a plan entry does, in words.
pub fn explain(call: &Value) -> &'static str {
    match call["call"].as_str().unwrap_or_default() {
        "RunInstances" => "Launches the box.",
        "CreateTags" => "Leaves word of the push in the box's tags, where its agent looks every few seconds.",
        "StartInstances" => "Starts the box; it deploys as it boots.",
        "RebootInstances" => "Reboots the box; it deploys as it boots.",
        "Reconcile" => "After the answer, the function calls itself once to finish what takes longer.",
        _ => "",
    }
}

/// The headers that prove who sent a delivery.
const SIGNATURES: [&str; 9] = [
    "x-hub-signature-256",
    "x-hub-signature",
    "x-gitlab-token",
    "webhook-signature",
    "x-forgejo-signature",
    "x-gitea-signature",
    "x-gogs-signature",
    "authorization",
    "x-pushbox-token",
];

/// Another text of the same length.
fn with_one_change(text: &str) -> String {
    let middle = text.chars().count() / 2;
    let change = |(at, c): (usize, char)| match (at == middle, c) {
        (false, c) => c,
        (true, '0') => '1',
        (true, _) => '0',
    };
    text.chars().enumerate().map(change).collect()
}

#[cfg(test)]
mod tests {
    use pushbox_shared::config::read;
    use pushbox_shared::percent;
    use serde_json::json;

    use super::*;

    const BODY: &str = r#"{"ref":"refs/heads/main","before":"0000000000000000000000000000000000000001","after":"0000000000000000000000000000000000000002",
        "created":false,"deleted":false,"forced":false,"commits":[],"head_commit":{"id":"0000000000000000000000000000000000000002","message":"x"},
        "repository":{"full_name":"usil/foo","clone_url":"https://github.com/usil/foo.git","ssh_url":"git@github.com:usil/foo.git"},"pusher":{"name":"a"}}"#;

    fn config() -> Config {
        read(&json!({"app": "foo", "repo": {"url": "https://github.com/usil/foo.git"}})).0
    }

    fn delivery() -> Delivery {
        let mut delivery =
            Delivery { body: Body::Text(BODY.into()), secret: "hunter2".into(), ..Delivery::default() };
        delivery.headers = delivery.signed(1).unwrap().into();
        delivery
    }

    fn status(delivery: &Delivery) -> Option<u16> {
        delivery.try_out(&config(), 1).outcome.ok().map(|tried| tried.response.status)
    }

    #[test]
    fn a_signed_delivery_is_accepted_and_a_broken_one_is_not() {
        let mut delivery = delivery();
        assert_eq!(status(&delivery), Some(202));
        delivery.headers = delivery.broken().unwrap().into();
        assert_eq!(status(&delivery), Some(401));
        delivery.headers = delivery.signed(1).unwrap().into();
        assert_eq!(status(&delivery), Some(202));
        delivery.secret = "other".into();
        assert_eq!(status(&delivery), Some(401));
    }

    #[test]
    fn every_provider_can_be_signed_and_broken() {
        for provider in Provider::ALL {
            for secret in ["hunter2", "user:password"] {
                let mut delivery =
                    Delivery { provider: *provider, secret: secret.into(), headers: "".into(), ..delivery() };
                delivery.headers = delivery.signed(1).unwrap().into();
                assert_eq!(detect(&header_text::read(&delivery.headers).unwrap()), Some(*provider));
                assert!(matches!(status(&delivery), Some(200 | 202)), "{provider}");
                delivery.headers = delivery.broken().unwrap().into();
                assert_eq!(status(&delivery), Some(401), "{provider}");
                delivery.headers = delivery.signed(1).unwrap().into();
                assert!(matches!(status(&delivery), Some(200 | 202)), "{provider}");
            }
        }
    }

    #[test]
    fn a_get_has_everything_in_its_query() {
        let sample = Sample {
            name: "x".into(),
            title: "".into(),
            shows: "".into(),
            provider: Provider::Gitea,
            event: Some("push".into()),
            form: true,
            body: "".into(),
            query: Some(format!("payload={}", percent::encode(BODY)).into()),
        };
        let mut delivery = Delivery::default();
        delivery.take(&sample, 1).unwrap();
        assert_eq!(status(&delivery), Some(202));
        assert!(delivery.command(7).contains(" --method GET --query 'payload=%7B%22ref%22"));
        delivery.headers = delivery.signed(1).unwrap().into();
        assert_eq!(status(&delivery), Some(202));
        delivery.provider = Provider::GitHub;
        delivery.headers = "".into();
        delivery.headers = delivery.signed(1).unwrap().into();
        assert_eq!(status(&delivery), Some(405), "GitHub sends none");
    }

    #[test]
    fn bad_bodies_get_an_answer() {
        for bytes in [&b"{\"ref\": "[..], b"\xff\xfe", b""] {
            let mut delivery =
                Delivery { body: Body::File { name: "b".into(), bytes: bytes.into() }, ..delivery() };
            delivery.headers = delivery.signed(1).unwrap().into();
            assert_eq!(status(&delivery), Some(400), "{bytes:?}");
        }
    }

    #[test]
    fn an_unknown_provider_gets_an_answer() {
        let delivery = Delivery { headers: "X-Who: me".into(), ..delivery() };
        assert_eq!(status(&delivery), Some(400));
        let delivery = Delivery { headers: "nonsense".into(), ..delivery };
        assert_eq!(status(&delivery), None);
    }

    #[test]
    fn a_sample_comes_signed_and_byte_for_byte() {
        for body in [BODY.to_string(), BODY.replace('\n', "\r\n")] {
            let sample = Sample {
                name: "x".into(),
                title: "".into(),
                shows: "".into(),
                provider: Provider::GitHub,
                event: Some("push".into()),
                form: false,
                body: body.as_str().into(),
                query: None,
            };
            let mut delivery = Delivery::default();
            delivery.take(&sample, 1).unwrap();
            assert_eq!(delivery.body.bytes(), body.as_bytes());
            assert_eq!(
                matches!(delivery.body, Body::File { .. }),
                body.contains('\r'),
                "a text box would change it"
            );
            assert_eq!(status(&delivery), Some(202));
        }
    }

    #[test]
    fn the_command_does_not_show_the_secret() {
        let delivery = Delivery { box_delivery: "a b".into(), box_state: None, ..delivery() };
        assert_eq!(
            delivery.command(7),
            "pushbox webhook --config pushbox.json --headers h.json --body b.bin --secret \"$SECRET\" --now 7 --box none --box-delivery 'a b'"
        );
    }
}
