//! What the receiver of deliveries wants of them.

use std::fmt;

/// Borrowed from wherever the receiver keeps it. `Debug` does not show the secrets.
#[derive(Clone, Copy)]
pub struct Wanted<'c> {
    /// The URL of the repository, in any form that `git clone` takes.
    pub repository: &'c str,
    /// Full refs, or globs over full refs (see [`pattern`](crate::pattern)). Without any, no ref is wanted.
    pub refs: &'c [String],
    /// Globs over paths in the repository; those with `!` in front take out again. Without any, every path is wanted.
    pub paths: &'c [String],
    /// Whether a push is left alone if each of its commits says `[skip ci]` or the like.
    pub skip_markers: bool,
    /// Whether GitHub's signature of before 2020 is enough.
    pub allow_sha1: bool,
    /// Any of them makes a delivery authentic. None of them may be empty.
    pub secrets: &'c [String],
}

impl fmt::Debug for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wanted { repository, refs, paths, skip_markers, allow_sha1, secrets } = self;
        f.debug_struct("Wanted")
            .field("repository", repository)
            .field("refs", refs)
            .field("paths", paths)
            .field("skip_markers", skip_markers)
            .field("allow_sha1", allow_sha1)
            .field("secrets", &format_args!("{}", secrets.len()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::wants::{Wants, secrets};

    #[test]
    fn debug_shows_no_secret() {
        let secrets = secrets("first\nsecond");
        let shown = format!("{:?}", Wants::default().wanted(&secrets));
        assert!(shown.contains("refs/heads/main") && shown.ends_with("secrets: 2 }"), "{shown}");
        assert!(!shown.contains("first") && !shown.contains("second"), "{shown}");
    }
}
