//! What a delivery says, in the words that all providers share. One file below per dialect; what two of them share is here.
//!
//! Every field may be missing, null or of another type; what is not known stays unknown and is never guessed from its place.

mod azure_devops;
mod bitbucket;
mod bitbucket_server;
mod commits;
mod github;
mod gitlab;

use crate::http::Headers;
use crate::json::{Broken, Fields, Json, Text};
use crate::{Action, Author, Event, Gate, Provider, RefChange, RefKind, Repo, Verdict};
pub(crate) use commits::Commits;
use commits::{Commit, List, Listed};

/// A delivery before anything is decided.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    pub(crate) event: Event,
    /// The provider's name of the event.
    pub(crate) event_name: &'a str,
    pub(crate) repo: Repo,
    pub(crate) changes: Vec<SaidChange<'a>>,
}

/// A change with a verdict that still has to be given, and the commits that it brings.
#[derive(Debug)]
pub(crate) struct SaidChange<'a> {
    pub(crate) change: RefChange,
    pub(crate) commits: Commits<'a>,
}

/// The error says what was found instead of a JSON object.
pub(crate) fn parse<'a>(provider: Provider, headers: &'a Headers, json: &'a str) -> Result<Said<'a>, String> {
    match provider {
        Provider::GitHub | Provider::Gitea | Provider::Forgejo | Provider::Gogs => {
            github::parse(provider, event_name(provider, headers), json)
        }
        Provider::GitLab => gitlab::parse(event_name(provider, headers), json),
        Provider::Bitbucket => bitbucket::parse(event_name(provider, headers), json),
        Provider::BitbucketServer => bitbucket_server::parse(event_name(provider, headers), json),
        Provider::AzureDevOps => azure_devops::parse(json),
    }
}

fn event_name(provider: Provider, headers: &Headers) -> &str {
    provider.event_header().and_then(|name| headers.get(name)).unwrap_or_default()
}

/// The id of a delivery whose headers have none.
pub(crate) fn delivery_id(provider: Provider, json: &str) -> Option<String> {
    match provider {
        Provider::AzureDevOps => azure_devops::delivery_id(json),
        _ => None,
    }
}

/// An author, pusher, sender or actor; each provider knows people by some of these.
#[derive(Debug, Default)]
struct Person<'a> {
    name: Text<'a>,
    email: Text<'a>,
    login: Text<'a>,
    username: Text<'a>,
    nickname: Text<'a>,
    display_name: Text<'a>,
    /// `Name <mail>`
    raw: Text<'a>,
    /// Whom Bitbucket Cloud knows an author as.
    user: Option<Box<Person<'a>>>,
}

impl<'a> Fields<'a> for Person<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "name" => self.name = json.text()?,
            "email" | "emailAddress" => self.email = json.text()?,
            "login" => self.login = json.text()?,
            "username" => self.username = json.text()?,
            "nickname" => self.nickname = json.text()?,
            "display_name" | "displayName" => self.display_name = json.text()?,
            "raw" => self.raw = json.text()?,
            "user" => self.user = json.object()?.map(Box::new),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Person<'_> {
    fn author(&self) -> Author {
        let Some(raw) = self.raw.get() else {
            let name = first([&self.display_name, &self.name, &self.nickname, &self.username]);
            return Author { name, email: self.email.owned() };
        };
        let (name, email) = match raw.rsplit_once('<') {
            Some((name, rest)) => (name, rest.split('>').next().unwrap_or_default()),
            None => (&*raw, ""),
        };
        let some = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
        let known = || self.user.as_ref().and_then(|user| user.display_name.owned());
        Author { name: some(name).or_else(known), email: some(email) }
    }
}

/// A commit's hash in lower case, if it is one of SHA-1 or SHA-256 and not the zero hash.
fn commit_hash(text: &Text<'_>) -> Option<String> {
    let hash = text.get().filter(|hash| matches!(hash.len(), 40 | 64))?;
    // All bytes are looked at, so that the compiler can look at many at once.
    let is_hash = hash.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit()) && !is_zero(text);
    is_hash.then(|| hash.to_ascii_lowercase())
}

/// The hash that stands for "none": before a ref was created, after it was deleted.
fn is_zero(text: &Text<'_>) -> bool {
    text.get().is_some_and(|hash| matches!(hash.len(), 40 | 64) && hash.bytes().all(|byte| byte == b'0'))
}

fn first<const N: usize>(texts: [&Text<'_>; N]) -> Option<String> {
    texts.into_iter().find_map(Text::owned)
}

/// Of a full name. What is neither branch nor tag (notes, merge queues) counts as a branch; the patterns of the config decide.
fn kind_of(ref_name: &str) -> RefKind {
    if ref_name.starts_with("refs/tags/") { RefKind::Tag } else { RefKind::Branch }
}

/// A full name: some events carry the bare one. A tag may itself be called `refs/heads/main`, and is not that branch.
fn full_ref(kind: RefKind, name: &str) -> String {
    let folder = match kind {
        RefKind::Branch => "refs/heads/",
        RefKind::Tag => "refs/tags/",
    };
    if name.starts_with(folder) { name.to_string() } else { [folder, name].concat() }
}

fn action(deleted: bool, created: bool) -> Action {
    match (deleted, created) {
        (true, _) => Action::Deleted,
        (false, true) => Action::Created,
        (false, false) => Action::Updated,
    }
}

/// A change about which nothing else is known yet.
fn bare_change(ref_name: String, kind: RefKind, action: Action) -> RefChange {
    RefChange {
        ref_name,
        kind,
        action,
        commit: None,
        message: None,
        author: Author::default(),
        pusher: None,
        forced: None,
        verdict: Verdict { deploy: false, gate: Gate::Event, reason: String::new() },
    }
}
