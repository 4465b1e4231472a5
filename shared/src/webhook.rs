//! Deliveries: who sent one, whether it is authentic, what it says, and what follows from it.
//!
//! [`judge`] is pure in delivery, config, secrets and time: the page, the command line and the function call nothing else.

mod body;
mod breakage;
mod detect;
mod gates;
mod json;
mod mac;
mod parse;
mod provider;
mod sign;
mod verify;

use std::borrow::Cow;
use std::mem;
use std::time::Duration;

use serde::Serialize;

pub use breakage::{Breakage, PROOFS};
pub use detect::detect;
pub use provider::Provider;
pub use sign::{SignOptions, sign};
pub use verify::verify;

use crate::config::Config;
use crate::http::{Headers, Request};
use crate::setup::Secrets;

/// Bytes of a body. A Function URL takes no more, and nothing larger is hashed.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// For the function: of a delivery that is not authentic nothing is read. `now` is the time since 1970.
pub fn judge(config: &Config, secrets: &Secrets, request: &Request, now: Duration) -> Judgement {
    let mut judgement = Judgement::default();
    let content = check(config, secrets, request, now, &mut judgement);
    if let Some(content) = content.filter(|_| judgement.auth.ok) {
        read(config, request, &content, &mut judgement);
    }
    judgement
}

/// For people who try a delivery: where authentication fails, it says why, and still shows what the delivery says, each
/// change with the gate `auth`. `problem` may then be set too; the answer to such a delivery is 401 all the same.
pub fn judge_openly(config: &Config, secrets: &Secrets, request: &Request, now: Duration) -> Judgement {
    let mut judgement = Judgement::default();
    if let Some(content) = check(config, secrets, request, now, &mut judgement) {
        let auth = mem::take(&mut judgement.auth);
        judgement.auth = verify::explain::explain(content.provider, config, secrets, request, auth);
        read(config, request, &content, &mut judgement);
    }
    judgement
}

/// A delivery's body.
struct Content<'r> {
    provider: Provider,
    /// The bytes that a signature covers, or why there are none.
    signed: Result<Cow<'r, [u8]>, String>,
}

/// Looks at headers and signature only; what it gives may be read.
fn check<'r>(
    config: &Config,
    secrets: &Secrets,
    request: &'r Request,
    now: Duration,
    judgement: &mut Judgement,
) -> Option<Content<'r>> {
    let provider = match detect::sender(&request.headers) {
        Ok(provider) => provider,
        Err(reason) => {
            judgement.problem = Some(Problem::NotADelivery(reason));
            return None;
        }
    };
    judgement.provider = Some(provider);
    judgement.delivery = delivery_id(provider, &request.headers);
    judgement.problem = misfit(provider, request);
    if judgement.problem.is_some() {
        return None;
    }
    if provider == Provider::BitbucketServer && is_unsigned_ping(request) {
        judgement.event = Event::Ping;
        judgement.auth.reason =
            "Bitbucket's test of the connection is not signed; it is answered, and nothing follows from it"
                .into();
        return None;
    }
    let signed = body::signed(provider, request);
    judgement.auth = match &signed {
        Ok(signed) => verify::check(provider, config, secrets, &request.headers, signed, now),
        Err(reason) => Auth { reason: reason.clone(), ..Auth::default() },
    };
    Some(Content { provider, signed })
}

/// Why nothing of a request is hashed, whoever sent it.
fn misfit(provider: Provider, request: &Request) -> Option<Problem> {
    if request.method == "GET" && !provider.sends_gets() {
        return Some(Problem::NotADelivery(format!(
            "expected a POST, as {} sends it, found a GET; only Gitea and Forgejo can be told to send GETs",
            provider.label()
        )));
    }
    let size = request.body.len().max(request.query.len());
    (size > BODY_LIMIT).then(|| {
        Problem::TooLarge(format!(
            "expected a body of at most {BODY_LIMIT} bytes, found {size}; push fewer commits at once"
        ))
    })
}

/// Bitbucket Data Center's button "Test connection" does not sign. Its body says one thing only, so that whatever is more
/// than a test needs a signature.
fn is_unsigned_ping(request: &Request) -> bool {
    let signs = ["x-hub-signature", "authorization"];
    let is_signed = signs.iter().any(|name| request.headers.get(name).is_some_and(|value| !value.is_empty()));
    let text = request.body.iter().filter(|byte| !byte.is_ascii_whitespace());
    !is_signed
        && request.headers.get("x-event-key") == Some("diagnostics:ping")
        && text.eq(br#"{"test":true}"#)
}

fn read(config: &Config, request: &Request, content: &Content<'_>, judgement: &mut Judgement) {
    let Content { provider, signed } = content;
    let json = signed.as_deref().map_err(Clone::clone).and_then(|signed| body::json(*provider, signed));
    let said = json.as_deref().map_err(Clone::clone).and_then(|json| {
        if judgement.delivery.is_none() {
            judgement.delivery = parse::delivery_id(*provider, json).filter(|id| is_id(id));
        }
        parse::parse(*provider, &request.headers, json).map_err(|found| {
            format!("expected the body to be one JSON object, as {} sends it, {found}", provider.label())
        })
    });
    match said {
        Ok(said) => gates::decide(config, said, judgement),
        Err(reason) => judgement.problem = Some(Problem::NotADelivery(reason)),
    }
}

/// The id that a repeated delivery keeps, where a header holds it.
fn delivery_id(provider: Provider, headers: &Headers) -> Option<String> {
    let ids = provider.delivery_headers().iter().filter_map(|name| headers.get(name));
    ids.map(String::from).find(|id| is_id(id))
}

/// Headers are not signed, and the id becomes the value of a tag, so only ids that look like one count.
fn is_id(id: &str) -> bool {
    matches!(id.len(), 1..=128) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Why a request is no delivery that can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Answered with 400: no known provider, or a body that is not what the provider sends.
    NotADelivery(String),
    /// Answered with 413.
    TooLarge(String),
}

impl Problem {
    /// What was expected, what was found and what to do.
    pub fn message(&self) -> &str {
        match self {
            Problem::NotADelivery(message) | Problem::TooLarge(message) => message,
        }
    }
}

/// Everything `pushbox webhook` prints but the plan and the response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judgement {
    pub provider: Option<Provider>,
    pub auth: Auth,
    pub event: Event,
    /// The provider's id of the delivery.
    pub delivery: Option<String>,
    pub repo: Repo,
    pub changes: Vec<RefChange>,
    /// Why it could not be judged; whatever is known about it is in the other fields.
    #[serde(skip)]
    pub problem: Option<Problem>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Auth {
    pub ok: bool,
    /// `x-hub-signature-256`, `x-gitlab-token`, …; empty where nothing was tried.
    pub scheme: &'static str,
    /// Why not, in words for the owner of the secret. The function never sends it.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    Push,
    Ping,
    #[default]
    Other,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Repo {
    pub full_name: Option<String>,
    pub clone_https: Option<String>,
    pub clone_ssh: Option<String>,
}

/// One branch or tag that a delivery says was created, updated or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefChange {
    /// Full name: `refs/heads/main`.
    #[serde(rename = "ref")]
    pub ref_name: String,
    pub kind: RefKind,
    pub action: Action,
    /// 40 or 64 lower-case hex digits.
    pub commit: Option<String>,
    pub message: Option<String>,
    pub author: Author,
    pub pusher: Option<String>,
    /// Nothing where the provider does not say.
    pub forced: Option<bool>,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RefKind {
    Branch,
    Tag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Created,
    Updated,
    Deleted,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Author {
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub deploy: bool,
    pub gate: Gate,
    /// What was seen and what was wanted.
    pub reason: String,
}

/// What stopped a change, in the order in which the gates are passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    Auth,
    Event,
    Deleted,
    Repository,
    Ref,
    Skip,
    Paths,
    Superseded,
    Replay,
    /// It deploys.
    #[serde(rename = "")]
    None,
}

#[cfg(test)]
mod tests;
