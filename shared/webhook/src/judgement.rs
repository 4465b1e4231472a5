//! What is found out about a delivery, as `pushbox webhook` prints it.

use serde::Serialize;

use crate::Provider;

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
