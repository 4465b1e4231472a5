//! What a delivery says, in the words that all providers share. One file below per dialect; what two of them share is here.
//!
//! Every field may be missing, null or of another type; what is not known stays unknown and is never guessed from its place.

mod bitbucket;
mod github;
mod gitlab;

use super::json::{Broken, Fields, Json, Text, read_list, read_texts};
use super::{Action, Author, Event, Gate, Provider, RefChange, RefKind, Repo, Verdict};
use crate::http::Headers;

/// A delivery before anything is decided.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) event: Event,
    /// The provider's name of the event.
    pub(super) event_name: &'a str,
    pub(super) repo: Repo,
    pub(super) changes: Vec<SaidChange<'a>>,
}

/// A change with a verdict that still has to be given, and the commits that it brings.
#[derive(Debug)]
pub(super) struct SaidChange<'a> {
    pub(super) change: RefChange,
    pub(super) commits: Commits<'a>,
}

/// The error says what was found instead of a JSON object.
pub(super) fn parse<'a>(provider: Provider, headers: &'a Headers, json: &'a str) -> Result<Said<'a>, String> {
    match provider {
        Provider::GitHub => github::parse(headers, json),
        Provider::GitLab => gitlab::parse(headers, json),
        Provider::Bitbucket => bitbucket::parse(headers, json),
    }
}

/// The commits that a change lists, as text until a gate asks for them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Commits<'a> {
    pub(super) list: Option<&'a str>,
    /// How many there are, where the provider says that and lists fewer.
    pub(super) total: Option<u64>,
}

/// GitHub lists at most this many commits.
const MOST_LISTED: usize = 2048;

impl<'a> Commits<'a> {
    pub(super) fn read(&self) -> Vec<Commit<'a>> {
        self.list.and_then(read_list).unwrap_or_default()
    }

    fn with_id(&self, id: &str) -> Option<Commit<'a>> {
        self.read()
            .into_iter()
            .find(|commit| commit.id.get().is_some_and(|found| found.eq_ignore_ascii_case(id)))
    }

    /// Files that were added, changed or removed; or why they are not known.
    pub(super) fn files(&self) -> Result<Vec<Text<'a>>, &'static str> {
        let commits = self.read();
        if commits.is_empty() {
            return Err("the delivery lists no commits");
        }
        let listed = u64::try_from(commits.len()).unwrap_or(u64::MAX);
        if commits.len() >= MOST_LISTED || self.total.is_some_and(|total| total > listed) {
            return Err("the delivery does not list all commits");
        }
        let mut files = Vec::new();
        for commit in &commits {
            let lists = [commit.added, commit.modified, commit.removed].map(|list| list.and_then(read_texts));
            if lists.iter().all(Option::is_none) {
                return Err("the delivery does not list the files of every commit");
            }
            files.extend(lists.into_iter().flatten().flatten());
        }
        if files.is_empty() || files.iter().any(|file| file.get().is_none()) {
            return Err("the delivery does not name the files");
        }
        Ok(files)
    }
}

/// GitHub's and GitLab's commit; of Bitbucket's only the message.
#[derive(Debug, Default)]
pub(super) struct Commit<'a> {
    id: Text<'a>,
    pub(super) message: Text<'a>,
    author: Option<Person<'a>>,
    added: Option<&'a str>,
    modified: Option<&'a str>,
    removed: Option<&'a str>,
}

impl<'a> Fields<'a> for Commit<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<(), Broken> {
        match key {
            "id" => self.id = json.text()?,
            "message" => self.message = json.text()?,
            "author" => self.author = json.object()?,
            "added" => self.added = Some(json.raw()?),
            "modified" => self.modified = Some(json.raw()?),
            "removed" => self.removed = Some(json.raw()?),
            _ => json.skip()?,
        }
        Ok(())
    }
}

impl Commit<'_> {
    fn author(&self) -> Author {
        match &self.author {
            Some(person) => Author { name: person.name.owned(), email: person.email.owned() },
            None => Author::default(),
        }
    }
}

/// An author, pusher or sender.
#[derive(Debug, Default)]
struct Person<'a> {
    name: Text<'a>,
    email: Text<'a>,
    login: Text<'a>,
}

impl<'a> Fields<'a> for Person<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<(), Broken> {
        match key {
            "name" => self.name = json.text()?,
            "email" => self.email = json.text()?,
            "login" => self.login = json.text()?,
            _ => json.skip()?,
        }
        Ok(())
    }
}

/// A commit's hash in lower case, if it is one of SHA-1 or SHA-256 and not the zero hash.
fn commit_hash(text: &Text<'_>) -> Option<String> {
    let hash = text.get().filter(|hash| matches!(hash.len(), 40 | 64))?;
    let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && !is_zero(text);
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
