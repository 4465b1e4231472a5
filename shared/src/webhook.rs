//! Deliveries: who sent one, whether it is authentic, what it says, and what follows from it.
//!
//! [`judge`] is pure in delivery, config, secrets and time: the page, the command line and the function call nothing else.

mod body;
mod detect;
mod gates;
mod json;
mod mac;
mod parse;
mod provider;
mod sign;
mod verify;

use std::time::Duration;

use serde::Serialize;

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
    let checked = check(config, secrets, request, now);
    match checked {
        Checked { judgement, provider: Some(provider) } if judgement.auth.ok => {
            read(config, request, provider, judgement)
        }
        Checked { judgement, .. } => judgement,
    }
}

/// For people who try a delivery: where authentication fails, it still shows what the delivery says, each change with the
/// gate `auth`. `problem` may then be set too; the answer to such a delivery is 401 all the same.
pub fn judge_openly(config: &Config, secrets: &Secrets, request: &Request, now: Duration) -> Judgement {
    match check(config, secrets, request, now) {
        Checked { judgement, provider: Some(provider) } => read(config, request, provider, judgement),
        Checked { judgement, provider: None } => judgement,
    }
}

/// A delivery of which only headers and signature were looked at.
struct Checked {
    judgement: Judgement,
    /// Of a delivery whose body may be read.
    provider: Option<Provider>,
}

fn check(config: &Config, secrets: &Secrets, request: &Request, now: Duration) -> Checked {
    let mut judgement = Judgement::default();
    let provider = match detect::sender(&request.headers) {
        Ok(provider) => provider,
        Err(reason) => {
            judgement.problem = Some(Problem::NotADelivery(reason));
            return Checked { judgement, provider: None };
        }
    };
    judgement.provider = Some(provider);
    judgement.delivery = delivery_id(provider, &request.headers);
    if request.body.len() > BODY_LIMIT {
        judgement.problem = Some(Problem::TooLarge(format!(
            "expected a body of at most {BODY_LIMIT} bytes, found {}; push fewer commits at once",
            request.body.len()
        )));
        return Checked { judgement, provider: None };
    }
    judgement.auth = verify(provider, config, secrets, request, now);
    Checked { judgement, provider: Some(provider) }
}

fn read(config: &Config, request: &Request, provider: Provider, mut judgement: Judgement) -> Judgement {
    let json = body::json(provider, request);
    let said = json.as_deref().map_err(Clone::clone).and_then(|json| {
        parse::parse(provider, &request.headers, json).map_err(|found| {
            format!("expected the body to be one JSON object, as {} sends it, {found}", provider.label())
        })
    });
    match said {
        Ok(said) => gates::decide(config, said, &mut judgement),
        Err(reason) => judgement.problem = Some(Problem::NotADelivery(reason)),
    }
    judgement
}

/// The id that a repeated delivery keeps, where the provider has one. Headers are not signed, and the id becomes the value of
/// a tag, so only ids that look like one count.
fn delivery_id(provider: Provider, headers: &Headers) -> Option<String> {
    let names: &[&str] = match provider {
        Provider::GitHub => &["x-github-delivery"],
        Provider::GitLab => &["idempotency-key", "webhook-id", "x-gitlab-event-uuid"],
        Provider::Bitbucket => &["x-request-uuid"],
    };
    let is_id = |id: &&str| matches!(id.len(), 1..=128) && id.bytes().all(|byte| byte.is_ascii_graphic());
    names.iter().filter_map(|name| headers.get(name)).find(is_id).map(String::from)
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
    pub scheme: String,
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
