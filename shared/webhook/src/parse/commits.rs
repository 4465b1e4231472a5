//! The commits that a change lists: their messages, and the files that they touch.

use std::borrow::Cow;

use super::{Person, SaidChange};
use crate::RefChange;
use crate::json::{self, Broken, Fields, Json, Text};

#[derive(Clone, Debug, Default)]
pub(crate) struct Commits<'a> {
    pub(super) list: List<'a>,
    pub(super) listed: Listed,
}

/// What is known of a list that may be cut off.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Listed {
    #[default]
    All,
    Some,
    /// Of so many commits.
    Of(u64),
    /// The provider lists so many at most, and does not say how many there are.
    AtMost(u64),
}

#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    /// Where something of them is always needed.
    Read(Vec<Commit<'a>>),
    /// Where a gate may ask for them, and mostly none does.
    Text(&'a str),
}

impl Default for List<'_> {
    fn default() -> Self {
        List::Read(Vec::new())
    }
}

/// GitHub lists at most so many files of a commit (GitHub docs, "Webhook events and payloads", `push`).
const MOST_FILES: usize = 3000;

impl<'a> Commits<'a> {
    fn all(&self) -> Cow<'_, [Commit<'a>]> {
        match &self.list {
            List::Read(list) => Cow::Borrowed(list),
            List::Text(text) => Cow::Owned(json::read_list(text).unwrap_or_default()),
        }
    }

    /// Whether there may be more commits than these.
    fn is_cut_off(&self, list: &[Commit<'_>]) -> bool {
        let listed = u64::try_from(list.len()).unwrap_or(u64::MAX);
        match self.listed {
            Listed::All => false,
            Listed::Some => true,
            Listed::Of(total) => total > listed,
            Listed::AtMost(most) => listed >= most,
        }
    }

    /// Of every commit, nothing for one that has none. Nothing at all where there may be more commits than are listed.
    pub(crate) fn messages(&self) -> Option<Vec<Option<Cow<'a, str>>>> {
        let list = self.all();
        let messages = || list.iter().map(|commit| commit.message.get()).collect();
        (!self.is_cut_off(&list)).then(messages)
    }

    pub(super) fn with_id(&self, id: &str) -> Option<Commit<'a>> {
        let is_it =
            |commit: &&Commit<'_>| commit.id.get().is_some_and(|found| found.eq_ignore_ascii_case(id));
        self.all().iter().find(is_it).cloned()
    }

    /// Where one list is for several changes, it says something only of those whose commit is in it.
    pub(super) fn tell(&self, mut change: RefChange) -> SaidChange<'a> {
        let Some(head) = change.commit.as_deref().and_then(|id| self.with_id(id)) else {
            return SaidChange { change, commits: Commits::default() };
        };
        head.tell(&mut change);
        SaidChange { change, commits: self.clone() }
    }

    /// Calls `file` for each file that was added, changed or removed; an error says why not all of them are known.
    pub(crate) fn each_file(&self, mut file: impl FnMut(&str)) -> Result<(), &'static str> {
        let list = self.all();
        if list.is_empty() {
            return Err("the delivery lists no commits");
        }
        if self.is_cut_off(&list) {
            return Err("the delivery does not list all commits");
        }
        let (mut named, mut unnamed) = (0, 0);
        for commit in list.iter() {
            let mut files = 0;
            let mut each = |name: Text<'_>| {
                files += 1;
                match name.get() {
                    Some(name) => {
                        named += 1;
                        file(&name);
                    }
                    None => unnamed += 1,
                }
            };
            let lists = [commit.added, commit.modified, commit.removed];
            let are_lists = lists.map(|list| list.is_some_and(|list| json::each_text(list, &mut each)));
            if are_lists == [false; 3] {
                return Err("the delivery does not list the files of every commit");
            }
            if files >= MOST_FILES {
                return Err("the delivery does not list all files of a commit");
            }
        }
        if named == 0 || unnamed > 0 { Err("the delivery does not name the files") } else { Ok(()) }
    }
}

/// The commit of all providers. What only one commit or one gate is asked for stays text until then. Bitbucket and Azure
/// DevOps list no files.
#[derive(Clone, Debug, Default)]
pub(super) struct Commit<'a> {
    pub(super) id: Text<'a>,
    message: Text<'a>,
    author: Option<&'a str>,
    added: Option<&'a str>,
    modified: Option<&'a str>,
    removed: Option<&'a str>,
}

impl<'a> Fields<'a> for Commit<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "id" | "hash" | "commitId" => self.id = json.text()?,
            "message" | "comment" => self.message = json.text()?,
            "author" => self.author = Some(json.raw()?),
            "added" => self.added = Some(json.raw()?),
            "modified" => self.modified = Some(json.raw()?),
            "removed" => self.removed = Some(json.raw()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Commit<'_> {
    /// That the change ends here.
    pub(super) fn tell(&self, change: &mut RefChange) {
        change.message = self.message.owned();
        let author = self.author.and_then(json::read_part::<Person<'_>>);
        change.author = author.map(|author| author.author()).unwrap_or_default();
    }
}
