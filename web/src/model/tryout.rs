//! The tryout: one delivery, the secret and box that are assumed, and what the function would make of it.
//!
//! Nothing is judged here: [`try_delivery`] runs the function's own code.

mod compare;
mod curl;
mod fixture;
mod outcome;
pub mod paste;
pub mod runs;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use pushbox_shared::assume::{Assumed, Tried, try_delivery};
use pushbox_shared::config::Config;
use pushbox_shared::ec2::{self, Call};
use pushbox_shared::export::aws_command::aws_command;
use pushbox_shared::http::{Headers, Request};
use pushbox_shared::plan::Step;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::{Installed, Setup};
use pushbox_shared::unix_time::UnixTime;
use pushbox_shared::user_data::quote;
use pushbox_shared::webhook::{Breakage, PROOFS, Provider, SignOptions, detect, sign};

use super::header_text;
use super::samples::Sample;
use paste::Pasted;

pub use compare::{Line, Part, Side, compare};
pub use curl::BODY_FILE;
pub use fixture::FILE as FIXTURE_FILE;
pub use outcome::{Outcome, Tone};

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
            let request = self.request(headers);
            let delivery = (!self.box_delivery.is_empty()).then(|| self.box_delivery.to_string());
            let assumed = Assumed { state: self.box_state, delivery };
            Box::new(try_delivery(&setup, &request, UnixTime::from_secs(now), &assumed))
        });
        Trial { now, outcome }
    }

    fn request(&self, headers: Headers) -> Request {
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

    fn method(&self) -> &'static str {
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

/// What a step of a plan does, in words.
pub fn explain(step: &Step) -> &'static str {
    let call = match step {
        Step::Call(call) => call,
        Step::Reconcile => {
            return "After the answer, the function calls itself once to finish what takes longer.";
        }
    };
    match call {
        Call::RunInstances(_) => "Launches the box.",
        Call::CreateTags(_) => {
            "Leaves word of the push in the box's tags, where its agent looks every few seconds."
        }
        Call::StartInstances(_) => "Starts the box; it deploys as it boots.",
        Call::RebootInstances(_) => "Reboots the box; it deploys as it boots.",
        Call::AssociateAddress(_) => "Gives the box its Elastic IP address.",
        Call::DescribeInstances(_) | Call::DescribeAddresses(_) | Call::GetConsoleOutput(_) => {
            "Only looks; such calls are in no plan."
        }
    }
}

/// The whole plan as commands of the AWS CLI.
pub fn aws_commands(steps: &[Step], config: &Config) -> String {
    let commands = steps.iter().map(|step| aws_command(step, config) + "\n");
    commands.collect::<Vec<_>>().join("\n")
}
