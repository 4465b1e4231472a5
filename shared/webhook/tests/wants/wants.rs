//! What a test wants of a delivery: a [`Wanted`] that owns what it borrows, with pushbox's own defaults.

#![allow(dead_code, reason = "each test uses a part")]

use pushbox_webhook::Wanted;

#[derive(Clone, Debug)]
pub(crate) struct Wants {
    pub(crate) repository: String,
    pub(crate) refs: Vec<String>,
    pub(crate) paths: Vec<String>,
    pub(crate) skip_markers: bool,
    pub(crate) allow_sha1: bool,
}

impl Default for Wants {
    fn default() -> Wants {
        Wants {
            repository: String::new(),
            refs: vec!["refs/heads/main".into()],
            paths: Vec::new(),
            skip_markers: true,
            allow_sha1: false,
        }
    }
}

impl Wants {
    pub(crate) fn of(repository: &str) -> Wants {
        Wants { repository: repository.into(), ..Wants::default() }
    }

    pub(crate) fn wanted<'c>(&'c self, secrets: &'c [String]) -> Wanted<'c> {
        let Wants { repository, refs, paths, skip_markers, allow_sha1 } = self;
        Wanted { repository, refs, paths, skip_markers: *skip_markers, allow_sha1: *allow_sha1, secrets }
    }
}

/// One a line, as a person gives them.
pub(crate) fn secrets(lines: &str) -> Vec<String> {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(String::from).collect()
}
